package org.rayo.server.campaign;

import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Does to a spool what a power failure may do: what had not been synced yet is missing or garbage.
 * What the server had synced before it relied on it is left alone.
 */
final class TornSpool {

  private static final int BLOCK = 4096;
  private static final int HEAD = 64;

  private final Path spool;
  private final Random random;

  TornSpool(Path spool, Random random) {
    this.spool = spool;
    this.random = random;
  }

  /**
   * Tears here and there.
   *
   * @return the ids of the recordings whose audio it has touched
   */
  List<String> tear() throws IOException {
    List<String> torn = new ArrayList<>();
    for (Path directory : directories()) {
      Path manifest = directory.resolve("manifest.json");
      if (Files.exists(manifest)) {
        String facts = Files.readString(manifest);
        Optional<Path> audio = audio(directory);
        if (facts.contains("CAPTURING")
            && audio.isPresent()
            && !isFinished(audio.get())
            && random.nextBoolean()) {
          torn.add(directory.getFileName().toString());
          tearEnd(audio.get());
        }
        leave(directory, facts);
      }
    }
    // A recording that was not acknowledged yet.
    Path begun = spool.resolve("begun-" + random.nextInt(1_000_000));
    write(begun.resolve("manifest.json"), bytes("{ \"recordingId\" : \"beg"));
    write(spool.resolve("empty-" + random.nextInt(1_000_000)).resolve("audio.wav"), new byte[0]);
    write(spool.resolve(".probe" + random.nextInt(1_000_000)), new byte[0]);
    return torn;
  }

  /** What a step that was under way may leave. */
  private void leave(Path directory, String facts) {
    Path next = directory.resolve("manifest.json.next");
    switch (random.nextInt(4)) {
      case 0 -> write(next, Arrays.copyOf(bytes(facts), facts.length() / 2));
      case 1 -> write(next, garbage(facts.length()));
      case 2 -> write(directory.resolve("left-over.tmp"), garbage(BLOCK));
      default -> {}
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void write(Path file, byte[] bytes) {
    try {
      Files.createDirectories(file.getParent());
      Files.write(file, bytes);
    } catch (IOException e) {
      // A disk that is full takes no garbage either.
    }
  }

  private List<Path> directories() throws IOException {
    try (Stream<Path> files = Files.list(spool)) {
      return files.filter(Files::isDirectory).sorted().toList();
    }
  }

  private static Optional<Path> audio(Path directory) {
    return Stream.of("audio.wav", "audio.mp3")
        .map(directory::resolve)
        .filter(Files::exists)
        .findFirst();
  }

  /** An mp3 gets its tag when it is complete, and is synced then, before the manifest says so. */
  private static boolean isFinished(Path audio) throws IOException {
    try (InputStream in = Files.newInputStream(audio)) {
      return new String(in.readNBytes(HEAD), StandardCharsets.ISO_8859_1).contains("Info");
    }
  }

  private void tearEnd(Path audio) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(audio.toFile(), "rw")) {
      int count = 1 + random.nextInt((int) Math.max(1, Math.min(BLOCK, file.length())));
      long end = Math.max(0, file.length() - count);
      if (random.nextBoolean()) {
        file.setLength(end);
      } else {
        file.seek(end);
        file.write(random.nextBoolean() ? garbage(count) : new byte[count]);
      }
    }
  }

  private byte[] garbage(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}

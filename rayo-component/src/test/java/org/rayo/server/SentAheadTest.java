package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.client.Received.RecordingFacts;

/** A long recording is on its way to the store before it has ended, and is whole there. */
class SentAheadTest {

  /** On most machines another file system than that of temporary files: links do not lead there. */
  private static final Path ELSEWHERE = Path.of("/dev/shm");

  /** 192,000 bytes a second, so that it is soon worth sending ahead. */
  private static final String LARGE =
      "format='wav' start-beep='false' direction='duplex' mix='false'";

  @TempDir Path directory;
  private Path recordings;

  @BeforeEach
  void makeDirectory() throws IOException {
    assumeTrue(Files.isWritable(ELSEWHERE), "there is no " + ELSEWHERE);
    assumeTrue(
        !Files.getFileStore(ELSEWHERE).equals(Files.getFileStore(directory)),
        ELSEWHERE + " is on the file system of temporary files");
    recordings = Files.createTempDirectory(ELSEWHERE, "rayo-ahead");
  }

  @AfterEach
  void removeDirectory() throws IOException {
    if (recordings != null) {
      try (Stream<Path> files = Files.walk(recordings)) {
        files.sorted(Comparator.reverseOrder()).forEach(SentAheadTest::delete);
      }
    }
  }

  private static void delete(Path file) {
    try {
      Files.delete(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** How much of recordings that have not ended lies in the store's directory. */
  private long bytesAhead() throws IOException {
    Path parts = recordings.resolve(".parts");
    if (!Files.isDirectory(parts)) {
      return 0;
    }
    try (Stream<Path> files = Files.walk(parts)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static void awaitTrue(String what, Callable<Boolean> so) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (!so.call()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      Thread.sleep(50);
    }
  }

  private void assertWhole(Received complete) throws Exception {
    RecordingFacts told = complete.recording().orElseThrow();
    Path file = Site.file(told);
    assertThat(file.toRealPath()).startsWith(recordings.toRealPath());
    assertThat(Files.size(file)).isEqualTo(told.sizeBytes());
    assertThat(Site.decode(told).durationMillis()).isEqualTo(told.durationMillis());
    Path sidecar = Path.of(file + ".json");
    awaitTrue("the sidecar is there", () -> Files.exists(sidecar));
    byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    assertThat(sidecar).content().contains(HexFormat.of().formatHex(sha256));
  }

  @Test
  void longRecording_storeOnAnotherFileSystem_isCopiedWhileItRunsAndWholeAtItsEnd()
      throws Exception {
    try (Site site =
        Site.embedded(directory, "rayo.storage.stores.local.directory = \"" + recordings + "\"")) {
      RayoClient client = site.availableClient("romeo", "balcony");
      Site.Answered call = site.talkingCall(client, "ahead", AudioSource.tone(440, -10, 120_000));
      final String stopped = Site.start(client, call.address(), LARGE, "sample-rate=48000").ref();
      final String byKey =
          Site.start(client, call.address(), LARGE, "sample-rate=48000", "stop-keys=#").ref();
      awaitTrue("both are under way to the store", () -> bytesAhead() > 2 * 900_000);
      assertWhole(Site.stop(client, stopped));
      Site.await(call.call().press('#'));
      assertWhole(client.awaitEvent(byKey, "complete"));
      awaitTrue("nothing is left of the parts", () -> bytesAhead() == 0);
    }
  }
}

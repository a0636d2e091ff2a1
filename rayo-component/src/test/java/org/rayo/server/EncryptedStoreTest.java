package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.AppenderBase;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.WavFile;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.client.Received.RecordingFacts;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/** Recordings leave the spool encrypted, or not at all. */
class EncryptedStoreTest {

  @TempDir Path directory;

  private final KeyPair keys = keys();

  private static KeyPair keys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      return generator.generateKeyPair();
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static String pem(String what, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(
            what,
            Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der),
            what);
  }

  private Path publicKey() {
    return directory.resolve("recordings.pub");
  }

  /** At once: who reads it finds all of it or nothing. */
  private void putPublicKey() throws Exception {
    Path next = Files.writeString(directory.resolve("next"), publicPem());
    Files.move(next, publicKey());
  }

  private String publicPem() {
    return pem("PUBLIC KEY", keys.getPublic().getEncoded());
  }

  private Site site() throws Exception {
    return Site.embedded(
        directory,
        "rayo.storage.encryption.public-key = \"" + publicKey() + "\"",
        "rayo.storage.complete-deadline = 500ms");
  }

  private static RecordingFacts record(Site site, String caller) throws Exception {
    RayoClient client = site.availableClient("romeo", "balcony");
    Site.Answered call = site.talkingCall(client, caller, AudioSource.tone(440, -10, 60_000));
    String component = Site.record(client, call.address(), "wav");
    Thread.sleep(500); // so that there is something to decode
    Received complete = Site.stop(client, component);
    assertThat(complete.reason()).isEqualTo("stop");
    return complete.recording().orElseThrow();
  }

  private String decrypt(Path file, Path out, int exit) throws Exception {
    Path key =
        Files.writeString(
            directory.resolve("recordings.key"),
            pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
    StringWriter said = new StringWriter();
    CommandLine rayo = Main.commandLine();
    rayo.setOut(new PrintWriter(said, true)).setErr(new PrintWriter(said, true));
    assertThat(
            rayo.execute(
                "recordings",
                "decrypt",
                "-k",
                key.toString(),
                "-o",
                out.toString(),
                file.toString()))
        .as(said.toString())
        .isEqualTo(exit);
    return said.toString();
  }

  private static void assertVerifies(Path file) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!Files.exists(Path.of(file + ".json")) && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
    StringWriter said = new StringWriter();
    CommandLine rayo = Main.commandLine().setOut(new PrintWriter(said, true));
    assertThat(rayo.execute("recordings", "verify", "-v", file.getParent().toString())).isZero();
    assertThat(said.toString()).contains(file + ": in order", "1 in order, 0 damaged, 0 missing");
  }

  private List<Path> stored() throws Exception {
    Path recordings = directory.resolve("recordings");
    if (!Files.isDirectory(recordings)) {
      return List.of();
    }
    try (Stream<Path> walk = Files.walk(recordings)) {
      return walk.filter(Files::isRegularFile)
          .filter(file -> !file.toString().endsWith(".json"))
          .filter(file -> !file.toString().endsWith(".lock"))
          .filter(file -> !recordings.relativize(file).startsWith(".parts"))
          .toList();
    }
  }

  private void assertDecrypts(Path file, RecordingFacts told) throws Exception {
    assertThat(file.toString()).endsWith(".wav.enc");
    assertThat(new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1))
        .startsWith("RAYOENC\n")
        .doesNotContain("RIFF");
    Path out = Files.createDirectories(directory.resolve("out"));
    String name = file.getFileName().toString().replace(".enc", "");
    assertThat(decrypt(file, out, 0).strip()).isEqualTo(out.resolve(name).toString());
    assertThat(WavFile.read(out.resolve(name)).audio().durationMillis())
        .isEqualTo(told.durationMillis());
    // Nothing is overwritten.
    assertThat(decrypt(file, out, 1)).contains(name + " is there already");
  }

  @Test
  void stored_withAKey_isEncryptedAndDecryptsToWhatWasRecorded() throws Exception {
    putPublicKey();
    try (Site site = site()) {
      RecordingFacts told = record(site, "encrypted");
      Path file = Path.of(URI.create(told.uri()));
      assertThat(Files.size(file)).isEqualTo(told.sizeBytes());
      assertDecrypts(file, told);
      assertVerifies(file);
      assertThat(stored()).hasSize(1);
      byte[] damaged = Files.readAllBytes(file);
      damaged[damaged.length / 2] ^= 1;
      Path broken = Files.write(directory.resolve("broken.wav.enc"), damaged);
      assertThat(decrypt(broken, directory, 1)).contains("broken.wav.enc");
      assertThat(directory.resolve("broken.wav")).doesNotExist();
    }
  }

  @Test
  void stored_keyMissing_isToldFromTheSpoolAndStoredOnceTheKeyIsThere() throws Exception {
    List<ILoggingEvent> errors = new CopyOnWriteArrayList<>();
    AppenderBase<ILoggingEvent> appender =
        new AppenderBase<>() {
          @Override
          protected void append(ILoggingEvent event) {
            if (event.getLevel().isGreaterOrEqual(Level.ERROR)) {
              errors.add(event);
            }
          }
        };
    Logger logger = (Logger) LoggerFactory.getLogger("org.rayo");
    appender.start();
    logger.addAppender(appender);
    try (Site site = site()) {
      RecordingFacts told = record(site, "keyless");
      Path file = Path.of(URI.create(told.uri()));
      assertThat(file.toRealPath()).startsWith(directory.resolve("spool").toRealPath());
      assertThat(Files.size(file)).isEqualTo(told.sizeBytes());
      assertThat(WavFile.read(file).audio().durationMillis()).isEqualTo(told.durationMillis());
      assertThat(errors).anyMatch(e -> e.getFormattedMessage().contains("no store has taken"));
      assertThat(stored()).isEmpty();

      putPublicKey();
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (stored().stream().noneMatch(path -> path.toString().endsWith(".enc"))
          && System.nanoTime() < deadline) {
        Thread.sleep(50);
      }
      assertThat(stored()).hasSize(1);
      assertDecrypts(stored().get(0), told);
      assertThat(file).as("what the client was told of").exists();
    } finally {
      logger.detachAppender(appender);
    }
  }
}

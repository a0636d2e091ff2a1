package org.rayo.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.storage.StorageException;
import org.rayo.storage.encryption.RecordingCipher;

/** What several stores get that ask for the same encrypted recording at once. */
class EncryptedSealingTest {

  private static final int STORES = 8;

  @TempDir Path directory;

  private static String pem(String what, byte[] der) {
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n"
        .formatted(
            what,
            Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der),
            what);
  }

  /** Asks until it gets the file, and reads it at once. */
  private static byte[] ask(EncryptedSealing sealing, Path audio) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (true) {
      try {
        return Files.readAllBytes(sealing.sealed(Captures.manifest("r1"), audio));
      } catch (StorageException noKeyYet) {
        assertThat(System.nanoTime()).isLessThan(deadline);
      }
    }
  }

  @Test
  void sealed_askedByManyWhileTheKeyIsPutInPlace_isOneFileThatDecrypts() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair keys = generator.generateKeyPair();
    Path next =
        Files.writeString(
            directory.resolve("next"), pem("PUBLIC KEY", keys.getPublic().getEncoded()));
    Path secret =
        Files.writeString(
            directory.resolve("key"), pem("PRIVATE KEY", keys.getPrivate().getEncoded()));
    byte[] recorded = new byte[3_000_000];
    new Random(5).nextBytes(recorded);
    Path audio = Files.write(directory.resolve("audio.mp3"), recorded);
    Path publicKey = directory.resolve("public");
    EncryptedSealing sealing = new EncryptedSealing(publicKey);

    ExecutorService threads = Executors.newFixedThreadPool(STORES);
    try {
      List<Future<byte[]>> all = new ArrayList<>();
      Callable<byte[]> store = () -> ask(sealing, audio);
      for (int i = 0; i < STORES; i++) {
        all.add(threads.submit(store));
      }
      TimeUnit.MILLISECONDS.sleep(50); // so that they have asked in vain
      Files.move(next, publicKey);
      byte[] first = all.get(0).get(30, TimeUnit.SECONDS);
      for (Future<byte[]> each : all) {
        assertThat(Arrays.equals(each.get(30, TimeUnit.SECONDS), first)).isTrue();
      }
    } finally {
      threads.shutdownNow();
    }
    Path out = directory.resolve("out.mp3");
    RecordingCipher.decrypt(directory.resolve("audio.mp3.enc"), out, secret);
    assertThat(Arrays.equals(Files.readAllBytes(out), recorded)).isTrue();
    assertThat(directory.resolve("audio.mp3.enc.next")).doesNotExist();
  }
}

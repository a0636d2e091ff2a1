package org.rayo.storage.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;

final class RecordingCipherTest {

  private static final int CHUNK = 64 * 1024;

  @TempDir static Path keys;

  private static KeyFiles pair;
  private static KeyFiles otherPair;

  @TempDir Path scratch;

  private Path plain;
  private Path encrypted;
  private Path decrypted;

  @BeforeAll
  static void makeKeys() throws Exception {
    pair = KeyFiles.make(keys, "own");
    otherPair = KeyFiles.make(keys, "other");
  }

  @BeforeEach
  void name() {
    plain = scratch.resolve("audio");
    encrypted = scratch.resolve("encrypted");
    decrypted = scratch.resolve("decrypted");
  }

  private byte[] encrypt(int size) throws Exception {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    Files.write(plain, bytes);
    RecordingCipher.of(pair.publicPem()).encrypt(plain, encrypted);
    return bytes;
  }

  private void decrypt() throws StorageException {
    RecordingCipher.decrypt(encrypted, decrypted, pair.privatePem());
  }

  /** What is told of this file; nothing of it is left decrypted. */
  private StorageException failed(byte[] file) throws IOException {
    Files.write(encrypted, file);
    StorageException thrown = catchThrowableOfType(StorageException.class, this::decrypt);
    assertThat(decrypted).doesNotExist();
    return thrown;
  }

  @ParameterizedTest
  @ValueSource(
      ints = {0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK - 1, 2 * CHUNK, 33 * 1024 * 1024 + 7})
  void decrypt_whatWasEncrypted_isTheSame(int size) throws Exception {
    byte[] bytes = encrypt(size);

    decrypt();

    assertThat(Arrays.equals(Files.readAllBytes(decrypted), bytes)).isTrue();
    int chunks = Math.max(1, (size + CHUNK - 1) / CHUNK);
    assertThat(Files.size(encrypted)).isEqualTo(58 + 256 + size + 16L * chunks);
  }

  @Test
  void encrypt_sameRecordingTwice_isDifferentEachTime() throws Exception {
    encrypt(1_000);
    byte[] first = Files.readAllBytes(encrypted);
    encrypt(1_000);
    byte[] second = Files.readAllBytes(encrypted);

    byte[] audio = Arrays.copyOfRange(first, 58 + 256, first.length);
    assertThat(audio).isNotEqualTo(Arrays.copyOfRange(second, 58 + 256, second.length));
    assertThat(Arrays.copyOfRange(first, 9, 41)).isEqualTo(Arrays.copyOfRange(second, 9, 41));
  }

  @Test
  void decrypt_anyFlippedByte_isNoticed() throws Exception {
    encrypt(50);
    byte[] whole = Files.readAllBytes(encrypted);
    for (int at = 0; at < whole.length; at++) {
      byte[] flipped = whole.clone();
      flipped[at] ^= (byte) (1 << at % 8);
      assertThat(failed(flipped)).as("byte %d", at).isNotNull();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 50})
  void decrypt_fileCutOffAnywhere_isNoticed(int size) throws Exception {
    encrypt(size);
    byte[] whole = Files.readAllBytes(encrypted);
    for (int length = 0; length < whole.length; length++) {
      StorageException thrown = failed(Arrays.copyOf(whole, length));
      assertThat(thrown).as("at %d", length).isNotNull();
      if (length >= 9) {
        assertThat(thrown).hasMessageContaining(" is cut off: it ends ");
        assertThat(thrown.fault()).isEqualTo(Fault.CORRUPTED);
      }
    }
  }

  @Test
  void decrypt_fileCutOffBetweenChunks_isNoticed() throws Exception {
    encrypt(3 * CHUNK);
    byte[] whole = Files.readAllBytes(encrypted);

    assertThat(failed(Arrays.copyOf(whole, whole.length - CHUNK - 16)))
        .hasMessageContaining(" is cut off: it ends ");
  }

  @Test
  void decrypt_chunksExchanged_isDamagedAtTheFirst() throws Exception {
    encrypt(3 * CHUNK);
    byte[] whole = Files.readAllBytes(encrypted);
    byte[] exchanged = whole.clone();
    int length = CHUNK + 16;
    int second = 58 + 256 + length;
    System.arraycopy(whole, second, exchanged, second + length, length);
    System.arraycopy(whole, second + length, exchanged, second, length);

    assertThat(failed(exchanged)).hasMessageEndingWith(" is damaged at chunk 1 (of 3, from 0)");
  }

  @Test
  void decrypt_chunksOfAnotherFile_isDamaged() throws Exception {
    encrypt(2 * CHUNK);
    byte[] one = Files.readAllBytes(encrypted);
    encrypt(2 * CHUNK);
    byte[] other = Files.readAllBytes(encrypted);
    int second = 58 + 256 + CHUNK + 16;
    System.arraycopy(other, second, one, second, one.length - second);

    assertThat(failed(one)).hasMessageEndingWith(" is damaged at chunk 1 (of 2, from 0)");
  }

  @Test
  void decrypt_fileThatGoesOn_isDamaged() throws Exception {
    encrypt(10);
    byte[] whole = Files.readAllBytes(encrypted);

    assertThat(failed(Arrays.copyOf(whole, whole.length + 1)))
        .hasMessageEndingWith(" is damaged: it goes on behind its end");
  }

  @Test
  void decrypt_notEncrypted_saysSo() throws Exception {
    for (String text : new String[] {"", "RIFF", "ID3 and some audio behind it"}) {
      StorageException thrown = failed(text.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
      assertThat(thrown).hasMessage(encrypted + " is not encrypted, or not by Rayo");
      assertThat(thrown.fault()).isEqualTo(Fault.REFUSED);
    }
  }

  @Test
  void decrypt_anotherKey_namesBoth() throws Exception {
    encrypt(10);

    assertThatThrownBy(() -> RecordingCipher.decrypt(encrypted, decrypted, otherPair.privatePem()))
        .hasMessage(
            encrypted
                + " is encrypted for the key "
                + RecordingCipher.of(pair.publicPem()).keyId()
                + ", and this is the key "
                + RecordingCipher.of(otherPair.publicPem()).keyId())
        .satisfies(e -> assertThat(((StorageException) e).fault()).isEqualTo(Fault.CONFIGURATION));
    assertThat(decrypted).doesNotExist();
  }

  @Test
  void encrypt_sourceThatIsMissing_isTheSourcesFault() throws Exception {
    RecordingCipher cipher = RecordingCipher.of(pair.publicPem());

    StorageException thrown =
        catchThrowableOfType(StorageException.class, () -> cipher.encrypt(plain, encrypted));

    assertThat(thrown.fault()).isEqualTo(Fault.SOURCE);
    assertThat(encrypted).doesNotExist();
  }

  @Test
  void encrypt_placeThatCannotBeWritten_canBeTriedAgain() throws Exception {
    Files.write(plain, new byte[10]);
    RecordingCipher cipher = RecordingCipher.of(pair.publicPem());

    StorageException thrown =
        catchThrowableOfType(
            StorageException.class, () -> cipher.encrypt(plain, scratch.resolve("no/where")));

    assertThat(thrown.fault()).isEqualTo(Fault.UNAVAILABLE);
  }

  @Test
  void encrypt_ontoItself_isRefusedAndTheFileKept() throws Exception {
    Files.write(plain, new byte[10]);
    RecordingCipher cipher = RecordingCipher.of(pair.publicPem());

    assertThatThrownBy(() -> cipher.encrypt(plain, plain))
        .hasMessageContaining("cannot replace what is read");
    assertThat(plain).hasBinaryContent(new byte[10]);
  }

  @Test
  void decrypt_failure_tellsNothingOfThePrivateKey() throws Exception {
    encrypt(10);
    String pem = Files.readString(pair.privatePem());
    String secret = pem.lines().skip(3).findFirst().orElseThrow();
    Path broken = Files.writeString(scratch.resolve("broken.pem"), pem.replace("M", "!"));
    Path shortened =
        Files.writeString(scratch.resolve("short.pem"), pem.replace(secret + "\n", ""));
    for (Path key : new Path[] {broken, shortened, otherPair.privatePem()}) {
      StorageException thrown =
          catchThrowableOfType(
              StorageException.class, () -> RecordingCipher.decrypt(encrypted, decrypted, key));
      StringWriter text = new StringWriter();
      thrown.printStackTrace(new PrintWriter(text));
      assertThat(thrown.fault()).isEqualTo(Fault.CONFIGURATION);
      pem.lines().skip(1).forEach(line -> assertThat(text.toString()).doesNotContain(line));
    }
  }
}

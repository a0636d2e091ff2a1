package org.rayo.storage.encryption;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.MGF1ParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.OAEPParameterSpec;
import javax.crypto.spec.PSource;
import javax.crypto.spec.SecretKeySpec;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;

/**
 * Encrypts recordings for one public key, and decrypts them with its private one. Each recording
 * has a key of its own, which stands in the file's header, encrypted by RSA (OAEP with SHA-256).
 * Reads and writes in chunks: a recording of any length takes some 200 KiB of memory. Immutable and
 * thread-safe; its methods block.
 */
public final class RecordingCipher {

  private static final int DATA_KEY_BYTES = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final RSAPublicKey key;

  private RecordingCipher(RSAPublicKey key) {
    this.key = key;
  }

  /**
   * A cipher for this public key.
   *
   * @param publicKeyPem a file with a public key of RSA in PEM, of 2048 bits or more, or with a
   *     certificate of one
   * @throws StorageException fault {@link Fault#CONFIGURATION}: it is missing, or something else
   */
  public static RecordingCipher of(Path publicKeyPem) throws StorageException {
    return new RecordingCipher(PemKeys.publicKey(publicKeyPem));
  }

  /** Which key this is: the SHA-256 of its encoding, in hexadecimal. */
  public String keyId() {
    return HexFormat.of().formatHex(PemKeys.id(key));
  }

  /**
   * Encrypts a file, which is complete. When this returns, the other is on the disk.
   *
   * @param out is made or overwritten; after a failure it is not there
   * @throws StorageException what {@link StorageException#unreadable} says of {@code in}, {@link
   *     Fault#UNAVAILABLE} if {@code out} cannot be written
   */
  public void encrypt(Path in, Path out) throws StorageException {
    Task task =
        (source, sink) -> {
          byte[] dataKey = random(DATA_KEY_BYTES);
          SecretKey secret = new SecretKeySpec(dataKey, "AES");
          EncryptedHeader header =
              new EncryptedHeader(
                  PemKeys.id(key),
                  source.sizeBytes(),
                  random(EncryptedHeader.PREFIX_BYTES),
                  oaep(Cipher.ENCRYPT_MODE, key).doFinal(dataKey));
          Arrays.fill(dataKey, (byte) 0);
          sink.write(header.encoded());
          ChunkCipher chunks = ChunkCipher.encrypting(secret, header);
          while (!chunks.done()) {
            int length = source.read(chunks.nextBytes());
            sink.chunk(chunks, source.buffer(), length);
          }
          source.requireEnd();
        };
    run(in, out, task);
  }

  /**
   * Decrypts a file.
   *
   * @param out is made or overwritten; after a failure it is not there, so it never holds what is
   *     not certainly what was recorded
   * @param privateKeyPem a file with the private key of RSA in PEM (PKCS #8, not encrypted)
   * @throws StorageException {@link Fault#REFUSED}: not encrypted; {@link Fault#CONFIGURATION}: the
   *     private key is missing, or another one is needed; {@link Fault#CORRUPTED}: damaged, or cut
   *     off
   */
  public static void decrypt(Path in, Path out, Path privateKeyPem) throws StorageException {
    RSAPrivateCrtKey key = PemKeys.privateKey(privateKeyPem);
    Task task =
        (source, sink) -> {
          EncryptedHeader header = source.header();
          ChunkCipher chunks = ChunkCipher.decrypting(dataKey(header, key, in), header);
          while (!chunks.done()) {
            int length = source.read(chunks.nextBytes() + ChunkCipher.TAG_BYTES);
            try {
              sink.chunk(chunks, source.buffer(), length);
            } catch (AEADBadTagException e) {
              throw damaged(in + " is damaged at chunk " + chunks.next() + of(header));
            }
          }
          source.requireEnd();
        };
    run(in, out, task);
  }

  private static String of(EncryptedHeader header) {
    return " (of " + ChunkCipher.chunks(header.sizeBytes()) + ", from 0)";
  }

  private static SecretKey dataKey(EncryptedHeader header, RSAPrivateCrtKey key, Path in)
      throws GeneralSecurityException, StorageException {
    byte[] keyId = PemKeys.id(key);
    if (!Arrays.equals(keyId, header.keyId())) {
      throw new StorageException(
          Fault.CONFIGURATION,
          in
              + " is encrypted for the key "
              + HexFormat.of().formatHex(header.keyId())
              + ", and this is the key "
              + HexFormat.of().formatHex(keyId));
    }
    byte[] dataKey;
    try {
      dataKey = oaep(Cipher.DECRYPT_MODE, key).doFinal(header.wrappedKey());
    } catch (GeneralSecurityException e) {
      throw damaged(in + " is damaged in its header: the key in it cannot be decrypted");
    }
    if (dataKey.length != DATA_KEY_BYTES) {
      throw damaged(in + " is damaged in its header: the key in it is no key");
    }
    return new SecretKeySpec(dataKey, "AES");
  }

  private static StorageException damaged(String text) {
    return new StorageException(Fault.CORRUPTED, text);
  }

  private static byte[] random(int bytes) {
    byte[] random = new byte[bytes];
    RANDOM.nextBytes(random);
    return random;
  }

  private static Cipher oaep(int mode, java.security.Key key) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("RSA/ECB/OAEPPadding");
    cipher.init(
        mode,
        key,
        new OAEPParameterSpec(
            "SHA-256", "MGF1", MGF1ParameterSpec.SHA256, PSource.PSpecified.DEFAULT));
    return cipher;
  }

  /** What is done between two open files. */
  @FunctionalInterface
  private interface Task {
    void run(Source source, Sink sink)
        throws IOException, GeneralSecurityException, StorageException;
  }

  private static void run(Path in, Path out, Task task) throws StorageException {
    requireTwo(in, out);
    boolean whole = false;
    try (Source source = Source.open(in);
        Sink sink = Sink.open(out)) {
      task.run(source, sink);
      sink.force();
      whole = true;
    } catch (EOFException e) {
      throw new StorageException(Fault.CORRUPTED, in + " is cut off: it " + e.getMessage(), e);
    } catch (IOException e) {
      throw new StorageException(Fault.UNAVAILABLE, "cannot write " + out, e);
    } catch (GeneralSecurityException e) {
      throw new StorageException(
          Fault.CONFIGURATION, "this Java cannot encrypt as it must: " + e.getMessage(), e);
    } finally {
      if (!whole) {
        remove(out);
      }
    }
  }

  private static void requireTwo(Path in, Path out) throws StorageException {
    try {
      if (Files.exists(in) && Files.exists(out) && Files.isSameFile(in, out)) {
        throw new StorageException(Fault.CONFIGURATION, out + " cannot replace what is read");
      }
    } catch (IOException e) {
      throw StorageException.unreadable(in, e);
    }
  }

  private static void remove(Path out) throws StorageException {
    try {
      Files.deleteIfExists(out);
    } catch (IOException e) {
      throw new StorageException(Fault.UNAVAILABLE, "cannot remove the unfinished " + out, e);
    }
  }

  /** The file that is read, a chunk at a time. Not by a channel: an interrupt would close that. */
  private static final class Source implements AutoCloseable {
    private final Path path;
    private final InputStream stream;
    private final long sizeBytes;
    private final byte[] buffer = new byte[ChunkCipher.CHUNK_BYTES + ChunkCipher.TAG_BYTES];

    private Source(Path path, InputStream stream, long sizeBytes) {
      this.path = path;
      this.stream = stream;
      this.sizeBytes = sizeBytes;
    }

    static Source open(Path path) throws StorageException {
      try {
        long size = Files.size(path);
        return new Source(path, new BufferedInputStream(new FileInputStream(path.toFile())), size);
      } catch (IOException e) {
        throw StorageException.unreadable(path, e);
      }
    }

    long sizeBytes() {
      return sizeBytes;
    }

    /** What has been read last. */
    byte[] buffer() {
      return buffer;
    }

    EncryptedHeader header() throws EOFException, StorageException {
      try {
        return EncryptedHeader.read(stream, path.toString());
      } catch (EOFException e) {
        throw e;
      } catch (IOException e) {
        throw StorageException.unreadable(path, e);
      }
    }

    /** Exactly so many bytes into the buffer. */
    int read(int length) throws EOFException, StorageException {
      int read;
      try {
        read = stream.readNBytes(buffer, 0, length);
      } catch (IOException e) {
        throw StorageException.unreadable(path, e);
      }
      if (read < length) {
        throw new EOFException("ends " + (length - read) + " bytes before the end of a chunk");
      }
      return read;
    }

    void requireEnd() throws StorageException {
      try {
        if (stream.read() >= 0) {
          throw damaged(path + " is damaged: it goes on behind its end");
        }
      } catch (IOException e) {
        throw StorageException.unreadable(path, e);
      }
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }

  /** The file that is written. */
  private static final class Sink implements AutoCloseable {
    private final FileOutputStream stream;
    private final byte[] buffer = new byte[ChunkCipher.CHUNK_BYTES + ChunkCipher.TAG_BYTES];

    private Sink(FileOutputStream stream) {
      this.stream = stream;
    }

    static Sink open(Path path) throws IOException {
      return new Sink(new FileOutputStream(path.toFile()));
    }

    void chunk(ChunkCipher chunks, byte[] in, int length)
        throws IOException, GeneralSecurityException {
      stream.write(buffer, 0, chunks.chunk(in, length, buffer));
    }

    void write(byte[] bytes) throws IOException {
      stream.write(bytes);
    }

    void force() throws IOException {
      stream.getFD().sync();
    }

    @Override
    public void close() throws IOException {
      stream.close();
    }
  }
}

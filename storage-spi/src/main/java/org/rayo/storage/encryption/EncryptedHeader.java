package org.rayo.storage.encryption;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;

/**
 * How an encrypted recording begins. Numbers are big-endian: magic (8 bytes), version (1), key id
 * (32), size of the recording (8), nonce prefix (7), length of the wrapped key (2), wrapped key.
 * Immutable: nobody changes the arrays.
 */
final class EncryptedHeader {

  static final int KEY_ID_BYTES = 32;
  static final int PREFIX_BYTES = 7;

  private static final byte[] MAGIC = "RAYOENC\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte VERSION = 1;
  private static final int FIXED_BYTES =
      MAGIC.length + 1 + KEY_ID_BYTES + Long.BYTES + PREFIX_BYTES + Short.BYTES;
  private static final int MOST_WRAPPED_BYTES = 2048;

  private final byte[] keyId;
  private final long sizeBytes;
  private final byte[] noncePrefix;
  private final byte[] wrappedKey;

  EncryptedHeader(byte[] keyId, long sizeBytes, byte[] noncePrefix, byte[] wrappedKey) {
    this.keyId = keyId;
    this.sizeBytes = sizeBytes;
    this.noncePrefix = noncePrefix;
    this.wrappedKey = wrappedKey;
  }

  /** SHA-256 of the public key's encoding. */
  byte[] keyId() {
    return keyId;
  }

  /** Of the recording itself. */
  long sizeBytes() {
    return sizeBytes;
  }

  /** How the nonces of all chunks begin. */
  byte[] noncePrefix() {
    return noncePrefix;
  }

  /** The data key, encrypted for the public key. */
  byte[] wrappedKey() {
    return wrappedKey;
  }

  /** As it stands in the file; every chunk is bound to it. */
  byte[] encoded() {
    return ByteBuffer.allocate(FIXED_BYTES + wrappedKey.length)
        .put(MAGIC)
        .put(VERSION)
        .put(keyId)
        .putLong(sizeBytes)
        .put(noncePrefix)
        .putShort((short) wrappedKey.length)
        .put(wrappedKey)
        .array();
  }

  /**
   * Reads a header and leaves the stream behind it.
   *
   * @param name of the file, for complaints
   */
  static EncryptedHeader read(InputStream in, String name) throws IOException, StorageException {
    byte[] magic = in.readNBytes(MAGIC.length);
    if (!Arrays.equals(magic, MAGIC)) {
      throw new StorageException(Fault.REFUSED, name + " is not encrypted, or not by Rayo");
    }
    byte[] fixed = in.readNBytes(FIXED_BYTES - MAGIC.length);
    if (fixed.length > 0 && fixed[0] != VERSION) {
      throw new StorageException(
          Fault.REFUSED, name + " is of the version " + (fixed[0] & 0xff) + ", not " + VERSION);
    }
    if (fixed.length < FIXED_BYTES - MAGIC.length) {
      throw new EOFException("ends in its header");
    }
    ByteBuffer buffer = ByteBuffer.wrap(fixed, 1, fixed.length - 1);
    byte[] keyId = new byte[KEY_ID_BYTES];
    byte[] prefix = new byte[PREFIX_BYTES];
    buffer.get(keyId);
    long size = buffer.getLong();
    buffer.get(prefix);
    int wrapped = Short.toUnsignedInt(buffer.getShort());
    if (size < 0 || size > ChunkCipher.MOST_BYTES || wrapped > MOST_WRAPPED_BYTES) {
      throw new StorageException(Fault.CORRUPTED, name + " is damaged in its header");
    }
    byte[] wrappedKey = in.readNBytes(wrapped);
    if (wrappedKey.length < wrapped) {
      throw new EOFException("ends in its header");
    }
    return new EncryptedHeader(keyId, size, prefix, wrappedKey);
  }
}

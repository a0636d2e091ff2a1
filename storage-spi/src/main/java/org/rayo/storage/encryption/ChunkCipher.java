package org.rayo.storage.encryption;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * The chunks of one file, in order. Each is AES-256-GCM with the nonce prefix (7 bytes), number of
 * the chunk (4 bytes), 1 for the last chunk and else 0; and is bound to the file's header. So no
 * chunk can be left out, added, repeated or moved, to another file neither. Not thread-safe.
 *
 * @see <a href="https://eprint.iacr.org/2015/189">STREAM, by Hoang, Reyhanitabar, Rogaway and
 *     Vizár</a>
 */
final class ChunkCipher {

  static final int CHUNK_BYTES = 64 * 1024;
  static final int TAG_BYTES = 16;

  /** 32 bits of chunks. */
  static final long MOST_BYTES = (1L << 32) * CHUNK_BYTES;

  private static final int NONCE_BYTES = EncryptedHeader.PREFIX_BYTES + Integer.BYTES + 1;

  private final int mode;
  private final SecretKey key;
  private final EncryptedHeader header;
  private final byte[] bound;
  private final Cipher cipher;
  private long next;

  private ChunkCipher(int mode, SecretKey key, EncryptedHeader header)
      throws GeneralSecurityException {
    this.mode = mode;
    this.key = key;
    this.header = header;
    bound = header.encoded();
    cipher = Cipher.getInstance("AES/GCM/NoPadding");
  }

  static ChunkCipher encrypting(SecretKey key, EncryptedHeader header)
      throws GeneralSecurityException {
    return new ChunkCipher(Cipher.ENCRYPT_MODE, key, header);
  }

  static ChunkCipher decrypting(SecretKey key, EncryptedHeader header)
      throws GeneralSecurityException {
    return new ChunkCipher(Cipher.DECRYPT_MODE, key, header);
  }

  /** How many chunks a file of this size has: one at least, so that an empty one is known too. */
  static long chunks(long sizeBytes) {
    return Math.max(1, (sizeBytes + CHUNK_BYTES - 1) / CHUNK_BYTES);
  }

  /** How many bytes of the recording are in the next chunk. */
  int nextBytes() {
    return (int) Math.min(CHUNK_BYTES, header.sizeBytes() - next * CHUNK_BYTES);
  }

  /** The number of the next chunk, from 0. */
  long next() {
    return next;
  }

  boolean done() {
    return next == chunks(header.sizeBytes());
  }

  /**
   * Encrypts or decrypts the next chunk.
   *
   * @return how many bytes have been put into {@code out}
   * @throws AEADBadTagException the chunk is not what was encrypted
   */
  int chunk(byte[] in, int length, byte[] out) throws GeneralSecurityException {
    boolean last = next == chunks(header.sizeBytes()) - 1;
    byte[] nonce =
        ByteBuffer.allocate(NONCE_BYTES)
            .put(header.noncePrefix())
            .putInt((int) next)
            .put((byte) (last ? 1 : 0))
            .array();
    cipher.init(mode, key, new GCMParameterSpec(TAG_BYTES * Byte.SIZE, nonce));
    cipher.updateAAD(bound);
    int made = cipher.doFinal(in, 0, length, out);
    next++;
    return made;
  }
}

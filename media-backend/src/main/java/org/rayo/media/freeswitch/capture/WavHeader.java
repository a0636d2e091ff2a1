package org.rayo.media.freeswitch.capture;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Where the samples of a wav file are that may still be written: its sizes are right when it has
 * been closed, and 0 before.
 *
 * @param start of the samples in the file, in bytes
 * @param size of the samples, in bytes; 0 while the file is open
 */
record WavHeader(long start, long size) {

  private static final int LONGEST = 512;
  private static final int PCM = 1;
  private static final int EXTENSIBLE = 0xFFFE;

  /**
   * Reads the header, if all of it is there.
   *
   * @param channels that the file must have
   * @param sampleRateHz that it must have
   * @throws IOException also when the file is none of 16-bit PCM, or another one than wanted
   */
  static Optional<WavHeader> read(FileChannel file, int channels, int sampleRateHz)
      throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(LONGEST).order(ByteOrder.LITTLE_ENDIAN);
    while (bytes.hasRemaining() && file.read(bytes, bytes.position()) > 0) {}
    bytes.flip();
    if (bytes.remaining() < 12) {
      return Optional.empty();
    }
    if (!id(bytes, 0).equals("RIFF") || !id(bytes, 8).equals("WAVE")) {
      throw new IOException("no wav file");
    }
    boolean known = false;
    long at = 12;
    while (at + 8 <= bytes.limit()) {
      String id = id(bytes, (int) at);
      long size = Integer.toUnsignedLong(bytes.getInt((int) at + 4));
      if (id.equals("data")) {
        if (!known) {
          throw new IOException("no format before the samples");
        }
        return Optional.of(new WavHeader(at + 8, size));
      }
      if (id.equals("fmt ") && at + 24 <= bytes.limit()) {
        check(bytes, (int) at + 8, channels, sampleRateHz);
        known = true;
      }
      at += 8 + size + (size & 1);
    }
    return Optional.empty();
  }

  private static void check(ByteBuffer bytes, int at, int channels, int sampleRateHz)
      throws IOException {
    int tag = Short.toUnsignedInt(bytes.getShort(at));
    int has = bytes.getShort(at + 2);
    int rate = bytes.getInt(at + 4);
    int bits = bytes.getShort(at + 14);
    if ((tag != PCM && tag != EXTENSIBLE)
        || has != channels
        || rate != sampleRateHz
        || bits != 16) {
      throw new IOException(
          "format " + tag + ", " + has + " channels, " + rate + " Hz, " + bits + " bits");
    }
  }

  private static String id(ByteBuffer bytes, int at) {
    byte[] id = new byte[4];
    bytes.get(at, id);
    return new String(id, StandardCharsets.US_ASCII);
  }
}

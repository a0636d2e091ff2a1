package org.rayo.media.encode;

/** The CRC-16 of the LAME tag: polynomial 0x8005, bits reversed, from zero. */
final class Crc16 {

  private static final int REVERSED_POLYNOMIAL = 0xa001;

  private final int[] table = new int[256];
  private int value;

  Crc16() {
    for (int i = 0; i < table.length; i++) {
      int crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) != 0 ? crc >>> 1 ^ REVERSED_POLYNOMIAL : crc >>> 1;
      }
      table[i] = crc;
    }
  }

  void update(byte[] bytes, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      value = value >>> 8 ^ table[(value ^ bytes[i]) & 0xff];
    }
  }

  int value() {
    return value;
  }
}

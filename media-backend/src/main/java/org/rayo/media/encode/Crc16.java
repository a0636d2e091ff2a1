package org.rayo.media.encode;

/** The CRC-16 of the LAME tag: polynomial 0x8005, bits reversed, from zero. */
final class Crc16 {

  private static final int REVERSED_POLYNOMIAL = 0xa001;

  private final int[] table = new int[256];
  private final int[] entryByUpperByte = new int[256];
  private int value;

  Crc16() {
    this(0);
  }

  /** Goes on from this value. */
  Crc16(int value) {
    this.value = value;
    for (int i = 0; i < table.length; i++) {
      int crc = i;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 1) != 0 ? crc >>> 1 ^ REVERSED_POLYNOMIAL : crc >>> 1;
      }
      table[i] = crc;
      entryByUpperByte[crc >>> 8] = i;
    }
  }

  void update(byte[] bytes, int offset, int length) {
    for (int i = offset; i < offset + length; i++) {
      value = value >>> 8 ^ table[(value ^ bytes[i]) & 0xff];
    }
  }

  /**
   * Takes back the last bytes: as if they had never come. For every value there is one before it,
   * since no two entries of the table have the same upper byte.
   */
  void takeBack(byte[] bytes, int offset, int length) {
    for (int i = offset + length - 1; i >= offset; i--) {
      int entry = entryByUpperByte[value >>> 8];
      value = (((value ^ table[entry]) & 0xff) << 8) | ((entry ^ bytes[i]) & 0xff);
    }
  }

  int value() {
    return value;
  }
}

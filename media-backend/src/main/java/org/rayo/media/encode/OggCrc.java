package org.rayo.media.encode;

/**
 * The checksum of Ogg pages: CRC-32 of polynomial 0x04c11db7, from zero, nothing reflected.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3533#section-6">RFC 3533 §6, field 7</a>
 */
public final class OggCrc {

  private static final int POLYNOMIAL = 0x04c11db7;
  private static final int[] TABLE = table();

  private OggCrc() {}

  /** Of a page whose own checksum field is zero. */
  public static int of(byte[] bytes, int offset, int length) {
    int crc = 0;
    for (int i = offset; i < offset + length; i++) {
      crc = crc << 8 ^ TABLE[(crc >>> 24 ^ bytes[i]) & 0xff];
    }
    return crc;
  }

  private static int[] table() {
    int[] table = new int[256];
    for (int i = 0; i < table.length; i++) {
      int crc = i << 24;
      for (int bit = 0; bit < 8; bit++) {
        crc = crc < 0 ? crc << 1 ^ POLYNOMIAL : crc << 1;
      }
      table[i] = crc;
    }
    return table;
  }
}

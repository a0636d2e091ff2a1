package org.rayo.media.audio;

import java.util.Arrays;

/**
 * The two companding laws of the telephone network, at 8,000 samples a second and one byte each.
 *
 * @see <a href="https://www.itu.int/rec/T-REC-G.711">ITU-T G.711</a>
 */
@SuppressWarnings("ImmutableEnumChecker") // the tables never leave it
public enum G711 {
  /** µ-law, {@code PCMU}. */
  MU_LAW(muLawTable()),
  /** A-law, {@code PCMA}. */
  A_LAW(aLawTable());

  /** Samples a second. */
  public static final int SAMPLE_RATE_HZ = 8000;

  private final short[] decoded;
  private final byte[] encoded = new byte[1 << 16];

  G711(short[] decoded) {
    this.decoded = decoded;
    fillEncoded();
  }

  /** The sample that a byte stands for. */
  public short decode(byte octet) {
    return decoded[octet & 0xff];
  }

  /** The byte whose sample is nearest. */
  public byte encode(short sample) {
    return encoded[sample & 0xffff];
  }

  /** Decodes {@code length} bytes. */
  public void decode(byte[] from, int fromOffset, short[] to, int toOffset, int length) {
    for (int i = 0; i < length; i++) {
      to[toOffset + i] = decoded[from[fromOffset + i] & 0xff];
    }
  }

  /** Encodes {@code length} samples. */
  public void encode(short[] from, int fromOffset, byte[] to, int toOffset, int length) {
    for (int i = 0; i < length; i++) {
      to[toOffset + i] = encoded[from[fromOffset + i] & 0xffff];
    }
  }

  /** The nearest code for every sample, found by walking both in ascending order. */
  private void fillEncoded() {
    Integer[] byLevel = new Integer[256];
    for (int code = 0; code < 256; code++) {
      byLevel[code] = code;
    }
    Arrays.sort(byLevel, (a, b) -> Short.compare(decoded[a], decoded[b]));
    int at = 0;
    for (int sample = Short.MIN_VALUE; sample <= Short.MAX_VALUE; sample++) {
      while (at < 255
          && Math.abs(decoded[byLevel[at + 1]] - sample)
              <= Math.abs(decoded[byLevel[at]] - sample)) {
        at++;
      }
      encoded[sample & 0xffff] = byLevel[at].byteValue();
    }
    // µ-law has two zeros: silence is the positive one, 0xff.
    if (decoded[0xff] == 0) {
      encoded[0] = (byte) 0xff;
    }
  }

  private static short[] muLawTable() {
    short[] table = new short[256];
    for (int code = 0; code < 256; code++) {
      int bits = ~code & 0xff;
      int segment = (bits >> 4) & 7;
      int magnitude = ((((bits & 15) << 3) + 0x84) << segment) - 0x84;
      table[code] = (short) ((bits & 0x80) != 0 ? -magnitude : magnitude);
    }
    return table;
  }

  private static short[] aLawTable() {
    short[] table = new short[256];
    for (int code = 0; code < 256; code++) {
      int bits = code ^ 0x55;
      int segment = (bits >> 4) & 7;
      int step = (bits & 15) << 4;
      int magnitude = segment == 0 ? step + 8 : (step + 0x108) << (segment - 1);
      table[code] = (short) ((bits & 0x80) != 0 ? magnitude : -magnitude);
    }
    return table;
  }
}

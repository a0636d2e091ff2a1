package org.rayo.testkit.audio;

/**
 * G.711 companding, computed from the definition of its segments.
 *
 * <p>Both laws code a sign, one of eight segments and one of sixteen steps in it. µ-law works on 14
 * bits with a bias of 33, A-law on 13 bits.
 *
 * @see <a href="https://www.itu.int/rec/T-REC-G.711">ITU-T G.711</a>
 */
public final class G711 {

  private static final int ULAW_BIAS = 33;
  private static final int ULAW_LARGEST = 8191 - ULAW_BIAS;

  private G711() {}

  /** Codes one linear sample as µ-law. */
  public static byte toUlaw(short linear) {
    int value = linear >> 2;
    int sign = value < 0 ? 0x80 : 0;
    int magnitude = Math.min(value < 0 ? ~value : value, ULAW_LARGEST) + ULAW_BIAS;
    int segment = 31 - Integer.numberOfLeadingZeros(magnitude) - 5;
    int step = (magnitude >> (segment + 1)) & 0x0F;
    return (byte) ~(sign | segment << 4 | step);
  }

  /** The linear sample in the middle of the step that {@code coded} stands for. */
  public static short fromUlaw(byte coded) {
    int bits = ~coded & 0xFF;
    int segment = bits >> 4 & 7;
    int step = bits & 0x0F;
    int magnitude = ((2 * step + ULAW_BIAS) << segment) - ULAW_BIAS;
    return (short) ((bits & 0x80) != 0 ? -magnitude << 2 : magnitude << 2);
  }

  /** Codes one linear sample as A-law. */
  public static byte toAlaw(short linear) {
    int value = linear >> 3;
    int sign = value < 0 ? 0 : 0x80;
    int magnitude = value < 0 ? ~value : value;
    int segment = Math.max(0, 31 - Integer.numberOfLeadingZeros(magnitude | 1) - 4);
    int step = (magnitude >> Math.max(1, segment)) & 0x0F;
    return (byte) ((sign | segment << 4 | step) ^ 0x55);
  }

  /** The linear sample in the middle of the step that {@code coded} stands for. */
  public static short fromAlaw(byte coded) {
    int bits = (coded & 0xFF) ^ 0x55;
    int segment = bits >> 4 & 7;
    int step = bits & 0x0F;
    int magnitude = segment == 0 ? 2 * step + 1 : (2 * step + 33) << (segment - 1);
    return (short) ((bits & 0x80) != 0 ? magnitude << 3 : -magnitude << 3);
  }
}

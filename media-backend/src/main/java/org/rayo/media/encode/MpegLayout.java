package org.rayo.media.encode;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What frames of MPEG audio layer III look like at one sample rate: MPEG-1 from 32 kHz on, below it
 * MPEG-2, below 16 kHz the unofficial MPEG-2.5.
 *
 * <p>Where the frames of a file lie is {@link MpegStream}'s.
 *
 * @see <a href="https://www.iso.org/standard/22412.html">ISO/IEC 11172-3</a> and 13818-3
 */
record MpegLayout(int sampleRateHz, int channels) {

  /** The rates that there are, in Hz. */
  static final List<Integer> SAMPLE_RATES =
      List.of(8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000);

  private static final int[] MPEG1_KBPS = {
    0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320
  };
  private static final int[] MPEG2_KBPS = {
    0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160
  };

  /** In MPEG-2.5 a granule cannot hold more than this: decoders and LAME stop there. */
  private static final int MPEG25_MAX_KBPS = 64;

  MpegLayout {
    if (!SAMPLE_RATES.contains(sampleRateHz)) {
      throw new IllegalArgumentException("sampleRateHz is " + sampleRateHz);
    }
  }

  boolean mpeg1() {
    return sampleRateHz >= 32000;
  }

  private boolean mpeg25() {
    return sampleRateHz < 16000;
  }

  /** The bit rates that there are at this sample rate, in kbit/s, ascending. */
  List<Integer> bitratesKbps() {
    return IntStream.of(mpeg1() ? MPEG1_KBPS : MPEG2_KBPS)
        .filter(kbps -> kbps > 0 && (!mpeg25() || kbps <= MPEG25_MAX_KBPS))
        .boxed()
        .toList();
  }

  /** Samples per channel of a frame. */
  int samplesPerFrame() {
    return mpeg1() ? 1152 : 576;
  }

  /** Of a frame, padding not counted. */
  int frameBytes(int bitrateKbps) {
    return samplesPerFrame() / 8 * bitrateKbps * 1000 / sampleRateHz;
  }

  /** Bytes of the side information that follow a frame's header. */
  int sideInfoBytes() {
    return mpeg1() ? (channels == 1 ? 17 : 32) : (channels == 1 ? 9 : 17);
  }

  /** The four bytes that begin a frame without a checksum. */
  byte[] header(int bitrateKbps) {
    int version = mpeg1() ? 3 : mpeg25() ? 0 : 2;
    int rate = sampleRateHz % 11025 == 0 ? 0 : sampleRateHz % 12000 == 0 ? 1 : 2;
    int bitrate = index(bitrateKbps);
    int original = 4;
    return new byte[] {
      (byte) 0xff,
      (byte) (0xe0 | version << 3 | 1 << 1 | 1),
      (byte) (bitrate << 4 | rate << 2),
      (byte) ((channels == 1 ? 3 : 0) << 6 | original)
    };
  }

  /** A frame that plays as silence. */
  byte[] silentFrame(int bitrateKbps) {
    return Arrays.copyOf(header(bitrateKbps), frameBytes(bitrateKbps));
  }

  /**
   * How many frames a file should have besides the tag's, silent ones if need be: programs that
   * guess the format from the contents want to see some in a row. More would not fit the number in
   * which the tag says what of them is not to be played.
   */
  int fewestFrames() {
    return mpeg1() ? 4 : 6;
  }

  /** Reads the header of a frame such as {@link #header} makes; empty of anything else. */
  static Optional<MpegLayout> read(byte[] header) {
    for (int rate : SAMPLE_RATES) {
      for (int channels = 1; channels <= 2; channels++) {
        MpegLayout layout = new MpegLayout(rate, channels);
        if (layout.made(header)) {
          return Optional.of(layout);
        }
      }
    }
    return Optional.empty();
  }

  private boolean made(byte[] header) {
    if (header.length < 4) {
      return false;
    }
    int kbps = bitrateKbps(header);
    if (!bitratesKbps().contains(kbps)) {
      return false;
    }
    byte[] expected = header(kbps);
    boolean mono = (header[3] & 0xc0) == 0xc0;
    return header[0] == expected[0]
        && header[1] == expected[1]
        && (header[2] & 0xfe) == expected[2] // the last bit is anybody's
        && mono == (channels == 1);
  }

  /** What the header of a frame of this layout says; 0 when it says nothing. */
  int bitrateKbps(byte[] header) {
    int index = (header[2] & 0xff) >> 4;
    int[] all = mpeg1() ? MPEG1_KBPS : MPEG2_KBPS;
    return index < all.length ? all[index] : 0;
  }

  private int index(int bitrateKbps) {
    int[] all = mpeg1() ? MPEG1_KBPS : MPEG2_KBPS;
    for (int i = 1; i < all.length; i++) {
      if (all[i] == bitrateKbps) {
        return i;
      }
    }
    throw new IllegalArgumentException("bitrateKbps is " + bitrateKbps);
  }
}

package org.rayo.media.output;

import java.util.Optional;

/**
 * One frame of MPEG audio, layer III.
 *
 * @param sizeBytes of all of it, its header too
 * @param samples of each channel
 * @param sideBytes of the side information, with which its content begins
 * @param kind what all frames of a stream have in common
 */
record Mp3Frame(int sizeBytes, int samples, int rateHz, int channels, int sideBytes, int kind) {

  private static final int HEADER_BYTES = 4;
  private static final int[] RATES_HZ = {44_100, 48_000, 32_000};
  private static final int[] KBPS_1 = {
    0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320
  };
  private static final int[] KBPS_2 = {
    0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160
  };

  /** The frame that begins there; empty when none does, or its end is not in the file. */
  static Optional<Mp3Frame> at(byte[] file, int at) {
    if (at + HEADER_BYTES > file.length
        || file[at] != -1
        || (file[at + 1] & 0xe6) != 0xe2) { // sync, and layer III
      return Optional.empty();
    }
    int version = file[at + 1] >> 3 & 3; // 0: 2.5, 2: 2, 3: 1
    int bitrate = file[at + 2] >> 4 & 15;
    int rate = file[at + 2] >> 2 & 3;
    if (version == 1 || bitrate == 0 || bitrate == 15 || rate == 3) {
      return Optional.empty();
    }
    boolean first = version == 3;
    boolean mono = (file[at + 3] & 0xc0) == 0xc0;
    int rateHz = RATES_HZ[rate] >> (first ? 0 : version == 2 ? 1 : 2);
    int kbps = first ? KBPS_1[bitrate] : KBPS_2[bitrate];
    int padding = file[at + 2] >> 1 & 1;
    int samples = first ? 1152 : 576;
    int size = samples / 8 * kbps * 1000 / rateHz + padding;
    if (at + size > file.length) {
      return Optional.empty();
    }
    int side = first ? (mono ? 17 : 32) : (mono ? 9 : 17);
    int kind = version << 3 | rate << 1 | (mono ? 1 : 0);
    return Optional.of(new Mp3Frame(size, samples, rateHz, mono ? 1 : 2, side, kind));
  }
}

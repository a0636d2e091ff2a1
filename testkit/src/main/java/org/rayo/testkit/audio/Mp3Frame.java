package org.rayo.testkit.audio;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One frame of MPEG audio layer III, by its header.
 *
 * @param offset of its header in the file
 * @param bytes its whole length
 * @param version of MPEG audio
 * @param bitrateKbps kilobits a second
 */
record Mp3Frame(
    int offset, int bytes, Version version, int bitrateKbps, int sampleRateHz, int channels) {

  /** The versions, which halve the sample rates from one to the next. */
  enum Version {
    MPEG_1(1152, 1),
    MPEG_2(576, 2),
    MPEG_2_5(576, 4);

    final int samples;
    final int rateDivisor;

    Version(int samples, int rateDivisor) {
      this.samples = samples;
      this.rateDivisor = rateDivisor;
    }
  }

  private static final int[] KBPS_1 = {
    32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320
  };
  private static final int[] KBPS_2 = {8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160};
  private static final int[] RATES_1 = {44_100, 48_000, 32_000};

  int samples() {
    return version.samples;
  }

  int sideInfoBytes() {
    if (version == Version.MPEG_1) {
      return channels == 1 ? 17 : 32;
    }
    return channels == 1 ? 9 : 17;
  }

  /** All frames of a file; what is between them is skipped. */
  static List<Mp3Frame> all(ByteBuffer file) {
    List<Mp3Frame> frames = new ArrayList<>();
    int at = afterId3(file);
    while (at + 4 <= file.limit()) {
      Optional<Mp3Frame> frame = at(file, at);
      frame.ifPresent(frames::add);
      at += frame.map(Mp3Frame::bytes).orElse(1);
    }
    return frames;
  }

  private static int afterId3(ByteBuffer file) {
    if (file.limit() < 10 || file.getInt(0) >>> 8 != 0x494433) {
      return 0;
    }
    int size = 0;
    for (int i = 6; i < 10; i++) {
      size = size << 7 | (file.get(i) & 0x7F);
    }
    return 10 + size;
  }

  private static Optional<Mp3Frame> at(ByteBuffer file, int offset) {
    int header = file.getInt(offset);
    int versionBits = header >> 19 & 3;
    int layerBits = header >> 17 & 3;
    int bitrateIndex = header >> 12 & 15;
    int rateIndex = header >> 10 & 3;
    boolean known = bitrateIndex > 0 && bitrateIndex < 15 && rateIndex < 3 && versionBits != 1;
    if (header >>> 21 != 0x7FF || layerBits != 1 || !known) {
      return Optional.empty();
    }
    Version version =
        versionBits == 3 ? Version.MPEG_1 : versionBits == 2 ? Version.MPEG_2 : Version.MPEG_2_5;
    int kbps = (version == Version.MPEG_1 ? KBPS_1 : KBPS_2)[bitrateIndex - 1];
    int rate = RATES_1[rateIndex] / version.rateDivisor;
    int bytes = version.samples / 8 * kbps * 1000 / rate + (header >> 9 & 1);
    if (offset + bytes > file.limit()) {
      return Optional.empty();
    }
    int channels = (header >> 6 & 3) == 3 ? 1 : 2;
    return Optional.of(new Mp3Frame(offset, bytes, version, kbps, rate, channels));
  }
}

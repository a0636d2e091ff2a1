package org.rayo.media.encode;

/**
 * Where the frames of one constant bit rate lie, one after the other and counted from 0.
 *
 * <p>At most sample rates a frame is a whole number of bytes. At 11,025 Hz and its multiples it is
 * not, and some frames have a byte more so that the mean is right: those before which the stream
 * has fallen behind the bit rate, as LAME counts it.
 */
record MpegStream(MpegLayout layout, int bitrateKbps) {

  private static final int PADDED = 2;

  /** Of a frame's header, what all frames have in common: all but the mode's extension. */
  private static final int COMMON_OF_LAST_BYTE = 0xcf;

  /** Of the first {@code frames}. */
  long bytes(long frames) {
    int rate = layout.sampleRateHz();
    long padded = frames == 0 ? 0 : ((frames - 1) * rest() + rate - 1) / rate;
    return frames * layout.frameBytes(bitrateKbps) + padded;
  }

  /** The frames that are whole when there are so many bytes. */
  long framesIn(long bytes) {
    long frames = bytes / layout.frameBytes(bitrateKbps);
    while (bytes(frames) > bytes) {
      frames -= Math.max(1, (bytes(frames) - bytes) / (layout.frameBytes(bitrateKbps) + 1));
    }
    return frames;
  }

  /** The frames that give back so many samples of an encoder that is late by {@code delay}. */
  long framesFor(long samples, int delay) {
    int perFrame = layout.samplesPerFrame();
    return (samples + delay + InfoTag.DECODER_DELAY + perFrame - 1) / perFrame;
  }

  /** Whether a frame is a byte longer than others. */
  private boolean padded(long frame) {
    return bytes(frame + 1) - bytes(frame) > layout.frameBytes(bitrateKbps);
  }

  /** Frames that play as silence, from one to before another. */
  byte[] silence(long from, long to) {
    byte[] frames = new byte[(int) (bytes(Math.max(from, to)) - bytes(from))];
    for (long frame = from; frame < to; frame++) {
      byte[] header = layout.header(bitrateKbps);
      header[2] |= (byte) (padded(frame) ? PADDED : 0);
      System.arraycopy(header, 0, frames, (int) (bytes(frame) - bytes(from)), header.length);
    }
    return frames;
  }

  /**
   * Whether a frame of this stream begins there.
   *
   * @param first the header of the stream's first frame
   */
  boolean begins(long frame, byte[] first, byte[] bytes, int at) {
    return bytes[at] == first[0]
        && bytes[at + 1] == first[1]
        && bytes[at + 2] == (first[2] | (padded(frame) ? PADDED : 0))
        && ((first[3] ^ bytes[at + 3]) & COMMON_OF_LAST_BYTE) == 0;
  }

  /** What a frame has beyond its whole bytes, in parts of the sample rate. */
  private long rest() {
    return (long) layout.samplesPerFrame() / 8 * bitrateKbps * 1000 % layout.sampleRateHz();
  }
}

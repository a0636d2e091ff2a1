package org.rayo.media.encode;

import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;

/**
 * A LAME encoder of one recording: samples to frames of constant bit rate, without any tag.
 *
 * <p>Not thread safe. After {@link #close} nothing can be encoded, the rest can still be asked.
 */
interface Lame extends AutoCloseable {

  /** What makes such encoders. */
  @FunctionalInterface
  interface Opener {
    /**
     * An encoder.
     *
     * @param quality 0 (best) to 9 (fastest)
     * @throws MediaException {@link Fault#UNSUPPORTED} when LAME will not, or would do something
     *     else
     */
    Lame open(MpegLayout layout, int bitrateKbps, int quality) throws MediaException;
  }

  /** Bytes that the output of one call can need beyond five for every four samples. */
  int SAFETY_BYTES = 7200;

  /** The encoder's name as the tag holds it: nine characters. */
  String tagName();

  /** Samples that come out before the first that went in. */
  int delay();

  /** Above which nothing passes, in Hz; 0 when unknown. */
  int lowpassHz();

  /** The bytes of the last call that returned their number. */
  byte[] bytes();

  /**
   * Takes samples, interleaved.
   *
   * @param samples per channel
   * @return how many bytes came of them
   */
  int encode(short[] pcm, int offset, int samples);

  /** Gets out what is still inside; returns how many bytes. */
  int flush();

  /** Gives back what it holds. Any number of times. */
  @Override
  void close();

  /** The result of one of LAME's functions, when it is none of its errors. */
  static int checked(int result) {
    if (result < 0) {
      throw new IllegalStateException("LAME failed with " + result);
    }
    return result;
  }

  /** That LAME does what it was told, and not what it finds better. */
  static void check(MpegLayout layout, int bitrateKbps, int rateOut, int bitrateOut)
      throws MediaException {
    if (rateOut != layout.sampleRateHz() || bitrateOut != bitrateKbps) {
      throw new MediaException(
          Fault.UNSUPPORTED,
          "LAME makes " + rateOut + " Hz, " + bitrateOut + " kbit/s of " + layout);
    }
  }

  /** That it will not. */
  static MediaException refused(MpegLayout layout, int bitrateKbps, int quality) {
    return new MediaException(
        Fault.UNSUPPORTED,
        "LAME refuses " + layout + " at " + bitrateKbps + " kbit/s, quality " + quality);
  }
}

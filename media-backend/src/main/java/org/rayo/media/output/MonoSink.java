package org.rayo.media.output;

import java.util.Arrays;
import org.rayo.media.encode.Resampler;

/**
 * Takes decoded samples of any rate and layout, and keeps them as one channel of the call's rate.
 */
final class MonoSink {

  private static final int BLOCK = 4096;
  private static final int FIRST_ROOM = 8192;

  private final int channels;
  private final boolean resamples;
  private final Resampler resampler;
  private final long maxSamples;
  private final short[] mono = new short[BLOCK];
  private short[] kept = new short[FIRST_ROOM];
  private int count;

  /**
   * A sink.
   *
   * @param channels interleaved in what is added
   * @param maxSamples of the outcome; more are refused
   */
  MonoSink(int inHz, int channels, int outHz, long maxSamples) {
    this.channels = channels;
    this.resamples = inHz != outHz;
    this.resampler = new Resampler(resamples ? inHz : 1, resamples ? outHz : 1, 1);
    this.maxSamples = Math.min(maxSamples, Integer.MAX_VALUE - FIRST_ROOM);
  }

  /** Adds so many samples of each channel. */
  void add(short[] interleaved, int samples) throws BadAudioException {
    for (int done = 0; done < samples; done += BLOCK) {
      int block = Math.min(BLOCK, samples - done);
      for (int i = 0; i < block; i++) {
        int sum = 0;
        for (int channel = 0; channel < channels; channel++) {
          sum += interleaved[(done + i) * channels + channel];
        }
        mono[i] = (short) (sum / channels);
      }
      if (resamples) {
        int made = resampler.resample(mono, 0, block);
        keep(resampler.out(), made);
      } else {
        keep(mono, block);
      }
    }
  }

  /** All of it; nothing can be added any more. */
  short[] finish() throws BadAudioException {
    if (resamples) {
      int made = resampler.flush();
      keep(resampler.out(), made);
    }
    return Arrays.copyOf(kept, count);
  }

  private void keep(short[] samples, int length) throws BadAudioException {
    if (count + (long) length > maxSamples) {
      throw new BadAudioException("is longer than can be played");
    }
    if (count + length > kept.length) {
      long room = Math.min(maxSamples, Math.max(2L * kept.length, count + (long) length));
      kept = Arrays.copyOf(kept, (int) room);
    }
    System.arraycopy(samples, 0, kept, count, length);
    count += length;
  }
}

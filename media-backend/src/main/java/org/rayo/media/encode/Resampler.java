package org.rayo.media.encode;

import java.util.Arrays;

/**
 * Turns a stream of samples into one of another rate: the same sound at the same time, so that n
 * samples become exactly {@code n · out / in} of them, rounded half up.
 *
 * <p>It is late by nothing: what comes out at a time is what went in at that time, and it waits for
 * the samples after it that it needs, for 5 ms or so. What lies around the stream counts as
 * silence. Up to 85 % of half the lower rate (3.4 kHz of 8) it passes everything; what would be
 * mirrored at half the lower rate is 80 dB down. Louder than full scale is clipped.
 *
 * <p>For one thread; allocates nothing once it has seen its largest block.
 */
public final class Resampler {

  private final ResamplerFilter filter;
  private final int channels;
  private final float[][] waiting;
  private int waitingCount;

  /** Which sample of the input the first waiting one is: those before the stream are negative. */
  private long waitingFrom;

  private long taken;
  private long given;
  private short[] out = new short[0];

  /** Rates in Hz, greater than 0. */
  public Resampler(int inHz, int outHz, int channels) {
    this.channels = channels;
    filter = ResamplerFilter.of(inHz, outHz);
    waiting = new float[channels][4 * filter.taps()];
    waitingCount = filter.taps();
    waitingFrom = -filter.taps();
  }

  /** The length, in samples of the output, of so many of the input. */
  public long outputLength(long samples) {
    return (2 * samples * filter.up() + filter.down()) / (2L * filter.down());
  }

  /**
   * Takes samples, interleaved.
   *
   * @param offset of the first, counted in array elements
   * @param samples per channel
   * @return how many per channel came of them: they are in {@link #out}
   */
  public int resample(short[] pcm, int offset, int samples) {
    append(pcm, offset, samples);
    taken += samples;
    return give(filter.readyWith(taken));
  }

  /** The rest, after which nothing can be taken. */
  public int flush() {
    appendSilence(filter.taps());
    return give(outputLength(taken));
  }

  /** What the last call said that there is, interleaved. The array is overwritten by the next. */
  public short[] out() {
    return out;
  }

  private void append(short[] pcm, int offset, int samples) {
    makeRoom(samples);
    for (int channel = 0; channel < channels; channel++) {
      float[] to = waiting[channel];
      for (int i = 0, at = offset + channel; i < samples; i++, at += channels) {
        to[waitingCount + i] = pcm[at];
      }
    }
    waitingCount += samples;
  }

  private void appendSilence(int samples) {
    makeRoom(samples);
    for (float[] to : waiting) {
      Arrays.fill(to, waitingCount, waitingCount + samples, 0);
    }
    waitingCount += samples;
  }

  private void makeRoom(int samples) {
    if (waiting[0].length < waitingCount + samples) {
      for (int channel = 0; channel < channels; channel++) {
        waiting[channel] = Arrays.copyOf(waiting[channel], 2 * (waitingCount + samples));
      }
    }
  }

  private int give(long upTo) {
    int count = (int) (upTo - given);
    if (out.length < count * channels) {
      out = new short[count * channels];
    }
    for (int i = 0; i < count; i++) {
      long position = (given + i) * filter.down();
      int at = (int) (filter.firstFor(position / filter.up()) - waitingFrom);
      int phase = (int) (position % filter.up());
      for (int channel = 0; channel < channels; channel++) {
        out[i * channels + channel] = rounded(filter.sum(phase, waiting[channel], at));
      }
    }
    given += count;
    forget(filter.firstFor(given * filter.down() / filter.up()));
    return count;
  }

  private void forget(long before) {
    int count = (int) Math.min(waitingCount, before - waitingFrom);
    for (float[] samples : waiting) {
      System.arraycopy(samples, count, samples, 0, waitingCount - count);
    }
    waitingCount -= count;
    waitingFrom += count;
  }

  private static short rounded(float value) {
    float clipped = Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, value));
    return (short) Math.floor(clipped + 0.5f);
  }
}

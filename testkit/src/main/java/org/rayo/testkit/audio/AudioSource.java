package org.rayo.testkit.audio;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/**
 * Mono audio at 8000 Hz, addressed by sample: what a phone says.
 *
 * <p>Sources are immutable and may be shared by any number of calls and threads.
 */
public interface AudioSource {

  /** The rate of every source, in hertz. */
  int SAMPLE_RATE_HZ = 8000;

  /** What {@link #samples()} says of a source that never ends. */
  long ENDLESS = Long.MAX_VALUE;

  /** The length in samples, or {@link #ENDLESS}. */
  long samples();

  /** The sample at {@code index}, which is from 0 to below {@link #samples()}. */
  short sample(long index);

  /** The length in milliseconds, rounded down. */
  default long millis() {
    return samples() == ENDLESS ? ENDLESS : samples() * 1000 / SAMPLE_RATE_HZ;
  }

  /** All samples; only for a source that ends, and is shorter than an hour or so. */
  default short[] toPcm() {
    short[] pcm = new short[Math.toIntExact(samples())];
    for (int i = 0; i < pcm.length; i++) {
      pcm[i] = sample(i);
    }
    return pcm;
  }

  /** This source, again and again. */
  default AudioSource loop() {
    AudioSource once = this;
    if (once.samples() == 0) {
      throw new IllegalArgumentException("an empty source can not be looped");
    }
    return of(ENDLESS, index -> once.sample(index % once.samples()));
  }

  /** This source, then {@code next}. */
  default AudioSource then(AudioSource next) {
    return concat(List.of(this, next));
  }

  /** Computes the sample at an index. */
  @FunctionalInterface
  interface SampleFunction {
    short at(long index);
  }

  /** A source of {@code samples} samples computed by {@code function}. */
  static AudioSource of(long samples, SampleFunction function) {
    if (samples < 0) {
      throw new IllegalArgumentException("length below zero: " + samples);
    }
    return new AudioSource() {
      @Override
      public long samples() {
        return samples;
      }

      @Override
      public short sample(long index) {
        return function.at(index);
      }
    };
  }

  /** These samples, copied. */
  static AudioSource pcm(short... samples) {
    short[] copy = samples.clone();
    return of(copy.length, index -> copy[(int) index]);
  }

  /** Digital silence. */
  static AudioSource silence(long millis) {
    return of(samplesIn(millis), index -> (short) 0);
  }

  /**
   * A sine that starts at phase zero.
   *
   * @param dbfs its level against a sine of full scale, so at most 0
   */
  static AudioSource tone(double frequencyHz, double dbfs, long millis) {
    if (dbfs > 0 || frequencyHz <= 0 || frequencyHz >= SAMPLE_RATE_HZ / 2.0) {
      throw new IllegalArgumentException("no tone of " + frequencyHz + " Hz at " + dbfs + " dBFS");
    }
    double amplitude = Short.MAX_VALUE * Math.pow(10, dbfs / 20);
    double step = 2 * Math.PI * frequencyHz / SAMPLE_RATE_HZ;
    return of(samplesIn(millis), index -> (short) Math.round(amplitude * Math.sin(step * index)));
  }

  /** The sources one after the other; only the last may be endless. */
  static AudioSource concat(List<AudioSource> parts) {
    List<AudioSource> all = List.copyOf(parts);
    long[] starts = new long[all.size() + 1];
    for (int i = 0; i < all.size(); i++) {
      long samples = all.get(i).samples();
      if (samples == ENDLESS && i < all.size() - 1) {
        throw new IllegalArgumentException("part " + i + " never ends, but is not the last");
      }
      starts[i + 1] = samples == ENDLESS ? ENDLESS : starts[i] + samples;
    }
    return of(
        starts[all.size()],
        index -> {
          int part = 0;
          while (index >= starts[part + 1]) {
            part++;
          }
          return all.get(part).sample(index - starts[part]);
        });
  }

  /**
   * A WAV resource of 8000 Hz mono.
   *
   * @param name the absolute name of the resource, as {@code /org/rayo/…/x.wav}
   */
  static AudioSource wavResource(String name) {
    try (InputStream in = AudioSource.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("no such resource: " + name);
      }
      return of(WavFile.parse(in.readAllBytes()).audio());
    } catch (IOException e) {
      throw new UncheckedIOException("can not read " + name, e);
    }
  }

  /** The first channel of {@code audio}, which must have 8000 Hz. */
  static AudioSource of(Decoded audio) {
    if (audio.sampleRateHz() != SAMPLE_RATE_HZ) {
      throw new IllegalArgumentException("not 8000 Hz but " + audio.sampleRateHz());
    }
    return pcm(audio.channels()[0]);
  }

  private static long samplesIn(long millis) {
    return millis * SAMPLE_RATE_HZ / 1000;
  }
}

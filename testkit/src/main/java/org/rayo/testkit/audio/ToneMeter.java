package org.rayo.testkit.audio;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Measures tones: which, how loud, how pure, from where to where.
 *
 * <p>Levels are in dBFS against a sine of full scale, so that a sine whose peak is 32767 has 0. The
 * level of silence is {@link #SILENCE_DBFS}.
 */
public final class ToneMeter {

  /** Stands for minus infinity. */
  public static final double SILENCE_DBFS = -120;

  /** Longer audio is judged by this many samples from its middle. */
  private static final int LONGEST = 1 << 16;

  private static final double FULL_SCALE = Short.MAX_VALUE;
  private static final int REFINEMENTS = 40;
  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  /**
   * The strongest tone in a piece of audio.
   *
   * @param frequencyHz within 1 Hz, from 100 ms of audio on
   * @param levelDbfs of this tone alone
   * @param snrDb its power against that of everything else, constant offset left out
   */
  public record Tone(double frequencyHz, double levelDbfs, double snrDb) {}

  /** A stretch of samples; {@code end} is the first after it. */
  public record Span(int start, int end) {
    public int samples() {
      return end - start;
    }
  }

  private ToneMeter() {}

  /** The level of all that can be heard, as that of a sine with the same power. */
  public static double levelDbfs(short[] pcm) {
    double power = 0;
    for (short sample : pcm) {
      power += (double) sample * sample;
    }
    return pcm.length == 0 ? SILENCE_DBFS : dbfs(Math.sqrt(2 * power / pcm.length));
  }

  /** The strongest tone of a piece of at least 32 samples; empty for digital silence. */
  public static Optional<Tone> dominant(short[] pcm, int sampleRateHz) {
    short[] piece = pcm;
    if (pcm.length > LONGEST) {
      int from = (pcm.length - LONGEST) / 2;
      piece = Arrays.copyOfRange(pcm, from, from + LONGEST);
    }
    double mean = mean(piece);
    double power = 0;
    for (short sample : piece) {
      power += (sample - mean) * (sample - mean);
    }
    if (piece.length < 32 || power == 0) {
      return Optional.empty();
    }
    double step = refine(piece, mean, strongestStep(piece, mean));
    double amplitude = amplitude(piece, mean, step);
    double tonePower = amplitude * amplitude / 2 * piece.length;
    double rest = Math.max(power - tonePower, power * 1e-12);
    return Optional.of(
        new Tone(
            step * sampleRateHz / (2 * Math.PI),
            dbfs(amplitude),
            10 * Math.log10(tonePower / rest)));
  }

  /** The strongest tones of consecutive windows; what is left at the end is not looked at. */
  public static List<Optional<Tone>> windows(short[] pcm, int sampleRateHz, int windowMillis) {
    int samples = sampleRateHz * windowMillis / 1000;
    List<Optional<Tone>> tones = new ArrayList<>();
    for (int at = 0; at + samples <= pcm.length; at += samples) {
      tones.add(dominant(Arrays.copyOfRange(pcm, at, at + samples), sampleRateHz));
    }
    return tones;
  }

  /** The level of one frequency (Goertzel's question, answered by a fit). */
  public static double levelAt(short[] pcm, int sampleRateHz, double frequencyHz) {
    return pcm.length == 0
        ? SILENCE_DBFS
        : dbfs(amplitude(pcm, mean(pcm), 2 * Math.PI * frequencyHz / sampleRateHz));
  }

  /**
   * The longest stretch in which a tone sounds, to a few samples.
   *
   * <p>Its ends are where the tone's envelope, averaged over 10 ms, passes half its largest value.
   *
   * @param minimumDbfs below this level the tone does not count as there
   */
  public static Optional<Span> find(
      short[] pcm, int sampleRateHz, double frequencyHz, double minimumDbfs) {
    int window = sampleRateHz / 100;
    if (pcm.length < window) {
      return Optional.empty();
    }
    double[] envelope = envelope(pcm, 2 * Math.PI * frequencyHz / sampleRateHz, window);
    double largest = Arrays.stream(envelope).max().orElse(0);
    if (dbfs(largest) < minimumDbfs) {
      return Optional.empty();
    }
    Span best = new Span(0, 0);
    int start = -1;
    for (int i = 0; i <= envelope.length; i++) {
      boolean there = i < envelope.length && envelope[i] >= largest / 2;
      if (there && start < 0) {
        start = i;
      } else if (!there && start >= 0) {
        if (i - start > best.samples()) {
          best = new Span(start, i);
        }
        start = -1;
      }
    }
    return Optional.of(best);
  }

  /** The longest stretch without a sample above {@code peak} either way; the first of several. */
  public static Span longestQuiet(short[] pcm, int peak) {
    Span longest = new Span(0, 0);
    int start = 0;
    for (int i = 0; i < pcm.length; i++) {
      if (Math.abs(pcm[i]) > peak) {
        start = i + 1;
      } else if (i + 1 - start > longest.samples()) {
        longest = new Span(start, i + 1);
      }
    }
    return longest;
  }

  /** The amplitude of one frequency around each sample. */
  private static double[] envelope(short[] pcm, double step, int window) {
    double[] re = new double[pcm.length + 1];
    double[] im = new double[pcm.length + 1];
    for (int i = 0; i < pcm.length; i++) {
      re[i + 1] = re[i] + pcm[i] * Math.cos(step * i);
      im[i + 1] = im[i] + pcm[i] * Math.sin(step * i);
    }
    double[] envelope = new double[pcm.length];
    for (int i = 0; i < pcm.length; i++) {
      int from = Math.max(0, i - window / 2);
      int to = Math.min(pcm.length, i + window - window / 2);
      envelope[i] = 2 * Math.hypot(re[to] - re[from], im[to] - im[from]) / window;
    }
    return envelope;
  }

  /** The frequency, in radians a sample, of the highest bin of a windowed spectrum. */
  private static double strongestStep(short[] pcm, double mean) {
    int size = Fft.sizeFor(pcm.length) * 2;
    double[] re = new double[size];
    double[] im = new double[size];
    for (int i = 0; i < pcm.length; i++) {
      re[i] = (pcm[i] - mean) * (0.5 - 0.5 * Math.cos(2 * Math.PI * (i + 0.5) / pcm.length));
    }
    Fft.transform(re, im, false);
    int best = 1;
    for (int k = 1; k < size / 2; k++) {
      if (Math.hypot(re[k], im[k]) > Math.hypot(re[best], im[best])) {
        best = k;
      }
    }
    return 2 * Math.PI * best / size;
  }

  /** Finds the best fitting frequency next to a bin by a golden section search. */
  private static double refine(short[] pcm, double mean, double around) {
    double bin = Math.PI / pcm.length;
    double low = Math.max(around - bin, bin / 10);
    double high = Math.min(around + bin, Math.PI - bin / 10);
    for (int i = 0; i < REFINEMENTS; i++) {
      double left = high - GOLDEN * (high - low);
      double right = low + GOLDEN * (high - low);
      if (amplitude(pcm, mean, left) < amplitude(pcm, mean, right)) {
        low = left;
      } else {
        high = right;
      }
    }
    return (low + high) / 2;
  }

  /** The amplitude of the sine of this frequency that fits best (least squares). */
  private static double amplitude(short[] pcm, double mean, double step) {
    double cc = 0;
    double ss = 0;
    double cs = 0;
    double xc = 0;
    double xs = 0;
    double turnRe = Math.cos(step);
    double turnIm = Math.sin(step);
    double c = 1;
    double s = 0;
    for (short sample : pcm) {
      double x = sample - mean;
      cc += c * c;
      ss += s * s;
      cs += c * s;
      xc += x * c;
      xs += x * s;
      double next = c * turnRe - s * turnIm;
      s = s * turnRe + c * turnIm;
      c = next;
    }
    double determinant = cc * ss - cs * cs;
    if (Math.abs(determinant) < 1e-9) {
      return 0;
    }
    return Math.hypot((xc * ss - xs * cs) / determinant, (xs * cc - xc * cs) / determinant);
  }

  private static double mean(short[] pcm) {
    double sum = 0;
    for (short sample : pcm) {
      sum += sample;
    }
    return pcm.length == 0 ? 0 : sum / pcm.length;
  }

  private static double dbfs(double amplitude) {
    return amplitude <= 0
        ? SILENCE_DBFS
        : Math.max(SILENCE_DBFS, 20 * Math.log10(amplitude / FULL_SCALE));
  }
}

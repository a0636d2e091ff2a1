package org.rayo.media.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What encoders cost, on audio of a loudness that comes and goes. Prints figures. */
@Tag("slow")
class EncoderCostTest {

  private static final int RATE = 8000;
  private static final int ENCODERS = 20;
  private static final ByteSink NOWHERE = (bytes, offset, length) -> {};

  private final short[] pcm = talk(30);

  @ParameterizedTest
  @EnumSource(Kind.class)
  void oneCall_cpuAndMemory_figures(Kind kind) throws Exception {
    kind.assumePossible();
    double seconds = (double) pcm.length / RATE;
    long warm = 1_200_000_000L;
    while (warm > 0) {
      warm -= Math.max(1, cpuNanos(kind));
    }
    long best = Long.MAX_VALUE;
    for (int i = 0; i < 5; i++) {
      best = Math.min(best, cpuNanos(kind));
    }
    double timesRealTime = seconds * 1e9 / best;
    System.out.printf(
        "figure: %s, 8 kHz mono: %,.0f times real time, %.3f %% of a core per call, %,d kB of heap per"
            + " encoder%n",
        kind, timesRealTime, 100 / timesRealTime, heapKilobytes(kind));
    assertThat(timesRealTime).isGreaterThan(5);
  }

  /** Both on the same audio, one after the other, so that a busy machine slows both. */
  @Test
  void nativeMp3_againstJava_figure() throws Exception {
    Kind.MP3_NATIVE.assumePossible();
    for (int i = 0; i < 12; i++) {
      cpuNanos(Kind.MP3_JAVA);
    }
    long java = Long.MAX_VALUE;
    long own = Long.MAX_VALUE;
    for (int i = 0; i < 6; i++) {
      java = Math.min(java, cpuNanos(Kind.MP3_JAVA));
      own = Math.min(own, cpuNanos(Kind.MP3_NATIVE));
    }
    System.out.printf("figure: native mp3 is %.1f times as fast as Java's%n", (double) java / own);
    assertThat(own).isLessThan(2 * java);
  }

  private long cpuNanos(Kind kind) throws Exception {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    try (AudioEncoder encoder = kind.open(RATE, 1)) {
      encoder.begin(NOWHERE);
      long before = threads.getCurrentThreadCpuTime();
      for (int at = 0; at + 1600 <= pcm.length; at += 1600) {
        encoder.encode(pcm, at, 1600, NOWHERE);
      }
      long nanos = threads.getCurrentThreadCpuTime() - before;
      encoder.finish(NOWHERE);
      return nanos;
    }
  }

  /**
   * What is still there after a collection, for each of some encoders that have run for a while.
   */
  private long heapKilobytes(Kind kind) throws Exception {
    List<AudioEncoder> encoders = new ArrayList<>();
    long before = used();
    for (int i = 0; i < ENCODERS; i++) {
      AudioEncoder encoder = kind.open(RATE, 1);
      encoder.begin(NOWHERE);
      encoder.encode(pcm, 0, 8000, NOWHERE);
      encoders.add(encoder);
    }
    long grown = used() - before;
    encoders.forEach(AudioEncoder::close);
    assertThat(encoders).allMatch(encoder -> encoder.samples() == 8000);
    return grown / ENCODERS / 1024;
  }

  private static long used() {
    System.gc();
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  /** Noise of a voice's band and rhythm: five syllables a second, every third second silent. */
  private static short[] talk(int seconds) {
    Random random = new Random(7);
    short[] pcm = new short[seconds * RATE];
    double low = 0;
    for (int i = 0; i < pcm.length; i++) {
      low += 0.3 * (random.nextGaussian() - low);
      double syllable = Math.max(0, Math.sin(2 * Math.PI * 5 * i / RATE));
      pcm[i] = i / RATE % 3 == 2 ? 0 : (short) (6000 * syllable * low);
    }
    return pcm;
  }
}

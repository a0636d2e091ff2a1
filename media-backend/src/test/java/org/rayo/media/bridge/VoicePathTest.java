package org.rayo.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.audio.Levels;

class VoicePathTest {

  private static final int FRAME = 160;
  private static final int MILLIS = 8;
  private static final int HOUR_TICKS = 3600 * 50;

  private final VoicePath path = new VoicePath(8000, KeyEar.DEAF);
  private final short[] in = new short[4 * FRAME];
  private final short[] out = new short[FRAME];
  private long written;

  /** Writes a count that never stands still, so that every sample tells when it was said. */
  private void write(int length) {
    for (int i = 0; i < length; i++) {
      in[i] = ramp(written + i);
    }
    path.frame(in, out, length);
    written += length;
  }

  /** Never zero, and seldom at its jump. */
  private static short ramp(long sample) {
    return (short) (1 + sample % 16_000);
  }

  private void read() {
    assertThat(path.next(out, FRAME)).isEqualTo(FRAME);
  }

  @Test
  void next_nothingWritten_givesSilenceAndIsNotOver() {
    Arrays.fill(out, (short) 9);
    for (int i = 0; i < 1000; i++) {
      read();
      assertThat(out).containsOnly((short) 0);
    }
    assertThat(path.underruns()).isZero();
  }

  @Test
  void next_steadyFrames_givesEverySampleOnceAfterTheReserve() {
    write(FRAME);
    read();
    assertThat(out).containsOnly((short) 0);
    int begin = FRAME - 5 * MILLIS;
    for (int tick = 0; tick < 1000; tick++) {
      write(FRAME);
      read();
      for (int i = 0; i < FRAME; i++) {
        assertThat(out[i]).isEqualTo(ramp(begin + tick * FRAME + i));
      }
    }
    assertThat(path.waiting()).isEqualTo(5 * MILLIS);
    assertThat(path.underruns()).isZero();
    assertThat(path.skipped()).isEqualTo(begin);
  }

  @ParameterizedTest
  @ValueSource(ints = {-200, 200, -1000, 1000})
  void next_clocksDriftForAnHour_noFrameIsMissedAndTheDelayStaysShort(int ppm) {
    double owed = 0;
    int most = 0;
    write(FRAME);
    write(FRAME);
    read();
    long skippedAtFirst = path.skipped();
    for (int tick = 0; tick < HOUR_TICKS; tick++) {
      owed += FRAME * (1 + ppm / 1e6);
      int length = (int) owed;
      owed -= length;
      write(length);
      read();
      if (tick > 500) {
        most = Math.max(most, path.waiting());
        long delay = Math.floorMod(written - 1 - out[FRAME - 1] + 1, 16_000);
        assertThat(delay).as("delay at tick %d", tick).isLessThan(20 * MILLIS);
      }
    }
    System.out.printf("%d ppm for an hour: at most %d samples wait%n", ppm, most);
    assertThat(most).isLessThan(15 * MILLIS);
    assertThat(path.underruns()).isZero();
    assertThat(path.skipped()).isEqualTo(skippedAtFirst);
    assertThat(path.overflows()).isZero();
  }

  /** The other clock of a sender whose ticks come at its own pace, and late as threads are. */
  @ParameterizedTest
  @ValueSource(ints = {-200, 200})
  void next_ticksComeAtAnotherPaceAndLate_fewFramesAreMissedAndTheDelayIsBounded(int ppm) {
    Random random = new Random(7);
    double nextWrite = 3;
    int most = 0;
    for (int tick = 0; tick < HOUR_TICKS; tick++) {
      double now = 20.0 * tick;
      while (nextWrite + lateness(random) <= now) {
        write(FRAME);
        nextWrite += 20 / (1 + ppm / 1e6);
      }
      read();
      most = Math.max(most, path.waiting());
    }
    assertThat(most).isLessThanOrEqualTo(60 * MILLIS);
    assertThat(path.underruns()).isLessThan(HOUR_TICKS / 500);
    assertThat(path.overflows()).isZero();
  }

  private static double lateness(Random random) {
    return random.nextInt(1000) == 0 ? 15 : random.nextDouble();
  }

  /** One sample fewer now and then, and still the same tone. */
  @ParameterizedTest
  @ValueSource(ints = {300, 1000, 2000, 3000})
  void next_clocksDrift_aToneKeepsItsStrength(int hertz) {
    long at = 0;
    double owed = 0;
    double weakest = 1;
    for (int tick = 0; tick < 2000; tick++) {
      owed += FRAME * 1.001;
      int length = (int) owed;
      owed -= length;
      for (int i = 0; i < length; i++) {
        in[i] = (short) (10_000 * Math.sin(2 * Math.PI * hertz * at++ / 8000));
      }
      path.frame(in, out, length);
      read();
      if (tick > 10) {
        double strength = Math.sqrt(Levels.meanSquare(out, 0, FRAME) * 2) / 10_000;
        weakest = Math.min(weakest, strength);
      }
    }
    assertThat(path.underruns()).isZero();
    assertThat(weakest).isGreaterThan(0.9);
  }

  @Test
  void next_afterTheHearerStoodStill_oldSoundIsLeftOut() {
    for (int i = 0; i < 10; i++) {
      write(FRAME);
      read();
    }
    for (int i = 0; i < 40; i++) {
      write(FRAME);
    }
    read();
    assertThat(path.skipped()).isPositive();
    assertThat(path.waiting()).isEqualTo(5 * MILLIS);
    assertThat(out[FRAME - 1]).isEqualTo(ramp(written - 5 * MILLIS - 1));
  }

  @Test
  void next_hearerMakesUpForAShortStall_nothingIsLost() {
    write(FRAME);
    for (int i = 0; i < 10; i++) {
      write(FRAME);
      read();
    }
    long skipped = path.skipped();
    for (int stall = 0; stall < 20; stall++) {
      for (int i = 0; i < 5; i++) {
        write(FRAME);
      }
      for (int i = 0; i < 5; i++) {
        read();
      }
    }
    assertThat(path.skipped()).isEqualTo(skipped);
    assertThat(path.underruns()).isZero();
    assertThat(out[FRAME - 1]).isEqualTo(ramp(written - 5 * MILLIS - 1));
  }

  /** Where a path has waited for late frames, it comes back in one step. */
  @Test
  void next_latenessIsLongOver_theDelayIsShortAgainAndFewFramesDiffer() {
    write(FRAME);
    for (int i = 0; i < 10; i++) {
      write(FRAME);
      read();
    }
    read();
    write(FRAME);
    int changed = 0;
    int last = 0;
    for (int tick = 0; tick < 5000; tick++) {
      write(FRAME);
      read();
      int delay = Math.floorMod((int) (written % 16_000) - out[FRAME - 1], 16_000);
      changed += delay == last ? 0 : 1;
      last = delay;
    }
    assertThat(path.underruns()).isEqualTo(1);
    assertThat(changed).isBetween(2, 5);
    assertThat(path.waiting()).isEqualTo(5 * MILLIS);
  }

  @Test
  void next_moreThanEnoughWaitsForLong_itIsLeftOut() {
    for (int i = 0; i < 6; i++) {
      write(FRAME);
    }
    read();
    for (int i = 0; i < 4; i++) {
      write(FRAME);
    }
    for (int i = 0; i < 6; i++) {
      read();
      write(FRAME);
    }
    assertThat(path.waiting()).isLessThan(60 * MILLIS);
    assertThat(path.underruns()).isZero();
  }

  @Test
  void frame_nobodyReads_overflowIsCountedAndSoonForgotten() {
    for (int i = 0; i < 500; i++) {
      write(FRAME);
    }
    assertThat(path.overflows()).isPositive();
    for (int i = 0; i < 3; i++) {
      read();
      write(FRAME);
    }
    read();
    assertThat(path.waiting()).isLessThan(60 * MILLIS);
    assertThat(out[FRAME - 1]).isEqualTo(ramp(written - path.waiting() - 1));
  }

  @Test
  void next_theSpeakerStoodStill_silenceThenWhatHeSaysNow() {
    for (int i = 0; i < 10; i++) {
      write(FRAME);
      read();
    }
    for (int i = 0; i < 50; i++) {
      read();
    }
    assertThat(out).containsOnly((short) 0);
    assertThat(path.underruns()).isEqualTo(1);
    for (int i = 0; i < 50; i++) {
      write(FRAME);
    }
    read();
    assertThat(out[FRAME - 1]).isEqualTo(ramp(written - path.waiting() - 1));
    assertThat(path.waiting()).isLessThan(60 * MILLIS);
  }

  /** What is said rises and falls gently, and so it must be heard: nothing torn. */
  @Test
  void frameAndNext_onTwoThreads_samplesStayInOrder() throws Exception {
    AtomicLong torn = new AtomicLong();
    Thread reader =
        new Thread(
            () -> {
              short[] got = new short[FRAME];
              for (int i = 0; i < 20_000; i++) {
                path.next(got, FRAME);
                for (int k = 1; k < FRAME; k++) {
                  if (Math.abs(got[k] - got[k - 1]) > 20) {
                    torn.incrementAndGet();
                  }
                }
              }
            });
    reader.start();
    for (long said = 0; reader.isAlive(); ) {
      for (int i = 0; i < FRAME; i++) {
        in[i] = (short) Math.abs((said + i) % 16_000 - 8000);
      }
      long overflows = path.overflows();
      path.frame(in, out, FRAME);
      said += path.overflows() == overflows ? FRAME : 0;
    }
    reader.join();
    assertThat(torn).hasValue(0);
  }

  @Test
  void frameAndNext_allocateNothing() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (int i = 0; i < 20_000; i++) {
      path.frame(in, out, FRAME);
      path.next(out, FRAME);
    }
    long thread = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(thread);
    for (int i = 0; i < 20_000; i++) {
      path.frame(in, out, FRAME);
      path.next(out, FRAME);
    }
    assertThat(threads.getThreadAllocatedBytes(thread) - before).isLessThan(20_000);
  }
}

package org.rayo.media.audio;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What runs for every frame of every call makes no garbage. */
class AllocationTest {
  private static final int FRAMES = 20_000;
  private static final int FRAME = 160;

  private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  /** Speech, noise, keys and silence. */
  private static short[] sound() {
    Random random = new Random(2);
    Line line = new Line(20_000, random).noise(0, 40_000, -40);
    line.put(20_000, Line.spoken(Line.sentence(), 1, 0));
    for (int at = 80_000; at < 120_000; at += 1600) {
      line.sine(at, 800, 770, 0.3).sine(at, 800, 1477, 0.3);
    }
    return line.through(G711.MU_LAW);
  }

  private long allocatedBy(Runnable work) {
    work.run(); // what is made once, is made now
    long before = threads.getCurrentThreadAllocatedBytes();
    work.run();
    return threads.getCurrentThreadAllocatedBytes() - before;
  }

  @Test
  void detectors_soundOfAllKinds_allocateNothing() {
    short[] sound = sound();
    short[] frame = new short[FRAME];
    EnergySpeechDetector speech = new EnergySpeechDetector(Line.RATE);
    DtmfDetector keys = new DtmfDetector(Line.RATE);
    int[] heard = new int[2];
    long bytes =
        allocatedBy(
            () -> {
              for (int n = 0; n < FRAMES; n++) {
                System.arraycopy(sound, n * FRAME % (sound.length - FRAME), frame, 0, FRAME);
                heard[0] += speech.heard(frame, FRAME) ? 1 : 0;
                heard[1] += keys.heard(frame, FRAME) ? 1 : 0;
              }
            });
    System.out.printf(
        "figure: detectors: %d bytes allocated in %d frames; %d of speech, %d keys%n",
        bytes, FRAMES, heard[0], heard[1]);
    assertThat(heard[0]).isPositive();
    assertThat(heard[1]).isPositive();
    // Less than a byte in a frame is the measurement's own.
    assertThat(bytes).isLessThan(FRAMES);
  }
}

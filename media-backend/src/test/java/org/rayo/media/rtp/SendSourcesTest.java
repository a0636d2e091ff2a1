package org.rayo.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.rayo.media.audio.FrameSource;

/** Sources beside clips, in what goes to the other side. */
class SendSourcesTest {

  private static final int FRAME = PlayoutClock.FRAME;

  private final SendStream stream = new SendStream(RandomGenerator.of("L64X128MixRandom"));
  private final List<String> done = new ArrayList<>();
  private long position;

  private short[] frame() {
    short[] frame = new short[FRAME];
    stream.next(frame, FRAME, position);
    position += FRAME;
    return frame;
  }

  private static FrameSource constant(int value, int samples) {
    int[] left = {samples};
    return (frame, length) -> {
      int count = Math.min(length, left[0]);
      Arrays.fill(frame, 0, count, (short) value);
      left[0] -= count;
      return count;
    };
  }

  @Test
  void next_clipAndTwoSources_areSummedAndClipped() {
    short[] clip = new short[FRAME];
    Arrays.fill(clip, (short) 100);
    stream.play(clip, () -> done.add("clip"));
    stream.play(constant(20, 2 * FRAME), () -> done.add("long"));
    stream.play(constant(3, 10), () -> done.add("short"));
    short[] first = frame();
    assertThat(first[0]).isEqualTo((short) 123);
    assertThat(first[10]).isEqualTo((short) 120);
    assertThat(frame()[FRAME - 1]).isEqualTo((short) 20);
    assertThat(frame()).containsOnly((short) 0);
    stream.play(constant(30_000, FRAME), () -> {});
    stream.play(constant(30_000, FRAME), () -> {});
    assertThat(frame()).containsOnly(Short.MAX_VALUE);
  }

  @Test
  void next_loudOnesThatCancelOut_areClippedOnlyAtTheEnd() {
    stream.play(constant(-30_000, FRAME), () -> {});
    stream.play(constant(30_000, FRAME), () -> {});
    stream.play(constant(30_000, FRAME), () -> {});
    assertThat(frame()).containsOnly((short) 30_000);
  }

  @Test
  void next_sourceThatFails_isOverAndTheOthersPlayOn() {
    stream.play(constant(5, 2 * FRAME), () -> done.add("good"));
    stream.play(
        (frame, length) -> {
          throw new IllegalStateException("a source that fails, on purpose");
        },
        () -> done.add("failed"));
    assertThat(frame()).containsOnly((short) 5);
    stream.completed(FRAME);
    assertThat(done).containsExactly("failed");
    assertThat(frame()).containsOnly((short) 5);
  }

  @Test
  void done_runsOnceItsLastSampleHasBeenDelivered() {
    stream.play(constant(1, FRAME + 5), () -> done.add("over"));
    frame();
    frame();
    stream.completed(FRAME + 4);
    assertThat(done).isEmpty();
    stream.completed(FRAME + 5);
    stream.completed(10 * FRAME);
    assertThat(done).containsExactly("over");
  }

  @Test
  void stop_isAskedForNothingMoreAndDoneRunsOnce() {
    FrameSource source = constant(7, 1000);
    stream.play(source, () -> done.add("stopped"));
    frame();
    stream.stop(source);
    stream.stop(source);
    assertThat(frame()).containsOnly((short) 0);
    stream.abandon();
    assertThat(done).containsExactly("stopped");
  }

  @Test
  void abandon_runsEveryDoneOnce() {
    stream.play(constant(1, 1000), () -> done.add("a"));
    stream.play(constant(1, 1000), () -> done.add("b"));
    frame();
    stream.abandon();
    stream.abandon();
    assertThat(done).containsExactlyInAnyOrder("a", "b");
    assertThat(frame()).containsOnly((short) 0);
  }
}

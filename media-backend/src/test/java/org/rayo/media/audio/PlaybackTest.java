package org.rayo.media.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Clips one after the other, and sources beside them. */
class PlaybackTest {

  private static final int FRAME = 160;

  private final Playback playback = new Playback(FRAME);
  private final List<String> done = new ArrayList<>();
  private long position;

  private short[] frame() {
    short[] frame = new short[FRAME];
    playback.next(frame, FRAME, position);
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
    playback.play(clip, () -> done.add("clip"));
    playback.play(constant(20, 2 * FRAME), () -> done.add("long"));
    playback.play(constant(3, 10), () -> done.add("short"));
    short[] first = frame();
    assertThat(first[0]).isEqualTo((short) 123);
    assertThat(first[10]).isEqualTo((short) 120);
    assertThat(frame()[FRAME - 1]).isEqualTo((short) 20);
    assertThat(frame()).containsOnly((short) 0);
    playback.play(constant(30_000, FRAME), () -> {});
    playback.play(constant(30_000, FRAME), () -> {});
    assertThat(frame()).containsOnly(Short.MAX_VALUE);
  }

  @Test
  void next_loudOnesThatCancelOut_areClippedOnlyAtTheEnd() {
    playback.play(constant(-30_000, FRAME), () -> {});
    playback.play(constant(30_000, FRAME), () -> {});
    playback.play(constant(30_000, FRAME), () -> {});
    assertThat(frame()).containsOnly((short) 30_000);
  }

  @Test
  void next_sourceThatFails_isOverAndTheOthersPlayOn() {
    playback.play(constant(5, 2 * FRAME), () -> done.add("good"));
    playback.play(
        (frame, length) -> {
          throw new IllegalStateException("a source that fails, on purpose");
        },
        () -> done.add("failed"));
    assertThat(frame()).containsOnly((short) 5);
    playback.completed(FRAME);
    assertThat(done).containsExactly("failed");
    assertThat(frame()).containsOnly((short) 5);
  }

  @Test
  void done_runsOnceItsLastSampleHasBeenDelivered() {
    playback.play(constant(1, FRAME + 5), () -> done.add("over"));
    frame();
    frame();
    playback.completed(FRAME + 4);
    assertThat(done).isEmpty();
    playback.completed(FRAME + 5);
    playback.completed(10 * FRAME);
    assertThat(done).containsExactly("over");
  }

  @Test
  void stop_isAskedForNothingMoreAndDoneRunsOnce() {
    FrameSource source = constant(7, 1000);
    playback.play(source, () -> done.add("stopped"));
    frame();
    playback.stop(source);
    playback.stop(source);
    assertThat(frame()).containsOnly((short) 0);
    playback.abandon();
    assertThat(done).containsExactly("stopped");
  }

  @Test
  void abandon_runsEveryDoneOnce() {
    playback.play(constant(1, 1000), () -> done.add("a"));
    playback.play(constant(1, 1000), () -> done.add("b"));
    frame();
    playback.abandon();
    playback.abandon();
    assertThat(done).containsExactlyInAnyOrder("a", "b");
    assertThat(frame()).containsOnly((short) 0);
  }

  @Test
  void clips_ofOddLengths_followEachOtherAndEndWhenPositionIsReached() {
    playback.play(new short[] {1, 2, 3}, () -> done.add("first"));
    playback.play(new short[0], () -> done.add("empty"));
    playback.play(new short[] {4, 5}, () -> done.add("last"));
    position = 1000;
    assertThat(frame())
        .startsWith((short) 1, (short) 2, (short) 3, (short) 4, (short) 5, (short) 0);
    playback.completed(1002);
    assertThat(done).isEmpty();
    playback.completed(1003);
    assertThat(done).containsExactly("first", "empty");
    playback.completed(1005);
    assertThat(done).containsExactly("first", "empty", "last");
  }
}

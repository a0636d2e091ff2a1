package org.rayo.media.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.media.MediaEvent.OutputEnd;
import org.rayo.media.OutputRequest;
import org.rayo.media.OutputRequest.Pause;
import org.rayo.media.audio.Tones;

final class PlayerTest {

  private static final int RATE = 8000;
  private static final int FRAME = 160;
  private static final int FADE = 40;

  /** Every sample tells where it is from. */
  private static short[] numbers(int count) {
    short[] samples = new short[count];
    for (int i = 0; i < count; i++) {
      samples[i] = (short) (i + 1);
    }
    return samples;
  }

  private static OutputRequest request(int offsetMillis, boolean paused, int maxMillis) {
    return new OutputRequest(
        "o",
        List.of(new Pause(Duration.ZERO)),
        Duration.ofMillis(offsetMillis),
        paused,
        Duration.ZERO,
        1,
        maxMillis < 0 ? Optional.empty() : Optional.of(Duration.ofMillis(maxMillis)));
  }

  private static Player player(Timeline timeline) {
    return new Player(timeline, request(0, false, -1), RATE);
  }

  private static Timeline once(short[] samples) {
    return new Timeline(List.of(Timeline.Piece.sound(samples)), 0, 1);
  }

  /** All that is left of it. */
  private static short[] rest(Player player, int most) {
    short[] all = new short[most];
    int count = 0;
    short[] frame = new short[FRAME];
    while (count + FRAME <= most) {
      int got = player.next(frame, FRAME);
      System.arraycopy(frame, 0, all, count, got);
      count += got;
      if (got < FRAME) {
        break;
      }
    }
    return Arrays.copyOf(all, count);
  }

  private static short[] frame(Player player) {
    short[] frame = new short[FRAME];
    assertThat(player.next(frame, FRAME)).isEqualTo(FRAME);
    return frame;
  }

  private static void assertNumbersFrom(int first, short[] samples, int from) {
    for (int i = from; i < samples.length; i++) {
      assertThat(samples[i]).as("sample %d", i).isEqualTo((short) (first + i + 1));
    }
  }

  @Test
  void next_everythingPlayed_isExactAndFinishes() {
    Player player = player(once(numbers(1000)));

    assertThat(rest(player, 20_000)).isEqualTo(numbers(1000));
    assertThat(player.end()).contains(OutputEnd.FINISH);
    assertThat(player.next(new short[FRAME], FRAME)).isZero();
  }

  @Test
  void next_lengthOfWholeFrames_finishesWithAnEmptyFrame() {
    Player player = player(once(numbers(320)));

    assertThat(frame(player)).startsWith(1);
    assertThat(frame(player)).startsWith(161);
    assertThat(player.next(new short[FRAME], FRAME)).isZero();
    assertThat(player.end()).contains(OutputEnd.FINISH);
  }

  @Test
  void next_nothingToPlayForEver_finishes() {
    Player player = player(new Timeline(List.of(Timeline.Piece.sound(new short[0])), 0, 0));

    assertThat(player.next(new short[FRAME], FRAME)).isZero();
    assertThat(player.end()).contains(OutputEnd.FINISH);
  }

  @Test
  void next_soundThatFails_isOverWithAnError() {
    // A piece that is not as long as it says: a defect, whatever it may be.
    Timeline broken = new Timeline(List.of(new Timeline.Piece(new short[10], FRAME)), 0, 1);
    Player player = player(broken);

    assertThatThrownBy(() -> player.next(new short[FRAME], FRAME))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(player.end()).contains(OutputEnd.ERROR);
    assertThat(player.next(new short[FRAME], FRAME)).isZero();
  }

  @Test
  void next_pausesAndRounds_lieWhereTheyShould() {
    Timeline timeline =
        new Timeline(
            List.of(
                Timeline.Piece.sound(new short[] {1, 2}),
                Timeline.Piece.silence(Duration.ofNanos(375_000), RATE),
                Timeline.Piece.sound(new short[] {3})),
            2,
            3);

    assertThat(rest(player(timeline), 1000))
        .containsExactly(1, 2, 0, 0, 0, 3, 0, 0, 1, 2, 0, 0, 0, 3, 0, 0, 1, 2, 0, 0, 0, 3);
  }

  @Test
  void next_forEver_goesOnUntilMaxTime() {
    Timeline timeline = new Timeline(List.of(Timeline.Piece.sound(numbers(100))), 0, 0);
    Player player = new Player(timeline, request(0, false, 1010), RATE);

    short[] heard = rest(player, 20_000);

    assertThat(heard).hasSize(8080);
    assertThat(heard[7999]).isEqualTo((short) 100);
    assertThat(player.end()).contains(OutputEnd.MAX_TIME);
  }

  @Test
  void next_pausedForLong_countsNotForMaxTime() {
    Player player = new Player(once(numbers(16_000)), request(0, true, 100), RATE);
    for (int i = 0; i < 50; i++) {
      assertThat(frame(player)).containsOnly(0);
    }
    player.resume();

    assertThat(rest(player, 20_000)).hasSize(800).startsWith(1, 2, 3);
    assertThat(player.end()).contains(OutputEnd.MAX_TIME);
  }

  @Test
  void new_startOffset_skipsOfTheFirstRoundOnly() {
    Timeline timeline = new Timeline(List.of(Timeline.Piece.sound(numbers(800))), 0, 2);
    Player player = new Player(timeline, request(90, false, -1), RATE);

    short[] heard = rest(player, 20_000);

    assertThat(heard).hasSize(80 + 800).startsWith(721, 722);
    assertThat(heard[80]).isEqualTo((short) 1);
  }

  @Test
  void new_startOffsetBeyondTheEnd_finishesAtOnce() {
    Player player = new Player(once(numbers(800)), request(5000, false, -1), RATE);

    assertThat(rest(player, 1000)).isEmpty();
    assertThat(player.end()).contains(OutputEnd.FINISH);
  }

  @ParameterizedTest
  @CsvSource({"1000, 8320", "-10, 240", "-5000, 0", "0, 320"})
  void seek_anywhere_isExactAfterTheFade(int millis, int expected) {
    Player player = player(once(numbers(16_000)));
    frame(player);
    frame(player);

    player.seek(player.samples(Duration.ofMillis(millis)));

    assertThat(player.position()).isEqualTo(expected);
    assertNumbersFrom(expected, frame(player), FADE);
  }

  @Test
  void seek_beyondTheEnd_goesOnWithTheNextRound() {
    Timeline timeline = new Timeline(List.of(Timeline.Piece.sound(numbers(800))), 160, 2);
    Player player = player(timeline);
    frame(player);

    player.seek(player.samples(Duration.ofHours(1)));

    assertThat(player.position()).isEqualTo(800);
    frame(player);
    assertNumbersFrom(0, frame(player), 0);
    player.seek(player.samples(Duration.ofMillis(-100)));
    assertThat(player.position()).as("within its round").isEqualTo(960);
  }

  @Test
  void seek_whilePaused_isExactToTheFirstSample() {
    Player player = new Player(once(numbers(16_000)), request(0, true, -1), RATE);
    player.seek(player.samples(Duration.ofSeconds(1)));
    player.resume();

    assertNumbersFrom(8000, frame(player), 0);
  }

  @Test
  void pause_resume_losesOnlyWhatFades() {
    Player player = player(once(numbers(16_000)));
    frame(player);
    player.pause();
    assertThat(Arrays.copyOfRange(frame(player), FADE, FRAME)).containsOnly(0);
    assertThat(frame(player)).containsOnly(0);
    assertThat(player.position()).isEqualTo(FRAME + FADE);

    player.resume();

    assertNumbersFrom(FRAME + FADE, frame(player), FADE);
  }

  @Test
  void volume_steps_areThreeDecibelsAndBounded() {
    short[] level = new short[16_000];
    Arrays.fill(level, (short) 1000);
    Player player = player(once(level));
    frame(player);

    player.volume(1);
    assertThat(frame(player)[FRAME - 1]).isEqualTo((short) 1413);
    player.volume(-1);
    player.volume(-1);
    assertThat(frame(player)[FRAME - 1]).isEqualTo((short) 708);
    player.volume(-50);
    assertThat(frame(player)[FRAME - 1]).isEqualTo((short) 63);
    player.volume(50);
    assertThat(frame(player)[FRAME - 1]).isEqualTo((short) 3981);
  }

  @Test
  void volume_tooLoud_isClippedNotWrapped() {
    short[] level = new short[1600];
    Arrays.fill(level, (short) -30_000);
    Player player = player(once(level));
    player.volume(4);
    frame(player);

    assertThat(frame(player)).containsOnly(Short.MIN_VALUE);
  }

  @Test
  void volume_changes_doNotClick() {
    short[] level = new short[16_000];
    Arrays.fill(level, (short) 1000);
    Player player = player(once(level));
    short last = frame(player)[FRAME - 1];
    player.volume(-3);
    short[] heard = frame(player);
    for (short sample : heard) {
      assertThat(Math.abs(sample - last)).isLessThan(50);
      last = sample;
    }
  }

  @ParameterizedTest
  @CsvSource({"10, 2.0", "5, 1.5", "1, 1.1", "-1, 0.9", "-5, 0.5", "50, 2.0", "-50, 0.5"})
  void speed_steps_changeTheLengthAndNotThePitch(int steps, double speed) {
    short[] tone = Tones.sine(440, Duration.ofSeconds(4), -6, Duration.ofMillis(5), RATE);
    Player player = player(once(tone));
    player.speed(steps);

    short[] heard = rest(player, 100_000);

    assertThat((double) heard.length).isBetween(32_000 / speed - 400, 32_000 / speed + 400);
    assertThat(crossings(heard) * (double) RATE / heard.length / 2).isBetween(437.0, 443.0);
    assertThat(largestStep(heard, 200, heard.length - 300))
        .as("a sine of 440 Hz takes steps of at most this; more is a click")
        .isLessThan((int) (16_384 * 2 * Math.PI * 440 / RATE * 1.15));
  }

  @Test
  void speed_backToNormal_isExactAgain() {
    Player player = player(once(numbers(16_000)));
    frame(player);
    player.speed(3);
    frame(player);
    player.speed(-3);
    frame(player);

    int at = (int) player.position();
    assertNumbersFrom(at, frame(player), 0);
  }

  @Test
  void next_everythingAtOnce_allocatesNothing() {
    short[] tone = Tones.sine(440, Duration.ofSeconds(60), -6, Duration.ofMillis(5), RATE);
    Player player = player(new Timeline(List.of(Timeline.Piece.sound(tone)), 100, 0));
    player.speed(2);
    player.volume(-1);
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    short[] frame = new short[FRAME];
    for (int i = 0; i < 500; i++) {
      player.next(frame, FRAME);
    }
    long before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 2000; i++) {
      player.next(frame, FRAME);
    }
    assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(2000);
  }

  private static int crossings(short[] samples) {
    int count = 0;
    for (int i = 1; i < samples.length; i++) {
      if (samples[i - 1] < 0 != samples[i] < 0) {
        count++;
      }
    }
    return count;
  }

  private static int largestStep(short[] samples, int from, int to) {
    int largest = 0;
    for (int i = from + 1; i < to; i++) {
      largest = Math.max(largest, Math.abs(samples[i] - samples[i - 1]));
    }
    return largest;
  }
}

package org.rayo.media.freeswitch.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.rayo.media.MediaException;
import org.rayo.media.audio.FrameTap;
import org.rayo.media.freeswitch.capture.Bench.FakeLeg;

class ForkedAudioTest {

  private static final Set<Side> BOTH = EnumSet.allOf(Side.class);
  private static final Set<Side> SAID = EnumSet.of(Side.SAID);
  private static final Set<Side> HEARD = EnumSet.of(Side.HEARD);

  private final Bench bench = new Bench();
  private final ForkedAudio audio = new ForkedAudio("call-1", bench, bench, bench, bench::now);
  private final Heard tap = new Heard();

  private CompletableFuture<Void> open(Set<Side> sides) {
    CompletionStage<Void> opened = audio.open(sides);
    bench.settle();
    return opened.toCompletableFuture();
  }

  private void listen() {
    audio.attach(tap);
  }

  /** Opens one side, and lets it flow. */
  private FakeLeg flowing(Side side) {
    CompletableFuture<Void> opened = open(EnumSet.of(side));
    FakeLeg leg = bench.answer();
    bench.ticks(20);
    assertThat(opened).isCompleted();
    return leg;
  }

  private static void assertRunsOn(short[] samples) {
    for (int i = 1; i < samples.length; i++) {
      assertThat(samples[i] - samples[i - 1]).as("at %d", i).isIn(1, 1 - Bench.PERIOD);
    }
  }

  /** How much later what is heard was received than what is said beside it, at most. */
  private int apart(int from) {
    short[] said = tap.said();
    short[] heard = tap.heard();
    int most = 0;
    for (int i = from; i < said.length; i++) {
      int off = Math.floorMod(heard[i] - said[i] + Bench.PERIOD / 2, Bench.PERIOD);
      most = Math.max(most, Math.abs(off - Bench.PERIOD / 2));
    }
    return most;
  }

  @Test
  void open_oneSide_completesWhenItsAudioIsInTheNextFrame() {
    CompletableFuture<Void> opened = open(SAID);
    assertThat(bench.forked.values()).containsExactly(Side.SAID);
    bench.ticks(5);
    assertThat(opened).isNotDone();
    FakeLeg leg = bench.answer();
    CompletionStage<Void> unused = opened.thenRun(this::listen);
    bench.ticks(50);
    assertThat(opened).isCompleted();
    // The first sample was received when the leg began, to within a tick.
    assertThat(tap.said()[0]).isNotZero();
    assertRunsOn(tap.said());
    assertThat(tap.heard()).containsOnly(0);
    assertThat(leg.given() - tap.length()).isLessThan(8000 / 4);
  }

  @Test
  void open_forkThatBringsNothing_completesAsSilence() {
    bench.silentSwitch = true;
    CompletableFuture<Void> opened = open(HEARD);
    FakeLeg unused = bench.answer();
    bench.ticks(45);
    assertThat(opened).isNotDone();
    bench.ticks(10);
    assertThat(opened).isCompleted();
  }

  @Test
  void frames_ofBothSides_areOfTheSameTime() {
    CompletableFuture<Void> opened = open(BOTH);
    List<String> tokens = bench.expected();
    FakeLeg unused = bench.answer(tokens.get(0)).with(800, 5_000_000);
    bench.ticks(3);
    FakeLeg unusedToo = bench.answer(tokens.get(1)).with(900, 15_000_000);
    bench.ticks(20);
    assertThat(opened).isCompleted();
    listen();
    bench.ticks(200);
    assertThat(apart(0)).isLessThanOrEqualTo(1);
    assertRunsOn(tap.said());
    assertRunsOn(tap.heard());
    assertThat(tap.length()).isEqualTo(200 * 160);
  }

  @Test
  void frames_senderClockThatRunsFast_decidesHowManySamplesThereAre() {
    FakeLeg said = flowing(Side.SAID);
    FakeLeg heard = flowing(Side.HEARD);
    listen();
    long before = said.given();
    for (int i = 0; i < 3000; i++) {
      said.stretch = i % 10 == 0 ? 1 : 0;
      heard.stretch = i % 10 == 7 ? 1 : 0;
      bench.ticks(1);
    }
    assertThat((long) tap.length()).isEqualTo(said.given() - before).isEqualTo(3000 * 160 + 300);
    assertThat(apart(0)).isLessThanOrEqualTo(1);
    assertRunsOn(tap.said());
    assertRunsOn(tap.heard());
  }

  @Test
  void frames_followerThatIsLaterFor20Millis_loseNothing() {
    FakeLeg unused = flowing(Side.SAID);
    FakeLeg heard = flowing(Side.HEARD);
    listen();
    bench.ticks(50);
    heard.stretch = -20;
    bench.ticks(8);
    heard.stretch = 0;
    bench.ticks(200);
    heard.stretch = 20;
    bench.ticks(8);
    heard.stretch = 0;
    bench.ticks(200);
    assertRunsOn(tap.heard());
    assertThat(apart(0)).isLessThanOrEqualTo(160);
  }

  @Test
  void leader_lost_theOtherGoesOnAndItIsForkedAgain() {
    FakeLeg said = flowing(Side.SAID);
    FakeLeg heard = flowing(Side.HEARD);
    listen();
    bench.ticks(50);
    said.end(5);
    bench.ticks(5);
    assertThat(bench.forked).hasSize(2);
    bench.ticks(7);
    assertThat(bench.forked.values()).containsExactly(Side.SAID, Side.HEARD, Side.SAID);
    FakeLeg again = bench.answer().with(700, 10_000_000);
    bench.ticks(100);
    assertRunsOn(tap.heard());
    assertThat(tap.length()).isEqualTo(162 * 160);
    short[] samples = tap.said();
    int gap = samples.length - 100 * 160;
    assertThat(samples[gap - 160]).isZero();
    assertThat(apart(gap + 10 * 160)).isLessThanOrEqualTo(1);
    assertThat(heard.hungUp || again.hungUp).isFalse();
    assertThat(bench.ended).isEmpty();
  }

  @Test
  void allLegs_lost_theCallGoesOnAsSilenceInItsTime() {
    FakeLeg said = flowing(Side.SAID);
    listen();
    bench.ticks(50);
    said.end(0);
    bench.ticks(10);
    assertThat(tap.length()).isEqualTo(50 * 160);
    bench.ticks(40);
    assertThat(tap.length()).isEqualTo(100 * 160);
    FakeLeg unused = bench.answer();
    bench.ticks(50);
    assertThat(tap.length()).isEqualTo(150 * 160);
    assertThat(tap.said()[tap.length() - 1]).isNotZero();
  }

  @Test
  void callEnded_legsEndBefore_nothingIsLostOrAdded() {
    FakeLeg said = flowing(Side.SAID);
    FakeLeg heard = flowing(Side.HEARD);
    listen();
    bench.ticks(50);
    said.end(5);
    bench.ticks(1);
    heard.end(5);
    bench.ticks(4);
    AtomicInteger drained = new AtomicInteger();
    audio.callEnded(drained::incrementAndGet);
    bench.settle();
    assertThat(drained).hasValue(1);
    assertRunsOn(tap.heard());
    assertThat(tap.heard()[tap.length() - 1]).isEqualTo(heard.lastSample());
    // What is said had ended 20 ms before.
    assertThat(tap.said()[tap.length() - 161]).isEqualTo(said.lastSample());
    assertRunsOn(Arrays.copyOf(tap.said(), tap.length() - 160));
    assertThat(bench.isTicking()).isFalse();
  }

  @Test
  void callEnded_legsEndAfterwards_theirLastSamplesAreGiven() {
    FakeLeg said = flowing(Side.SAID);
    listen();
    bench.ticks(50);
    AtomicInteger drained = new AtomicInteger();
    audio.callEnded(drained::incrementAndGet);
    bench.ticks(1);
    assertThat(drained).hasValue(0);
    said.end(5);
    bench.ticks(2);
    assertThat(drained).hasValue(1);
    assertRunsOn(tap.said());
    assertThat(tap.said()[tap.length() - 1]).isEqualTo(said.lastSample());
    int length = tap.length();
    bench.ticks(50);
    assertThat(tap.length()).isEqualTo(length);
    assertThat(bench.forked).hasSize(1);
  }

  @Test
  void callEnded_legThatDoesNotEnd_isEndedAfterHalfASecond() {
    FakeLeg said = flowing(Side.SAID);
    listen();
    bench.ticks(50);
    AtomicInteger drained = new AtomicInteger();
    audio.callEnded(drained::incrementAndGet);
    bench.ticks(24);
    assertThat(drained).hasValue(0);
    bench.ticks(2);
    assertThat(drained).hasValue(1);
    assertThat(said.hungUp).isTrue();
    assertThatThrownBy(() -> open(SAID).join()).hasRootCauseInstanceOf(MediaException.class);
  }

  @Test
  void open_switchRefuses_failsAndNothingIsLeft() {
    bench.refusal = Optional.of("-ERR USER_BUSY");
    CompletableFuture<Void> opened = open(BOTH);
    assertThatThrownBy(opened::join).hasMessageContaining("-ERR USER_BUSY");
    assertThat(bench.expected()).isEmpty();
    bench.ticks(200);
    assertThat(bench.isTicking()).isFalse();
    bench.refusal = Optional.empty();
    CompletableFuture<Void> again = open(SAID);
    FakeLeg unused = bench.answer();
    bench.ticks(20);
    assertThat(again).isCompleted();
  }

  @Test
  void open_noCallComes_failsAfterTenSeconds() {
    CompletableFuture<Void> opened = open(SAID);
    bench.ticks(499);
    assertThat(opened).isNotDone();
    bench.ticks(3);
    assertThatThrownBy(opened::join).hasMessageContaining("did not come");
    assertThat(bench.expected()).isEmpty();
    assertThat(bench.ended).hasSize(1);
  }

  @Test
  void fork_lostAndRefusedAgainAndAgain_isGivenUpUntilSomebodyAsks() {
    FakeLeg said = flowing(Side.SAID);
    listen();
    bench.refusal = Optional.of("-ERR NO_ROUTE");
    said.end(0);
    bench.ticks(50 * 60);
    assertThat(bench.forked).hasSize(10);
    assertThat(tap.length()).isEqualTo(50 * 60 * 160);
    bench.refusal = Optional.empty();
    CompletableFuture<Void> opened = open(SAID);
    FakeLeg unused = bench.answer();
    bench.ticks(20);
    assertThat(opened).isCompleted();
  }

  @Test
  void release_byAll_endsTheForkAfterTwoSecondsUnlessOpenedAgain() {
    FakeLeg said = flowing(Side.SAID);
    audio.release(SAID);
    bench.ticks(80);
    CompletableFuture<Void> again = open(SAID);
    assertThat(again).isCompleted();
    bench.ticks(200);
    assertThat(said.hungUp).isFalse();
    assertThat(bench.forked).hasSize(1);
    audio.release(SAID);
    bench.ticks(110);
    assertThat(said.hungUp).isTrue();
    assertThat(bench.ended).hasSize(1);
    assertThat(bench.isTicking()).isFalse();
  }

  @Test
  void beep_heardSideIsForked_isDoneWhenItHasPassedTheTaps() {
    FakeLeg unused = flowing(Side.HEARD);
    AtomicInteger done = new AtomicInteger();
    audio.beep(done::incrementAndGet);
    bench.beeps.get(0).run();
    bench.settle();
    bench.ticks(5);
    assertThat(done).hasValue(0);
    bench.ticks(100_000 / 20);
    assertThat(done).hasValue(1);
  }

  @Test
  void beep_nothingHeardIsForked_isDoneAtOnce() {
    FakeLeg unused = flowing(Side.SAID);
    AtomicInteger done = new AtomicInteger();
    audio.beep(done::incrementAndGet);
    bench.settle();
    assertThat(done).hasValue(0);
    bench.beeps.get(0).run();
    bench.settle();
    assertThat(done).hasValue(1);
  }

  @Test
  void key_isToldBeforeTheNextFrame() {
    FakeLeg unused = flowing(Side.SAID);
    listen();
    bench.ticks(3);
    audio.key('#');
    bench.ticks(3);
    assertThat(tap.keys()).isEqualTo("#@480");
  }

  @Test
  void frames_onTheMediaThread_allocateNothing() {
    FakeLeg said = flowing(Side.SAID);
    FakeLeg heard = flowing(Side.HEARD);
    long[] sum = new long[1];
    FrameTap counting = (send, recv, length) -> sum[0] += length;
    audio.attach(counting);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long bytes = 0;
    for (int round = 0; round < 2; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int i = 0; i < 20_000; i++) {
        said.give(160);
        heard.give(160);
        audio.tick(said.receivedNanos() + 100_000_000, 0);
      }
      bytes = threads.getCurrentThreadAllocatedBytes() - before;
    }
    System.out.printf("figure: forked audio: %d bytes allocated in 20000 frames%n", bytes);
    assertThat(sum[0]).isEqualTo(40_000L * 160);
    assertThat(bytes).isLessThan(20_000L);
  }
}

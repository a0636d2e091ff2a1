package org.rayo.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.rayo.media.rtp.SequenceTracker.Verdict;

class SequenceTrackerTest {
  private final Tally tally = new Tally();
  private final SequenceTracker tracker = new SequenceTracker(tally);

  @Test
  void numbers_aroundWrap_areCounted() {
    assertThat(tracker.accept(65534)).isEqualTo(Verdict.FIRST);
    assertThat(tracker.accept(65535)).isEqualTo(Verdict.NEXT);
    assertThat(tracker.accept(2)).isEqualTo(Verdict.AHEAD);
    assertThat(tally.snapshot().lost()).isEqualTo(2);
    assertThat(tracker.accept(0)).isEqualTo(Verdict.REORDERED);
    assertThat(tracker.accept(0)).isEqualTo(Verdict.DUPLICATE);
    assertThat(tracker.accept(65535)).isEqualTo(Verdict.DUPLICATE);
    assertThat(tally.snapshot().lost()).isEqualTo(1);
    assertThat(tally.snapshot().reordered()).isEqualTo(1);
    assertThat(tally.snapshot().duplicated()).isEqualTo(2);
  }

  @Test
  void packet_beforeTheFirst_isReorderedAndNoLossFound() {
    tracker.accept(10);
    assertThat(tracker.accept(9)).isEqualTo(Verdict.REORDERED);
    assertThat(tally.snapshot().lost()).isZero();
  }

  @Test
  void jump_ofNumbers_isANewBeginning() {
    tracker.accept(10);
    assertThat(tracker.accept(30_000)).isEqualTo(Verdict.FIRST);
    assertThat(tracker.accept(30_001)).isEqualTo(Verdict.NEXT);
    assertThat(tally.snapshot().lost()).isZero();
  }

  @Test
  void longLoss_withinTheWindow_forgetsWhatWasSeen() {
    tracker.accept(1);
    tracker.accept(1 + 1500);
    assertThat(tracker.accept(1501 - 500)).isEqualTo(Verdict.REORDERED);
    assertThat(tally.snapshot().lost()).isEqualTo(1498);
  }
}

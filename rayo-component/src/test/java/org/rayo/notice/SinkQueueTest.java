package org.rayo.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.notice.NoticeFixture.awaitThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Which notice is next. */
@Timeout(60)
final class SinkQueueTest {

  private static final Pauses NONE = new Pauses(Duration.ZERO, Duration.ZERO);
  private static final Pauses LONG = new Pauses(Duration.ofHours(1), Duration.ofHours(1));

  private static QueuedNotice notice(long sequence, int lane) {
    return new QueuedNotice(sequence, lane, 1000 + sequence);
  }

  private static SinkQueue queue(Pauses pauses, QueuedNotice... notices) {
    SinkQueue queue = new SinkQueue(pauses);
    List.of(notices).forEach(queue::add);
    return queue;
  }

  private static QueuedNotice take(SinkQueue queue) throws InterruptedException {
    return queue.take().orElseThrow();
  }

  private static void fail(SinkQueue queue, QueuedNotice notice) {
    queue.later(notice, Optional.empty());
  }

  @Test
  void take_secondOfALane_comesAfterTheFirstIsDone() throws Exception {
    SinkQueue queue = queue(NONE, notice(1, 7), notice(2, 7), notice(3, 8));

    QueuedNotice first = take(queue);
    assertThat(first.sequence()).isEqualTo(1);
    assertThat(take(queue).sequence()).isEqualTo(3);
    queue.done(first);
    assertThat(take(queue).sequence()).isEqualTo(2);
    assertThat(queue.size()).isEqualTo(2);
  }

  @Test
  void later_holdsUpItsLaneAlone() throws Exception {
    SinkQueue queue = queue(LONG, notice(1, 7), notice(2, 7), notice(3, 8));

    fail(queue, take(queue));
    queue.done(take(queue));
    queue.close();

    assertThat(queue.take()).isEmpty();
    assertThat(queue.size()).isEqualTo(2);
  }

  @Test
  void later_fiveInARow_oneIsTriedAtATime() throws Exception {
    SinkQueue queue = new SinkQueue(NONE);
    for (int i = 0; i < 20; i++) {
      queue.add(notice(i, i));
    }
    for (int i = 0; i < 5; i++) {
      fail(queue, take(queue));
    }

    QueuedNotice probe = take(queue);
    List<QueuedNotice> others = new ArrayList<>();
    Thread other =
        new Thread(
            () -> {
              try {
                others.add(take(queue));
                others.add(take(queue));
              } catch (InterruptedException e) {
                // Seen by what is missing.
              }
            });
    other.start();
    awaitThat("waits", () -> other.getState() == Thread.State.WAITING || waitsLong(other));
    assertThat(others).isEmpty();

    queue.done(probe);
    other.join(HookReceiver.PATIENCE_SECONDS * 1000);
    assertThat(others).hasSize(2);
  }

  private static boolean waitsLong(Thread thread) {
    return thread.getState() == Thread.State.TIMED_WAITING;
  }

  @Test
  void done_whileAway_wakesAllThatPause() throws Exception {
    Pauses slow = new Pauses(Duration.ofMillis(50), Duration.ofHours(1));
    SinkQueue queue = new SinkQueue(slow);
    for (int i = 0; i < 6; i++) {
      queue.add(notice(i, i));
    }
    List<QueuedNotice> taken = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      taken.add(take(queue));
    }
    for (int n = 0; n < 5; n++) {
      fail(queue, taken.get(n));
    }

    queue.done(take(queue));
    queue.close();

    for (int i = 0; i < 5; i++) {
      assertThat(queue.take()).isPresent();
    }
    assertThat(queue.take()).isEmpty();
  }

  @Test
  void dropOldest_neverDropsWhatIsTaken() throws Exception {
    SinkQueue queue = queue(LONG, notice(1, 7), notice(2, 7), notice(3, 8), notice(4, 9));
    QueuedNotice first = take(queue);
    fail(queue, take(queue));

    assertThat(queue.dropOldest()).contains(notice(2, 7));
    assertThat(queue.dropOldest()).contains(notice(3, 8));
    assertThat(queue.dropOldest()).contains(notice(4, 9));
    assertThat(queue.dropOldest()).isEmpty();
    queue.done(first);
    assertThat(queue.size()).isZero();
    queue.add(notice(5, 7));
    assertThat(take(queue)).isEqualTo(notice(5, 7));
  }

  @Test
  void dropQueuedBefore_dropsTheOldOnly() throws Exception {
    SinkQueue queue = queue(LONG, notice(1, 7), notice(2, 8), notice(3, 8), notice(4, 9));
    QueuedNotice first = take(queue);

    assertThat(queue.dropQueuedBefore(1003)).containsExactly(notice(2, 8));
    assertThat(queue.dropQueuedBefore(1000)).isEmpty();
    queue.done(first);
    assertThat(take(queue)).isEqualTo(notice(3, 8));
  }

  @Test
  void pauses_grow_upToTheLongest() {
    Pauses pauses = Pauses.STANDARD;

    for (int failures = 1; failures < 100; failures++) {
      double grown = Math.min(600, Math.pow(2, failures - 1));
      assertThat(pauses.after(failures).toNanos() / 1e9).isBetween(grown / 2 - 0.01, grown);
    }
    assertThat(pauses.after(Integer.MAX_VALUE)).isLessThanOrEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void fileName_anyNotice_readsBack() {
    for (QueuedNotice notice :
        List.of(
            new QueuedNotice(0, 0, 0),
            new QueuedNotice(Long.MAX_VALUE, -1, 1_795_780_803_101L),
            new QueuedNotice(17, Integer.MIN_VALUE, 5))) {
      assertThat(QueuedNotice.ofFileName(notice.fileName())).contains(notice);
    }
    assertThat(QueuedNotice.ofFileName("x" + notice(1, 1).fileName())).isEmpty();
    assertThat(QueuedNotice.ofFileName(notice(1, 1).fileName() + ".torn")).isEmpty();
    assertThat(notice(9, 1).fileName()).isLessThan(notice(10, 0).fileName());
  }
}

package org.rayo.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.notice.NoticeFixture.SHORT;
import static org.rayo.notice.NoticeFixture.await;
import static org.rayo.notice.NoticeFixture.awaitThat;
import static org.rayo.notice.NoticeFixture.jobs;
import static org.rayo.notice.NoticeFixture.stored;
import static org.rayo.notice.NoticeFixture.webhook;
import static org.rayo.notice.NoticeFixture.webhooks;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.config.NoticesConfig;
import org.rayo.config.NoticesConfig.Jobs;

/**
 * How many notices can be written down: 300 a second, for {@code -Drayo.notice-seconds} seconds, to
 * a job directory and to a webhook that is away.
 */
final class NoticeRateTest {

  private static final int PER_SECOND = 300;
  private static final int SECONDS = Integer.getInteger("rayo.notice-seconds", 2);

  @TempDir Path directory;

  @Test
  void publishDurably_hundredsASecond_keepsUp() throws Exception {
    NoticesConfig config =
        new NoticesConfig(
            new Jobs(
                Optional.of(directory.resolve("jobs")),
                Jobs.name("{recording-id}"),
                NoticeFixture.ALL),
            List.of(webhook(URI.create("http://127.0.0.1:1/"))),
            Duration.ofDays(3),
            100_000);
    int count = PER_SECOND * SECONDS;
    long[] latenciesNanos = new long[count];
    long begin;
    long end;
    try (SpooledNotices notices = new SpooledNotices(config, directory.resolve("spool"), SHORT)) {
      List<CompletableFuture<Void>> all = new ArrayList<>();
      begin = System.nanoTime();
      for (int i = 0; i < count; i++) {
        long due = begin + i * (TimeUnit.SECONDS.toNanos(1) / PER_SECOND);
        while (System.nanoTime() - due < 0) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
        int index = i;
        long handedIn = System.nanoTime();
        all.add(
            notices
                .publishDurably(stored("r" + i))
                .thenRun(() -> latenciesNanos[index] = System.nanoTime() - handedIn)
                .toCompletableFuture());
      }
      for (CompletableFuture<Void> each : all) {
        await(each);
      }
      end = System.nanoTime();
    }
    Arrays.sort(latenciesNanos);
    System.out.printf(
        Locale.ROOT,
        "figure: %d notices written down for two sinks, %.0f a second; p50 %.1f ms p99 %.1f ms%n",
        count,
        count * 1e9 / (end - begin),
        latenciesNanos[count / 2] / 1e6,
        latenciesNanos[count * 99 / 100] / 1e6);
    // The limit is far off, for a machine that has much else to do.
    assertThat(count * 1e9 / (end - begin)).isGreaterThan(PER_SECOND / 3.0);
  }

  /** How soon those who are there have been told. */
  @Test
  void tell_quickReceivers_showsTheRate() throws Exception {
    int count = PER_SECOND * SECONDS;
    try (HookReceiver receiver = new HookReceiver()) {
      NoticesConfig hook = webhooks(webhook(receiver.url()));
      NoticesConfig jobs = jobs(directory.resolve("jobs"), "{recording-id}");
      System.out.printf(
          Locale.ROOT,
          "figure: %d notices told, a second: %.0f job files, %.0f to a webhook%n",
          count,
          rate(jobs, directory.resolve("a"), count),
          rate(hook, directory.resolve("b"), count));
    }
  }

  private static double rate(NoticesConfig config, Path spool, int count) throws Exception {
    try (SpooledNotices notices = new SpooledNotices(config, spool, SHORT)) {
      long begin = System.nanoTime();
      for (int i = 0; i < count; i++) {
        notices.publish(stored("r" + i));
      }
      awaitThat("all told", () -> notices.counters().told() == count);
      return count * 1e9 / (System.nanoTime() - begin);
    }
  }
}

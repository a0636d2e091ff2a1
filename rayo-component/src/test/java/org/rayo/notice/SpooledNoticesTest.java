package org.rayo.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rayo.notice.NoticeFixture.ALL;
import static org.rayo.notice.NoticeFixture.SHORT;
import static org.rayo.notice.NoticeFixture.await;
import static org.rayo.notice.NoticeFixture.awaitThat;
import static org.rayo.notice.NoticeFixture.notice;
import static org.rayo.notice.NoticeFixture.stored;
import static org.rayo.notice.NoticeFixture.webhook;
import static org.rayo.notice.NoticeFixture.webhooks;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.config.NoticesConfig;
import org.rayo.config.NoticesConfig.Jobs;

/** What is written down survives. */
@Timeout(120)
final class SpooledNoticesTest {

  /** Nobody listens there. */
  private static final URI NOWHERE = URI.create("http://127.0.0.1:1/");

  /** So that nothing is tried twice. */
  private static final Pauses LONG = new Pauses(Duration.ofHours(1), Duration.ofHours(1));

  @TempDir Path directory;

  private Path spool() {
    return directory.resolve("spool");
  }

  private static List<Path> files(Path spool) throws IOException {
    try (Stream<Path> files = Files.walk(spool)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Files.copy(each, to.resolve(from.relativize(each).toString()));
      }
    }
  }

  @Test
  void withoutSinks_publish_writesNothing() throws Exception {
    try (SpooledNotices notices = new SpooledNotices(webhooks(), spool())) {
      await(notices.publishDurably(stored("r")));
      notices.publish(stored("r"));
    }
    assertThat(spool()).doesNotExist();
  }

  @Test
  void reopened_afterClose_tellsWhatWaitedInOrder() throws Exception {
    try (HookReceiver receiver = new HookReceiver()) {
      receiver.answer((exchange, received) -> 500);
      NoticesConfig config = webhooks(webhook(receiver.url()));
      List<String> ids = new ArrayList<>();
      for (int run = 0; run < 3; run++) {
        try (SpooledNotices notices = new SpooledNotices(config, spool(), LONG)) {
          Notice notice = notice(List.of(NoticeKind.values()).get(run), "r");
          ids.add(notice.id());
          await(notices.publishDurably(notice));
        }
      }
      assertThat(files(spool())).hasSize(3);

      receiver.answer((exchange, received) -> 200);
      try (SpooledNotices notices = new SpooledNotices(config, spool(), SHORT)) {
        List<String> told = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          told.add(receiver.taken().header("X-Rayo-Delivery"));
        }
        assertThat(told).isEqualTo(ids);
        awaitThat("all told", () -> notices.counters().queued() == 0);
      }
      assertThat(files(spool())).isEmpty();
    }
  }

  @Test
  void reopened_afterACrash_tellsAllThatIsWhole() throws Exception {
    Path crashed = directory.resolve("crashed");
    try (HookReceiver receiver = new HookReceiver()) {
      NoticesConfig config = webhooks(webhook(receiver.url()));
      receiver.answer((exchange, received) -> 500);
      try (SpooledNotices notices = new SpooledNotices(config, spool(), LONG)) {
        for (int i = 0; i < 5; i++) {
          await(notices.publishDurably(stored("r" + i)));
        }
        copy(spool(), crashed);
      }
      receiver.answer((exchange, received) -> 200);
      List<Path> queue = files(crashed);
      Path webhook = queue.get(0).getParent();
      // What a crash may leave: half of a file under its first name, and a notice that is there
      // twice.
      byte[] whole = Files.readAllBytes(queue.get(0));
      Files.write(webhook.resolve("." + queue.get(0).getFileName()), List.of("{ \"id\" :"));
      Files.write(webhook.resolve(new QueuedNotice(99, 5, 7).fileName()), whole);
      // What only a bad disk leaves.
      Files.write(webhook.resolve(new QueuedNotice(98, 4, 7).fileName()), List.of("{ \"id\" :"));
      Files.write(webhook.resolve("readme.txt"), List.of("not ours"));

      try (SpooledNotices notices = new SpooledNotices(config, crashed, SHORT)) {
        Set<String> told = new TreeSet<>();
        for (int i = 0; i < 6; i++) {
          told.add(receiver.taken().notice().recordingId());
        }
        assertThat(told).containsExactly("r0", "r1", "r2", "r3", "r4");
        awaitThat("all settled", () -> notices.counters().queued() == 0);
        assertThat(notices.counters().dropped()).isEqualTo(1);
        await(notices.publishDurably(stored("next")));
        assertThat(receiver.taken().notice().recordingId()).isEqualTo("next");
        awaitThat("all told", () -> notices.counters().queued() == 0);
      }
      assertThat(files(crashed))
          .extracting(file -> file.getFileName().toString())
          .containsExactly(new QueuedNotice(98, 4, 7).fileName() + ".torn", "readme.txt");
    }
  }

  /** A process that is killed the moment it has been told that a notice is written down. */
  @Test
  void killed_rightAfterwards_losesNone() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                NoticePublisher.class.getName(),
                spool().toString(),
                NOWHERE.toString())
            .redirectError(directory.resolve("stderr").toFile())
            .start();
    int written = 0;
    try (var lines = process.inputReader()) {
      while (written < 200 && lines.readLine() != null) {
        written++;
      }
      // The process's own method would close the stream before it has been read.
      process.toHandle().destroyForcibly();
      while (lines.readLine() != null) {
        written++;
      }
    }
    assertThat(process.waitFor(HookReceiver.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    assertThat(written)
        .as(Files.readString(directory.resolve("stderr")))
        .isGreaterThanOrEqualTo(200);

    Set<String> kept = new TreeSet<>();
    try (SpooledNotices notices = new SpooledNotices(webhooks(webhook(NOWHERE)), spool(), LONG)) {
      assertThat(notices.counters().queued()).isGreaterThanOrEqualTo(written);
    }
    for (Path file : files(spool())) {
      kept.add(NoticeJson.read(Files.readAllBytes(file)).recordingId());
    }
    for (int i = 0; i < written; i++) {
      assertThat(kept).contains("r" + i);
    }
  }

  @Test
  void queueLimit_deadWebhook_dropsItsOldestOnly() throws Exception {
    Path jobs = directory.resolve("jobs");
    NoticesConfig config =
        new NoticesConfig(
            new Jobs(Optional.of(jobs), Jobs.name("{recording-id}"), ALL),
            List.of(webhook(NOWHERE)),
            Duration.ofDays(3),
            10);
    try (SpooledNotices notices = new SpooledNotices(config, spool(), LONG)) {
      for (int i = 0; i < 100; i++) {
        await(notices.publishDurably(stored("r" + i)));
        // Before its file is gone it counts too, and would cost the webhook's another place.
        int told = i + 1;
        awaitThat("out of the queue", () -> notices.counters().told() == told);
        awaitThat("within the limit", () -> notices.counters().queued() <= 10);
      }
      assertThat(notices.counters().dropped()).isBetween(89L, 95L);
    }
    List<String> left = new ArrayList<>();
    for (Path file : files(spool())) {
      left.add(NoticeJson.read(Files.readAllBytes(file)).recordingId());
    }
    // The first few were being tried when they would have been dropped.
    assertThat(left).hasSizeBetween(5, 10).contains("r99", "r98", "r97", "r96", "r95");
  }

  @Test
  void queueLimit_jobDirectoryThatCannotBeWritten_refusesAndDropsNothing() throws Exception {
    Path notADirectory = Files.writeString(directory.resolve("plain"), "");
    NoticesConfig config =
        new NoticesConfig(
            new Jobs(Optional.of(notADirectory), Jobs.name("{recording-id}"), ALL),
            List.of(),
            Duration.ofMillis(1),
            3);
    try (SpooledNotices notices = new SpooledNotices(config, spool(), SHORT)) {
      for (int i = 0; i < 3; i++) {
        await(notices.publishDurably(stored("r" + i)));
      }

      assertThatThrownBy(() -> await(notices.publishDurably(stored("r3"))))
          .isInstanceOf(ExecutionException.class)
          .cause()
          .isInstanceOf(NoticeException.class)
          .hasMessageContaining("rayo.notices.queue-limit");
      awaitThat("tried for a while", () -> notices.counters().failures() > 10);
      assertThat(notices.counters().queued()).isEqualTo(3);
      assertThat(notices.counters().dropped()).isZero();

      Files.delete(notADirectory);
      awaitThat("all told", () -> notices.counters().told() == 3);
    }
    assertThat(files(notADirectory)).hasSize(3);
  }

  @Test
  void publish_diskThatRefuses_failsTheStageAndGoesOn() throws Exception {
    try (HookReceiver receiver = new HookReceiver();
        SpooledNotices notices =
            new SpooledNotices(webhooks(webhook(receiver.url())), spool(), SHORT)) {
      Path queue = spool().resolve(".notices");
      Path away = directory.resolve("away");
      Files.move(queue, away);

      notices.publish(stored("lost"));
      assertThatThrownBy(() -> await(notices.publishDurably(stored("r"))))
          .cause()
          .isInstanceOf(NoticeException.class);

      Files.move(away, queue);
      await(notices.publishDurably(stored("r")));
      assertThat(receiver.taken().notice().recordingId()).isEqualTo("r");
    }
  }

  @Test
  void close_requestUnderWay_endsInBoundedTimeAndKeepsTheNotice() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    try (HookReceiver receiver = new HookReceiver()) {
      receiver.answer(
          (exchange, received) -> {
            asked.countDown();
            boolean unused = end.await(HookReceiver.PATIENCE_SECONDS * 2, TimeUnit.SECONDS);
            return 500;
          });
      SpooledNotices notices =
          new SpooledNotices(
              webhooks(webhook(receiver.url(), Duration.ofMinutes(5))), spool(), SHORT);
      await(notices.publishDurably(stored("r")));
      assertThat(asked.await(HookReceiver.PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();

      long begin = System.nanoTime();
      notices.close();

      assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(15));
      assertThat(files(spool())).hasSize(1);
      assertThatThrownBy(() -> await(notices.publishDurably(stored("late"))))
          .cause()
          .isInstanceOf(NoticeException.class);
      end.countDown();
    }
  }

  @Test
  void close_whatIsDue_isToldBefore() throws Exception {
    Path jobs = directory.resolve("jobs");
    try (SpooledNotices notices =
        new SpooledNotices(NoticeFixture.jobs(jobs, "{recording-id}"), spool(), SHORT)) {
      for (int i = 0; i < 20; i++) {
        notices.publish(stored("r" + i));
      }
    }
    assertThat(files(jobs)).hasSize(20);
    assertThat(files(spool())).isEmpty();
  }

  @Test
  void open_webhookThatIsConfiguredNoMore_keepsItsNoticesForAWhile() throws Exception {
    URI other = URI.create("http://127.0.0.1:1/other");
    NoticesConfig before = webhooks(webhook(NOWHERE), webhook(other));
    try (SpooledNotices notices = new SpooledNotices(before, spool(), LONG)) {
      await(notices.publishDurably(stored("r1")));
    }
    try (SpooledNotices notices = new SpooledNotices(webhooks(webhook(other)), spool(), LONG)) {
      assertThat(notices.counters().queued()).isEqualTo(1);
    }
    assertThat(files(spool())).hasSize(2);

    NoticesConfig shorter =
        new NoticesConfig(
            NoticeFixture.NO_JOBS, List.of(webhook(other)), Duration.ofMillis(1), 100);
    try (SpooledNotices notices = new SpooledNotices(shorter, spool(), LONG)) {
      assertThat(files(spool().resolve(".notices").resolve(SpooledNotices.name(webhook(NOWHERE)))))
          .isEmpty();
    }
  }
}

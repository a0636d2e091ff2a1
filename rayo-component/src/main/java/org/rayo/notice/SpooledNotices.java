package org.rayo.notice;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.rayo.config.NoticesConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices that are written down in the spool, {@code .notices/<sink>/}, before they are told: a
 * file for each notice and sink, which is removed when the sink has it.
 *
 * <p>What is written down together is synced together. What waits is on the disk; memory holds the
 * files' names, at most as many as {@link NoticesConfig#queueLimit}, and of what is not written
 * down yet at most {@value NoticeWriter#MOST_BYTES} bytes. Without any sink nothing is written or
 * started.
 */
public final class SpooledNotices implements Notices {

  private static final Logger LOG = LoggerFactory.getLogger(SpooledNotices.class);

  /** No recording has this name. */
  private static final String DIRECTORY = ".notices";

  private static final String JOBS = "jobs";

  /** Notices that one sink is told at once. */
  private static final int THREADS = 4;

  /** How long a stop waits for sinks to be told what is due. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private final List<Courier> couriers = new ArrayList<>();
  private final NoticeWriter writer;

  /**
   * Opens the queue, and goes on with what an earlier run has left in it.
   *
   * @param spool the spool's directory
   * @throws NoticeException when the queue cannot be read or written
   */
  public SpooledNotices(NoticesConfig config, Path spool) throws NoticeException {
    this(config, spool, Pauses.STANDARD);
  }

  SpooledNotices(NoticesConfig config, Path spool, Pauses pauses) throws NoticeException {
    Path directory = spool.toAbsolutePath().normalize().resolve(DIRECTORY);
    try {
      addJobs(config, directory, pauses);
      addWebhooks(config, directory, pauses);
      long last = lookAfterOthers(config, directory);
      writer = new NoticeWriter(new QueueRoom(couriers, config.queueLimit()), last + 1);
    } catch (IOException e) {
      throw new NoticeException("cannot use the queue of notices " + directory, e);
    }
    couriers.forEach(Courier::start);
    if (!couriers.isEmpty()) {
      writer.start();
    }
  }

  private void addJobs(NoticesConfig config, Path directory, Pauses pauses) throws IOException {
    NoticesConfig.Jobs jobs = config.jobs();
    if (jobs.directory().isPresent()) {
      Path target = jobs.directory().get();
      couriers.add(
          new Courier(
              new Courier.Route(
                  "the job directory " + target, jobs.events(), THREADS, Optional.empty(), pauses),
              QueueFiles.open(directory.resolve(JOBS)),
              new JobDirectory(target, jobs.name())));
    }
  }

  private void addWebhooks(NoticesConfig config, Path directory, Pauses pauses) throws IOException {
    int number = 0;
    for (NoticesConfig.Webhook webhook : config.webhooks()) {
      String label = "rayo.notices.webhooks[" + number++ + "] (" + webhook.origin() + ")";
      couriers.add(
          new Courier(
              new Courier.Route(
                  label, webhook.events(), THREADS, Optional.of(config.keep()), pauses),
              QueueFiles.open(directory.resolve(name(webhook))),
              new Webhook(webhook, Clock.systemUTC())));
    }
  }

  /** Of a webhook's queue: the same for the same url, wherever it stands in the configuration. */
  static String name(NoticesConfig.Webhook webhook) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(webhook.url().toString().getBytes(StandardCharsets.UTF_8));
      return "webhook-" + HexFormat.of().formatHex(hash, 0, 8);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /**
   * Queues whose sink is configured no more are kept as long as others, for it may come back.
   *
   * @return the last sequence number in any queue
   */
  private long lookAfterOthers(NoticesConfig config, Path directory) throws IOException {
    long last = 0;
    if (Files.isDirectory(directory)) {
      Set<Path> ours = new HashSet<>();
      couriers.forEach(courier -> ours.add(courier.files().directory()));
      try (DirectoryStream<Path> queues = Files.newDirectoryStream(directory, Files::isDirectory)) {
        for (Path queue : queues) {
          QueueFiles files = QueueFiles.open(queue);
          List<QueuedNotice> waiting = files.list();
          if (!waiting.isEmpty()) {
            last = Math.max(last, waiting.get(waiting.size() - 1).sequence());
          }
          if (!ours.contains(queue)) {
            leave(files, waiting, config.keep());
          }
        }
      }
    }
    return last;
  }

  private static void leave(QueueFiles files, List<QueuedNotice> waiting, Duration keep)
      throws IOException {
    long oldest = System.currentTimeMillis() - keep.toMillis();
    int kept = 0;
    for (QueuedNotice notice : waiting) {
      if (notice.queuedAtMillis() < oldest) {
        files.remove(notice);
      } else {
        kept++;
      }
    }
    if (!waiting.isEmpty()) {
      LOG.warn(
          "{} holds notices for a sink that is not configured any more: {} dropped, {} kept",
          files.directory(),
          waiting.size() - kept,
          kept);
    }
  }

  @Override
  public void publish(Notice notice) {
    CompletionStage<Void> unused =
        publishDurably(notice)
            .whenComplete(
                (done, failure) -> {
                  if (failure != null) {
                    LOG.error("not everybody is told {}: {}", notice.id(), failure.getMessage());
                  }
                });
  }

  @Override
  public CompletionStage<Void> publishDurably(Notice notice) {
    List<Courier> targets = couriers.stream().filter(c -> c.wants(notice.kind())).toList();
    return targets.isEmpty()
        ? CompletableFuture.completedFuture(null)
        : writer.write(notice, targets);
  }

  @Override
  public NoticeCounters counters() {
    NoticeCounters sum = new NoticeCounters(0, 0, 0, 0);
    for (Courier courier : couriers) {
      sum = sum.plus(courier.counters());
    }
    return sum;
  }

  @Override
  public void close() {
    writer.close();
    couriers.forEach(Courier::closing);
    long deadline = System.nanoTime() + LAST_WORDS.toNanos();
    couriers.forEach(courier -> courier.finish(deadline));
  }
}

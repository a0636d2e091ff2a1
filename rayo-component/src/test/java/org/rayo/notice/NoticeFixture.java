package org.rayo.notice;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.rayo.config.NoticesConfig;
import org.rayo.config.NoticesConfig.Event;
import org.rayo.config.NoticesConfig.Jobs;
import org.rayo.config.Secret;

/** Notices and configurations as tests need them. */
final class NoticeFixture {

  static final Set<Event> ALL = Set.of(Event.values());
  static final Pauses SHORT = new Pauses(Duration.ofMillis(10), Duration.ofMillis(80));
  static final Jobs NO_JOBS = new Jobs(Optional.empty(), Jobs.name("{recording-id}"), ALL);

  private NoticeFixture() {}

  static Notice notice(NoticeKind kind, String recordingId) {
    return notice(kind, recordingId, "sip:alice@192.0.2.77", Map.of("case", "4711"));
  }

  static Notice notice(NoticeKind kind, String recordingId, String from, Map<String, String> meta) {
    boolean ended = kind != NoticeKind.RECORDING_STARTED;
    return new Notice(
        kind,
        recordingId,
        "9f00061",
        "fgh4590",
        "juliet@capulet.lit",
        from,
        "sip:1000@192.0.2.10",
        "mp3",
        "duplex",
        Instant.parse("2026-11-27T12:00:03.101Z"),
        ended
            ? Optional.of(
                new Notice.Finished(
                    "stop",
                    5020,
                    40160,
                    8000,
                    1,
                    15768,
                    Optional.of("ab".repeat(32)),
                    Optional.empty()))
            : Optional.empty(),
        kind == NoticeKind.RECORDING_STORED || kind == NoticeKind.RECORDING_FAILED
            ? Optional.of(
                new Notice.Place(
                    "local",
                    "2026/11/27/" + recordingId + ".mp3",
                    kind == NoticeKind.RECORDING_STORED
                        ? Optional.of(
                            URI.create(
                                "https://recordings.example.org/2026/11/27/"
                                    + recordingId
                                    + ".mp3"))
                        : Optional.empty()))
            : Optional.empty(),
        kind == NoticeKind.RECORDING_FAILED ? Optional.of("the store refused") : Optional.empty(),
        meta,
        Instant.parse("2026-11-27T12:00:08.221Z"));
  }

  static Notice stored(String recordingId) {
    return notice(NoticeKind.RECORDING_STORED, recordingId);
  }

  static NoticesConfig.Webhook webhook(URI url) {
    return webhook(url, Duration.ofSeconds(10));
  }

  static NoticesConfig.Webhook webhook(URI url, Duration timeout) {
    return new NoticesConfig.Webhook(url, Secret.NONE, ALL, timeout, Map.of());
  }

  static NoticesConfig webhooks(NoticesConfig.Webhook... webhooks) {
    return new NoticesConfig(NO_JOBS, List.of(webhooks), Duration.ofDays(3), 100_000);
  }

  static NoticesConfig jobs(Path directory, String name) {
    return new NoticesConfig(
        new Jobs(Optional.of(directory), Jobs.name(name), ALL),
        List.of(),
        Duration.ofDays(3),
        100_000);
  }

  static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(HookReceiver.PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  /** Waits for something that nobody reports. */
  static void awaitThat(String what, BooleanSupplier holds) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(HookReceiver.PATIENCE_SECONDS);
    while (!holds.getAsBoolean() && System.nanoTime() - deadline < 0) {
      TimeUnit.MILLISECONDS.sleep(2);
    }
    assertThat(holds.getAsBoolean()).as(what).isTrue();
  }
}

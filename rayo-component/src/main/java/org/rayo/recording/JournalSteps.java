package org.rayo.recording;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.rayo.media.CapturedRecording;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The journal as the life of a recording needs it: a disk that is late or refuses is told of, and
 * the recording goes on without it. Thread safe; nothing blocks.
 */
final class JournalSteps {

  private static final Logger LOG = LoggerFactory.getLogger(JournalSteps.class);

  private final RecordingJournal journal;
  private final Duration patience;

  /**
   * @param patience with one step
   */
  JournalSteps(RecordingJournal journal, Duration patience) {
    this.journal = journal;
    this.patience = patience;
  }

  /** The stage, or a failure when it takes longer than this. */
  static <T> CompletableFuture<T> within(Duration limit, CompletionStage<T> step) {
    return step.toCompletableFuture().copy().orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Whether a recording's file is there; a disk that does not answer is taken to have it. */
  CompletionStage<Boolean> hasFile(CapturedRecording captured) {
    return within(patience, journal.hasFile(captured.recordingId(), captured.file()))
        .exceptionally(
            failure -> {
              LOG.error("the spool does not answer", failure);
              return true;
            });
  }

  /** More is known, and is on the disk as far as that can be had in time. */
  CompletionStage<Manifest> change(Manifest last, UnaryOperator<Manifest> next) {
    String id = last.recordingId();
    return within(patience, journal.change(id, next))
        .exceptionally(
            failure -> {
              LOG.error("recording {} goes on without its journal", id, failure);
              return journal.known(id).orElseGet(() -> next.apply(last));
            });
  }

  /** More is known, and will be on the disk before anything that is changed after it. */
  Manifest noted(Manifest last, UnaryOperator<Manifest> next) {
    String id = last.recordingId();
    watch(id, journal.change(id, next));
    return journal.known(id).orElseGet(() -> next.apply(last));
  }

  /** More is known; once it is on the disk, what nobody needs any more is removed. */
  void changeAndTidy(String id, UnaryOperator<Manifest> next) {
    watch(id, journal.change(id, next).thenRun(() -> tidy(id)));
  }

  /** Removes what nobody needs any more. */
  void tidy(String id) {
    watch(id, journal.tidy(id));
  }

  /** Nothing of it remains. */
  void forget(String id) {
    watch(id, journal.forget(id));
  }

  private static void watch(String id, CompletionStage<?> step) {
    step.whenComplete(
        (done, failure) -> {
          if (failure != null) {
            LOG.warn("the spool of recording {} is not up to date", id, failure);
          }
        });
  }
}

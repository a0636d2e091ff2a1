package org.rayo.media.freeswitch.eventsocket;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.rayo.media.freeswitch.eventsocket.EventSocketException.Kind;

/** Jobs that FreeSWITCH runs for us and whose outcome comes as an event. Loop's thread only. */
final class BackgroundJobs {

  private final Map<String, Job> jobs = new HashMap<>();

  private record Job(
      String command, long deadline, Duration timeout, CompletableFuture<Reply> done) {}

  void add(String id, String command, Duration timeout, CompletableFuture<Reply> done) {
    jobs.put(id, new Job(command, System.nanoTime() + timeout.toNanos(), timeout, done));
  }

  /**
   * Who waits for FreeSWITCH to begin a job. A refusal ends it, and so does that it was not sent.
   * Otherwise it may run, even if FreeSWITCH does not say so: its own time-out ends it, or the
   * line's end.
   */
  Answer acceptance(String id) {
    return new Answer() {
      @Override
      public void arrived(Reply reply) {
        if (!reply.ok()) {
          take(id).ifPresent(job -> job.done.complete(reply));
        }
      }

      @Override
      public void failed(EventSocketException why) {
        if (why.kind() == Kind.BUSY) {
          take(id).ifPresent(job -> job.done.completeExceptionally(why));
        }
      }
    };
  }

  private Optional<Job> take(String id) {
    return Optional.ofNullable(jobs.remove(id));
  }

  /**
   * Takes a {@code BACKGROUND_JOB}.
   *
   * @return whether it is one of these
   */
  boolean done(SwitchEvent event) {
    Optional<Job> job = take(event.header("Job-UUID").orElse(""));
    job.ifPresent(known -> known.done.complete(Reply.of(event.body())));
    return job.isPresent();
  }

  /** Fails what has taken longer than it may. */
  void expire(long now) {
    List<Job> late = new ArrayList<>();
    jobs.values().removeIf(job -> now - job.deadline >= 0 && late.add(job));
    for (Job job : late) {
      job.done.completeExceptionally(
          new EventSocketException(
              Kind.TIMEOUT,
              job.command + " has not ended within " + job.timeout.toMillis() + " ms"));
    }
  }

  void fail(Kind kind, String why) {
    List<Job> all = List.copyOf(jobs.values());
    jobs.clear();
    for (Job job : all) {
      job.done.completeExceptionally(
          new EventSocketException(kind, "how " + job.command + " ended is not known: " + why));
    }
  }
}

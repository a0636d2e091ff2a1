package org.rayo.media.freeswitch.eventsocket;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

  /** FreeSWITCH has answered: it runs, or was not even begun. */
  void accepted(String id, Reply reply) {
    if (!reply.ok()) {
      Job job = jobs.remove(id);
      if (job != null) {
        job.done.complete(reply);
      }
    }
  }

  /**
   * FreeSWITCH has not answered, which ends what was never sent. What was may run all the same: its
   * own time-out ends it, or the line's end.
   *
   * @return the reply that is not there, for who must return one
   */
  Reply notAccepted(String id, Throwable failure) {
    if (failure instanceof EventSocketException e && e.kind() == Kind.BUSY) {
      Job job = jobs.remove(id);
      if (job != null) {
        job.done.completeExceptionally(e);
      }
    }
    return new Reply(false, "");
  }

  /**
   * Takes a {@code BACKGROUND_JOB}.
   *
   * @return whether it is one of these
   */
  boolean done(SwitchEvent event) {
    Job job = jobs.remove(event.header("Job-UUID").orElse(""));
    return job != null && job.done.complete(Reply.of(event.body()));
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

package org.rayo.server;

import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.rayo.call.CallDirectory;
import org.rayo.call.CallSupervisor;
import org.rayo.call.Clients;
import org.rayo.call.Recovery;
import org.rayo.media.MediaBackend;
import org.rayo.media.MediaException;
import org.rayo.media.output.Outputs;
import org.rayo.media.recorder.Recorders;
import org.rayo.media.rtp.RtpEngine;
import org.rayo.notice.Notices;
import org.rayo.recording.CallNote;
import org.rayo.recording.GroupSync;
import org.rayo.recording.JournalException;
import org.rayo.recording.Manifest;
import org.rayo.recording.RecordingDelivery;
import org.rayo.recording.RecordingJournal;
import org.rayo.recording.Repairs;
import org.rayo.recording.SpoolUpkeep;
import org.rayo.xmpp.ComponentStream;
import org.rayo.xmpp.PendingQueries;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server is made of, and the order of its start and stop. Making it opens no socket; the
 * actors come last because everything before them may fail.
 *
 * @param presences the thread on which the clients' absences are timed
 */
record ServerParts(
    RecordingJournal journal,
    RecordingDelivery delivery,
    Notices notices,
    Repairs repairs,
    SpoolUpkeep upkeep,
    GroupSync sync,
    Recorders recorders,
    Outputs outputs,
    RtpEngine rtp,
    MediaBackend media,
    ComponentStream stream,
    PendingQueries queries,
    Clients clients,
    ScheduledExecutorService presences,
    CallDirectory calls,
    Recovery recovery,
    ActorSystem<CallSupervisor.Message> actors) {

  private static final Logger LOG = LoggerFactory.getLogger(ServerParts.class);

  /** What recordings that were cut off may take to be stored and told of. */
  private static final Duration LAST_WORDS = Duration.ofSeconds(2);

  private static final Duration ACTORS_STOP = Duration.ofSeconds(5);

  @Inject
  ServerParts {}

  void start() throws MediaException, JournalException {
    List<Manifest> leftOver = journal.leftOver();
    List<CallNote> calls = journal.calls().leftOver();
    if (!leftOver.isEmpty() || !calls.isEmpty()) {
      LOG.warn(
          "left in the spool by an earlier run: recordings: {}, calls: {}",
          leftOver.size(),
          calls.size());
    }
    stream.addListener(queries);
    stream.addListener(clients);
    rtp.start();
    media.start(call -> actors.tell(new CallSupervisor.Incoming(call)));
    stream.start();
    recovery.recover(leftOver, calls);
    upkeep.start();
  }

  /**
   * From the callers inwards: no new calls, no calls, no recordings, nothing left to say. Calls
   * that have not ended within the grace are cut off, and their recordings end with an error.
   */
  void stop(Duration grace) {
    media.drain();
    CompletionStage<Void> ended = calls.close();
    boolean quiet = within(grace, ended, "the calls have not ended");
    media.close();
    outputs.close();
    rtp.close();
    // What the recorders cannot finish any more is not to be repaired while they may yet write.
    repairs.close();
    recorders.close();
    if (!quiet) {
      within(LAST_WORDS, ended, "not every client could be told of the end of its call");
    }
    clients.leave();
    stream.close();
    queries.close();
    actors.terminate();
    within(ACTORS_STOP, actors.getWhenTerminated(), "the actors have not stopped");
    presences.shutdownNow();
    upkeep.close();
    delivery.close();
    journal.close();
    notices.close();
    sync.close();
  }

  private static boolean within(Duration limit, CompletionStage<?> stage, String otherwise) {
    try {
      stage.toCompletableFuture().get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      LOG.error("{} within {} s", otherwise, limit.toSeconds());
    } catch (ExecutionException e) {
      LOG.error("{}", otherwise, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return false;
  }
}

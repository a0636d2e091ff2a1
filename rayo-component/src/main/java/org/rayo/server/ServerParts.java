package org.rayo.server;

import jakarta.inject.Inject;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.pekko.actor.typed.ActorSystem;
import org.rayo.call.CallDirectory;
import org.rayo.call.CallSupervisor;
import org.rayo.call.Clients;
import org.rayo.media.MediaException;
import org.rayo.media.recorder.Recorders;
import org.rayo.media.rtp.RtpEngine;
import org.rayo.media.sip.EmbeddedMediaBackend;
import org.rayo.recording.GroupSync;
import org.rayo.recording.JournalException;
import org.rayo.recording.Manifest;
import org.rayo.recording.RecordingDelivery;
import org.rayo.recording.RecordingJournal;
import org.rayo.xmpp.ComponentStream;
import org.rayo.xmpp.PendingQueries;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a server is made of, and the order of its start and stop. Making it opens no socket; the
 * actors come last because everything before them may fail.
 */
record ServerParts(
    RecordingJournal journal,
    RecordingDelivery delivery,
    GroupSync sync,
    Recorders recorders,
    RtpEngine rtp,
    EmbeddedMediaBackend media,
    ComponentStream stream,
    PendingQueries queries,
    Clients clients,
    CallDirectory calls,
    ActorSystem<CallSupervisor.Message> actors) {

  private static final Logger LOG = LoggerFactory.getLogger(ServerParts.class);

  @Inject
  ServerParts {}

  void start() throws MediaException, JournalException {
    for (Manifest manifest : journal.leftOver()) {
      LOG.warn(
          "recording {} of an earlier run is in the spool ({}) and stays there",
          manifest.recordingId(),
          manifest.state());
    }
    stream.addListener(queries);
    stream.addListener(clients);
    rtp.start();
    media.start(call -> actors.tell(new CallSupervisor.Incoming(call)));
    stream.start();
  }

  /** From the callers inwards: no new calls, no calls, no recordings, nothing left to say. */
  void stop(Duration grace) {
    media.drain();
    try {
      calls.close().toCompletableFuture().get(grace.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.error("{} calls have not ended within {} s", calls.size(), grace.toSeconds());
    } catch (ExecutionException e) {
      LOG.error("the calls could not be ended", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    media.close();
    rtp.close();
    recorders.close();
    stream.close();
    queries.close();
    actors.terminate();
    delivery.close();
    journal.close();
    sync.close();
  }
}

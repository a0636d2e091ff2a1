package org.rayo.call;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.rayo.media.MediaCall;
import org.rayo.recording.CallNote;
import org.xmpp.packet.JID;

/** Writes down what a run after this one must know of a call. Lives on its call's actor. */
final class CallNotebook {

  /** The end is told after so long whether or not it could be written down. */
  private static final int PATIENCE_SECONDS = 2;

  private final CallEnvironment environment;
  private final String id;
  private final MediaCall media;
  private final CallParties parties;

  CallNotebook(CallEnvironment environment, String id, MediaCall media, CallParties parties) {
    this.environment = environment;
    this.id = id;
    this.media = media;
    this.parties = parties;
  }

  /** Who knows of the call, and how it can be hung up. */
  void progress() {
    CompletionStage<Void> unused = note(Optional.empty());
  }

  /** That it is over; completes when that is written down, or fails after a while. */
  CompletionStage<Void> end(CallNote.End end) {
    return note(Optional.of(end))
        .toCompletableFuture()
        .orTimeout(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  private CompletionStage<Void> note(Optional<CallNote.End> end) {
    List<String> informed = parties.informed().stream().map(JID::toString).toList();
    return informed.isEmpty()
        ? CompletableFuture.completedFuture(null)
        : environment.calls().note(new CallNote(id, media.dialogState(), informed, end));
  }
}

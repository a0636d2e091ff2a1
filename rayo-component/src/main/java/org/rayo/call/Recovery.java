package org.rayo.call;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.protocol.RayoWriter;
import org.rayo.protocol.XmppUri;
import org.rayo.recording.CallNote;
import org.rayo.recording.CallNotes;
import org.rayo.recording.Manifest;
import org.rayo.recording.Recordings;
import org.rayo.recording.Recordings.Finished;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xmpp.packet.JID;

/**
 * Goes on with what an earlier run has left, which ended without a word: its callers are hung up;
 * its clients are told what became of their recordings, and after that of the end of their calls.
 *
 * <p>Thread safe; nothing blocks.
 */
public final class Recovery {

  private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

  private final String domain;
  private final Clients clients;
  private final Recordings recordings;
  private final CallNotes calls;
  private final Function<String, CompletionStage<Void>> hangUp;

  /**
   * @param domain the server's
   * @param hangUp ends a call, by what the media backend has said of it
   */
  public Recovery(
      String domain,
      Clients clients,
      Recordings recordings,
      CallNotes calls,
      Function<String, CompletionStage<Void>> hangUp) {
    this.domain = domain;
    this.clients = clients;
    this.recordings = recordings;
    this.calls = calls;
    this.hangUp = hangUp;
  }

  /** Goes on with all that the spool holds. */
  public void recover(List<Manifest> leftOver, List<CallNote> notes) {
    Map<String, List<Manifest>> byCall = new LinkedHashMap<>();
    notes.forEach(note -> byCall.put(note.callId(), new ArrayList<>()));
    Map<List<String>, List<Manifest>> byMixer = new LinkedHashMap<>();
    List<Manifest> inOrder =
        leftOver.stream().sorted(Comparator.comparing(Manifest::startedAt)).toList();
    for (Manifest manifest : inOrder) {
      if (isOfMixer(manifest)) {
        byMixer.computeIfAbsent(mixer(manifest), key -> new ArrayList<>()).add(manifest);
      } else {
        byCall.computeIfAbsent(manifest.origin().callId(), id -> new ArrayList<>()).add(manifest);
      }
    }
    Map<String, CallNote> noteOf =
        notes.stream().collect(Collectors.toMap(CallNote::callId, Function.identity()));
    byCall.forEach(
        (callId, manifests) -> recover(callId, manifests, Optional.ofNullable(noteOf.get(callId))));
    byMixer.values().forEach(this::recoverMixer);
  }

  /** A call's recording has the call's id and its caller's address. */
  private boolean isOfMixer(Manifest manifest) {
    String address = XmppUri.of(new JID(manifest.origin().callId(), domain, null, true));
    return manifest.origin().from().equals(address);
  }

  /** Clients of different security zones may mean different mixers by the same address. */
  private static List<String> mixer(Manifest manifest) {
    return List.of(manifest.origin().callId(), manifest.origin().client());
  }

  /** Of one mixer and client: a mixer has no end to be told, but it is there no more. */
  private void recoverMixer(List<Manifest> manifests) {
    Manifest any = manifests.get(0);
    JID client = new JID(any.origin().client());
    JID address = new JID(any.origin().callId(), domain, null, true);
    CompletableFuture<Void> unused =
        recoverAll(manifests)
            .thenAccept(
                all -> {
                  if (wasUp(manifests)) {
                    Instant at = lastOf(all);
                    clients.tellWhenThere(
                        client, RayoWriter.unavailable(address, client, at), () -> {});
                  }
                });
  }

  private void recover(String callId, List<Manifest> manifests, Optional<CallNote> note) {
    note.filter(call -> call.end().isEmpty())
        .flatMap(CallNote::dialogState)
        .ifPresent(state -> hangUp(callId, state));
    recoverAll(manifests)
        .thenAccept(
            finished -> {
              if (note.isPresent() || wasUp(manifests)) {
                end(callId, finished, note);
              }
            })
        .exceptionally(
            failure -> {
              LOG.error("the clients of call {} are not told of its end", callId, failure);
              return null;
            });
  }

  private static boolean wasUp(List<Manifest> manifests) {
    return manifests.stream().anyMatch(manifest -> manifest.state() == Manifest.State.CAPTURING);
  }

  /** Completes when all clients have been told what became of their recordings. */
  private CompletableFuture<List<Finished>> recoverAll(List<Manifest> manifests) {
    List<CompletableFuture<Optional<Finished>>> all = new ArrayList<>();
    for (Manifest manifest : manifests) {
      all.add(
          recordings
              .recover(manifest)
              .exceptionally(
                  failure -> {
                    LOG.error(
                        "recording {} is not recovered and stays in the spool",
                        manifest.recordingId(),
                        failure);
                    return Optional.empty();
                  })
              .thenApply(
                  finished -> {
                    finished.ifPresent(this::complete);
                    return finished;
                  })
              .toCompletableFuture());
    }
    return CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .thenApply(done -> all.stream().flatMap(each -> each.join().stream()).toList());
  }

  private void hangUp(String callId, String state) {
    hangUp
        .apply(state)
        .whenComplete(
            (done, failure) -> {
              if (failure == null) {
                LOG.info("call {} of an earlier run is hung up", callId);
              } else {
                LOG.warn("call {} of an earlier run could not be hung up", callId, failure);
              }
            });
  }

  private void complete(Finished recording) {
    LOG.info(
        "recording {} of an earlier run: {}, {} ms, {} bytes at {}",
        recording.manifest().recordingId(),
        recording.captured().failure().orElse(recording.captured().cause().name()),
        recording.captured().duration().toMillis(),
        recording.told().sizeBytes(),
        recording.shownUri());
    clients.tellWhenThere(
        new JID(recording.manifest().origin().client()),
        Completion.of(domain, recording),
        () -> recordings.announced(recording));
  }

  /** Everybody concerned learns of the end, unless it had been told before the crash. */
  private void end(String callId, List<Finished> finished, Optional<CallNote> note) {
    Set<String> parties = new LinkedHashSet<>();
    note.ifPresent(call -> parties.addAll(call.parties()));
    finished.forEach(recording -> parties.add(recording.manifest().origin().client()));
    CallNote call =
        new CallNote(
            callId,
            Optional.empty(),
            List.copyOf(parties),
            note.flatMap(CallNote::end).or(() -> Optional.of(brokenOff(finished))));
    end(call);
  }

  /** The call was up when its run ended. */
  private static CallNote.End brokenOff(List<Finished> finished) {
    return new CallNote.End(
        new MediaEvent.Ended(EndReason.ERROR, Optional.empty(), List.of()), lastOf(finished));
  }

  /** The stamp of the last recording, so that what bears it is the same after another crash. */
  private static Instant lastOf(List<Finished> finished) {
    return finished.stream()
        .map(Finished::at)
        .max(Comparator.naturalOrder())
        .orElseGet(Instant::now);
  }

  private void end(CallNote call) {
    // What is told is written down first, so that it is the same when it has to be told again.
    CompletionStage<Void> unused = calls.note(call).thenRun(() -> tell(call));
  }

  private void tell(CallNote call) {
    AtomicInteger left = new AtomicInteger(call.parties().size());
    for (String party : call.parties()) {
      JID client = new JID(party);
      clients.tellWhenThere(
          client,
          CallEnd.of(new JID(call.callId(), domain, null), client, call.end().orElseThrow()),
          () -> {
            if (left.decrementAndGet() == 0) {
              calls.forget(call.callId());
            }
          });
    }
  }
}

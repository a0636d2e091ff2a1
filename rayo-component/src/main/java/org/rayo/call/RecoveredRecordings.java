package org.rayo.call;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.protocol.RayoEvent;
import org.rayo.protocol.RayoWriter;
import org.rayo.recording.Manifest;
import org.rayo.recording.Recordings;
import org.rayo.recording.Recordings.Finished;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xmpp.packet.JID;

/**
 * Tells the clients of an earlier run, which ended without telling them, what became of their
 * recordings: a {@code <complete/>} for each, and the {@code <end/>} of their calls after it.
 *
 * <p>Thread safe; nothing blocks.
 */
public final class RecoveredRecordings {

  private static final Logger LOG = LoggerFactory.getLogger(RecoveredRecordings.class);

  private final String domain;
  private final Clients clients;
  private final Recordings recordings;

  /**
   * @param domain the server's
   */
  public RecoveredRecordings(String domain, Clients clients, Recordings recordings) {
    this.domain = domain;
    this.clients = clients;
    this.recordings = recordings;
  }

  /** Goes on with all that the spool holds. */
  public void recover(List<Manifest> leftOver) {
    Map<String, List<Manifest>> byCall =
        leftOver.stream()
            .sorted(Comparator.comparing(Manifest::startedAt))
            .collect(
                Collectors.groupingBy(Manifest::callId, LinkedHashMap::new, Collectors.toList()));
    byCall.forEach(this::recover);
  }

  private void recover(String callId, List<Manifest> ofOneCall) {
    List<CompletableFuture<Optional<Finished>>> all = new ArrayList<>();
    for (Manifest manifest : ofOneCall) {
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
              .toCompletableFuture());
    }
    CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
        .thenRun(() -> tell(callId, all.stream().flatMap(each -> each.join().stream()).toList()))
        .exceptionally(
            failure -> {
              LOG.error("the clients of call {} are not told of its end", callId, failure);
              return null;
            });
  }

  /** What is told can go from the spool when the end of the call has been told too. */
  private void tell(String callId, List<Finished> ofOneCall) {
    for (Finished finished : ofOneCall) {
      LOG.info(
          "recording {} of an earlier run: {}, {} ms, {} bytes at {}",
          finished.manifest().recordingId(),
          finished.captured().failure().orElse(finished.captured().cause().name()),
          finished.captured().duration().toMillis(),
          finished.captured().sizeBytes(),
          finished.uri().map(Object::toString).orElse("no place"));
      clients.tellWhenThere(
          new JID(finished.manifest().client()), Completion.of(domain, finished), () -> {});
    }
    Map<String, List<Finished>> byClient =
        ofOneCall.stream()
            .collect(
                Collectors.groupingBy(
                    finished -> finished.manifest().client(),
                    LinkedHashMap::new,
                    Collectors.toList()));
    byClient.forEach((client, told) -> end(callId, new JID(client), told));
  }

  private void end(String callId, JID client, List<Finished> told) {
    Instant at = told.stream().map(Finished::at).max(Comparator.naturalOrder()).orElseThrow();
    clients.tellWhenThere(
        client,
        RayoWriter.presence(
            new JID(callId, domain, null),
            client,
            new RayoEvent.End(EndReason.ERROR, Optional.empty(), List.of()),
            at,
            "end-" + callId),
        () -> told.forEach(recordings::announced));
  }
}

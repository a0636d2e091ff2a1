package org.rayo.recording;

import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.ParticipantTimeline;
import org.rayo.notice.Notice;
import org.rayo.notice.NoticeJson;
import org.rayo.notice.NoticeKind;
import org.rayo.notice.Notices;
import org.rayo.storage.StoredRecording;

/** Makes notices of what happens to recordings. */
public final class PublishedNews implements RecordingNews {

  /** How long a notice may take to be on the disk. */
  private static final long PATIENCE_SECONDS = 30;

  private final Notices notices;
  private final boolean sidecars;

  /**
   * @param sidecars whether a document lies beside each recording in its stores
   */
  public PublishedNews(Notices notices, boolean sidecars) {
    this.notices = notices;
    this.sidecars = sidecars;
  }

  @Override
  public void started(Manifest manifest) {
    notices.publish(
        notice(manifest, NoticeKind.RECORDING_STARTED, Optional.empty(), manifest.startedAt()));
  }

  @Override
  public void finished(Manifest manifest) {
    Optional<Notice.Finished> how =
        manifest.captured().map(facts -> finished(facts, facts.sizeBytes(), Optional.empty()));
    notices.publish(notice(manifest, NoticeKind.RECORDING_FINISHED, how, endedAt(manifest)));
  }

  @Override
  public Optional<byte[]> sidecar(Manifest manifest, String store, String sha256) {
    return sidecars
        ? Optional.of(NoticeJson.bytes(storedNotice(manifest, store, sha256, Uris::unsigned)))
        : Optional.empty();
  }

  @Override
  public void stored(Manifest manifest, String store, String sha256) throws JournalException {
    publish(storedNotice(manifest, store, sha256, UnaryOperator.identity()));
  }

  @Override
  public void failed(Manifest manifest, String store, String problem) throws JournalException {
    Notice known =
        notice(
            manifest,
            NoticeKind.RECORDING_FAILED,
            manifest.captured().map(facts -> finished(facts, facts.sizeBytes(), Optional.empty())),
            Instant.now());
    publish(
        with(
            known,
            new Notice.Place(store, manifest.delivery(store).key(), Optional.empty()),
            Optional.of(problem)));
  }

  private void publish(Notice notice) throws JournalException {
    try {
      notices.publishDurably(notice).toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new JournalException("cannot write the notice " + notice.id(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new JournalException("interrupted while writing the notice " + notice.id(), e);
    }
  }

  /**
   * @param told what is told of the uri
   */
  private static Notice storedNotice(
      Manifest manifest, String store, String sha256, UnaryOperator<URI> told) {
    Manifest.Delivery part = manifest.delivery(store);
    Optional<StoredRecording> there = part.stored();
    Notice known =
        notice(
            manifest,
            NoticeKind.RECORDING_STORED,
            manifest
                .captured()
                .map(
                    facts ->
                        finished(
                            facts,
                            there.map(StoredRecording::sizeBytes).orElse(facts.sizeBytes()),
                            Optional.of(sha256))),
            endedAt(manifest));
    return with(
        known,
        new Notice.Place(store, part.key(), there.map(StoredRecording::uri).map(told)),
        Optional.empty());
  }

  /** Always the same for one recording, so that its documents are too. */
  private static Instant endedAt(Manifest manifest) {
    return manifest.captured().map(Manifest.Captured::at).orElse(manifest.startedAt());
  }

  private static Notice.Finished finished(
      Manifest.Captured facts, long sizeBytes, Optional<String> sha256) {
    Cause cause = facts.cause();
    return new Notice.Finished(
        cause.name().toLowerCase(Locale.ROOT).replace('_', '-'),
        facts.duration().toMillis(),
        facts.samples(),
        facts.sampleRateHz(),
        facts.channels(),
        sizeBytes,
        sha256,
        facts.failure(),
        facts.participants().map(PublishedNews::participants).orElseGet(List::of),
        facts.participants().map(ParticipantTimeline::truncated).orElse(false));
  }

  private static List<Notice.Participant> participants(ParticipantTimeline who) {
    return who.stays().stream()
        .map(
            stay ->
                new Notice.Participant(
                    stay.participant(),
                    stay.channel(),
                    stay.shared(),
                    stay.fromMillis(),
                    stay.toMillis(),
                    stay.speeches().stream()
                        .map(speech -> new Notice.Span(speech.fromMillis(), speech.toMillis()))
                        .toList()))
        .toList();
  }

  private static String bare(String fullJid) {
    int slash = fullJid.indexOf('/');
    return slash < 0 ? fullJid : fullJid.substring(0, slash);
  }

  private static Notice notice(
      Manifest manifest, NoticeKind kind, Optional<Notice.Finished> finished, Instant at) {
    Manifest.Origin origin = manifest.origin();
    return new Notice(
        kind,
        manifest.recordingId(),
        origin.callId(),
        origin.componentId(),
        bare(origin.client()),
        origin.from(),
        origin.to(),
        manifest.format().token(),
        manifest.direction().name().toLowerCase(Locale.ROOT),
        manifest.startedAt(),
        finished,
        Optional.empty(),
        Optional.empty(),
        manifest.meta(),
        at);
  }

  private static Notice with(Notice known, Notice.Place place, Optional<String> problem) {
    return new Notice(
        known.kind(),
        known.recordingId(),
        known.callId(),
        known.componentId(),
        known.client(),
        known.from(),
        known.to(),
        known.format(),
        known.direction(),
        known.startedAt(),
        known.finished(),
        Optional.of(place),
        problem,
        known.meta(),
        known.at());
  }
}

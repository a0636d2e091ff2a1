package org.rayo.recording;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.rayo.media.CapturedRecording;
import org.rayo.recording.JournalledRecordings.Patience;
import org.rayo.recording.Manifest.Delivery;
import org.rayo.recording.Manifest.Delivery.Status;
import org.rayo.recording.Manifest.Place;
import org.rayo.recording.Placement.Placed;
import org.rayo.storage.StoredRecording;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings captured recordings to where they can be read: has the stores asked, writes down what
 * comes of it, and finds where a client is told to look. Thread safe; nothing blocks.
 */
final class Placer {

  private static final Logger LOG = LoggerFactory.getLogger(Placer.class);

  private final RecordingJournal journal;
  private final JournalSteps steps;
  private final RecordingDelivery delivery;
  private final Patience patience;

  Placer(
      RecordingJournal journal, JournalSteps steps, RecordingDelivery delivery, Patience patience) {
    this.journal = journal;
    this.steps = steps;
    this.delivery = delivery;
    this.patience = patience;
  }

  /** Brings it to where it can be read, and decides what its client is told. */
  CompletionStage<Placed> place(Manifest manifest, CapturedRecording captured) {
    Placement placement =
        new Placement(
            manifest.stores(Status.PENDING, Status.STORED, Status.SETTLED, Status.DEAD),
            manifest.stores(Status.STANDBY).stream().findFirst(),
            new Placed(Place.SPOOL, Optional.of(captured.file().toUri()), captured.sizeBytes())) {
          @Override
          void ask(String store) {
            LOG.warn("recording {} goes to the store {} too", manifest.recordingId(), store);
            deliver(steps.noted(manifest, known -> known.asking(store)), store, Optional.of(this));
          }
        };
    watch(manifest, placement);
    for (String store : manifest.deliveries().keySet()) {
      deliver(manifest, store, placement);
    }
    return placement.decided();
  }

  private void watch(Manifest manifest, Placement placement) {
    try {
      Future<?> first = delivery.after(patience.store(), placement::late);
      Future<?> second =
          delivery.after(patience.store().plus(patience.anyStore()), placement::late);
      placement
          .decided()
          .whenComplete(
              (placed, failure) -> {
                first.cancel(false);
                second.cancel(false);
                if (placed.place() == Place.SPOOL) {
                  LOG.error(
                      "no store has taken recording {} in time; its uri is that of the spool's copy",
                      manifest.recordingId());
                }
              });
    } catch (RejectedExecutionException closed) {
      placement.giveUp();
    }
  }

  private void deliver(Manifest manifest, String store, Placement placement) {
    Delivery part = manifest.delivery(store);
    switch (part.status()) {
      case STANDBY -> {
        // It is asked when the others are late.
      }
      case DEAD -> placement.refused(store);
      case SETTLED -> placement.stored(store, Placed.in(part));
      case STORED -> {
        placement.stored(store, Placed.in(part));
        deliver(manifest, store, Optional.of(placement));
      }
      case PENDING -> deliver(manifest, store, Optional.of(placement));
    }
  }

  /** Has a store asked, and whatever comes of it written down. */
  private void deliver(Manifest manifest, String store, Optional<Placement> placement) {
    String id = manifest.recordingId();
    RecordingDelivery.Progress progress =
        new RecordingDelivery.Progress() {
          @Override
          public void stored(StoredRecording there) {
            Manifest known = steps.noted(manifest, before -> before.stored(store, there));
            if (placement.isEmpty()) {
              LOG.info(
                  "recording {} is in the store {} at last: {}",
                  id,
                  store,
                  Uris.shown(there.uri()));
            }
            placement.ifPresent(waiting -> waiting.stored(store, Placed.in(known.delivery(store))));
          }

          @Override
          public void settled() {
            steps.changeAndTidy(id, known -> known.settled(store));
          }

          @Override
          public void dead(String problem) {
            steps.noted(manifest, known -> known.dead(store, problem));
            placement.ifPresent(waiting -> waiting.refused(store));
          }

          @Override
          public Manifest manifest() {
            return journal.known(id).orElse(manifest);
          }
        };
    try {
      delivery.deliver(manifest, store, journal.audio(manifest), progress);
    } catch (RejectedExecutionException closed) {
      placement.ifPresent(Placement::giveUp);
    }
  }

  /** Goes on with stores that have yet to take a recording whose client has been told already. */
  void goOn(Manifest manifest) {
    for (String store : manifest.stores(Status.PENDING, Status.STORED)) {
      LOG.info("recording {} goes on its way to the store {}", manifest.recordingId(), store);
      deliver(manifest, store, Optional.empty());
    }
  }

  /**
   * Stores that did not take a recording are asked again.
   *
   * @return how many are
   */
  int redeliver(Manifest manifest) {
    List<String> dead = manifest.stores(Status.DEAD);
    for (String store : dead) {
      deliver(steps.noted(manifest, known -> known.asking(store)), store, Optional.empty());
    }
    return dead.size();
  }
}

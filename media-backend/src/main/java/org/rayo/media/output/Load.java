package org.rayo.media.output;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.OutputRequest.AudioFile;
import org.rayo.media.OutputRequest.Segment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The loading of one segment of an output, or of what stands in for it. */
final class Load implements Runnable {

  private static final Logger log = LoggerFactory.getLogger(Load.class);

  private final SegmentLoader loader;
  private final Segment segment;
  private final int sampleRateHz;
  private final AtomicBoolean givenUp;
  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final List<Timeline.Piece> pieces = new ArrayList<>();
  private volatile Optional<MediaException> failure = Optional.empty();

  /**
   * A load that has not begun.
   *
   * @param givenUp set by the first of an output's that fails; the others need not begin then
   */
  Load(SegmentLoader loader, Segment segment, int sampleRateHz, AtomicBoolean givenUp) {
    this.loader = loader;
    this.segment = segment;
    this.sampleRateHz = sampleRateHz;
    this.givenUp = givenUp;
  }

  /** Completes when it is over, however it went. */
  CompletableFuture<Void> done() {
    return done;
  }

  /** Why there is nothing, if there is nothing for a reason of its own. */
  Optional<MediaException> failure() {
    return failure;
  }

  /** What was loaded; once it is done. */
  List<Timeline.Piece> pieces() {
    return pieces;
  }

  @Override
  public void run() {
    try {
      if (!givenUp.get()) {
        load(segment);
      }
      done.complete(null);
    } catch (MediaException e) {
      fail(e);
    } catch (RuntimeException | OutOfMemoryError e) { // at the top of a thread
      log.error("a sound cannot be loaded", e);
      fail(new MediaException(Fault.FAILED, "unexpected: " + e, e));
    }
  }

  void fail(MediaException why) {
    failure = Optional.of(why);
    givenUp.set(true);
    done.complete(null);
  }

  private void load(Segment wanted) throws MediaException {
    try {
      pieces.add(loader.load(wanted, sampleRateHz));
    } catch (MediaException e) {
      boolean hasAlternative = wanted instanceof AudioFile file && !file.alternative().isEmpty();
      if (!hasAlternative || e.fault() == Fault.GONE) {
        throw e;
      }
      log.info("{}; its alternative is played", e.getMessage());
      for (Segment alternative : ((AudioFile) wanted).alternative()) {
        load(alternative);
      }
    }
  }
}

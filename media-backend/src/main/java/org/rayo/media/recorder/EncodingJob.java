package org.rayo.media.recorder;

import java.io.ByteArrayOutputStream;
import java.util.Optional;
import org.rayo.media.encode.AudioEncoder;
import org.rayo.media.encode.Ending;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One recording's way from its ring through the encoder into the file. On its encoder thread. */
final class EncodingJob {

  /** Hears how it ends, once. */
  @FunctionalInterface
  interface End {
    /** The file is finished. On the pool. */
    void finished(Outcome outcome, SpoolFile.Finished file);
  }

  private static final Logger log = LoggerFactory.getLogger(EncodingJob.class);

  private static final int FLUSH_BYTES = 8192;

  private final Capture capture;
  private final AudioEncoder encoder;
  private final SpoolFile file;
  private final int channels;
  private final End end;
  private final short[] batch;
  private final ByteArrayOutputStream encoded = new ByteArrayOutputStream(4096);
  private final long refreshEvery;
  private long refreshedAt;

  /**
   * @param refreshEvery samples after which the head is brought up to date
   */
  EncodingJob(
      Capture capture,
      AudioEncoder encoder,
      SpoolFile file,
      int channels,
      long refreshEvery,
      End end) {
    this.capture = capture;
    this.encoder = encoder;
    this.file = file;
    this.channels = channels;
    this.refreshEvery = refreshEvery;
    this.end = end;
    batch = new short[1600 * channels];
  }

  /** Writes the head. Before the first {@link #advance}, on any one thread. */
  void begin() {
    encoder.begin(encoded::write);
    flush();
  }

  /**
   * Encodes what has come.
   *
   * @return true when nothing more will
   */
  boolean advance() {
    Optional<Outcome> outcome = capture.outcome();
    try {
      drain();
      if (outcome.isEmpty()) {
        refresh();
        return false;
      }
      Ending ending = encoder.finish(encoded::write);
      flush();
      finish(outcome.get(), Optional.of(ending));
    } catch (RuntimeException | Error e) {
      // An encoder that fails must cost its own recording only, and this thread has others.
      log.error("An encoder failed after {} samples", encoder.samples(), e);
      Outcome failed = Outcome.failed("the encoder failed");
      capture.end(failed);
      finish(failed, Optional.empty());
    }
    return true;
  }

  private void finish(Outcome outcome, Optional<Ending> ending) {
    file.finish(encoder, ending, outcome.end(), finished -> end.finished(outcome, finished));
  }

  private void drain() {
    int count = capture.read(batch);
    while (count > 0) {
      encoder.encode(batch, 0, count / channels, encoded::write);
      if (encoded.size() >= FLUSH_BYTES) {
        flush();
      }
      count = capture.read(batch);
    }
    flush();
  }

  private void flush() {
    if (encoded.size() > 0) {
      file.append(encoded.toByteArray());
      encoded.reset();
    }
  }

  private void refresh() {
    if (encoder.samples() - refreshedAt >= refreshEvery) {
      refreshedAt = encoder.samples();
      encoder.refresh().ifPresent(file::patch);
    }
  }
}

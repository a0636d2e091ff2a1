package org.rayo.media;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What to play, and how.
 *
 * @param outputId of whoever asks; comes back with {@link MediaEvent.OutputEnded}
 * @param segments one after the other
 * @param startOffset so much of the first round is passed over; not negative
 * @param startPaused plays nothing until resumed
 * @param repeatInterval silence between rounds; not negative
 * @param repeatTimes rounds; 0 is for ever
 * @param maxTime ends it with {@link MediaEvent.OutputEnd#MAX_TIME} after so long, counted while it
 *     is not paused
 * @see <a
 *     href="https://xmpp.org/extensions/xep-0327.html#session-component-execution-output">XEP-0327,
 *     output component</a>
 */
public record OutputRequest(
    String outputId,
    List<Segment> segments,
    Duration startOffset,
    boolean startPaused,
    Duration repeatInterval,
    int repeatTimes,
    Optional<Duration> maxTime) {

  public OutputRequest {
    segments = List.copyOf(segments);
    if (segments.isEmpty()) {
      throw new IllegalArgumentException("there is nothing to play");
    }
    if (startOffset.isNegative() || repeatInterval.isNegative() || repeatTimes < 0) {
      throw new IllegalArgumentException("an offset, interval or count is negative");
    }
  }

  /** One stretch of what is played. */
  public sealed interface Segment {}

  /**
   * A file.
   *
   * @param uri {@code file:}, {@code http:} or {@code https:}
   * @param alternative what is played in its place when it cannot be had; empty: then that is an
   *     error
   */
  public record AudioFile(URI uri, List<Segment> alternative) implements Segment {
    public AudioFile {
      alternative = List.copyOf(alternative);
    }
  }

  /** Silence. */
  public record Pause(Duration length) implements Segment {}

  /**
   * Text that is spoken.
   *
   * @param language as in BCP 47; empty is the engine's own
   * @param voice the engine's name of one
   */
  public record Speech(String text, Optional<String> language, Optional<String> voice)
      implements Segment {}
}

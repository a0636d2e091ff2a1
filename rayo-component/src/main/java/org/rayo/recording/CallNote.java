package org.rayo.recording;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.rayo.media.MediaEvent;

/**
 * What has to be known of a call when the run that it was in has ended without a word.
 *
 * @param callId the node of its address
 * @param dialogState what the media backend needs to hang up; empty before there is a dialog
 * @param parties full JIDs of those who have to be told of its end
 * @param end how it has ended, once it has
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
@JsonIgnoreProperties(ignoreUnknown = true)
public record CallNote(
    String callId, Optional<String> dialogState, List<String> parties, Optional<End> end) {

  public CallNote {
    if (!Manifest.isId(callId)) {
      throw new IllegalArgumentException("call id '" + callId + "'");
    }
    Objects.requireNonNull(dialogState, "dialogState");
    Objects.requireNonNull(end, "end");
    parties = List.copyOf(parties);
  }

  /**
   * The end of a call, as everybody is told of it.
   *
   * @param at when it was decided, the event's stamp
   */
  public record End(MediaEvent.Ended event, Instant at) {
    public End {
      Objects.requireNonNull(event, "event");
      Objects.requireNonNull(at, "at");
    }
  }

  /** The call has ended. */
  public CallNote ended(End how) {
    return new CallNote(callId, dialogState, parties, Optional.of(how));
  }
}

package org.rayo.media;

import java.util.Objects;

/**
 * How a call is joined to another one, or to a mixer.
 *
 * @param participant what {@link MediaEvent.SpeakingChanged} and recordings with a channel for each
 *     participant call this call
 */
public record JoinRequest(String participant, Direction direction, Media media) {

  public JoinRequest {
    Objects.requireNonNull(participant, "participant");
    Objects.requireNonNull(direction, "direction");
    Objects.requireNonNull(media, "media");
  }

  /** Whose audio goes where, seen from the call that is joined. */
  public enum Direction {
    /** Both hear each other. */
    DUPLEX,
    /** The other hears this call. */
    SEND,
    /** This call hears the other. */
    RECV
  }

  /** Which way the audio takes. */
  public enum Media {
    /** Through the media server. */
    BRIDGE,
    /** Between the two ends, past the media server. */
    DIRECT
  }
}

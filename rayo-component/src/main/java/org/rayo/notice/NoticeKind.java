package org.rayo.notice;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import org.rayo.config.NoticesConfig.Event;

/**
 * What a {@link Notice} is about. There will be more, for rooms and voice mail; a receiver is asked
 * to ignore those that it does not know.
 */
public enum NoticeKind {
  /** The client's {@code <record/>} was acknowledged. */
  RECORDING_STARTED(Event.RECORDING_STARTED),
  /** Its file is finished; {@link Notice#finished} says how it ended. */
  RECORDING_FINISHED(Event.RECORDING_FINISHED),
  /** A store has it; {@link Notice#place} says where. */
  RECORDING_STORED(Event.RECORDING_STORED),
  /** It could not be made, or a store will never have it; {@link Notice#problem} says why. */
  RECORDING_FAILED(Event.RECORDING_FAILED);

  private final Event event;

  NoticeKind(Event event) {
    this.event = event;
  }

  /** By which it is chosen in the configuration. */
  Event event() {
    return event;
  }

  /** Its word on the wire, as in {@code recording-stored}. */
  @JsonValue
  public String token() {
    return event.token();
  }

  /**
   * The kind of this word.
   *
   * @throws IllegalArgumentException when there is none
   */
  @JsonCreator
  public static NoticeKind ofToken(String token) {
    for (NoticeKind kind : values()) {
      if (kind.token().equals(token)) {
        return kind;
      }
    }
    throw new IllegalArgumentException("there is no notice '" + token + "'");
  }
}

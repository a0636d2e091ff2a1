package org.rayo.media.freeswitch.eventsocket;

import java.util.List;
import java.util.Optional;

/**
 * An event of FreeSWITCH, or the data of a channel in the same form; values decoded.
 *
 * <p>FreeSWITCH leaves a per cent sign with two hexadecimal digits after it as it is when it
 * encodes, so that a value that really holds {@code %41} comes as {@code A}.
 *
 * @param headers in their order; a name may come more than once
 * @param body the text behind the headers, such as the answer to a background job; mostly empty
 */
public record SwitchEvent(List<Field> headers, String body) {

  /**
   * A header of an event.
   *
   * @param value decoded; empty where FreeSWITCH says {@code _undef_}
   */
  public record Field(String name, String value) {}

  public SwitchEvent {
    headers = List.copyOf(headers);
  }

  /** {@code Event-Name}, such as {@code CHANNEL_ANSWER}; empty when there is none. */
  public String name() {
    return header("Event-Name").orElse("");
  }

  /** {@code Event-Subclass} of a {@code CUSTOM} event, such as {@code conference::maintenance}. */
  public Optional<String> subclass() {
    return header("Event-Subclass");
  }

  /** {@code Unique-ID}, the channel's uuid, where the event is about a channel. */
  public Optional<String> uniqueId() {
    return header("Unique-ID");
  }

  /** The first header of this name, without regard to case. */
  public Optional<String> header(String name) {
    for (Field field : headers) {
      if (field.name.equalsIgnoreCase(name)) {
        return Optional.of(field.value);
      }
    }
    return Optional.empty();
  }

  /** The channel variable of this name ({@code variable_…}), without regard to case. */
  public Optional<String> variable(String name) {
    return header("variable_" + name);
  }

  /** Name, subclass and channel; not the headers, which are many. */
  @Override
  public String toString() {
    return name()
        + subclass().map(subclass -> " " + subclass).orElse("")
        + uniqueId().map(id -> " " + id).orElse("");
  }
}

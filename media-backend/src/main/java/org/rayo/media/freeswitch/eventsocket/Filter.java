package org.rayo.media.freeswitch.eventsocket;

/**
 * Lets events through that have this header with this value. An event passes when one filter at
 * least matches it.
 *
 * @param header such as {@code Event-Name}
 * @param value compared without regard to case; a regular expression when it begins with {@code /}
 */
public record Filter(String header, String value) {

  public Filter {
    Arguments.word("filter header", header);
    Arguments.word("filter value", value);
    if (header.equalsIgnoreCase("add") || header.equalsIgnoreCase("delete")) {
      throw new IllegalArgumentException("filter header '" + header + "' is a command");
    }
  }

  /** Lets all events of a name through, such as {@code HEARTBEAT}. */
  public static Filter eventName(String name) {
    return new Filter("Event-Name", name);
  }

  String add() {
    return "filter " + header + " " + value;
  }

  String delete() {
    return "filter delete " + header + " " + value;
  }
}

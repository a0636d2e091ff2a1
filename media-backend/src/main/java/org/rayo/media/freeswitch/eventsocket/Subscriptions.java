package org.rayo.media.freeswitch.eventsocket;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Which events a connection wants: names, filters that always hold, and one filter for each channel
 * that is watched. Loop's thread only.
 */
final class Subscriptions {

  private static final String CUSTOM = "CUSTOM ";
  private static final String BACKGROUND_JOB = "BACKGROUND_JOB";

  private final String command;
  private final Set<Filter> always;
  private final Set<Filter> watched = new LinkedHashSet<>();

  /**
   * Of these and of {@code BACKGROUND_JOB}, which has a filter too: without any filter FreeSWITCH
   * would send everything.
   *
   * @param events names; {@code CUSTOM} ones with their subclass, as {@code CUSTOM
   *     conference::maintenance}
   */
  Subscriptions(List<String> events, List<Filter> always) {
    this.command = command(events);
    this.always = new LinkedHashSet<>(always);
    this.always.add(Filter.eventName(BACKGROUND_JOB));
  }

  private static String command(List<String> events) {
    Set<String> names = new LinkedHashSet<>();
    Set<String> subclasses = new LinkedHashSet<>();
    names.add(BACKGROUND_JOB);
    for (String event : events) {
      if (event.startsWith(CUSTOM)) {
        subclasses.add(Arguments.word("subclass", event.substring(CUSTOM.length())));
      } else {
        names.add(Arguments.name("event", event));
      }
    }
    StringBuilder command = new StringBuilder("event plain ").append(String.join(" ", names));
    if (!subclasses.isEmpty()) {
      // After CUSTOM everything is a subclass.
      command.append(' ').append(CUSTOM).append(String.join(" ", subclasses));
    }
    return command.toString();
  }

  /** The filter of a channel's events. */
  static Filter channel(String uniqueId) {
    Arguments.name("Unique-ID", uniqueId);
    return new Filter("Unique-ID", uniqueId);
  }

  /** Whether this is new. What always holds is not, so that it cannot be taken away either. */
  boolean watch(Filter channel) {
    return !always.contains(channel) && watched.add(channel);
  }

  /** Whether it was there. */
  boolean unwatch(Filter channel) {
    return watched.remove(channel);
  }

  /** All commands of a new connection; filters come first, or everything would pass meanwhile. */
  List<String> filterCommands() {
    return new ArrayList<>(
        Stream.concat(always.stream(), watched.stream()).map(Filter::add).toList());
  }

  /** The command that makes events come. */
  String eventCommand() {
    return command;
  }
}

package org.rayo.testkit.freeswitch;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Which events one connection gets. Used on the switch's thread. */
final class Subscription {

  private static final Set<String> KNOWN =
      Set.of(
          "ALL CUSTOM CHANNEL_CREATE CHANNEL_DESTROY CHANNEL_STATE CHANNEL_CALLSTATE CHANNEL_ANSWER"
              .concat(" CHANNEL_HANGUP CHANNEL_HANGUP_COMPLETE CHANNEL_EXECUTE CHANNEL_HOLD")
              .concat(" CHANNEL_EXECUTE_COMPLETE CHANNEL_UNHOLD CHANNEL_BRIDGE CHANNEL_UNBRIDGE")
              .concat(" CHANNEL_PROGRESS CHANNEL_PROGRESS_MEDIA CHANNEL_OUTGOING CHANNEL_PARK")
              .concat(" CHANNEL_UNPARK CHANNEL_APPLICATION CHANNEL_ORIGINATE CHANNEL_UUID API LOG")
              .concat(" CHANNEL_DATA SHUTDOWN MODULE_LOAD MODULE_UNLOAD RE_SCHEDULE PLAYBACK_START")
              .concat(" PLAYBACK_STOP DTMF HEARTBEAT RECORD_START RECORD_STOP CODEC CALL_UPDATE")
              .concat(
                  " BACKGROUND_JOB MEDIA_BUG_START MEDIA_BUG_STOP CONFERENCE_DATA DETECTED_TONE")
              .concat(" DETECTED_SPEECH PRIVATE_COMMAND PRESENCE_IN TALK NOTALK SESSION_HEARTBEAT")
              .split(" "));

  private final Set<String> names = new HashSet<>();
  private final Set<String> subclasses = new HashSet<>();
  private final List<Filter> filters = new ArrayList<>();

  /** What a header must be, or must not be. */
  private record Filter(String header, String value, boolean wanted) {
    static Filter of(String header, String value) {
      boolean unwanted = value.startsWith("-");
      String plain = unwanted || value.startsWith("+") ? value.substring(1).strip() : value;
      return new Filter(header, plain, !unwanted);
    }

    boolean names(SwitchEvent event) {
      return event.header(header).map(value::equalsIgnoreCase).orElse(false);
    }
  }

  /** {@code event …}: whether a name was known. */
  boolean add(List<String> words) {
    boolean known = false;
    boolean custom = false;
    for (String word : words) {
      String name = word.toUpperCase(Locale.ROOT);
      if (custom) {
        subclasses.add(word);
        known = true;
      } else if (KNOWN.contains(name)) {
        names.add(name);
        custom = name.equals("CUSTOM");
        known = true;
      }
    }
    return known;
  }

  /** {@code nixevent …}. */
  void remove(List<String> words) {
    if (names.remove("ALL")) {
      names.addAll(KNOWN);
      names.remove("ALL");
      subclasses.add("*");
    }
    for (String word : words) {
      names.remove(word.toUpperCase(Locale.ROOT));
      subclasses.remove(word);
    }
  }

  /** {@code noevents}. */
  void clear() {
    names.clear();
    subclasses.clear();
  }

  /** Whether anything was subscribed to. */
  boolean any() {
    return !names.isEmpty();
  }

  void addFilter(String header, String value) {
    filters.add(Filter.of(header, value));
  }

  void removeFilters(String header, Optional<String> value) {
    if (header.equalsIgnoreCase("all")) {
      filters.clear();
      return;
    }
    filters.removeIf(
        filter ->
            filter.header.equalsIgnoreCase(header)
                && value.map(filter.value::equalsIgnoreCase).orElse(true));
  }

  boolean wants(SwitchEvent event) {
    boolean all = names.contains("ALL");
    boolean named = all || names.contains(event.name());
    if (event.name().equals("CUSTOM") && !all) {
      String subclass = event.header("Event-Subclass").orElse("");
      named = subclasses.contains(subclass) || subclasses.contains("*");
    }
    if (!named || filters.isEmpty()) {
      return named;
    }
    boolean refused = filters.stream().anyMatch(f -> !f.wanted && f.names(event));
    return !refused && filters.stream().anyMatch(f -> f.wanted && f.names(event));
  }
}

package org.rayo.protocol;

import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.rayo.media.RecordingRequest.Encoding;
import org.rayo.media.RecordingRequest.Handling;
import org.rayo.protocol.CallCommand.Hint;

/**
 * What the {@code <hint/>}s of a {@code <record/>} ask for; those that nobody knows ask for
 * nothing, for the XEP has them ignored.
 *
 * @param written name and value of each, those that nobody knows too, in their order
 * @param encoding {@code quality}, {@code bitrate}, {@code encoding}, {@code sample-rate}; {@code
 *     double-pass} is checked and has no effect on a constant bit rate
 * @param handling {@code pause-mode}, {@code stop-keys}, {@code trim}, {@code beep-interval}
 * @param minDuration {@code min-duration}: a shorter recording is discarded
 * @param name {@code name}: which of the configured names
 * @param stores by the hint of that word: which of the configured ones, the first preferred; empty:
 *     the server's own choice
 * @param meta {@code meta.*} without the prefix, in their order
 * @param participants {@code channels}: a channel for each participant of a mixer
 * @param participantChannels {@code participant-channels}: how many; only with {@code participants}
 */
public record RecordingHints(
    List<Hint> written,
    Encoding encoding,
    Handling handling,
    Optional<Duration> minDuration,
    Optional<String> name,
    List<String> stores,
    Map<String, String> meta,
    boolean participants,
    OptionalInt participantChannels) {

  /** The name that a recording without the hint {@code name} has. */
  public static final String DEFAULT_NAME = "default";

  public RecordingHints {
    written = List.copyOf(written);
    Objects.requireNonNull(encoding, "encoding");
    Objects.requireNonNull(handling, "handling");
    Objects.requireNonNull(minDuration, "minDuration");
    Objects.requireNonNull(name, "name");
    stores = List.copyOf(stores);
    meta = Collections.unmodifiableMap(new LinkedHashMap<>(meta));
  }

  /** Without a channel for each participant. */
  public RecordingHints(
      List<Hint> written,
      Encoding encoding,
      Handling handling,
      Optional<Duration> minDuration,
      Optional<String> name,
      List<String> stores,
      Map<String, String> meta) {
    this(written, encoding, handling, minDuration, name, stores, meta, false, OptionalInt.empty());
  }

  /**
   * What these hints ask for.
   *
   * @throws CommandRefusedException with {@code bad-request} when a known hint has a bad value or
   *     is given twice
   */
  public static RecordingHints of(List<Hint> hints) throws CommandRefusedException {
    return HintReader.read(hints);
  }

  /**
   * Refuses a minimum that no recording can reach: whatever is recorded would be discarded.
   *
   * @param longest that this server records
   * @throws CommandRefusedException with {@code bad-request}
   */
  public void requireMinDurationWithin(Duration longest) throws CommandRefusedException {
    if (minDuration.filter(least -> least.compareTo(longest) > 0).isPresent()) {
      throw ElementRules.badRequest(
          "hint min-duration is '"
              + minDuration.orElseThrow().toMillis()
              + "', which is more than the "
              + longest.toMillis()
              + " ms that this server records at most; 1 to "
              + longest.toMillis()
              + " ms are allowed");
    }
  }

  /**
   * Which of the configured names is meant.
   *
   * @param configured one of them {@value #DEFAULT_NAME}
   * @throws CommandRefusedException with {@code bad-request} when it is none of them
   */
  public <T> T nameAmong(Map<String, T> configured) throws CommandRefusedException {
    String wanted = name.orElse(DEFAULT_NAME);
    T found = configured.get(wanted);
    if (found == null) {
      throw ElementRules.badRequest(
          "hint name is "
              + XmlText.quote(wanted)
              + "; the names configured here are "
              + String.join(", ", new TreeSet<>(configured.keySet())));
    }
    return found;
  }

  /**
   * Which of the configured stores are meant.
   *
   * @throws CommandRefusedException with {@code bad-request} when one is none of them
   */
  public List<String> storesAmong(Set<String> configured) throws CommandRefusedException {
    for (String store : stores) {
      if (!configured.contains(store)) {
        throw ElementRules.badRequest(
            "hint store names "
                + XmlText.quote(store)
                + "; the stores configured here are "
                + String.join(", ", new TreeSet<>(configured)));
      }
    }
    return stores;
  }
}

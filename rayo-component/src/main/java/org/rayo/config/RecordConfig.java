package org.rayo.config;

import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.rayo.media.RecordingRequest;
import org.rayo.protocol.Dialect;
import org.rayo.storage.NameTemplate;

/**
 * {@code rayo.record}: the record component.
 *
 * @param dialect of clients that {@code clients} does not name
 * @param clients first match wins
 * @param maxDuration of one recording
 * @param maxRecordings at once
 * @param maxRecordingsPerClient at once; 0: as many as the server takes
 * @param participantChannels of a recording with a channel for each participant of a mixer, when
 *     its client does not say how many
 * @param names how recordings are named, by the word that chooses it; {@code default} is among them
 * @param encoderThreads at least 1
 * @param nativeMp3 whether the native LAME library makes mp3
 */
public record RecordConfig(
    Dialect dialect,
    List<ClientDialect> clients,
    Duration maxDuration,
    int maxRecordings,
    int maxRecordingsPerClient,
    int participantChannels,
    Map<String, NameTemplate> names,
    int encoderThreads,
    NativeMp3 nativeMp3) {

  private static final String NAMES = "rayo.record.names";

  /** As the hint {@code name} may have it. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  /** Which LAME makes mp3. */
  public enum NativeMp3 {
    /** The one in Java. */
    OFF,
    /** The system's library, where there is one. */
    AUTO,
    /** The system's library, and no other. */
    REQUIRED
  }

  /** What some clients speak. */
  public record ClientDialect(JidPattern jid, Dialect dialect) {}

  public RecordConfig {
    clients = List.copyOf(clients);
    names = Collections.unmodifiableMap(new TreeMap<>(names));
  }

  static RecordConfig read(ConfigReader reader) {
    int threads = reader.integer("rayo.record.encoder-threads", 0, 256);
    return new RecordConfig(
        reader.choice("rayo.record.dialect", Dialect.class),
        reader.blocks(
            "rayo.record.clients",
            List.of("jid", "dialect"),
            block ->
                new ClientDialect(
                    block.parsed(
                        "jid",
                        JidPattern::parse,
                        JidPattern.parse("*"),
                        "a JID, with * for anything"),
                    block.choice("dialect", Dialect.class))),
        reader.duration("rayo.record.max-duration", Duration.ofSeconds(1), Duration.ofDays(24)),
        reader.integer("rayo.record.max-recordings", 1, 100_000),
        reader.integer("rayo.record.max-recordings-per-client", 0, 100_000),
        reader.integer(
            "rayo.record.participant-channels",
            RecordingRequest.MIN_PARTICIPANT_CHANNELS,
            RecordingRequest.MAX_PARTICIPANT_CHANNELS),
        names(reader),
        threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
        reader.choice("rayo.record.mp3.native", NativeMp3.class));
  }

  private static Map<String, NameTemplate> names(ConfigReader reader) {
    Map<String, NameTemplate> names = new TreeMap<>();
    reader
        .block(NAMES)
        .forEach(
            (name, value) -> {
              try {
                names.put(name, template(name, value));
              } catch (IllegalArgumentException e) {
                reader.complain(new Problem(NAMES + "." + name + ": " + e.getMessage(), value));
              }
            });
    return names;
  }

  private static NameTemplate template(String name, ConfigValue value) {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("a name has at most 64 letters, digits, - and _");
    }
    if (value.valueType() != ConfigValueType.STRING) {
      throw new IllegalArgumentException(
          "must be a text in quotes, as in \"" + NameTemplate.DEFAULT + "\"");
    }
    String text = String.valueOf(value.unwrapped());
    try {
      return NameTemplate.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("\"" + text + "\" is no name: " + e.getMessage(), e);
    }
  }
}

package org.rayo.notice;

import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Something that happened to a recording, with all that is known of the recording by then. Its JSON
 * form is that of {@link NoticeJson}.
 *
 * <p>Holds no secret and no path of this machine, but for the uri that the client is told too.
 * Whoever makes one keeps both out of {@code problem} and {@code failure}. Texts that callers and
 * clients have written may hold anything; of each at most {@value #LONGEST_TEXT} characters are
 * kept, of metadata at most {@value #MOST_META} entries, and what is no Unicode becomes U+FFFD.
 *
 * @param recordingId unique among all recordings
 * @param client bare JID of whoever asked for the recording
 * @param from address of the caller
 * @param to the address that was called
 * @param format token of the audio format, as in {@code mp3}
 * @param direction as in the {@code <record/>}: {@code send}, {@code recv} or {@code duplex}
 * @param startedAt when it was asked for
 * @param finished how it ended, once it has
 * @param place where it is, or where it was to be
 * @param problem what went wrong, in words, with a {@link NoticeKind#RECORDING_FAILED}
 * @param meta the client's own metadata
 * @param at when this happened
 */
@JsonInclude(JsonInclude.Include.NON_ABSENT)
@JsonPropertyOrder({
  "id",
  "event",
  "at",
  "recordingId",
  "callId",
  "componentId",
  "client",
  "from",
  "to",
  "format",
  "direction",
  "startedAt",
  "finished",
  "place",
  "problem",
  "meta"
})
public record Notice(
    @JsonProperty("event") NoticeKind kind,
    String recordingId,
    String callId,
    String componentId,
    String client,
    String from,
    String to,
    String format,
    String direction,
    Instant startedAt,
    Optional<Finished> finished,
    Optional<Place> place,
    Optional<String> problem,
    Map<String, String> meta,
    Instant at) {

  /** The longest text that is kept, in characters. */
  static final int LONGEST_TEXT = 2000;

  /** The longest name of a participant that is kept, in characters. */
  static final int LONGEST_PARTICIPANT = 200;

  /** The most entries of metadata that are kept, the first by name. */
  static final int MOST_META = 64;

  private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,100}");
  private static final Pattern FORMAT = Pattern.compile("[a-z0-9]{1,16}");
  private static final Pattern TOKEN = Pattern.compile("[a-z0-9-]{1,64}");
  private static final Pattern UNSAFE_IN_ID = Pattern.compile("[^A-Za-z0-9_-]");

  /** The longest name of a store in an id, in characters. */
  private static final int LONGEST_STORE = 100;

  public Notice {
    Objects.requireNonNull(kind, "kind");
    requireForm("recordingId", ID, recordingId);
    requireForm("format", FORMAT, format);
    requireForm("direction", TOKEN, direction);
    callId = kept(callId);
    componentId = kept(componentId);
    client = kept(client);
    from = kept(from);
    to = kept(to);
    Objects.requireNonNull(startedAt, "startedAt");
    Objects.requireNonNull(finished, "finished");
    Objects.requireNonNull(place, "place");
    problem = problem.map(Notice::kept);
    meta = keptMeta(meta);
    Objects.requireNonNull(at, "at");
  }

  /**
   * How a recording ended, and what its file is.
   *
   * @param reason token of the one reason for which it ended, as in {@code stop}
   * @param durationMs length in milliseconds
   * @param samples per channel
   * @param sizeBytes of the file
   * @param sha256 of the file, lower-case hexadecimal, where it is known
   * @param failure what went wrong, in words, when the reason is {@code error}
   * @param participants who of a mixer's was there, in the order of their coming; empty for a call
   * @param participantsTruncated there were more than are told
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Finished(
      String reason,
      long durationMs,
      long samples,
      int sampleRateHz,
      int channels,
      long sizeBytes,
      Optional<String> sha256,
      Optional<String> failure,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) @JsonSetter(nulls = Nulls.AS_EMPTY)
          List<Participant> participants,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean participantsTruncated) {
    public Finished {
      requireForm("reason", TOKEN, reason);
      participants = List.copyOf(participants);
      if (durationMs < 0 || samples < 0 || sizeBytes < 0) {
        throw new IllegalArgumentException(
            "durationMs=" + durationMs + " samples=" + samples + " sizeBytes=" + sizeBytes);
      }
      sha256 = sha256.map(Notice::kept);
      failure = failure.map(Notice::kept);
    }

    /** Of a call. */
    public Finished(
        String reason,
        long durationMs,
        long samples,
        int sampleRateHz,
        int channels,
        long sizeBytes,
        Optional<String> sha256,
        Optional<String> failure) {
      this(
          reason,
          durationMs,
          samples,
          sampleRateHz,
          channels,
          sizeBytes,
          sha256,
          failure,
          List.of(),
          false);
    }
  }

  /**
   * One participant of a mixer, from coming to going; who comes back is another one. All times are
   * places in the recording, in milliseconds.
   *
   * @param participant what the mixer calls it; at most {@value #LONGEST_PARTICIPANT} characters
   *     are kept
   * @param channel of the file that has its voice, the first is 1; empty when there is one for all
   * @param shared whether another was on that channel at the same time
   * @param speaking when it spoke
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Participant(
      String participant,
      OptionalInt channel,
      @JsonInclude(JsonInclude.Include.NON_DEFAULT) boolean shared,
      long fromMs,
      long toMs,
      List<Span> speaking) {
    public Participant {
      participant = kept(participant, LONGEST_PARTICIPANT);
      Objects.requireNonNull(channel, "channel");
      speaking = List.copyOf(speaking);
    }
  }

  /** From when to when. */
  @JsonFormat(shape = JsonFormat.Shape.ARRAY)
  @JsonPropertyOrder({"fromMs", "toMs"})
  public record Span(long fromMs, long toMs) {}

  /**
   * Where a recording is, or was to be.
   *
   * @param store name of the store in the configuration
   * @param key within the store
   * @param uri under which it can be read; empty when the store has not got it
   */
  @JsonInclude(JsonInclude.Include.NON_ABSENT)
  public record Place(String store, String key, Optional<URI> uri) {
    public Place {
      store = kept(store);
      key = kept(key);
      Objects.requireNonNull(uri, "uri");
    }
  }

  /**
   * Unique among all notices, and always the same for this one: made of the recording's id, the
   * kind, and the store if there is one. ASCII letters, digits and {@code . _ - %}, at most 500.
   */
  @JsonProperty(access = JsonProperty.Access.READ_ONLY)
  public String id() {
    return recordingId + "." + kind.token() + place.map(p -> "." + idOf(p.store())).orElse("");
  }

  /** Names of stores are plain as a rule; any other is encoded so that it fits into a header. */
  private static String idOf(String store) {
    String encoded =
        UNSAFE_IN_ID
            .matcher(store)
            .replaceAll(
                character -> {
                  StringBuilder bytes = new StringBuilder();
                  for (byte b : character.group().getBytes(StandardCharsets.UTF_8)) {
                    bytes.append(String.format("%%%02X", b));
                  }
                  return bytes.toString();
                });
    return encoded.length() <= LONGEST_STORE
        ? encoded
        : encoded.substring(0, LONGEST_STORE) + "-" + Integer.toHexString(store.hashCode());
  }

  private static void requireForm(String name, Pattern form, String value) {
    if (!form.matcher(value).matches()) {
      throw new IllegalArgumentException(
          name + " '" + kept(value) + "' does not have the form " + form);
    }
  }

  private static Map<String, String> keptMeta(Map<String, String> meta) {
    Map<String, String> kept = new TreeMap<>();
    new TreeMap<>(meta)
        .entrySet().stream()
            .limit(MOST_META)
            .forEach(entry -> kept.put(kept(entry.getKey()), kept(entry.getValue())));
    return Collections.unmodifiableMap(kept);
  }

  private static String kept(String text) {
    return kept(text, LONGEST_TEXT);
  }

  /** A text as it is kept: not too long, and without halves of characters. */
  private static String kept(String text, int longest) {
    StringBuilder kept = new StringBuilder(Math.min(text.length(), longest));
    int at = 0;
    while (at < text.length()) {
      int point = text.codePointAt(at);
      at += Character.charCount(point);
      boolean half = point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
      if (kept.length() + Character.charCount(point) > longest) {
        break;
      }
      kept.appendCodePoint(half ? 0xFFFD : point);
    }
    return kept.toString();
  }
}

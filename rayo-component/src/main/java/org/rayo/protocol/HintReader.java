package org.rayo.protocol;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Pattern;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingRequest.Encoding;
import org.rayo.media.RecordingRequest.Handling;
import org.rayo.media.RecordingRequest.PauseMode;
import org.rayo.media.SampleCoding;
import org.rayo.protocol.CallCommand.Hint;

/** Reads the hints of a {@code <record/>}: a table from a hint's name to its rule. */
final class HintReader {

  static final String META = "meta.";
  static final int MOST_META = 32;
  static final int LONGEST_META_VALUE = 512;

  private static final String PARTICIPANT_CHANNELS = "participant-channels";

  private static final Set<String> KNOWN =
      Set.of(
          "quality",
          "bitrate",
          "double-pass",
          "encoding",
          "sample-rate",
          "pause-mode",
          "stop-keys",
          "trim",
          "min-duration",
          "name",
          "store",
          "beep-interval",
          "channels",
          PARTICIPANT_CHANNELS);

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,10}");
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final Pattern META_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,64}");
  private static final String KEYS = "0123456789*#ABCD";
  private static final Map<String, Boolean> BOOLEANS = Map.of("true", true, "false", false);
  private static final Map<String, Boolean> CHANNELS = Map.of("participants", true);
  private static final Map<String, PauseMode> PAUSE_MODES =
      Map.of("skip", PauseMode.SKIP, "silence", PauseMode.SILENCE);

  /** Beeps that come faster than this are no notice but noise. */
  private static final long SHORTEST_BEEP_INTERVAL = 1000;

  private static final long DAY = Duration.ofDays(1).toMillis();

  /** As long as a recording can be configured to get. */
  private static final long LONGEST = Duration.ofDays(24).toMillis();

  private static final int ZERO_WIDTH_NON_JOINER = 0x200C;
  private static final int ZERO_WIDTH_JOINER = 0x200D;

  private final Map<String, String> known = new LinkedHashMap<>();
  private final Map<String, String> meta = new LinkedHashMap<>();

  private HintReader(List<Hint> hints) throws CommandRefusedException {
    Set<String> metaSeen = new LinkedHashSet<>();
    for (Hint hint : hints) {
      if (hint.name().startsWith(META)) {
        // Some stores keep names of metadata without their case.
        if (!metaSeen.add(hint.name().toLowerCase(Locale.ROOT))) {
          throw twice(hint.name(), "; upper and lower case do not differ");
        }
        addMeta(hint);
      } else if (KNOWN.contains(hint.name())) {
        addKnown(hint);
      }
    }
  }

  private void addKnown(Hint hint) throws CommandRefusedException {
    String before = known.putIfAbsent(hint.name(), hint.value());
    if (before != null) {
      throw twice(
          hint.name(), ": " + XmlText.quote(before) + " and " + XmlText.quote(hint.value()));
    }
  }

  private static CommandRefusedException twice(String name, String more) {
    return ElementRules.badRequest("hint " + name + " is given twice" + more + "; once is allowed");
  }

  static RecordingHints read(List<Hint> hints) throws CommandRefusedException {
    HintReader reader = new HintReader(hints);
    boolean participants =
        reader.choice("channels", CHANNELS, "participants is allowed").orElse(false);
    reader.choice("double-pass", BOOLEANS, "true and false are allowed");
    return new RecordingHints(
        hints,
        new Encoding(
            toInt(reader.number("quality", 0, 9, "")),
            toInt(reader.number("bitrate", 6, 320, " kbit/s")),
            reader.coding(),
            toInt(reader.number("sample-rate", 8000, 48_000, " Hz"))),
        new Handling(
            reader
                .choice("pause-mode", PAUSE_MODES, "skip and silence are allowed")
                .orElse(PauseMode.SKIP),
            reader.stopKeys(),
            reader.choice("trim", BOOLEANS, "true and false are allowed").orElse(false),
            toDuration(reader.number("beep-interval", SHORTEST_BEEP_INTERVAL, DAY, " ms"))),
        toDuration(reader.number("min-duration", 1, LONGEST, " ms")),
        reader.name(),
        reader.stores(),
        reader.meta,
        participants,
        reader.participantChannels(participants));
  }

  private OptionalInt participantChannels(boolean participants) throws CommandRefusedException {
    OptionalInt channels =
        toInt(
            number(
                PARTICIPANT_CHANNELS,
                RecordingRequest.MIN_PARTICIPANT_CHANNELS,
                RecordingRequest.MAX_PARTICIPANT_CHANNELS,
                ""));
    if (channels.isPresent() && !participants) {
      throw bad(
          PARTICIPANT_CHANNELS,
          String.valueOf(channels.getAsInt()),
          "it is allowed with the hint channels='participants' only");
    }
    return channels;
  }

  private static OptionalInt toInt(OptionalLong number) {
    return number.isPresent() ? OptionalInt.of((int) number.getAsLong()) : OptionalInt.empty();
  }

  private static Optional<Duration> toDuration(OptionalLong millis) {
    return millis.isPresent()
        ? Optional.of(Duration.ofMillis(millis.getAsLong()))
        : Optional.empty();
  }

  private Optional<String> value(String name) {
    return Optional.ofNullable(known.get(name));
  }

  private OptionalLong number(String name, long least, long most, String unit)
      throws CommandRefusedException {
    Optional<String> value = value(name);
    if (value.isEmpty()) {
      return OptionalLong.empty();
    }
    String written = value.orElseThrow();
    long number = NUMBER.matcher(written).matches() ? Long.parseLong(written) : -1;
    if (number < least || number > most) {
      throw bad(name, written, least + " to " + most + unit + " are allowed");
    }
    return OptionalLong.of(number);
  }

  private <T> Optional<T> choice(String name, Map<String, T> choices, String allowed)
      throws CommandRefusedException {
    Optional<String> value = value(name);
    Optional<T> chosen = value.flatMap(written -> Optional.ofNullable(choices.get(written)));
    if (value.isPresent() && chosen.isEmpty()) {
      throw bad(name, value.orElseThrow(), allowed);
    }
    return chosen;
  }

  private Optional<SampleCoding> coding() throws CommandRefusedException {
    Optional<String> written = value("encoding");
    Optional<SampleCoding> coding = written.flatMap(SampleCoding::ofToken);
    if (written.isPresent() && coding.isEmpty()) {
      throw bad("encoding", written.orElseThrow(), "pcm, ulaw and alaw are allowed");
    }
    return coding;
  }

  private Set<Character> stopKeys() throws CommandRefusedException {
    Optional<String> written = value("stop-keys");
    Set<Character> keys = new LinkedHashSet<>();
    if (written.isEmpty()) {
      return keys;
    }
    String text = written.orElseThrow();
    boolean proper = !text.isEmpty();
    for (int i = 0; i < text.length() && proper; i++) {
      proper = KEYS.indexOf(text.charAt(i)) >= 0 && keys.add(text.charAt(i));
    }
    if (!proper) {
      throw bad(
          "stop-keys",
          text,
          "at least one of the keys 0 to 9, *, # and A to D, none twice, is allowed");
    }
    return keys;
  }

  private Optional<String> name() throws CommandRefusedException {
    Optional<String> written = value("name");
    if (written.isPresent() && !NAME.matcher(written.orElseThrow()).matches()) {
      throw bad(
          "name",
          written.orElseThrow(),
          "one of the configured names is allowed: at most 64 letters, digits, - and _");
    }
    return written;
  }

  private List<String> stores() throws CommandRefusedException {
    Optional<String> written = value("store");
    if (written.isEmpty()) {
      return List.of();
    }
    List<String> stores = List.of(written.orElseThrow().split(",", -1));
    boolean proper = stores.stream().allMatch(store -> NAME.matcher(store).matches());
    if (!proper || Set.copyOf(stores).size() < stores.size()) {
      throw bad(
          "store",
          written.orElseThrow(),
          "names of configured stores are allowed, with commas between them, none twice");
    }
    return stores;
  }

  private void addMeta(Hint hint) throws CommandRefusedException {
    String name = hint.name().substring(META.length());
    if (!META_NAME.matcher(name).matches()) {
      throw ElementRules.badRequest(
          "hint "
              + XmlText.quote(hint.name())
              + ": after meta. 1 to 64 letters a to z, digits, . - and _ are allowed");
    }
    int length = hint.value().codePointCount(0, hint.value().length());
    if (length > LONGEST_META_VALUE
        || !hint.value().codePoints().allMatch(HintReader::isPrintable)) {
      throw bad(
          hint.name(),
          hint.value(),
          "at most " + LONGEST_META_VALUE + " characters, all of them printable, are allowed");
    }
    meta.put(name, hint.value());
    if (meta.size() > MOST_META) {
      throw ElementRules.badRequest(
          "there are more than " + MOST_META + " hints meta.*; " + MOST_META + " are allowed");
    }
  }

  /** Neither a control character nor one that moves or hides what is beside it. */
  private static boolean isPrintable(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.SURROGATE,
          Character.UNASSIGNED,
          Character.PRIVATE_USE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.FORMAT -> c == ZERO_WIDTH_JOINER || c == ZERO_WIDTH_NON_JOINER;
      default -> true;
    };
  }

  private static CommandRefusedException bad(String name, String value, String allowed) {
    return ElementRules.badRequest("hint " + name + " is " + XmlText.quote(value) + "; " + allowed);
  }
}

package org.rayo.protocol;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;
import org.rayo.media.RecordingRequest.Encoding;
import org.rayo.media.SampleCoding;
import org.rayo.protocol.CallCommand.Hint;

/**
 * The hints that a recording knows: {@code quality} (0 to 9), {@code bitrate} (6 to 320 kbit/s),
 * {@code encoding} (of wav: pcm, ulaw, alaw) and {@code double-pass} (true or false; accepted,
 * without effect on a constant bit rate). Others are ignored, as the XEP demands; that is its one
 * exemption from ignoring nothing.
 */
final class RecordingHints {

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,9}");
  private static final Set<String> BOOLEANS = Set.of("true", "false");
  private static final Set<String> KNOWN = Set.of("quality", "bitrate", "encoding", "double-pass");

  private RecordingHints() {}

  /**
   * What the hints ask of the encoder.
   *
   * @throws CommandRefusedException with {@code bad-request} when a known hint has a bad value or
   *     is given twice
   */
  static Encoding encoding(List<Hint> hints) throws CommandRefusedException {
    refuseRepeated(hints);
    Optional<String> doublePass = value(hints, "double-pass");
    if (doublePass.isPresent() && !BOOLEANS.contains(doublePass.orElseThrow())) {
      throw bad("double-pass", doublePass.orElseThrow(), "true and false are allowed");
    }
    return new Encoding(
        number(hints, "quality", 0, 9), number(hints, "bitrate", 6, 320), coding(hints));
  }

  private static Optional<SampleCoding> coding(List<Hint> hints) throws CommandRefusedException {
    Optional<String> written = value(hints, "encoding");
    Optional<SampleCoding> coding = written.flatMap(SampleCoding::ofToken);
    if (written.isPresent() && coding.isEmpty()) {
      throw bad("encoding", written.orElseThrow(), "pcm, ulaw and alaw are allowed");
    }
    return coding;
  }

  private static void refuseRepeated(List<Hint> hints) throws CommandRefusedException {
    Set<String> seen = new HashSet<>();
    for (Hint hint : hints) {
      if (KNOWN.contains(hint.name()) && !seen.add(hint.name())) {
        throw ElementRules.badRequest("hint " + hint.name() + " is given twice; once is allowed");
      }
    }
  }

  private static OptionalInt number(List<Hint> hints, String name, int least, int most)
      throws CommandRefusedException {
    Optional<String> value = value(hints, name);
    if (value.isEmpty()) {
      return OptionalInt.empty();
    }
    String written = value.orElseThrow();
    int number = NUMBER.matcher(written).matches() ? Integer.parseInt(written) : -1;
    if (number < least || number > most) {
      throw bad(name, written, least + " to " + most + " are allowed");
    }
    return OptionalInt.of(number);
  }

  private static Optional<String> value(List<Hint> hints, String name) {
    return hints.stream().filter(h -> h.name().equals(name)).map(Hint::value).findFirst();
  }

  private static CommandRefusedException bad(String name, String value, String allowed) {
    return ElementRules.badRequest("hint " + name + " is " + XmlText.quote(value) + "; " + allowed);
  }
}

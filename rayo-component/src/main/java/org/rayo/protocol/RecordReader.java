package org.rayo.protocol;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dom4j.Element;
import org.dom4j.QName;
import org.rayo.media.AudioFormat;
import org.rayo.media.RecordingRequest.Direction;
import org.rayo.protocol.CallCommand.Hint;

/**
 * Reads the commands of {@code urn:xmpp:rayo:record:1}.
 *
 * @see <a
 *     href="https://xmpp.org/extensions/xep-0327.html#session-component-execution-record">XEP-0327,
 *     record component</a>
 */
final class RecordReader {

  static final Map<QName, CommandElementReader> READERS =
      Map.of(
          name("record"), RecordReader::record,
          name("pause"), (e, dialect) -> empty(e, new ComponentCommand.PauseRecord()),
          name("resume"), (e, dialect) -> empty(e, new ComponentCommand.ResumeRecord()));

  static final Map<String, Direction> DIRECTIONS =
      Map.of("duplex", Direction.DUPLEX, "send", Direction.SEND, "recv", Direction.RECV);

  private static final QName HINT = name("hint");

  private static final Set<String> ATTRIBUTES =
      Set.of(
          "format",
          "start-beep",
          "stop-beep",
          "start-paused",
          "max-duration",
          "initial-timeout",
          "final-timeout",
          "direction",
          "mix");

  /** What rayo-server of 2013 had in place of {@code direction}. */
  private static final String DUPLEX = "duplex";

  private static final String FORMATS = "mp3, wav and opus are allowed";

  private RecordReader() {}

  private static QName name(String element) {
    return QName.get(element, Namespaces.RECORD);
  }

  private static RayoCommand empty(Element command, RayoCommand read)
      throws CommandRefusedException {
    ElementRules.allowAttributes(command, Set.of());
    ElementRules.requireEmpty(command);
    return read;
  }

  private static RayoCommand record(Element command, Dialect dialect)
      throws CommandRefusedException {
    ElementRules.allowAttributes(command, attributes(dialect));
    ElementRules.allowChildren(command, Set.of(HINT));
    CallCommand.RecordCommand read =
        new CallCommand.RecordCommand(
            format(command),
            AttributeValues.bool(command, "start-beep"),
            AttributeValues.bool(command, "stop-beep"),
            AttributeValues.bool(command, "start-paused"),
            AttributeValues.millis(command, "max-duration"),
            AttributeValues.timeoutMillis(command, "initial-timeout"),
            AttributeValues.timeoutMillis(command, "final-timeout"),
            direction(command, dialect),
            AttributeValues.bool(command, "mix"),
            RecordingHints.of(hints(command)));
    requireRoomForMinDuration(read);
    if (read.hints().participants()) {
      requireSeparable(read);
    }
    return read;
  }

  /** A channel for each participant is something that not every format has, and no mix is. */
  private static void requireSeparable(CallCommand.RecordCommand command)
      throws CommandRefusedException {
    AudioFormat format = command.format().orElse(AudioFormat.WAV);
    if (format != AudioFormat.WAV) {
      throw ElementRules.badRequest(
          "hint channels is 'participants', and format is '"
              + format.token()
              + "', which has no channel for each participant; wav is allowed");
    }
    if (command.mix().orElse(false)) {
      throw ElementRules.badRequest(
          "hint channels is 'participants', and mix is 'true'; one of them is allowed");
    }
  }

  /** Whatever is recorded would be discarded. */
  private static void requireRoomForMinDuration(CallCommand.RecordCommand command)
      throws CommandRefusedException {
    long least = command.hints().minDuration().map(Duration::toMillis).orElse(0L);
    long most = command.maxDurationMillis().orElse(Long.MAX_VALUE);
    if (least > most) {
      throw ElementRules.badRequest(
          "hint min-duration is '"
              + least
              + "', which is more than max-duration; 1 to "
              + most
              + " ms are allowed");
    }
  }

  private static Set<String> attributes(Dialect dialect) {
    if (dialect != Dialect.WIKI) {
      return ATTRIBUTES;
    }
    Set<String> withDuplex = new HashSet<>(ATTRIBUTES);
    withDuplex.add(DUPLEX);
    return withDuplex;
  }

  private static Optional<AudioFormat> format(Element command) throws CommandRefusedException {
    Optional<String> token = AttributeValues.token(command, "format", FORMATS);
    if (token.isEmpty()) {
      return Optional.empty();
    }
    Optional<AudioFormat> format = AudioFormat.ofToken(token.orElseThrow());
    if (format.isEmpty()) {
      throw new CommandRefusedException(
          StanzaError.optionNotImplemented(
              "format is "
                  + XmlText.quote(token.orElseThrow())
                  + ", which is not implemented; "
                  + FORMATS));
    }
    return format;
  }

  /**
   * {@code direction}, or in its place rayo-server's {@code duplex}: true is both directions, false
   * what the caller says.
   */
  private static Optional<Direction> direction(Element command, Dialect dialect)
      throws CommandRefusedException {
    Optional<String> written =
        AttributeValues.token(command, "direction", "duplex, send and recv are allowed");
    Optional<Boolean> duplex =
        dialect == Dialect.WIKI ? AttributeValues.bool(command, DUPLEX) : Optional.empty();
    if (written.isPresent() && duplex.isPresent()) {
      throw ElementRules.badRequest("record has direction and duplex; one of them is allowed");
    }
    if (written.isPresent()) {
      Optional<Direction> direction = Optional.ofNullable(DIRECTIONS.get(written.orElseThrow()));
      if (direction.isEmpty()) {
        throw AttributeValues.bad(command, "direction", "duplex, send and recv are allowed");
      }
      return direction;
    }
    return duplex.map(both -> both ? Direction.DUPLEX : Direction.SEND);
  }

  private static List<Hint> hints(Element command) throws CommandRefusedException {
    List<Hint> hints = new ArrayList<>();
    for (Element element : command.elements(HINT)) {
      ElementRules.allowNameAndValue(element);
      String name = ElementRules.required(element, "name");
      if (name.isBlank()) {
        throw AttributeValues.bad(element, "name", "a hint's name is not empty");
      }
      hints.add(new Hint(name, ElementRules.required(element, "value")));
    }
    return hints;
  }
}

package org.rayo.protocol;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.dom4j.DocumentHelper;
import org.dom4j.Element;
import org.dom4j.QName;
import org.rayo.media.AudioFormat;
import org.rayo.media.Header;
import org.rayo.media.RecordingRequest.Direction;

/** Writes commands as the readers read them; what was left out stays out. */
final class CommandWriter
    implements CallCommand.Handler<Element>, ComponentCommand.Handler<Element> {

  static final CommandWriter INSTANCE = new CommandWriter();

  private CommandWriter() {}

  @Override
  public Element accept(CallCommand.Accept accept) {
    return rayo("accept", accept.headers());
  }

  @Override
  public Element answer(CallCommand.Answer answer) {
    return rayo("answer", answer.headers());
  }

  @Override
  public Element hangup(CallCommand.Hangup hangup) {
    return rayo("hangup", hangup.headers());
  }

  @Override
  public Element redirect(CallCommand.Redirect redirect) {
    return rayo("redirect", redirect.headers()).addAttribute("to", redirect.to().toString());
  }

  @Override
  public Element reject(CallCommand.Reject reject) {
    QName reason = CallReader.REJECT_REASONS.get(reject.reason());
    if (reason == null) {
      throw new IllegalArgumentException(
          "reject has no element for " + reject.reason() + "; decline, busy and error have one");
    }
    Element element = rayo("reject", List.of());
    element.addElement(reason);
    addHeaders(element, reject.headers());
    return element;
  }

  @Override
  public Element record(CallCommand.RecordCommand record) {
    Element element = element("record", Namespaces.RECORD);
    add(element, "format", record.format().map(AudioFormat::token));
    add(element, "start-beep", record.startBeep());
    add(element, "stop-beep", record.stopBeep());
    add(element, "start-paused", record.startPaused());
    add(element, "max-duration", record.maxDurationMillis());
    add(element, "initial-timeout", record.initialTimeoutMillis());
    add(element, "final-timeout", record.finalTimeoutMillis());
    add(element, "direction", record.direction().map(CommandWriter::token));
    add(element, "mix", record.mix());
    for (CallCommand.Hint hint : record.hints().written()) {
      element
          .addElement(QName.get("hint", Namespaces.RECORD))
          .addAttribute("name", hint.name())
          .addAttribute("value", hint.value());
    }
    return element;
  }

  @Override
  public Element stop(ComponentCommand.Stop stop) {
    return element("stop", Namespaces.EXT);
  }

  @Override
  public Element pauseRecord(ComponentCommand.PauseRecord pause) {
    return element("pause", Namespaces.RECORD);
  }

  @Override
  public Element resumeRecord(ComponentCommand.ResumeRecord resume) {
    return element("resume", Namespaces.RECORD);
  }

  private static String token(Direction direction) {
    return RecordReader.DIRECTIONS.entrySet().stream()
        .filter(entry -> entry.getValue() == direction)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  private static Element rayo(String name, List<Header> headers) {
    Element element = element(name, Namespaces.RAYO);
    addHeaders(element, headers);
    return element;
  }

  private static Element element(String name, String namespace) {
    return DocumentHelper.createElement(QName.get(name, namespace));
  }

  private static void add(Element element, String name, OptionalLong value) {
    value.ifPresent(v -> element.addAttribute(name, Long.toString(v)));
  }

  private static void add(Element element, String name, Optional<?> value) {
    value.ifPresent(v -> element.addAttribute(name, v.toString()));
  }

  /** The {@code <header/>} children, in their order. */
  static void addHeaders(Element element, List<Header> headers) {
    for (Header header : headers) {
      element
          .addElement(ElementRules.HEADER)
          .addAttribute("name", header.name())
          .addAttribute("value", XmlText.legal(header.value()));
    }
  }
}

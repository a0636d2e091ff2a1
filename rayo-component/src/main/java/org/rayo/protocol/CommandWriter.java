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
    add(
        element,
        "direction",
        record.direction().map(direction -> token(RecordReader.DIRECTIONS, direction)));
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
  public Element output(CallCommand.OutputCommand output) {
    Element element = element("output", Namespaces.OUTPUT);
    addUnless(element, "start-offset", output.startOffsetMillis(), 0L);
    addUnless(element, "start-paused", output.startPaused(), false);
    addUnless(element, "repeat-interval", output.repeatIntervalMillis(), 0L);
    addUnless(element, "repeat-times", output.repeatTimes(), 1);
    add(element, "max-time", output.maxTimeMillis());
    add(element, "voice", output.voice());
    for (Document document : output.documents()) {
      addText(
          element.addElement(OutputReader.DOCUMENT),
          document.url(),
          document.contentType(),
          document.text());
    }
    return element;
  }

  @Override
  public Element input(CallCommand.InputCommand input) {
    Element element = element("input", Namespaces.INPUT).addAttribute("mode", "dtmf");
    add(element, "terminator", input.terminator());
    add(element, "initial-timeout", input.initialTimeoutMillis());
    add(element, "inter-digit-timeout", input.interDigitTimeoutMillis());
    add(element, "recognition-timeout", input.recognitionTimeoutMillis());
    for (InputGrammar grammar : input.grammars()) {
      addText(
          element.addElement(InputReader.GRAMMAR),
          grammar.url(),
          grammar.contentType(),
          grammar.text());
    }
    return element;
  }

  @Override
  public Element prompt(CallCommand.PromptCommand prompt) {
    Element element = element("prompt", Namespaces.PROMPT);
    addUnless(element, "barge-in", prompt.bargeIn(), true);
    element.add(output(prompt.output()));
    element.add(input(prompt.input()));
    return element;
  }

  @Override
  public Element join(CallCommand.Join join) {
    Element element = addTarget(rayo("join", List.of()), join.target());
    addUnless(element, "direction", token(JoinReader.DIRECTIONS, join.direction()), "duplex");
    addUnless(element, "media", token(JoinReader.MEDIA, join.media()), "bridge");
    return element;
  }

  @Override
  public Element unjoin(CallCommand.Unjoin unjoin) {
    Element element = rayo("unjoin", List.of());
    unjoin.target().ifPresent(target -> addTarget(element, target));
    return element;
  }

  /** The {@code call-uri} or the {@code mixer-name}. */
  static Element addTarget(Element element, JoinTarget target) {
    if (target instanceof JoinTarget.OfCall call) {
      return element.addAttribute(JoinReader.CALL, XmppUri.of(call.address()));
    }
    return element.addAttribute(
        JoinReader.MIXER, XmlText.legal(((JoinTarget.OfMixer) target).name()));
  }

  @Override
  public Element cpa(CallCommand.CpaCommand cpa) {
    Element element = element("input", Namespaces.INPUT).addAttribute("mode", "cpa");
    add(element, "initial-timeout", cpa.initialTimeoutMillis());
    for (CpaGrammar grammar : cpa.grammars()) {
      element.addElement(InputReader.GRAMMAR).addAttribute("url", grammar.url());
    }
    return element;
  }

  /** The only command to the server. */
  Element dial(ServerCommand.Dial dial) {
    Element element = rayo("dial", dial.headers()).addAttribute("to", dial.to().toString());
    add(element, "from", dial.from());
    add(element, "uri", dial.uri().map(XmppUri::of));
    add(element, "timeout", dial.timeoutMillis());
    dial.joins().forEach(join -> element.add(join(join)));
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

  @Override
  public Element output(ComponentCommand.OutputControl control) {
    if (control instanceof ComponentCommand.Seek seek) {
      // Long.MIN_VALUE cannot be read, so it is never here.
      return DocumentHelper.createElement(OutputReader.SEEK)
          .addAttribute("direction", seek.millis() < 0 ? "back" : "forward")
          .addAttribute("amount", Long.toString(Math.abs(seek.millis())));
    }
    return element(((ComponentCommand.OutputStep) control).element(), Namespaces.OUTPUT);
  }

  private static <T> String token(Map<String, T> tokens, T value) {
    return tokens.entrySet().stream()
        .filter(entry -> entry.getValue().equals(value))
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

  private static <T> void addUnless(Element element, String name, T value, T byDefault) {
    if (!value.equals(byDefault)) {
      element.addAttribute(name, value.toString());
    }
  }

  private static void addText(
      Element element, Optional<?> url, Optional<String> contentType, Optional<String> text) {
    add(element, "url", url);
    add(element, "content-type", contentType);
    text.ifPresent(written -> element.setText(XmlText.legal(written)));
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

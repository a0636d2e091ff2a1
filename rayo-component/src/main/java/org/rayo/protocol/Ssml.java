package org.rayo.protocol;

import com.fasterxml.aalto.UncheckedStreamException;
import com.fasterxml.aalto.stax.InputFactoryImpl;
import java.io.StringReader;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.xml.XMLConstants;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.rayo.media.OutputRequest.AudioFile;
import org.rayo.media.OutputRequest.Pause;
import org.rayo.media.OutputRequest.Segment;
import org.rayo.media.OutputRequest.Speech;

/**
 * Reads SSML into what is played. How something is spoken ({@code say-as}, {@code prosody}, {@code
 * emphasis}) is left to the voice; {@code mark} and {@code desc} mean nothing for the ear. A
 * document type is passed over: nothing is fetched, and what it declares does not count. Entities
 * other than XML's own five are refused.
 *
 * @see <a href="https://www.w3.org/TR/speech-synthesis/">SSML 1.0</a>
 */
final class Ssml {

  private static final String NAMESPACE = "http://www.w3.org/2001/10/synthesis";
  private static final int DEEPEST = 64;

  /** As speech engines do, since SSML gives no lengths. */
  private static final Map<String, Duration> STRENGTHS =
      Map.of(
          "none", Duration.ZERO,
          "x-weak", Duration.ofMillis(100),
          "weak", Duration.ofMillis(200),
          "medium", Duration.ofMillis(400),
          "strong", Duration.ofMillis(700),
          "x-strong", Duration.ofMillis(1000));

  private static final Pattern TIME =
      Pattern.compile("\\+?([0-9]{1,9}(?:\\.[0-9]{1,6})?|\\.[0-9]{1,6})(m?s)");

  /** What an {@code audio} may say beside its source: none of it changes what is heard. */
  private static final Set<String> AUDIO_ATTRIBUTES =
      Set.of("src", "fetchtimeout", "fetchhint", "maxage", "maxstale");

  private static final InputFactoryImpl FACTORY = newFactory();

  private final XMLStreamReader xml;
  private int depth;
  private int segments;

  private Ssml(XMLStreamReader xml) {
    this.xml = xml;
  }

  private static InputFactoryImpl newFactory() {
    InputFactoryImpl factory = new InputFactoryImpl();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_COALESCING, false);
    return factory;
  }

  /**
   * What the document comes to; empty when it is silent.
   *
   * @throws CommandRefusedException with {@code bad-request} when it is not SSML, with {@code
   *     feature-not-implemented} when it is more than we do
   */
  static List<Segment> read(String text) throws CommandRefusedException {
    try {
      XMLStreamReader xml = FACTORY.createXMLStreamReader(new StringReader(text.strip()));
      try {
        return new Ssml(xml).document();
      } finally {
        xml.close();
      }
    } catch (XMLStreamException | UncheckedStreamException e) { // text is read when asked for
      throw ElementRules.badRequest(
          "the SSML is not well-formed XML: " + String.valueOf(e.getMessage()).split("\n", 2)[0]);
    }
  }

  private List<Segment> document() throws XMLStreamException, CommandRefusedException {
    while (next() != XMLStreamConstants.START_ELEMENT) {
      // Comments, white space and the name of a document type may come before the root.
    }
    if (!isSsml() || !xml.getLocalName().equals("speak")) {
      throw ElementRules.badRequest("the root of SSML is <speak xmlns='" + NAMESPACE + "'>");
    }
    Spoken spoken = new Spoken();
    content(spoken, new Manner(Optional.empty(), Optional.empty()).within(this));
    while (next() != XMLStreamConstants.END_DOCUMENT) {
      // Nothing but comments is well-formed here.
    }
    return spoken.played;
  }

  /** In which language and voice text is spoken. */
  private record Manner(Optional<String> language, Optional<String> voice) {
    /** The same, but for what the element at hand says. */
    Manner within(Ssml ssml) {
      Optional<String> own =
          Optional.ofNullable(ssml.xml.getAttributeValue(XMLConstants.XML_NS_URI, "lang"))
              .map(String::strip)
              .filter(language -> !language.isEmpty());
      return new Manner(own.or(() -> language), voice);
    }
  }

  /** Segments in the making: text is gathered up to what ends an utterance. */
  private final class Spoken {
    final List<Segment> played = new ArrayList<>();
    private final StringBuilder text = new StringBuilder();
    private Manner manner = new Manner(Optional.empty(), Optional.empty());

    void say(String more, Manner in) throws CommandRefusedException {
      if (!in.equals(manner)) {
        flush();
        manner = in;
      }
      text.append(more);
    }

    void play(Segment segment) throws CommandRefusedException {
      flush();
      add(segment);
    }

    void flush() throws CommandRefusedException {
      String said = text.toString().strip().replaceAll("\\s+", " ");
      text.setLength(0);
      if (!said.isEmpty()) {
        add(new Speech(said, manner.language(), manner.voice()));
      }
    }

    private void add(Segment segment) throws CommandRefusedException {
      if (++segments > DocumentReader.MOST_SEGMENTS) {
        throw DocumentReader.tooMany();
      }
      played.add(segment);
    }
  }

  /** What is in the element at hand, up to its end. */
  private void content(Spoken to, Manner manner)
      throws XMLStreamException, CommandRefusedException {
    for (int event = next(); event != XMLStreamConstants.END_ELEMENT; event = next()) {
      if (event == XMLStreamConstants.START_ELEMENT) {
        element(to, manner.within(this));
      } else if (event == XMLStreamConstants.CHARACTERS
          || event == XMLStreamConstants.CDATA
          || event == XMLStreamConstants.SPACE) {
        to.say(xml.getText(), manner);
      }
    }
    if (depth == 0) {
      to.flush();
    }
  }

  private void element(Spoken to, Manner manner)
      throws XMLStreamException, CommandRefusedException {
    String name = isSsml() ? xml.getLocalName() : "";
    switch (name) {
      case "p", "s" -> {
        to.flush();
        content(to, manner);
        to.flush();
      }
      case "emphasis", "prosody", "say-as" -> content(to, manner);
      case "voice" -> content(to, voice(manner));
      case "sub" -> {
        to.say(required("alias"), manner);
        skip();
      }
      case "break" -> {
        Duration length = pause();
        if (!length.isZero()) {
          to.play(new Pause(length));
        }
        skip();
      }
      case "audio" -> audio(to, manner);
      case "mark", "desc" -> skip();
      default -> throw notImplemented("<" + xml.getLocalName() + ">");
    }
  }

  private Manner voice(Manner manner) throws CommandRefusedException {
    allowAttributes(Set.of("name"));
    return new Manner(manner.language(), Optional.of(required("name").strip()));
  }

  private void audio(Spoken to, Manner manner) throws XMLStreamException, CommandRefusedException {
    allowAttributes(AUDIO_ATTRIBUTES);
    String source = required("src").strip();
    Spoken alternative = new Spoken();
    content(alternative, manner);
    alternative.flush();
    to.play(new AudioFile(DocumentReader.sound("src of audio", source), alternative.played));
  }

  private Duration pause() throws CommandRefusedException {
    Optional<String> time = attribute("time");
    String strength = attribute("strength").orElse("medium").strip();
    Optional<Duration> byStrength = Optional.ofNullable(STRENGTHS.get(strength));
    if (byStrength.isEmpty()) {
      throw ElementRules.badRequest(
          "strength of break is "
              + XmlText.quote(strength)
              + "; none, x-weak, weak, medium, strong and x-strong are allowed");
    }
    if (time.isEmpty()) {
      return byStrength.orElseThrow();
    }
    Matcher written = TIME.matcher(time.orElseThrow().strip());
    if (!written.matches()) {
      throw ElementRules.badRequest(
          "time of break is " + XmlText.quote(time.orElseThrow()) + "; such as 250ms or 1.5s");
    }
    int toNanos = written.group(2).equals("s") ? 9 : 6;
    return Duration.ofNanos(
        new BigDecimal(written.group(1)).scaleByPowerOfTen(toNanos).longValue());
  }

  private void skip() throws XMLStreamException, CommandRefusedException {
    int outside = depth - 1;
    while (depth > outside) {
      next();
    }
  }

  private int next() throws XMLStreamException, CommandRefusedException {
    if (!xml.hasNext()) {
      throw ElementRules.badRequest("the SSML ends too early");
    }
    int event = xml.next();
    if (event == XMLStreamConstants.START_ELEMENT && ++depth > DEEPEST) {
      throw notImplemented("nesting more than " + DEEPEST + " deep");
    } else if (event == XMLStreamConstants.END_ELEMENT) {
      depth--;
    } else if (event == XMLStreamConstants.ENTITY_REFERENCE) {
      throw ElementRules.badRequest("the SSML has an entity; only XML's own five are allowed");
    }
    return event;
  }

  private boolean isSsml() {
    String namespace = xml.getNamespaceURI();
    return namespace == null || namespace.isEmpty() || namespace.equals(NAMESPACE);
  }

  /** Refuses what would change the sound; attributes with a namespace are not ours. */
  private void allowAttributes(Set<String> allowed) throws CommandRefusedException {
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      String namespace = xml.getAttributeNamespace(i);
      if ((namespace == null || namespace.isEmpty())
          && !allowed.contains(xml.getAttributeLocalName(i))) {
        throw notImplemented(xml.getAttributeLocalName(i) + " of <" + xml.getLocalName() + ">");
      }
    }
  }

  private Optional<String> attribute(String name) {
    for (int i = 0; i < xml.getAttributeCount(); i++) {
      String namespace = xml.getAttributeNamespace(i);
      if ((namespace == null || namespace.isEmpty()) && xml.getAttributeLocalName(i).equals(name)) {
        return Optional.of(xml.getAttributeValue(i));
      }
    }
    return Optional.empty();
  }

  private String required(String name) throws CommandRefusedException {
    Optional<String> value = attribute(name).filter(written -> !written.isBlank());
    if (value.isEmpty()) {
      throw ElementRules.badRequest(xml.getLocalName() + " of SSML has no " + name);
    }
    return value.orElseThrow();
  }

  private static CommandRefusedException notImplemented(String what) {
    return new CommandRefusedException(
        StanzaError.optionNotImplemented(XmlText.quote(what) + " of SSML is not implemented"));
  }
}

package org.rayo.protocol;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.dom4j.Element;
import org.dom4j.QName;
import org.rayo.media.Header;
import org.rayo.media.MediaEvent.EndReason;
import org.xmpp.packet.JID;
import org.xmpp.packet.Presence;

/**
 * Events from their presence: the client's side of {@link RayoWriter}. What it does not know beside
 * the event is passed over, as a client must.
 */
public final class RayoEventReader {

  private static final QName OFFER = QName.get("offer", Namespaces.RAYO);
  private static final QName RINGING = QName.get("ringing", Namespaces.RAYO);
  private static final QName ANSWERED = QName.get("answered", Namespaces.RAYO);
  private static final QName END = QName.get("end", Namespaces.RAYO);
  private static final QName COMPLETE = QName.get("complete", Namespaces.EXT);
  private static final QName RECORDING = QName.get("recording", Namespaces.RECORD_COMPLETE);

  private static final Map<QName, Function<Element, RayoEvent>> READERS =
      Map.ofEntries(
          Map.entry(OFFER, RayoEventReader::offer),
          Map.entry(RINGING, e -> new RayoEvent.Ringing(headers(e))),
          Map.entry(ANSWERED, e -> new RayoEvent.Answered(headers(e))),
          Map.entry(END, RayoEventReader::end),
          Map.entry(COMPLETE, RayoEventReader::complete),
          Map.entry(RayoWriter.INPUT_TIMERS_STARTED, e -> new RayoEvent.InputTimersStarted()),
          Map.entry(QName.get("joined", Namespaces.RAYO), e -> new RayoEvent.Joined(other(e))),
          Map.entry(QName.get("unjoined", Namespaces.RAYO), e -> new RayoEvent.Unjoined(other(e))),
          Map.entry(
              QName.get("started-speaking", Namespaces.RAYO),
              e -> new RayoEvent.SpeakingChanged(call(e), true)),
          Map.entry(
              QName.get("stopped-speaking", Namespaces.RAYO),
              e -> new RayoEvent.SpeakingChanged(call(e), false)),
          Map.entry(RayoWriter.SIGNAL, e -> new RayoEvent.SignalDetected(signal(e))));

  private static final Map<QName, EndReason> END_REASONS = endReasons();

  private static final Map<QName, CompleteReason.Name> COMPLETE_REASONS =
      Arrays.stream(CompleteReason.Name.values())
          .collect(
              Collectors.toUnmodifiableMap(
                  name -> QName.get(name.element(), name.namespace()), Function.identity()));

  private RayoEventReader() {}

  private static Map<QName, EndReason> endReasons() {
    Map<QName, EndReason> reasons = new HashMap<>();
    RayoWriter.END_REASONS.forEach(
        (reason, element) -> reasons.put(QName.get(element, Namespaces.RAYO), reason));
    // An example of the XEP, and rayo-server, write it so.
    reasons.put(QName.get("hangup", Namespaces.RAYO), EndReason.HUNGUP);
    return Map.copyOf(reasons);
  }

  /**
   * The event in this presence; empty when there is none.
   *
   * @throws IllegalArgumentException when there is one that is not as the XEP says
   */
  public static Optional<RayoEvent> read(Presence presence) {
    for (Element child : presence.getElement().elements()) {
      Function<Element, RayoEvent> reader = READERS.get(child.getQName());
      if (reader != null) {
        return Optional.of(reader.apply(child));
      }
    }
    return Optional.empty();
  }

  /**
   * When the event happened, by its delay stamp.
   *
   * @throws IllegalArgumentException when there is a stamp that is no date and time
   */
  public static Optional<Instant> stamp(Presence presence) {
    return Optional.ofNullable(presence.getElement().element(RayoWriter.DELAY))
        .map(
            delay -> {
              String stamp = required(delay, "stamp");
              try {
                return OffsetDateTime.parse(stamp).toInstant();
              } catch (DateTimeException noDate) {
                throw new IllegalArgumentException("stamp is " + XmlText.quote(stamp), noDate);
              }
            });
  }

  private static RayoEvent offer(Element element) {
    return new RayoEvent.Offer(
        URI.create(required(element, "to")),
        URI.create(required(element, "from")),
        headers(element));
  }

  private static RayoEvent end(Element element) {
    Element reason =
        element.elements().stream()
            .filter(e -> END_REASONS.containsKey(e.getQName()))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("end has no reason that is known"));
    return new RayoEvent.End(
        Objects.requireNonNull(END_REASONS.get(reason.getQName())),
        ElementRules.attribute(reason, "platform-code"),
        headers(element));
  }

  private static JoinTarget other(Element element) {
    Optional<String> mixer = ElementRules.attribute(element, JoinReader.MIXER);
    if (mixer.isEmpty()) {
      return new JoinTarget.OfCall(call(element));
    }
    try {
      return JoinReader.mixer(element, mixer.get());
    } catch (CommandRefusedException noName) {
      throw new IllegalArgumentException(noName.getMessage(), noName);
    }
  }

  private static JID call(Element element) {
    String written = required(element, JoinReader.CALL);
    return XmppUri.entity(written)
        .orElseThrow(() -> new IllegalArgumentException("call-uri is " + XmlText.quote(written)));
  }

  private static RayoEvent complete(Element element) {
    List<Element> children = element.elements();
    if (children.isEmpty() || !COMPLETE_REASONS.containsKey(children.get(0).getQName())) {
      throw new IllegalArgumentException("complete does not begin with a reason that is known");
    }
    Element reason = children.get(0);
    CompleteReason.Name name = Objects.requireNonNull(COMPLETE_REASONS.get(reason.getQName()));
    boolean hasText = name == CompleteReason.Name.ERROR || name == CompleteReason.Name.MATCH;
    // The wiki page breaks the line around the text; nobody means the white space.
    String text = reason.getText().strip();
    Optional<String> said = hasText && !text.isEmpty() ? Optional.of(text) : Optional.empty();
    return new RayoEvent.Complete(
        name == CompleteReason.Name.SIGNAL
            ? CompleteReason.signal(signal(reason))
            : new CompleteReason(name, said),
        Optional.ofNullable(element.element(RECORDING)).map(RayoEventReader::recording));
  }

  private static CpaSignal signal(Element element) {
    String type = required(element, "type");
    // The schema has an empty text for what is left out.
    Optional<String> duration =
        ElementRules.attribute(element, "duration").filter(written -> !written.isEmpty());
    return new CpaSignal(
        SignalType.ofUrn(type)
            .orElseThrow(
                () -> new IllegalArgumentException("signal is of type " + XmlText.quote(type))),
        duration.isPresent()
            ? OptionalLong.of(Long.parseLong(duration.orElseThrow()))
            : OptionalLong.empty(),
        ElementRules.attribute(element, "value").filter(written -> !written.isEmpty()));
  }

  private static RayoEvent.Recording recording(Element element) {
    return new RayoEvent.Recording(
        URI.create(required(element, "uri")),
        Long.parseLong(required(element, "duration")),
        Long.parseLong(required(element, "size")));
  }

  private static List<Header> headers(Element element) {
    List<Header> headers = new ArrayList<>();
    for (Element header : element.elements(ElementRules.HEADER)) {
      headers.add(new Header(required(header, "name"), required(header, "value")));
    }
    return headers;
  }

  private static String required(Element element, String name) {
    return ElementRules.attribute(element, name)
        .orElseThrow(
            () -> new IllegalArgumentException(element.getName() + " has no attribute " + name));
  }
}

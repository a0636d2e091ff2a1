package org.rayo.protocol;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.dom4j.DocumentHelper;
import org.dom4j.Element;
import org.dom4j.QName;
import org.rayo.grammar.Nlsml;
import org.rayo.media.Header;
import org.rayo.media.MediaEvent.EndReason;
import org.xmpp.packet.JID;
import org.xmpp.packet.Presence;

/**
 * Events as stanzas, and commands as elements. {@link RayoEventReader} and {@link RayoReader} read
 * them back. Text that XML cannot carry is written with U+FFFD in the place of what is illegal.
 */
public final class RayoWriter {

  static final QName DELAY = QName.get("delay", "urn:xmpp:delay");

  static final QName INPUT_TIMERS_STARTED = QName.get("input-timers-started", Namespaces.PROMPT);

  static final QName SIGNAL = QName.get("signal", Namespaces.CPA);

  static final Map<EndReason, String> END_REASONS =
      Map.of(
          EndReason.HUNGUP, "hungup",
          EndReason.HANGUP_COMMAND, "hangup-command",
          EndReason.TIMEOUT, "timeout",
          EndReason.BUSY, "busy",
          EndReason.REJECTED, "rejected",
          EndReason.ERROR, "error");

  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private static final EventElements ELEMENTS = new EventElements();

  private RayoWriter() {}

  /**
   * An event as a directed presence with a fresh stanza id. An offer goes through {@link #offer},
   * since it must carry the call's capabilities.
   *
   * @param from the call or component that it tells of
   * @param when it happened; becomes the delay stamp, to the millisecond
   */
  public static Presence presence(JID from, JID to, RayoEvent event, Instant when) {
    return presence(from, to, event, when, UUID.randomUUID().toString());
  }

  /** The same with the caller's stanza id: an event sent again is the same event. */
  public static Presence presence(JID from, JID to, RayoEvent event, Instant when, String id) {
    Presence presence = addressed(from, to, id);
    if (event.isLast()) {
      presence.setType(Presence.Type.unavailable);
    }
    presence.getElement().add(event.handle(ELEMENTS));
    stamp(presence, when);
    return presence;
  }

  /**
   * The offer of a call, with a fresh stanza id.
   *
   * @param caps the call's {@code <c/>}; it is copied
   * @see <a href="https://xmpp.org/extensions/xep-0115.html">XEP-0115</a>
   */
  public static Presence offer(
      JID from, JID to, RayoEvent.Offer offer, Instant when, Element caps) {
    Presence presence = presence(from, to, offer, when);
    presence.getElement().elements().add(0, caps.createCopy());
    return presence;
  }

  /**
   * A mixer is there.
   *
   * @param caps the mixer's {@code <c/>}; it is copied
   */
  public static Presence available(JID from, JID to, Instant when, Element caps) {
    Presence presence = addressed(from, to, UUID.randomUUID().toString());
    presence.getElement().add(caps.createCopy());
    stamp(presence, when);
    return presence;
  }

  /** It is not there any more. */
  public static Presence unavailable(JID from, JID to, Instant when) {
    Presence presence = addressed(from, to, UUID.randomUUID().toString());
    presence.setType(Presence.Type.unavailable);
    stamp(presence, when);
    return presence;
  }

  private static Presence addressed(JID from, JID to, String id) {
    Presence presence = new Presence();
    presence.setID(id);
    presence.setFrom(from);
    presence.setTo(to);
    return presence;
  }

  private static void stamp(Presence presence, Instant when) {
    presence.getElement().addElement(DELAY).addAttribute("stamp", STAMP.format(when));
  }

  /** The event alone, without a stanza around it. */
  public static Element write(RayoEvent event) {
    return event.handle(ELEMENTS);
  }

  /**
   * The child of an iq of type set.
   *
   * @throws IllegalArgumentException for a reject with a reason that is not on the wire
   */
  public static Element write(RayoCommand command) {
    if (command instanceof ServerCommand.Dial dial) {
      return CommandWriter.INSTANCE.dial(dial);
    }
    if (command instanceof CallCommand toCall) {
      return toCall.handle(CommandWriter.INSTANCE);
    }
    return ((ComponentCommand) command).handle(CommandWriter.INSTANCE);
  }

  private static final class EventElements implements RayoEvent.Handler<Element> {
    @Override
    public Element offer(RayoEvent.Offer offer) {
      Element element =
          rayo("offer", List.of())
              .addAttribute("to", offer.to().toString())
              .addAttribute("from", offer.from().toString());
      CommandWriter.addHeaders(element, offer.headers());
      return element;
    }

    @Override
    public Element ringing(RayoEvent.Ringing ringing) {
      return rayo("ringing", ringing.headers());
    }

    @Override
    public Element answered(RayoEvent.Answered answered) {
      return rayo("answered", answered.headers());
    }

    @Override
    public Element end(RayoEvent.End end) {
      Element element = rayo("end", List.of());
      Element reason =
          element.addElement(QName.get(END_REASONS.get(end.reason()), Namespaces.RAYO));
      end.platformCode()
          .ifPresent(code -> reason.addAttribute("platform-code", XmlText.legal(code)));
      CommandWriter.addHeaders(element, end.headers());
      return element;
    }

    @Override
    public Element inputTimersStarted(RayoEvent.InputTimersStarted started) {
      return DocumentHelper.createElement(INPUT_TIMERS_STARTED);
    }

    @Override
    public Element joined(RayoEvent.Joined joined) {
      return CommandWriter.addTarget(rayo("joined", List.of()), joined.other());
    }

    @Override
    public Element unjoined(RayoEvent.Unjoined unjoined) {
      return CommandWriter.addTarget(rayo("unjoined", List.of()), unjoined.other());
    }

    @Override
    public Element speaking(RayoEvent.SpeakingChanged speaking) {
      return rayo(speaking.started() ? "started-speaking" : "stopped-speaking", List.of())
          .addAttribute(JoinReader.CALL, XmppUri.of(speaking.call()));
    }

    @Override
    public Element signalDetected(RayoEvent.SignalDetected detected) {
      Element element = DocumentHelper.createElement(SIGNAL);
      addSignal(element, detected.signal());
      return element;
    }

    private static void addSignal(Element element, CpaSignal signal) {
      element.addAttribute("type", signal.type().urn());
      signal
          .durationMillis()
          .ifPresent(millis -> element.addAttribute("duration", Long.toString(millis)));
      signal.value().ifPresent(value -> element.addAttribute("value", XmlText.legal(value)));
    }

    @Override
    public Element complete(RayoEvent.Complete complete) {
      Element element = DocumentHelper.createElement(QName.get("complete", Namespaces.EXT));
      // Clients take the first child as the reason.
      CompleteReason.Name name = complete.reason().name();
      Element reason = element.addElement(QName.get(name.element(), name.namespace()));
      if (name == CompleteReason.Name.MATCH) {
        reason.addAttribute("content-type", Nlsml.CONTENT_TYPE);
      }
      complete.reason().signal().ifPresent(signal -> addSignal(reason, signal));
      complete.reason().text().ifPresent(text -> reason.setText(XmlText.legal(text)));
      complete.recording().ifPresent(recording -> addRecording(element, recording));
      return element;
    }

    private static void addRecording(Element complete, RayoEvent.Recording recording) {
      complete
          .addElement(QName.get("recording", Namespaces.RECORD_COMPLETE))
          .addAttribute("uri", recording.uri().toString())
          .addAttribute("duration", Long.toString(recording.durationMillis()))
          .addAttribute("size", Long.toString(recording.sizeBytes()));
    }

    private static Element rayo(String name, List<Header> headers) {
      Element element = DocumentHelper.createElement(QName.get(name, Namespaces.RAYO));
      CommandWriter.addHeaders(element, headers);
      return element;
    }
  }
}

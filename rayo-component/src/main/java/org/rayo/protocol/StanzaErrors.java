package org.rayo.protocol;

import java.util.Optional;
import org.dom4j.Element;
import org.rayo.media.MediaException;
import org.xmpp.packet.IQ;
import org.xmpp.packet.PacketError;

/**
 * The one place where errors become stanzas, and where failures of the media become errors.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6120#section-8.3">RFC 6120, section 8.3</a>
 */
public final class StanzaErrors {

  private StanzaErrors() {}

  /**
   * The answer to a command that is refused: addresses swapped, the same id, the command's child as
   * it came, then the error with its text in English.
   */
  public static IQ reply(IQ command, StanzaError error) {
    IQ reply = new IQ(IQ.Type.error, command.getID());
    reply.setFrom(command.getTo());
    reply.setTo(command.getFrom());
    // Under RFC 6120 the echo is optional; every example of the XEP has it.
    Optional<Element> child = Optional.ofNullable(command.getChildElement());
    child.ifPresent(c -> reply.getElement().add(c.createCopy()));
    reply.getElement().add(element(error));
    return reply;
  }

  private static Element element(StanzaError error) {
    return packetError(error).getElement();
  }

  /** The error of a stanza of any kind, with its text in English. */
  public static PacketError packetError(StanzaError error) {
    String text = XmlText.legal(error.text());
    PacketError packetError = new PacketError(error.condition(), error.type(), text, "en");
    Element element = packetError.getElement();
    // Tinder adds the numeric code of before RFC 3920.
    Optional.ofNullable(element.attribute("code")).ifPresent(element::remove);
    return packetError;
  }

  /**
   * What a client is told of a failed media operation. Faults of ours are told without their
   * message, which is for the log: it may name files and addresses.
   */
  public static StanzaError of(MediaException failure) {
    String text = Optional.ofNullable(failure.getMessage()).orElse("refused by the media");
    return switch (failure.fault()) {
      case WRONG_STATE -> StanzaError.unexpectedRequest(text);
      case NO_RESOURCES -> StanzaError.resourceConstraint(text);
      case UNSUPPORTED -> StanzaError.optionNotImplemented(text);
      case REFUSED -> StanzaError.badRequest(text);
      case CONFLICT -> StanzaError.conflict(text);
      case GONE -> StanzaError.itemNotFound(text);
      case CONFIGURATION -> StanzaError.internal("the media is not configured for this");
      case FAILED -> StanzaError.internal("the media failed");
    };
  }
}

package org.rayo.protocol;

import java.util.Optional;
import java.util.UUID;
import org.xmpp.packet.JID;
import org.xmpp.packet.Message;

/**
 * Text as messages of XMPP. Only the body is carried: a call's text has no subject and no thread.
 *
 * @see <a href="https://xmpp.org/extensions/xep-0327.html#session-im-call-bound">XEP-0327,
 *     call-bound messages</a>
 */
public final class TextMessages {

  /** Of what is sent to a call, and of what comes from it. */
  public static final String CONTENT_TYPE = "text/plain";

  private TextMessages() {}

  /** The text of a message: that of its first body; empty when it has none, or a blank one. */
  public static Optional<String> text(Message message) {
    return Optional.ofNullable(message.getElement().element("body"))
        .map(body -> body.getText())
        .filter(text -> !text.isBlank());
  }

  /**
   * A message of type normal with a fresh id.
   *
   * @param call whose other side has said it
   * @param text lines may end in any way; what XML cannot carry is replaced by U+FFFD
   */
  public static Message of(JID call, JID client, String text) {
    Message message = new Message();
    message.setID(UUID.randomUUID().toString());
    // Tinder writes no type for a normal one; the XEP's example has it.
    message.getElement().addAttribute("type", "normal");
    message.setFrom(call);
    message.setTo(client);
    message.setBody(XmlText.legal(text.replace("\r\n", "\n").replace('\r', '\n')));
    return message;
  }
}

package org.rayo.protocol;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.xmpp.packet.JID;

/**
 * {@code xmpp:} URIs of entities. For names of letters, digits, {@code -._~} and {@code @/} the URI
 * is {@code xmpp:} and the JID, byte for byte: clients compare them so.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5122#section-2">RFC 5122, section 2</a>
 */
public final class XmppUri {

  private static final String NODE_ALLOWED = "-._~!$()*+,;=";
  private static final String RESOURCE_ALLOWED = NODE_ALLOWED + "&':";
  private static final String DOMAIN_ALLOWED = "-._~[]:";

  private XmppUri() {}

  /** The URI of this address, escaped part by part. */
  public static String of(JID jid) {
    StringBuilder uri = new StringBuilder("xmpp:");
    if (jid.getNode() != null) {
      escape(jid.getNode(), NODE_ALLOWED, uri);
      uri.append('@');
    }
    escape(jid.getDomain(), DOMAIN_ALLOWED, uri);
    if (jid.getResource() != null) {
      uri.append('/');
      escape(jid.getResource(), RESOURCE_ALLOWED, uri);
    }
    return uri.toString();
  }

  private static void escape(String part, String allowed, StringBuilder to) {
    for (byte b : part.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (plain || allowed.indexOf(c) >= 0) {
        to.append(c);
      } else {
        to.append(String.format(Locale.ROOT, "%%%02X", (int) c));
      }
    }
  }
}

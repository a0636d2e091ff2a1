package org.rayo.protocol;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import org.xmpp.packet.JID;

/**
 * {@code xmpp:} URIs of entities. For names of letters, digits, {@code -._~} and {@code @/} the URI
 * is {@code xmpp:} and the JID, byte for byte: clients compare them so.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5122#section-2">RFC 5122, section 2</a>
 */
public final class XmppUri {

  private static final String SCHEME = "xmpp:";
  private static final String NODE_ALLOWED = "-._~!$()*+,;=";
  private static final String RESOURCE_ALLOWED = NODE_ALLOWED + "&':";
  private static final String DOMAIN_ALLOWED = "-._~[]:";

  private XmppUri() {}

  /** The URI of this address, escaped part by part. */
  public static String of(JID jid) {
    StringBuilder uri = new StringBuilder(SCHEME);
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

  /**
   * A JID with a node, written as such or as an {@code xmpp:} URI without a query; empty when it is
   * none.
   */
  static Optional<JID> entity(String written) {
    try {
      String address = written;
      if (written.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
        URI uri = new URI(written);
        if (!uri.isOpaque()
            || uri.getRawSchemeSpecificPart().indexOf('?') >= 0
            || uri.getRawFragment() != null) {
          return Optional.empty();
        }
        address = uri.getSchemeSpecificPart();
      }
      JID jid = new JID(address);
      return jid.getNode() == null || jid.getNode().isEmpty() ? Optional.empty() : Optional.of(jid);
    } catch (URISyntaxException | IllegalArgumentException notOne) {
      return Optional.empty();
    }
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

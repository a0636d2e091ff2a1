package org.rayo.xmpp;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;
import org.dom4j.Element;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xmpp.packet.JID;

/**
 * A component's connection to the embedded server.
 *
 * @see <a href="https://xmpp.org/extensions/xep-0114.html">XEP-0114</a>
 */
final class EmbeddedComponent extends EmbeddedConnection {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedComponent.class);

  private final EmbeddedRouting routing;
  private String domain = "";
  private boolean accepted;

  EmbeddedComponent(Socket socket, EmbeddedRouting routing) {
    super(socket, routing.domain(), Namespaces.COMPONENT);
    this.routing = routing;
  }

  @Override
  public void opened(StreamHeader header) throws StreamErrorException {
    sendHeader("", "");
    if (!header.contentNamespace().equals(Namespaces.COMPONENT)) {
      throw new StreamErrorException(StreamError.INVALID_NAMESPACE, "no component's stream");
    }
    domain =
        header
            .attribute("to")
            .flatMap(Addresses::parse)
            .map(JID::toString)
            .filter(name -> routing.secret(name).isPresent())
            .orElseThrow(
                () ->
                    new StreamErrorException(
                        StreamError.HOST_UNKNOWN, "no component " + header.attribute("to")));
  }

  @Override
  public void element(Element element) throws StreamErrorException {
    if (isEnding()) {
      return;
    }
    if (!accepted) {
      handshake(element);
      return;
    }
    Optional<JID> from =
        Optional.ofNullable(element.attributeValue("from")).flatMap(Addresses::parse);
    if (from.filter(address -> address.getDomain().equals(domain)).isEmpty()) {
      throw new StreamErrorException(
          StreamError.INVALID_FROM, "a stanza of " + domain + " is from " + from);
    }
    if (element.attribute("to") == null) {
      throw new StreamErrorException(
          StreamError.IMPROPER_ADDRESSING, "a stanza of " + domain + " has no to");
    }
    Admission admission = Admission.of(element, routing.self());
    if (admission instanceof Admission.Proper proper) {
      routing.route(proper.stanza());
    } else if (admission instanceof Admission.Answered answered) {
      send(answered.reply());
    } else {
      log.warn("from component {}: {}", domain, admission);
    }
  }

  private void handshake(Element element) throws StreamErrorException {
    String expected = ComponentConnection.digest(id() + routing.secret(domain).orElseThrow());
    boolean right =
        element.getName().equals("handshake")
            && MessageDigest.isEqual(
                expected.getBytes(StandardCharsets.US_ASCII),
                element.getTextTrim().getBytes(StandardCharsets.UTF_8));
    if (!right) {
      throw new StreamErrorException(
          StreamError.NOT_AUTHORIZED, "component " + domain + " does not know its secret");
    }
    if (!routing.add(domain, this)) {
      throw new StreamErrorException(
          StreamError.CONFLICT, "component " + domain + " is connected already");
    }
    accepted = true;
    send("<handshake/>");
  }

  @Override
  void gone() {
    routing.remove(domain, this);
  }
}

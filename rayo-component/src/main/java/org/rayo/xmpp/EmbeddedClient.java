package org.rayo.xmpp;

import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.dom4j.Element;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Message;
import org.xmpp.packet.Packet;
import org.xmpp.packet.PacketError;
import org.xmpp.packet.PacketError.Condition;
import org.xmpp.packet.Presence;

/**
 * A client's connection to the embedded server: authentication, resource binding, then stanzas.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6120">RFC 6120</a>
 */
final class EmbeddedClient extends EmbeddedConnection {
  private static final Logger log = LoggerFactory.getLogger(EmbeddedClient.class);
  private static final int MAX_ATTEMPTS = 5;

  private final EmbeddedRouting routing;
  private final Set<JID> directed = new LinkedHashSet<>();
  private Optional<SaslExchange> exchange = Optional.empty();
  private Optional<String> user = Optional.empty();
  private Optional<JID> address = Optional.empty();
  private int failures;

  EmbeddedClient(Socket socket, EmbeddedRouting routing) {
    super(socket, routing.domain(), Namespaces.CLIENT);
    this.routing = routing;
  }

  @Override
  public void opened(StreamHeader header) throws StreamErrorException {
    String features =
        user.isPresent()
            ? "<bind xmlns='%s'/><session xmlns='%s'><optional/></session>"
                .formatted(Namespaces.BIND, Namespaces.SESSION)
            : ("<mechanisms xmlns='%s'><mechanism>SCRAM-SHA-1</mechanism>"
                    + "<mechanism>PLAIN</mechanism></mechanisms>")
                .formatted(Namespaces.SASL);
    String to = header.attribute("to").orElse("");
    boolean forUs =
        header.contentNamespace().equals(Namespaces.CLIENT)
            && Addresses.parse(to).filter(routing.self()::equals).isPresent();
    sendHeader(
        " version='1.0' xml:lang='en'",
        forUs ? "<stream:features>" + features + "</stream:features>" : "");
    if (!forUs) {
      throw new StreamErrorException(
          StreamError.HOST_UNKNOWN, "a client's stream to \"" + to + "\"");
    }
  }

  @Override
  public void element(Element element) throws StreamErrorException {
    if (isEnding()) {
      return;
    }
    if (user.isEmpty()) {
      authenticate(element);
    } else if (address.isEmpty()) {
      bind(element, user.get());
    } else {
      stanza(element, address.get());
    }
  }

  private void authenticate(Element element) throws StreamErrorException {
    if (!element.getNamespaceURI().equals(Namespaces.SASL)) {
      throw new StreamErrorException(
          StreamError.NOT_AUTHORIZED, "<" + element.getName() + "/> before authentication");
    }
    switch (element.getName()) {
      case "auth" -> {
        exchange = SaslExchange.of(element.attributeValue("mechanism", ""), routing.accounts());
        if (exchange.isEmpty()) {
          fail("invalid-mechanism");
        } else if (element.getTextTrim().isEmpty()) {
          send("<challenge xmlns='" + Namespaces.SASL + "'/>");
        } else {
          respond(exchange.get(), element.getTextTrim());
        }
      }
      case "response" -> {
        if (exchange.isEmpty()) {
          fail("malformed-request");
        } else {
          respond(exchange.get(), element.getTextTrim());
        }
      }
      default -> fail("aborted");
    }
  }

  private void respond(SaslExchange with, String encoded) throws StreamErrorException {
    String data;
    try {
      byte[] decoded = encoded.equals("=") ? new byte[0] : Base64.getDecoder().decode(encoded);
      data = new String(decoded, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      fail("incorrect-encoding");
      return;
    }
    SaslExchange.Step step = with.respond(data);
    if (step instanceof SaslExchange.Challenge challenge) {
      send(sasl("challenge", challenge.data()));
    } else if (step instanceof SaslExchange.Success success) {
      user = Optional.of(success.user());
      restart();
      send(sasl("success", success.data()));
    } else if (step instanceof SaslExchange.Failure failure) {
      fail(failure.condition());
    }
  }

  private static String sasl(String name, String data) {
    String encoded = Base64.getEncoder().encodeToString(data.getBytes(StandardCharsets.UTF_8));
    return "<" + name + " xmlns='" + Namespaces.SASL + "'>" + encoded + "</" + name + ">";
  }

  private void fail(String condition) throws StreamErrorException {
    exchange = Optional.empty();
    send("<failure xmlns='" + Namespaces.SASL + "'><" + condition + "/></failure>");
    if (++failures >= MAX_ATTEMPTS) {
      throw new StreamErrorException(StreamError.POLICY_VIOLATION, "too many failed logins");
    }
  }

  private void bind(Element element, String name) throws StreamErrorException {
    Optional<Element> request =
        Optional.ofNullable(element.element("bind"))
            .filter(child -> child.getNamespaceURI().equals(Namespaces.BIND));
    boolean proper =
        element.getName().equals("iq")
            && element.attributeValue("type", "").equals("set")
            && element.attribute("id") != null;
    if (request.isEmpty() || !proper) {
      throw new StreamErrorException(
          StreamError.NOT_AUTHORIZED, "<" + element.getName() + "/> before a resource is bound");
    }
    String wanted = Optional.ofNullable(request.get().elementTextTrim("resource")).orElse("");
    String resource = wanted.isEmpty() ? randomHex() : wanted;
    IQ iq = new IQ(element, true);
    Optional<JID> full = Addresses.parse(name + "@" + routing.domain() + "/" + resource);
    if (full.isEmpty()) {
      send(ErrorReply.to(iq, Condition.bad_request, PacketError.Type.modify).getElement());
      return;
    }
    address = full;
    routing.add(full.get(), this);
    IQ result = IQ.createResultIQ(iq);
    result
        .setChildElement("bind", Namespaces.BIND)
        .addElement("jid")
        .setText(full.get().toString());
    send(result.getElement());
  }

  private void stanza(Element element, JID self) {
    boolean addressed = element.attribute("to") != null;
    element.addAttribute("from", self.toString());
    if (!addressed) {
      element.addAttribute("to", self.toBareJID());
    }
    Admission admission = Admission.of(element, routing.self());
    if (admission instanceof Admission.Answered answered) {
      Element reply = answered.reply();
      reply.addAttribute("to", self.toString());
      send(reply);
    } else if (admission instanceof Admission.Proper proper) {
      proper(proper.stanza(), addressed);
    } else {
      log.warn("from client {}: {}", self, admission);
    }
  }

  private void proper(Packet stanza, boolean addressed) {
    if (stanza instanceof Presence presence) {
      presence(presence, addressed);
    } else if (stanza instanceof Message || addressed) {
      routing.route(stanza);
    } else if (stanza instanceof IQ iq) {
      routing.answer(iq);
    }
  }

  /** RFC 6121 section 4.6: directed presence is remembered, so that its end can be told. */
  private void presence(Presence presence, boolean addressed) {
    if (!addressed) {
      if (presence.getType() == Presence.Type.unavailable) {
        endDirectedPresence(Optional.of(presence));
      }
      return;
    }
    synchronized (directed) {
      if (isEnding()) {
        return;
      }
      if (presence.getType() == null) {
        directed.add(presence.getTo());
      } else if (presence.getType() == Presence.Type.unavailable) {
        directed.remove(presence.getTo());
      }
      routing.route(presence);
    }
  }

  private void endDirectedPresence(Optional<Presence> broadcast) {
    synchronized (directed) {
      JID self = address.orElseThrow();
      for (JID to : List.copyOf(directed)) {
        Presence unavailable =
            broadcast
                .map(Presence::createCopy)
                .orElseGet(() -> new Presence(Presence.Type.unavailable));
        unavailable.setFrom(self);
        unavailable.setTo(to);
        routing.route(unavailable);
      }
      directed.clear();
    }
  }

  @Override
  void gone() {
    address.ifPresent(
        self -> {
          routing.remove(self, this);
          endDirectedPresence(Optional.empty());
        });
  }
}

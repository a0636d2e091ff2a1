package org.rayo.xmpp;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.dom4j.Element;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Message;
import org.xmpp.packet.Packet;
import org.xmpp.packet.PacketError;
import org.xmpp.packet.PacketError.Condition;
import org.xmpp.packet.Presence;

/**
 * Who is connected to the embedded server, and where a stanza goes. Routing never blocks and keeps
 * the order of the stanzas of one connection. Thread safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6121#section-8">RFC 6121 section 8</a>
 */
final class EmbeddedRouting {
  private final JID self;
  private final Map<String, String> secrets;
  private final Accounts accounts;
  private final Map<String, EmbeddedComponent> components = new ConcurrentHashMap<>();
  private final Map<JID, EmbeddedClient> clients = new ConcurrentHashMap<>();

  /**
   * @param domain the server's
   * @param secrets component domain to secret
   */
  EmbeddedRouting(String domain, Map<String, String> secrets, Accounts accounts) {
    this.self = new JID(domain);
    this.secrets = Map.copyOf(secrets);
    this.accounts = accounts;
  }

  String domain() {
    return self.toString();
  }

  JID self() {
    return self;
  }

  Accounts accounts() {
    return accounts;
  }

  /** A component's secret; empty when there may be no such component. */
  Optional<String> secret(String componentDomain) {
    return Optional.ofNullable(secrets.get(componentDomain));
  }

  /** Adds a component; false when one with that domain is connected. */
  boolean add(String componentDomain, EmbeddedComponent component) {
    return components.putIfAbsent(componentDomain, component) == null;
  }

  void remove(String componentDomain, EmbeddedComponent component) {
    components.remove(componentDomain, component);
  }

  /** Adds a client; one with the same address is put out with a conflict first. */
  void add(JID address, EmbeddedClient client) {
    EmbeddedClient old = clients.put(address, client);
    if (old != null) {
      old.end(Optional.of(StreamError.CONFLICT));
    }
  }

  void remove(JID address, EmbeddedClient client) {
    clients.remove(address, client);
  }

  /** Sends a stanza on its way; both its addresses are set and valid. */
  void route(Packet stanza) {
    JID to = stanza.getTo();
    if (to.getDomain().equals(domain())) {
      local(stanza, to);
      return;
    }
    EmbeddedComponent component = components.get(to.getDomain());
    if (component != null) {
      component.send(stanza.getElement());
    } else if (secrets.containsKey(to.getDomain())) {
      bounce(stanza, Condition.service_unavailable, PacketError.Type.wait);
    } else {
      bounce(stanza, Condition.remote_server_not_found, PacketError.Type.cancel);
    }
  }

  private void local(Packet stanza, JID to) {
    if (to.getNode() == null) {
      toServer(stanza);
    } else if (to.getResource() == null) {
      toAccount(stanza, to);
    } else {
      EmbeddedClient client = clients.get(to);
      if (client != null) {
        client.send(stanza.getElement());
      } else {
        bounce(stanza, Condition.service_unavailable, PacketError.Type.cancel);
      }
    }
  }

  private void toServer(Packet stanza) {
    if (stanza instanceof IQ iq) {
      answer(iq);
    } else {
      bounce(stanza, Condition.service_unavailable, PacketError.Type.cancel);
    }
  }

  private void toAccount(Packet stanza, JID account) {
    if (stanza instanceof IQ iq) {
      if (account.equals(iq.getFrom().asBareJID())) {
        answer(iq);
      } else {
        bounce(iq, Condition.service_unavailable, PacketError.Type.cancel);
      }
      return;
    }
    List<EmbeddedClient> resources =
        clients.entrySet().stream()
            .filter(entry -> entry.getKey().asBareJID().equals(account))
            .map(Map.Entry::getValue)
            .toList();
    resources.forEach(client -> client.send(stanza.getElement()));
    if (resources.isEmpty()) {
      bounce(stanza, Condition.service_unavailable, PacketError.Type.cancel);
    }
  }

  /** Answers a request to the server, or to an account on its owner's behalf. */
  void answer(IQ iq) {
    if (!iq.isRequest()) {
      return;
    }
    Element child = iq.getChildElement();
    String namespace = child == null ? "" : child.getNamespaceURI();
    IQ result = IQ.createResultIQ(iq);
    result.setFrom(iq.getTo());
    result.setTo(iq.getFrom());
    boolean get = iq.getType() == IQ.Type.get;
    if (namespace.equals(Namespaces.SESSION) || (get && namespace.equals(Namespaces.PING))) {
      route(result);
    } else if (get && namespace.equals(Namespaces.ROSTER)) {
      result.setChildElement("query", Namespaces.ROSTER);
      route(result);
    } else if (get && namespace.equals(Namespaces.DISCO_INFO)) {
      result.getElement().add(about().info());
      route(result);
    } else if (get && namespace.equals(Namespaces.DISCO_ITEMS)) {
      Element query = result.setChildElement("query", Namespaces.DISCO_ITEMS);
      components.keySet().forEach(name -> query.addElement("item").addAttribute("jid", name));
      route(result);
    } else {
      bounce(iq, Condition.service_unavailable, PacketError.Type.cancel);
    }
  }

  private static EntityCaps about() {
    return new EntityCaps(
        "urn:xmpp:rayo:embedded",
        List.of(new EntityCaps.Identity("server", "im", "en", "Embedded XMPP server")),
        Set.of(Namespaces.DISCO_INFO, Namespaces.DISCO_ITEMS, Namespaces.PING));
  }

  /** Answers what cannot be delivered; presences, answers and errors vanish. */
  private void bounce(Packet stanza, Condition condition, PacketError.Type type) {
    boolean request = stanza instanceof IQ iq && iq.isRequest();
    boolean message = stanza instanceof Message text && text.getType() != Message.Type.error;
    if (stanza instanceof Presence || !(request || message)) {
      return;
    }
    route(ErrorReply.to(stanza, new PacketError(condition, type)));
  }
}

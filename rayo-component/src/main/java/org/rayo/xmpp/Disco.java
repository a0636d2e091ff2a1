package org.rayo.xmpp;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.dom4j.Element;
import org.xmpp.packet.IQ;
import org.xmpp.packet.PacketError;
import org.xmpp.packet.PacketError.Condition;

/**
 * Service discovery: what each kind of entity says about itself.
 *
 * <p>The standard identities are of category {@code component} and type {@code generic} for the
 * server and of category {@code client} and type {@code phone} for calls, mixers and their
 * components (the registrar has nothing nearer). Features are the namespaces that an entity
 * understands: of the core, of the components that it hosts, of each signal that its call progress
 * analysis can tell, and of what it is itself. {@code node#ver} is answered like no node; other
 * nodes do not exist. There are no items.
 *
 * @see <a href="https://xmpp.org/extensions/xep-0030.html">XEP-0030</a>
 */
public final class Disco {
  private final Map<EntityKind, EntityCaps> caps;

  /**
   * @param caps for every kind of entity
   */
  public Disco(Map<EntityKind, EntityCaps> caps) {
    this.caps = new EnumMap<>(caps);
    for (EntityKind kind : EntityKind.values()) {
      if (!caps.containsKey(kind)) {
        throw new IllegalArgumentException("no capabilities for " + kind);
      }
    }
  }

  /** What this server can do. */
  public static Disco standard() {
    String core = "urn:xmpp:rayo:1";
    String ext = "urn:xmpp:rayo:ext:1";
    String call = "urn:xmpp:rayo:call:1";
    String mixer = "urn:xmpp:rayo:mixer:1";
    Set<String> hosted =
        Set.of(
            core,
            ext,
            "urn:xmpp:rayo:record:1",
            "urn:xmpp:rayo:output:1",
            "urn:xmpp:rayo:input:1",
            "urn:xmpp:rayo:prompt:1",
            "urn:xmpp:rayo:cpa:1",
            "urn:xmpp:rayo:cpa:beep:1",
            "urn:xmpp:rayo:cpa:busy:1",
            "urn:xmpp:rayo:cpa:dtmf:1",
            "urn:xmpp:rayo:cpa:ring:1",
            "urn:xmpp:rayo:cpa:speech:1",
            "urn:xmpp:rayo:cpa:vad:1");
    return new Disco(
        Map.of(
            EntityKind.SERVER,
            entity("component", "generic", "Rayo server", core, and(hosted, call, mixer)),
            EntityKind.CALL,
            entity("client", "phone", "Call", call, and(hosted, call)),
            EntityKind.MIXER,
            entity("client", "phone", "Mixer", mixer, and(hosted, mixer)),
            EntityKind.COMPONENT,
            entity("client", "phone", "Call component", ext, Set.of(core, ext))));
  }

  private static Set<String> and(Set<String> features, String... more) {
    Set<String> all = new HashSet<>(features);
    all.addAll(List.of(more));
    return all;
  }

  private static EntityCaps entity(
      String category, String type, String name, String node, Set<String> rayo) {
    Set<String> features = new HashSet<>(rayo);
    features.addAll(
        List.of(
            Namespaces.DISCO_INFO,
            Namespaces.DISCO_ITEMS,
            Namespaces.CAPS,
            Namespaces.PING,
            "urn:xmpp:delay"));
    return new EntityCaps(
        node, List.of(new EntityCaps.Identity(category, type, "en", name)), features);
  }

  /** What a kind of entity says about itself; its {@code element()} goes into presences. */
  public EntityCaps caps(EntityKind kind) {
    return Optional.ofNullable(caps.get(kind)).orElseThrow();
  }

  /** The answer to a disco#info query to an entity. */
  IQ info(IQ query, EntityKind kind) {
    EntityCaps about = caps(kind);
    String node = query.getChildElement().attributeValue("node", "");
    if (!node.isEmpty() && !node.equals(about.nodeWithVer())) {
      return noSuchNode(query);
    }
    Element info = about.info();
    if (!node.isEmpty()) {
      info.addAttribute("node", node);
    }
    IQ result = IQ.createResultIQ(query);
    result.getElement().add(info);
    return result;
  }

  /** The answer to a disco#items query to an entity. */
  IQ items(IQ query) {
    if (!query.getChildElement().attributeValue("node", "").isEmpty()) {
      return noSuchNode(query);
    }
    IQ result = IQ.createResultIQ(query);
    result.setChildElement("query", Namespaces.DISCO_ITEMS);
    return result;
  }

  private static IQ noSuchNode(IQ query) {
    return ErrorReply.to(
        query,
        new PacketError(
            Condition.item_not_found, PacketError.Type.cancel, "there is no such node here", "en"));
  }
}

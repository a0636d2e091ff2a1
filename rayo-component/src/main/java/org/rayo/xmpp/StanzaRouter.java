package org.rayo.xmpp;

import java.util.Optional;
import org.dom4j.Element;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xmpp.packet.IQ;
import org.xmpp.packet.Message;
import org.xmpp.packet.Packet;
import org.xmpp.packet.PacketError;
import org.xmpp.packet.PacketError.Condition;
import org.xmpp.packet.Presence;

/**
 * Decides who takes a stanza. Rayo commands, presences and messages to calls go to the handlers,
 * answers to our own requests to {@link PendingQueries}; discovery, pings, other messages and
 * whatever is unknown are answered here. Every iq request is answered exactly once, by one of them.
 *
 * <p>Called on the stream's reader thread; has no state of its own.
 */
public final class StanzaRouter implements StanzaHandler {
  private static final Logger log = LoggerFactory.getLogger(StanzaRouter.class);

  /** Characters of the largest command: its error repeats it, in whatever way it is written. */
  private static final long COMMAND_LIMIT = 1 << 20;

  private static final String FAILED = "the server has failed here; its log says how";
  private static final String NOBODY = "nobody is at this address";

  private final StanzaSender sender;
  private final Entities entities;
  private final CommandHandler commands;
  private final PresenceHandler presences;
  private final Optional<MessageHandler> messages;
  private final Disco disco;
  private final PendingQueries queries;

  /** A router with the standard discovery answers and pending queries of its own, no messages. */
  public StanzaRouter(
      String domain,
      StanzaSender sender,
      Entities entities,
      CommandHandler commands,
      PresenceHandler presences) {
    this(
        sender,
        entities,
        commands,
        presences,
        Optional.empty(),
        Disco.standard(),
        new PendingQueries(domain, sender));
  }

  /**
   * @param sender where answers go
   * @param entities knows what exists
   * @param commands receives Rayo commands
   * @param presences receives presences
   * @param messages receives messages to calls
   * @param disco what entities say about themselves
   * @param queries our own requests
   */
  public StanzaRouter(
      StanzaSender sender,
      Entities entities,
      CommandHandler commands,
      PresenceHandler presences,
      MessageHandler messages,
      Disco disco,
      PendingQueries queries) {
    this(sender, entities, commands, presences, Optional.of(messages), disco, queries);
  }

  private StanzaRouter(
      StanzaSender sender,
      Entities entities,
      CommandHandler commands,
      PresenceHandler presences,
      Optional<MessageHandler> messages,
      Disco disco,
      PendingQueries queries) {
    this.sender = sender;
    this.entities = entities;
    this.commands = commands;
    this.presences = presences;
    this.messages = messages;
    this.disco = disco;
    this.queries = queries;
  }

  /** Our own requests; add it to the stream as a listener so that a lost connection ends them. */
  public PendingQueries queries() {
    return queries;
  }

  /** What entities say about themselves. */
  public Disco disco() {
    return disco;
  }

  @Override
  public void stanza(Packet stanza) {
    try {
      if (stanza instanceof IQ iq) {
        iq(iq);
      } else if (stanza instanceof Presence presence) {
        presences.presence(presence);
      } else if (stanza instanceof Message message) {
        message(message);
      }
    } catch (RuntimeException e) {
      log.error("handling a stanza from {} to {} failed", stanza.getFrom(), stanza.getTo(), e);
      if (stanza instanceof IQ iq && iq.isRequest()) {
        refuse(iq, Condition.internal_server_error, PacketError.Type.wait, FAILED);
      } else if (stanza instanceof Message message && message.getType() != Message.Type.error) {
        refuse(message, Condition.internal_server_error, PacketError.Type.wait, FAILED);
      }
    }
  }

  private void iq(IQ iq) {
    if (!iq.isRequest()) {
      if (!queries.answered(iq)) {
        log.debug("an answer nobody waits for, {} from {}", iq.getID(), iq.getFrom());
      }
      return;
    }
    if (iq.getElement().elements().size() != 1) {
      refuse(
          iq,
          Condition.bad_request,
          PacketError.Type.modify,
          "an iq that asks for something has exactly one child element");
      return;
    }
    Element child = iq.getElement().elements().get(0);
    String namespace = child.getNamespaceURI();
    if (namespace.startsWith(Namespaces.RAYO)) {
      command(iq);
    } else if (isQuery(child, "query", Namespaces.DISCO_INFO)) {
      existing(iq).ifPresent(kind -> sender.send(disco.info(iq, kind)));
    } else if (isQuery(child, "query", Namespaces.DISCO_ITEMS)) {
      existing(iq).ifPresent(kind -> sender.send(disco.items(iq)));
    } else if (isQuery(child, "ping", Namespaces.PING)) {
      existing(iq).ifPresent(kind -> sender.send(IQ.createResultIQ(iq)));
    } else {
      refuse(
          iq,
          Condition.service_unavailable,
          PacketError.Type.cancel,
          "nobody here knows such an element; those of Rayo are in namespaces that begin with "
              + Namespaces.RAYO);
    }
  }

  private void command(IQ iq) {
    if (StanzaSize.isWithin(iq.getElement(), COMMAND_LIMIT)) {
      commands.command(iq);
    } else {
      refuse(
          iq,
          Condition.not_acceptable,
          PacketError.Type.modify,
          "a command has at most " + COMMAND_LIMIT + " characters");
    }
  }

  private static boolean isQuery(Element child, String name, String namespace) {
    return child.getName().equals(name) && child.getNamespaceURI().equals(namespace);
  }

  /** The kind of entity asked with a get; when there is none, or it is no get, that is answered. */
  private Optional<EntityKind> existing(IQ iq) {
    if (iq.getType() != IQ.Type.get) {
      refuse(
          iq, Condition.bad_request, PacketError.Type.modify, "this is asked by an iq of type get");
      return Optional.empty();
    }
    Optional<EntityKind> kind = entities.find(iq.getTo(), iq.getFrom());
    if (kind.isEmpty()) {
      refuse(iq, Condition.item_not_found, PacketError.Type.cancel, NOBODY);
    }
    return kind;
  }

  private void message(Message message) {
    if (message.getType() == Message.Type.error) {
      return;
    }
    Optional<EntityKind> kind = entities.find(message.getTo(), message.getFrom());
    if (kind.isEmpty()) {
      refuse(message, Condition.item_not_found, PacketError.Type.cancel, NOBODY);
    } else if (message.getType() != Message.Type.normal) {
      // XEP-0327: it could be sent differently, hence modify.
      refuse(
          message,
          Condition.feature_not_implemented,
          PacketError.Type.modify,
          "messages are of type normal here");
    } else if (kind.orElseThrow() != EntityKind.CALL || messages.isEmpty()) {
      refuse(
          message,
          Condition.feature_not_implemented,
          PacketError.Type.cancel,
          "only calls take messages");
    } else {
      messages.orElseThrow().message(message);
    }
  }

  private void refuse(Packet stanza, Condition condition, PacketError.Type type, String text) {
    sender.send(ErrorReply.to(stanza, new PacketError(condition, type, text, "en")));
  }
}

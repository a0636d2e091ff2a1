package org.rayo.call;

import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.rayo.xmpp.PresenceHandler;
import org.rayo.xmpp.StanzaSender;
import org.xmpp.packet.JID;
import org.xmpp.packet.Presence;

/**
 * Brings subscriptions to mixers, and lets the clients have all other presences. A client may
 * subscribe to every mixer of its security zone; for it there are no others. For who may not be a
 * client there is none.
 */
public final class MixerPresences implements PresenceHandler {

  private static final Set<Presence.Type> SUBSCRIPTIONS =
      EnumSet.of(Presence.Type.subscribe, Presence.Type.unsubscribe, Presence.Type.probe);

  private final CallDirectory directory;
  private final StanzaSender stream;
  private final Clients clients;

  /**
   * @param clients take what is about no mixer
   */
  public MixerPresences(CallDirectory directory, StanzaSender stream, Clients clients) {
    this.directory = directory;
    this.stream = stream;
    this.clients = clients;
  }

  @Override
  public void presence(Presence presence) {
    Optional<String> node = Optional.ofNullable(presence.getTo()).map(JID::getNode);
    if (node.isEmpty()
        || presence.getType() == null
        || !SUBSCRIPTIONS.contains(presence.getType())) {
      clients.presence(presence);
      return;
    }
    JID from = presence.getFrom();
    boolean known =
        clients.mayCommand(from).isEmpty()
            && directory
                .mixer(from, node.get())
                .filter(mixer -> directory.tell(mixer, new MixerActor.PresenceReceived(presence)))
                .isPresent();
    if (!known && presence.getType() == Presence.Type.subscribe) {
      Presence refusal = new Presence(Presence.Type.unsubscribed);
      refusal.setFrom(presence.getTo());
      refusal.setTo(presence.getFrom());
      stream.send(refusal);
    }
  }
}

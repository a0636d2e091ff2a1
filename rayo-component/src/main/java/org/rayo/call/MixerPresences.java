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
 * subscribe to every mixer of its security zone; for it there are no others.
 */
public final class MixerPresences implements PresenceHandler {

  private static final Set<Presence.Type> SUBSCRIPTIONS =
      EnumSet.of(Presence.Type.subscribe, Presence.Type.unsubscribe, Presence.Type.probe);

  private final CallDirectory directory;
  private final StanzaSender stream;
  private final PresenceHandler others;

  /**
   * @param others takes what is about no mixer
   */
  public MixerPresences(CallDirectory directory, StanzaSender stream, PresenceHandler others) {
    this.directory = directory;
    this.stream = stream;
    this.others = others;
  }

  @Override
  public void presence(Presence presence) {
    Optional<String> node = Optional.ofNullable(presence.getTo()).map(JID::getNode);
    if (node.isEmpty()
        || presence.getType() == null
        || !SUBSCRIPTIONS.contains(presence.getType())) {
      others.presence(presence);
      return;
    }
    boolean known =
        directory
            .mixer(presence.getFrom(), node.get())
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

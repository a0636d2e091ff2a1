package org.rayo.call;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaMixer;
import org.rayo.protocol.CallCommand;
import org.rayo.protocol.ComponentCommand;
import org.rayo.protocol.JoinTarget;
import org.rayo.protocol.RayoEvent;
import org.rayo.protocol.StanzaError;
import org.rayo.protocol.XmppUri;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Presence;

/**
 * One mixer: its participants, its components, and what is said about it. Whoever controls a call
 * in it hears of everything; any client of its security zone may start components on it, and
 * subscribe to its presence. Not thread safe: lives on its {@link MixerActor}.
 *
 * @see <a href="https://xmpp.org/extensions/xep-0327.html#session-mixers">XEP-0327, mixers</a>
 */
final class Mixer implements PartyComponents.Owners {

  private static final Logger LOG = LoggerFactory.getLogger(Mixer.class);

  /** Those beside the controlling parties who are told that it is there. */
  static final int SUBSCRIBERS_LIMIT = 1000;

  private final CallEnvironment environment;
  private final PartyKey key;
  private final JID address;
  private final MediaMixer media;
  private final Mailbox<MixerActor.Message> mailbox;
  private final Consumer<Switchboard.Message> switchboard;
  private final CallStanzas stanzas;
  private final PartyComponents components;
  private final MixerCommands commands;

  /** Of each call that is joined, by its address, the controlling party. */
  private final Map<JID, JID> controllers = new LinkedHashMap<>();

  /** Everybody who was told that it is there. */
  private final Set<JID> known = new LinkedHashSet<>();

  /** In whose place is who. */
  private final Map<JID, JID> successors = new HashMap<>();

  private Life life = Life.UP;

  private enum Life {
    UP,
    /** Nobody is in it; its components are finishing. */
    ABANDONED,
    CLOSED
  }

  Mixer(
      CallEnvironment environment,
      PartyKey key,
      MediaMixer media,
      Mailbox<MixerActor.Message> mailbox,
      Consumer<Switchboard.Message> switchboard) {
    this.environment = environment;
    this.key = key;
    this.address = new JID(key.node(), environment.domain(), null, true);
    this.media = media;
    this.mailbox = mailbox;
    this.switchboard = switchboard;
    this.stanzas = new CallStanzas(address, environment);
    this.components =
        new PartyComponents(
            environment,
            key,
            address,
            media,
            new RecordedParty(Ids.call(), XmppUri.of(address), XmppUri.of(address), true),
            stanzas,
            mailbox,
            this);
    this.commands = new MixerCommands(components, stanzas);
  }

  void begin() {
    media.listen(event -> mailbox.tell(new MixerActor.MediaHappened(event)));
  }

  MediaMixer media() {
    return media;
  }

  /** It has said its last. */
  boolean isClosed() {
    return life == Life.CLOSED;
  }

  /** Lets a client know that the mixer is there, unless it does. */
  void introduce(JID client) {
    if (known.add(client)) {
      stanzas.available(client, environment.mixerCaps());
    }
  }

  void entered(JID call, JID controller) {
    introduce(controller);
    controllers.put(call, controller);
    LOG.info("{} has entered: {} in it", call.getNode(), controllers.size());
    tellAll(new RayoEvent.Joined(new JoinTarget.OfCall(call)));
  }

  void left(String id) {
    JID call = new JID(id, environment.domain(), null, true);
    if (controllers.containsKey(call)) {
      tellAll(new RayoEvent.Unjoined(new JoinTarget.OfCall(call)));
      controllers.remove(call);
      LOG.info("{} has left: {} in it", id, controllers.size());
    }
  }

  private void tellAll(RayoEvent event) {
    Set.copyOf(controllers.values()).forEach(client -> stanzas.event(client, event));
  }

  void controlTaken(JID call, JID before, JID now) {
    successors.remove(now);
    successors.put(before, now);
    if (controllers.replace(call, now) != null) {
      introduce(now);
    }
  }

  @Override
  public JID ownerOf(JID maker) {
    JID owner = maker;
    // Each step leads to one who took over later, and nobody is in his own place.
    for (JID next = successors.get(owner); next != null; next = successors.get(owner)) {
      owner = next;
    }
    return owner;
  }

  void abandoned() {
    life = Life.ABANDONED;
    components.partyEnded();
    closeIfDone();
  }

  void command(IQ iq, CallCommand command) {
    if (life == Life.UP) {
      command.handle(commands).accept(iq);
    } else {
      stanzas.refuse(iq, isGone());
    }
  }

  void componentCommand(IQ iq, String component, ComponentCommand command) {
    components.command(iq, component, command);
    closeIfDone();
  }

  private static StanzaError isGone() {
    return StanzaError.itemNotFound("nobody is in the mixer any more: it is gone");
  }

  void news(ComponentNews news) {
    news.bringTo(components);
    closeIfDone();
  }

  void media(MediaEvent event) {
    event.handle(
        new ComponentEvents(components) {
          @Override
          public void ended(MediaEvent.Ended ended) {
            // Of calls only.
          }

          @Override
          public void dialogChanged(MediaEvent.DialogChanged dialogChanged) {
            // Of calls only.
          }

          @Override
          public void speakingChanged(MediaEvent.SpeakingChanged speaking) {
            controllers.keySet().stream()
                .filter(call -> XmppUri.of(call).equals(speaking.participant()))
                .findFirst()
                .ifPresent(call -> tellSpeaking(call, speaking.speaking()));
          }
        });
    closeIfDone();
  }

  /** News of the moment: it is not kept for who is not there. */
  private void tellSpeaking(JID call, boolean started) {
    for (JID client : Set.copyOf(controllers.values())) {
      stanzas.passing(client, new RayoEvent.SpeakingChanged(call, started));
    }
  }

  /** Of a client of the same zone: nobody else finds the mixer. */
  void presence(Presence presence) {
    JID client = presence.getFrom();
    Optional<Presence.Type> type = Optional.ofNullable(presence.getType());
    if (type.filter(Presence.Type.subscribe::equals).isPresent()) {
      if (known.size() < SUBSCRIBERS_LIMIT) {
        stanzas.presence(client, Presence.Type.subscribed);
        known.add(client);
        stanzas.available(client, environment.mixerCaps());
      } else {
        stanzas.presence(client, Presence.Type.unsubscribed);
      }
    } else if (type.filter(Presence.Type.unsubscribe::equals).isPresent()) {
      if (!controllers.containsValue(client)) {
        known.remove(client);
      }
      stanzas.presence(client, Presence.Type.unsubscribed);
    } else if (type.filter(Presence.Type.probe::equals).isPresent()) {
      stanzas.available(client, environment.mixerCaps());
    }
  }

  private void closeIfDone() {
    if (life == Life.ABANDONED && components.isEmpty()) {
      life = Life.CLOSED;
      switchboard.accept(new Switchboard.MixerFinished(key, Set.copyOf(known)));
    }
  }
}

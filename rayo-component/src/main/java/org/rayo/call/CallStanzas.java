package org.rayo.call;

import org.dom4j.Element;
import org.rayo.protocol.RayoEvent;
import org.rayo.protocol.RayoWriter;
import org.rayo.protocol.StanzaError;
import org.rayo.protocol.StanzaErrors;
import org.rayo.recording.CallNote;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Presence;

/** All that a call or a mixer says: the answers to its commands, and its events. */
final class CallStanzas {

  private final JID call;
  private final CallEnvironment environment;

  /**
   * @param call its address
   */
  CallStanzas(JID call, CallEnvironment environment) {
    this.call = call;
    this.environment = environment;
  }

  /** The command is done. */
  void result(IQ command) {
    environment.stream().send(IQ.createResultIQ(command));
  }

  /** The command is done, and has made something. */
  void result(IQ command, Element made) {
    IQ result = IQ.createResultIQ(command);
    result.setChildElement(made);
    environment.stream().send(result);
  }

  /** The command is not done. */
  void refuse(IQ command, StanzaError error) {
    environment.stream().send(StanzaErrors.reply(command, error));
  }

  /**
   * Offers the call to a client that is there now.
   *
   * @return whether it was; else nobody watches it
   */
  boolean offer(JID client, RayoEvent.Offer offer, ClientWatcher watcher) {
    Presence presence =
        RayoWriter.offer(call, client, offer, environment.now(), environment.callCaps());
    return environment.clients().offer(client, presence, watcher);
  }

  /** Something happened to the call. */
  void event(JID client, RayoEvent event) {
    event(call, client, event);
  }

  /** Something happened to a component of the call. */
  void event(JID component, JID client, RayoEvent event) {
    environment
        .clients()
        .tell(client, RayoWriter.presence(component, client, event, environment.now()), () -> {});
  }

  /** Something of the moment happened, of no interest to who is not there now. */
  void passing(JID client, RayoEvent event) {
    environment.stream().send(RayoWriter.presence(call, client, event, environment.now()));
  }

  /**
   * It is there.
   *
   * @param caps its {@code <c/>}
   */
  void available(JID client, Element caps) {
    environment.stream().send(RayoWriter.available(call, client, environment.now(), caps));
  }

  /** An answer to a subscription. */
  void presence(JID client, Presence.Type type) {
    Presence presence = new Presence(type);
    presence.setFrom(call);
    presence.setTo(client);
    environment.stream().send(presence);
  }

  /**
   * The call is over.
   *
   * @param arrived runs once the XMPP server has routed it
   */
  void end(JID client, CallNote.End end, Runnable arrived) {
    environment.clients().tell(client, CallEnd.of(call, client, end), arrived);
  }

  /**
   * A component of the call is complete.
   *
   * @param arrived runs once the XMPP server has routed it
   */
  void complete(Presence complete, Runnable arrived) {
    environment.clients().tell(complete.getTo(), complete, arrived);
  }
}

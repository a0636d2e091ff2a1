package org.rayo.call;

import org.rayo.media.MediaParty;
import org.rayo.protocol.ComponentCommand;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;

/** All components of a call or a mixer. */
final class PartyComponents {

  private final CallRecordings recordings;
  private final CallComponents others;

  /** To whom components belong. */
  interface Owners {
    /**
     * To whom a component belongs, who alone commands it and hears of it: to its maker; if another
     * has taken its place, to that one.
     *
     * @param maker who sent the command that made the component
     */
    JID ownerOf(JID maker);
  }

  /**
   * @param address the party's
   */
  PartyComponents(
      CallEnvironment environment,
      PartyKey key,
      JID address,
      MediaParty media,
      RecordedParty recorded,
      CallStanzas stanzas,
      Mailbox<? super ComponentNews> mailbox,
      Owners owners) {
    this.recordings =
        new CallRecordings(environment, key, address, media, recorded, stanzas, mailbox, owners);
    this.others = new CallComponents(environment, key, address, media, stanzas, mailbox, owners);
  }

  CallRecordings recordings() {
    return recordings;
  }

  /** Outputs, inputs and prompts. */
  CallComponents others() {
    return others;
  }

  /** Every component is complete. */
  boolean isEmpty() {
    return recordings.isEmpty() && others.isEmpty();
  }

  /** Carries out a command to a component, and answers it. */
  void command(IQ iq, String component, ComponentCommand command) {
    if (others.has(component)) {
      others.command(iq, component, command);
    } else {
      recordings.command(iq, component, command);
    }
  }

  /** There is nothing to play to or listen to any more. */
  void partyEnded() {
    others.callEnded();
  }
}

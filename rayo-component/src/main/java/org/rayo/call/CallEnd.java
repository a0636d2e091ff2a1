package org.rayo.call;

import org.rayo.media.MediaEvent;
import org.rayo.protocol.RayoEvent;
import org.rayo.protocol.RayoWriter;
import org.rayo.recording.CallNote;
import org.xmpp.packet.JID;
import org.xmpp.packet.Presence;

/**
 * The last event of a call. It is made of what the spool knows of the call and of nothing else, so
 * that it is the same stanza with the same id when it is sent again after a crash.
 */
final class CallEnd {

  private CallEnd() {}

  /**
   * The {@code <end/>}, to one of the parties.
   *
   * @param call its address
   */
  static Presence of(JID call, JID party, CallNote.End end) {
    MediaEvent.Ended event = end.event();
    return RayoWriter.presence(
        call,
        party,
        new RayoEvent.End(event.reason(), event.platformCode(), event.headers()),
        end.at(),
        "end-" + call.getNode());
  }
}

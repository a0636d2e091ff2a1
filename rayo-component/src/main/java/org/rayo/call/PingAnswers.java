package org.rayo.call;

import org.rayo.xmpp.ComponentStreamException;
import org.xmpp.packet.IQ;
import org.xmpp.packet.PacketError;

/** What the answer to a ping, or its absence, says of the client that was asked. */
final class PingAnswers {

  private PingAnswers() {}

  /**
   * A server answers for a client that is gone with one of these conditions. A client without
   * XEP-0199 may answer service-unavailable itself, which cannot be told apart: it is then found as
   * soon as it sends anything, and is not held to be gone merely for being quiet.
   */
  static boolean comesFromTheClient(IQ answer) {
    if (answer.getType() == IQ.Type.result) {
      return true;
    }
    PacketError error = answer.getError();
    if (error == null) {
      return false;
    }
    return switch (error.getCondition()) {
      case service_unavailable,
          recipient_unavailable,
          remote_server_not_found,
          remote_server_timeout,
          item_not_found,
          gone,
          internal_server_error,
          resource_constraint ->
          false;
      default -> true;
    };
  }

  /** The question never left, or its answer could not come in: nothing is known of the client. */
  static boolean isOurs(Throwable failure) {
    return !(failure instanceof ComponentStreamException stream)
        || stream.kind() != ComponentStreamException.Kind.TIMED_OUT;
  }
}

package org.rayo.call;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.rayo.protocol.StanzaError;
import org.xmpp.packet.JID;

/**
 * How many of one thing each client has at once; a client's resources share one quota. What is
 * taken must be given back. Thread safe.
 */
public final class ClientQuota {

  private final int most;
  private final String what;
  private final Map<String, Integer> taken = new ConcurrentHashMap<>();

  private ClientQuota(int most, String what) {
    this.most = most;
    this.what = what;
  }

  /**
   * Of recordings, all calls together.
   *
   * @param most for one client; 0: no limit
   */
  public static ClientQuota ofRecordings(int most) {
    return new ClientQuota(most, "recordings of this client are running");
  }

  /**
   * Of calls that clients have dialled.
   *
   * @param most for one client; 0: no limit
   */
  public static ClientQuota ofCalls(int most) {
    return new ClientQuota(most, "calls that this client has dialled are up");
  }

  /** Takes one, or says which limit the client has reached. */
  Optional<StanzaError> claim(JID client) {
    return take(client)
        ? Optional.empty()
        : Optional.of(
            StanzaError.resourceConstraint(
                most + " " + what + "; no more are allowed to one client"));
  }

  /** Takes one; false when the client has all it may have. */
  boolean take(JID client) {
    boolean[] full = {false};
    taken.compute(
        client.toBareJID(),
        (same, before) -> {
          int has = before == null ? 0 : before;
          full[0] = most > 0 && has >= most;
          return full[0] ? before : Integer.valueOf(has + 1);
        });
    return !full[0];
  }

  void giveBack(JID client) {
    taken.computeIfPresent(client.toBareJID(), (same, has) -> has > 1 ? has - 1 : null);
  }

  /** What all clients have taken. */
  int taken() {
    return taken.values().stream().mapToInt(Integer::intValue).sum();
  }
}

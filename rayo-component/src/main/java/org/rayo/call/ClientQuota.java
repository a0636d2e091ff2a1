package org.rayo.call;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.xmpp.packet.JID;

/**
 * How many recordings each client has at once, all calls together; a client's resources share one
 * quota. What is taken must be given back. Thread safe.
 */
public final class ClientQuota {

  private final int most;
  private final Map<String, Integer> taken = new ConcurrentHashMap<>();

  /**
   * @param most for one client; 0: no limit
   */
  public ClientQuota(int most) {
    this.most = most;
  }

  /** How many a client may have. */
  int most() {
    return most;
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

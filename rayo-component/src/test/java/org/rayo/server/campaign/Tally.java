package org.rayo.server.campaign;

import java.util.Map;
import java.util.TreeMap;

/** What a campaign has counted. */
final class Tally {

  /** What went wrong, by name. */
  private final Map<String, Integer> troubles = new TreeMap<>();

  /** {@code <record/>} was sent. */
  int started;

  /** It was answered with a ref. */
  int acknowledged;

  /** A {@code <complete/>} came for it. */
  int completed;

  /** None came, or what it names does not play as long as it says, or no store has it. */
  int lost;

  /** Two that differ, or two objects stored. */
  int duplicated;

  /** The same one once more. */
  int resent;

  /** Recordings that a kill alone has cut off. */
  int cutOff;

  /** Audio that the caller had spoken when the server was killed and that is not in the file. */
  long worstLossMillis;

  /** Recordings whose uri was that of the spool's copy. */
  int toldFromSpool;

  /** Recordings of which a full disk left nothing, as their {@code <complete/>} said. */
  int withoutRoom;

  /** Rounds after which the store got the rest only from a server that was started again. */
  int settledByRestart;

  /** Kills of a server that had to wait for a processor: what they cost is not judged. */
  int killsOfTheStarved;

  synchronized void trouble(String name) {
    troubles.merge(name, 1, Integer::sum);
  }

  void loss(long millis) {
    cutOff++;
    worstLossMillis = Math.max(worstLossMillis, millis);
  }

  int broken() {
    return lost + duplicated + (worstLossMillis > 1000 ? 1 : 0);
  }

  boolean promiseHeld() {
    return broken() == 0 && completed == acknowledged;
  }

  synchronized String details() {
    return ("troubles %s; loss measured of %d recordings (not after %d kills of a server that had no"
            + " processor), without room for anything %d, told from the spool %d, settled by a"
            + " restart %d")
        .formatted(
            troubles, cutOff, killsOfTheStarved, withoutRoom, toldFromSpool, settledByRestart);
  }

  @Override
  public String toString() {
    return "started=%d acknowledged=%d completed=%d lost=%d duplicated=%d resent=%d worst-loss-ms=%d"
        .formatted(started, acknowledged, completed, lost, duplicated, resent, worstLossMillis);
  }
}

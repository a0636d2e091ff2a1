package org.rayo.server.cli;

import java.util.EnumMap;
import java.util.Map;

/** What a campaign has counted. */
final class CampaignTally {

  /** What went wrong while recordings ran. */
  enum Fault {
    NONE,
    KILLED,
    KILLED_TWICE,
    XMPP_CUT,
    STORE_AWAY,
    STORE_AWAY_AND_KILLED
  }

  final Map<Fault, Integer> faults = new EnumMap<>(Fault.class);

  /** {@code <record/>} was sent. */
  int started;

  /** It was answered with a ref. */
  int acknowledged;

  /** A {@code <complete/>} came for it. */
  int completed;

  /** None came, or what it names does not play as long as it says. */
  int lost;

  /** Two that differ, or two objects stored. */
  int duplicated;

  /** The same one once more. */
  int resent;

  /** Audio that the caller had spoken when the server was killed and that is not in the file. */
  long worstLossMillis;

  boolean promiseHeld() {
    return lost == 0 && duplicated == 0 && completed == acknowledged && worstLossMillis <= 1000;
  }

  @Override
  public String toString() {
    return "started=%d acknowledged=%d completed=%d lost=%d duplicated=%d resent=%d worst-loss-ms=%d"
        .formatted(started, acknowledged, completed, lost, duplicated, resent, worstLossMillis);
  }
}

package org.rayo.call;

import org.rayo.call.ControlSettings.ControllerGone;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xmpp.packet.JID;

/**
 * The time in which a call's controlling party is offline: how long the call goes on. Not thread
 * safe: lives on its call's actor, and is told of the end of the wait by {@link
 * CallActor.GraceOver}.
 */
final class ControllerAbsence {

  private static final Logger LOG = LoggerFactory.getLogger(ControllerAbsence.class);

  private final ControlSettings settings;
  private final CallMailbox mailbox;
  private Wait wait = Wait.NONE;

  private enum Wait {
    /** The controlling party is there, or there is none. */
    NONE,
    /** It is not, and the clock runs. */
    RUNS,
    /** It is not, and the call stays because something goes on in it. */
    SUSPENDED
  }

  ControllerAbsence(ControlSettings settings, CallMailbox mailbox) {
    this.settings = settings;
    this.mailbox = mailbox;
  }

  /**
   * The controlling party has gone offline.
   *
   * @param idle nothing is joined to the call, and no component runs
   * @return whether the call is to be hung up at once
   */
  boolean begins(JID party, boolean idle) {
    if (settings.controllerGone() == ControllerGone.HANGUP) {
      LOG.info("{} is away; the call is hung up", party);
      return true;
    }
    if (settings.controllerGone() == ControllerGone.KEEP) {
      LOG.info(
          "{} is away; the call is kept until it has been idle for {} s",
          party,
          settings.idleTimeout().toSeconds());
      wait = Wait.SUSPENDED;
      activity(idle);
    } else {
      LOG.info(
          "{} is away; the call is hung up in {} s unless it comes back",
          party,
          settings.grace().toSeconds());
      wait = Wait.RUNS;
      mailbox.startGrace(settings.grace());
    }
    return false;
  }

  /** It is back, or another is in its place, or the call is over. */
  void ends() {
    wait = Wait.NONE;
    mailbox.stopGrace();
  }

  /** Something has begun or ended in the call. */
  void activity(boolean idle) {
    if (settings.controllerGone() != ControllerGone.KEEP) {
      return;
    }
    if (idle && wait == Wait.SUSPENDED) {
      wait = Wait.RUNS;
      mailbox.startGrace(settings.idleTimeout());
    } else if (!idle && wait == Wait.RUNS) {
      wait = Wait.SUSPENDED;
      mailbox.stopGrace();
    }
  }

  /** The wait is over: whether the call is to be hung up, unless that is no longer asked for. */
  boolean isOver() {
    return wait == Wait.RUNS;
  }
}

package org.rayo.call;

import java.time.Duration;

/** How a call tells itself what is to be handled later. */
interface CallMailbox extends Mailbox<CallActor.Message> {

  /** A {@link CallActor.OfferAgain} is to come after this time. */
  default void offerAgain(Duration pause) {
    startTimer("offer", new CallActor.OfferAgain(), pause);
  }

  /** A {@link CallActor.GraceOver} is to come after this time, and none that was asked before. */
  default void startGrace(Duration grace) {
    startTimer("grace", new CallActor.GraceOver(), grace);
  }

  /** None is to come. */
  default void stopGrace() {
    stopTimer("grace");
  }
}

package org.rayo.media.sip;

import javax.sip.ResponseEvent;

/** The last request of a call: with its answer, the call is out of the house. */
record Departure(EmbeddedCall call) implements SentRequest {

  @Override
  public void responded(ResponseEvent event) {
    if (event.getResponse().getStatusCode() >= 200) {
      unanswered();
    }
  }

  @Override
  public void unanswered() {
    call.network(now -> call.signallingDone());
  }
}

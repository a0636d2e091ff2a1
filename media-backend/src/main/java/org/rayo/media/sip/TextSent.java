package org.rayo.media.sip;

import javax.sip.ResponseEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Our MESSAGE. Nobody waits for its answer, but one that is refused is in the log. */
record TextSent(EmbeddedCall call) implements SentRequest {

  private static final Logger log = LoggerFactory.getLogger(TextSent.class);

  @Override
  public void responded(ResponseEvent event) {
    if (event.getResponse().getStatusCode() >= 300) {
      log.info("{}: the text was refused: {}", call, event.getResponse().getStatusCode());
    }
  }

  @Override
  public void unanswered() {
    log.info("{}: the text was not confirmed", call);
  }
}

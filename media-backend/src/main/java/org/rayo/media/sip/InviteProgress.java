package org.rayo.media.sip;

import javax.sip.Dialog;
import javax.sip.ResponseEvent;
import javax.sip.message.Response;
import org.rayo.media.MediaEvent.EndReason;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of the INVITE of a call that we place. */
final class InviteProgress implements SentRequest {

  private static final Logger log = LoggerFactory.getLogger(InviteProgress.class);

  private final EmbeddedCall call;
  private final OutboundDialog dialog;

  InviteProgress(EmbeddedCall call, OutboundDialog dialog) {
    this.call = call;
    this.dialog = dialog;
  }

  @Override
  public void responded(ResponseEvent event) {
    Response response = event.getResponse();
    Dialog answering = event.getDialog();
    if (response.getStatusCode() / 100 != 2) {
      if (answering != null && answering.getApplicationData() == null) {
        // What is sent within a dialog that is still early finds the call.
        answering.setApplicationData(call);
      }
      call.network(now -> now.responded(response));
    } else if (answering != null && dialog.confirm(answering, call)) {
      call.network(now -> now.responded(response));
    } else if (dialog.isOfAnotherBranch(response)) {
      log.debug("{}: answered twice, the second is hung up", call);
      call.send(
          () -> dialog.leave(response), failure -> log.info("{}: {}", call, failure.getMessage()));
    }
  }

  @Override
  public void unanswered() {
    call.network(now -> now.unreachable(EndReason.TIMEOUT, "nothing has come back"));
  }
}

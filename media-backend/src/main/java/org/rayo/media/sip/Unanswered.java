package org.rayo.media.sip;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import javax.sip.message.Response;
import org.rayo.media.Header;
import org.rayo.media.MediaCall.RejectReason;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The caller waits for a final response: the call rings, or will. */
abstract sealed class Unanswered extends CallState permits Offered, Progressing {

  private static final Logger log = LoggerFactory.getLogger(Unanswered.class);

  final InviteDialog dialog;

  Unanswered(EmbeddedCall call, InviteDialog dialog) {
    super(call);
    this.dialog = dialog;
  }

  @Override
  void accept(List<Header> headers) throws MediaException {
    dialog.provisional(Response.RINGING, Optional.empty(), headers);
  }

  @Override
  void reject(RejectReason reason, List<Header> headers) throws MediaException {
    int status =
        switch (reason) {
          case DECLINE -> Response.DECLINE;
          case BUSY -> Response.BUSY_HERE;
          case ERROR -> Response.SERVER_INTERNAL_ERROR;
          case UNAVAILABLE -> Response.TEMPORARILY_UNAVAILABLE;
        };
    dialog.refuse(status, headers);
    over(EndReason.REJECTED, Integer.toString(status));
  }

  @Override
  void redirect(URI to, List<Header> headers) throws MediaException {
    dialog.redirect(to.toString(), headers);
    over(EndReason.REJECTED, Integer.toString(Response.MOVED_TEMPORARILY));
  }

  @Override
  void hangup(List<Header> headers) throws MediaException {
    dialog.refuse(Response.DECLINE, headers);
    over(EndReason.HANGUP_COMMAND, Integer.toString(Response.DECLINE));
  }

  @Override
  void cancelled(List<Header> headers, Optional<String> code) {
    refuse(Response.REQUEST_TERMINATED);
    call.finish(EndReason.HUNGUP, code, headers);
    call.become(new Over(call));
    call.signallingDone();
  }

  /** A caller may also give up with a BYE (RFC 3261, section 15). */
  @Override
  void bye(List<Header> headers, Optional<String> code) {
    cancelled(headers, code);
  }

  @Override
  void ringTimeout() {
    refuse(Response.TEMPORARILY_UNAVAILABLE);
    over(EndReason.TIMEOUT, Integer.toString(Response.TEMPORARILY_UNAVAILABLE));
  }

  private void refuse(int status) {
    try {
      dialog.refuse(status, List.of());
    } catch (MediaException e) {
      log.debug("{}: {}", call, e.getMessage());
    }
  }

  private void over(EndReason reason, String code) {
    call.finish(reason, Optional.of(code), List.of());
    call.become(new Over(call));
    call.signallingDone();
  }
}

package org.rayo.media.sip;

import java.util.List;
import java.util.Optional;
import javax.sip.message.Response;
import org.rayo.media.Header;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException;

/**
 * Given up by us before it was answered: the CANCEL waits for a provisional response, and a 2xx
 * that crosses it is hung up.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3261#section-9.1">RFC 3261, section 9.1</a>
 */
final class Cancelling extends CallState {

  private final OutboundDialog dialog;
  private final List<Header> headers;
  private boolean cancelled;

  /**
   * A call given up.
   *
   * @param headers for the CANCEL, or the BYE
   * @param proceeding whether a provisional response has come
   */
  Cancelling(EmbeddedCall call, OutboundDialog dialog, List<Header> headers, boolean proceeding) {
    super(call);
    this.dialog = dialog;
    this.headers = List.copyOf(headers);
    if (proceeding) {
      cancel();
    }
  }

  private void cancel() {
    cancelled = true;
    // Who was asked and does not answer to the CANCEL is not waited for any longer.
    call.superviseAck();
    call.send(() -> dialog.cancel(headers), failure -> {});
  }

  @Override
  void responded(Response response) {
    int status = response.getStatusCode();
    if (status < 200) {
      if (!cancelled) {
        cancel();
      }
    } else if (status < 300) {
      new Over(call).responded(response, headers);
      call.become(new Over(call));
    } else {
      depart();
    }
  }

  @Override
  void declined(Response response) {
    depart();
  }

  @Override
  void unreachable(EndReason reason, String why) {
    depart();
  }

  @Override
  void unacknowledged() {
    depart();
  }

  @Override
  void closing() {
    depart();
  }

  @Override
  void bye(List<Header> byeHeaders, Optional<String> code) {
    depart();
  }

  private void depart() {
    call.become(new Over(call));
    call.signallingDone();
  }

  @Override
  void hangup(List<Header> again) throws MediaException {
    throw refused("hangup");
  }

  @Override
  MediaException refused(String command) {
    return Over.gone(command);
  }

  @Override
  String name() {
    return "being cancelled";
  }
}

package org.rayo.media.sip;

import java.util.List;
import javax.sip.message.Response;
import org.rayo.media.Header;
import org.rayo.media.MediaException;

/** The call has ended. */
final class Over extends CallState {

  Over(EmbeddedCall call) {
    super(call);
  }

  @Override
  void hangup(List<Header> headers) throws MediaException {
    throw gone("hangup");
  }

  /** It was given up, and answered nevertheless: there is no other way to end it. */
  @Override
  void responded(Response response) {
    responded(response, List.of());
  }

  void responded(Response response, List<Header> byeHeaders) {
    if (response.getStatusCode() / 100 == 2 && call.dialog() instanceof OutboundDialog dialog) {
      call.send(() -> dialog.acknowledge(response), failure -> {});
      call.hangUp(byeHeaders);
    }
  }

  @Override
  MediaException refused(String command) {
    return gone(command);
  }

  static MediaException gone(String command) {
    return new MediaException(MediaException.Fault.GONE, command + ": the call is over");
  }

  @Override
  String name() {
    return "over";
  }
}

package org.rayo.media.sip;

import java.util.List;
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

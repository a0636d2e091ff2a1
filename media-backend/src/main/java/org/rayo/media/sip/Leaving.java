package org.rayo.media.sip;

import java.util.List;
import java.util.Optional;
import org.rayo.media.Header;
import org.rayo.media.MediaException;

/** Hung up by us while the caller had not acknowledged: BYE follows the ACK. */
final class Leaving extends CallState {

  private final List<Header> byeHeaders;

  Leaving(EmbeddedCall call, List<Header> byeHeaders) {
    super(call);
    this.byeHeaders = byeHeaders;
  }

  @Override
  void hangup(List<Header> headers) throws MediaException {
    throw refused("hangup");
  }

  @Override
  void bye(List<Header> headers, Optional<String> code) {
    call.become(new Over(call));
    call.signallingDone();
  }

  @Override
  void acknowledged(Optional<byte[]> body) {
    call.hangUp(byeHeaders);
    call.become(new Over(call));
  }

  @Override
  void unacknowledged() {
    acknowledged(Optional.empty());
  }

  @Override
  void closing() {
    unacknowledged();
  }

  @Override
  MediaException refused(String command) {
    return Over.gone(command);
  }

  @Override
  String name() {
    return "being hung up";
  }
}

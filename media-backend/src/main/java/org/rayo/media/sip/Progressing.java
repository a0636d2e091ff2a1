package org.rayo.media.sip;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.rayo.media.Header;
import org.rayo.media.MediaException;

/**
 * Not answered, but media flows already: a 183 has answered the caller's offer.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3960#section-3.1">RFC 3960, section 3.1</a>
 */
final class Progressing extends Unanswered {

  private final CallMedia media;
  private final byte[] description;

  /**
   * A call with early media.
   *
   * @param description as sent; the 200 must carry the same (RFC 3261, section 13.2.1)
   */
  Progressing(EmbeddedCall call, InviteDialog dialog, CallMedia media, byte[] description) {
    super(call, dialog);
    this.media = media;
    this.description = description;
  }

  @Override
  void answer(List<Header> headers, CompletableFuture<Void> done) throws MediaException {
    dialog.answer(description, headers);
    call.become(new Answering(call, media, done));
  }

  @Override
  CallMedia media() {
    return media;
  }

  /** A caller need not send before the answer; from then on it counts. */
  @Override
  void rtpSilent(Duration since) {
    call.superviseRtp(Duration.ZERO);
  }

  @Override
  String name() {
    return "not answered yet, with early media";
  }
}

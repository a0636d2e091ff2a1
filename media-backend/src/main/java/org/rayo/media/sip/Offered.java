package org.rayo.media.sip;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.sip.message.Response;
import org.rayo.media.Header;
import org.rayo.media.MediaException;
import org.rayo.media.rtp.RtpStreamParameters;

/** Not answered, and there is no media: the caller has been told at most that it rings. */
final class Offered extends Unanswered {

  private final Optional<Offer> offer;

  /**
   * The state every call begins in.
   *
   * @param offer empty when the caller leaves it to us to offer
   */
  Offered(EmbeddedCall call, InviteDialog dialog, Optional<Offer> offer) {
    super(call, dialog);
    this.offer = offer;
  }

  @Override
  void answer(List<Header> headers, CompletableFuture<Void> done) throws MediaException {
    Described described = describe(sdp -> dialog.answer(sdp, headers));
    call.become(new Answering(call, described.media(), done));
  }

  /** Early media: begins with a 183, which answers the offer. */
  @Override
  CallMedia media() throws MediaException {
    if (offer.isEmpty()) {
      throw new MediaException(
          MediaException.Fault.WRONG_STATE,
          "record: the caller has offered no media, so the call must be answered first");
    }
    Described early =
        describe(sdp -> dialog.provisional(Response.SESSION_PROGRESS, Optional.of(sdp), List.of()));
    call.become(new Progressing(call, dialog, early.media(), early.sdp()));
    return early.media();
  }

  @Override
  String name() {
    return "not answered yet";
  }

  /** Opens the media, sends its description, and begins if the caller's is known. */
  private Described describe(Sending sending) throws MediaException {
    CallMedia media = call.openMedia();
    try {
      byte[] sdp =
          offer.isPresent()
              ? media.answer(offer.get().sdp(), offer.get().parameters())
              : media.offer();
      sending.send(sdp);
      if (offer.isPresent()) {
        media.agree(offer.get().sdp(), offer.get().parameters());
      }
      return new Described(media, sdp);
    } catch (MediaException e) {
      call.closeMedia();
      throw e;
    } catch (NotAcceptableException e) {
      call.closeMedia();
      throw new MediaException(MediaException.Fault.FAILED, e.problem(), e);
    }
  }

  @FunctionalInterface
  private interface Sending {
    void send(byte[] sdp) throws MediaException;
  }

  @SuppressWarnings("ArrayRecordComponent") // a pair, never compared
  private record Described(CallMedia media, byte[] sdp) {}

  /**
   * What the caller offered, and what comes of it.
   *
   * @param sdp as it came
   * @param parameters as agreed
   */
  record Offer(Sdp sdp, RtpStreamParameters parameters) {

    /** Reads an offer and agrees to it. */
    static Offer of(byte[] text) throws SdpException, NotAcceptableException {
      Sdp sdp = Sdp.parse(text);
      return new Offer(sdp, AudioNegotiation.agree(sdp));
    }
  }
}

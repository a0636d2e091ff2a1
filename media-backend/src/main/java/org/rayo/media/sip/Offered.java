package org.rayo.media.sip;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.sip.message.Response;
import org.rayo.media.Header;
import org.rayo.media.MediaCall.RejectReason;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException;
import org.rayo.media.rtp.RtpStreamParameters;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The caller waits for a final response: the call rings, or will. */
final class Offered extends CallState {

  private static final Logger log = LoggerFactory.getLogger(Offered.class);

  private final Optional<Offer> offer;

  /**
   * The state every call begins in.
   *
   * @param offer empty when the caller leaves it to us to offer
   */
  Offered(EmbeddedCall call, Optional<Offer> offer) {
    super(call);
    this.offer = offer;
  }

  @Override
  void accept(List<Header> headers) throws MediaException {
    call.dialog().provisional(Response.RINGING, headers);
  }

  @Override
  void answer(List<Header> headers, CompletableFuture<Void> done) throws MediaException {
    CallMedia media = call.openMedia();
    try {
      byte[] description =
          offer.isPresent()
              ? media.answer(offer.get().sdp(), offer.get().parameters())
              : media.offer();
      call.dialog().answer(description, headers);
    } catch (MediaException e) {
      call.closeMedia();
      throw e;
    } catch (NotAcceptableException e) {
      call.closeMedia();
      throw new MediaException(MediaException.Fault.FAILED, e.problem(), e);
    }
    offer.ifPresent(o -> media.agree(o.parameters()));
    call.become(new Answering(call, media, done));
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
    call.dialog().refuse(status, headers);
    over(EndReason.REJECTED, Integer.toString(status));
  }

  @Override
  void redirect(URI to, List<Header> headers) throws MediaException {
    call.dialog().redirect(to.toString(), headers);
    over(EndReason.REJECTED, Integer.toString(Response.MOVED_TEMPORARILY));
  }

  @Override
  void hangup(List<Header> headers) throws MediaException {
    call.dialog().refuse(Response.DECLINE, headers);
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

  @Override
  String name() {
    return "not answered yet";
  }

  private void refuse(int status) {
    try {
      call.dialog().refuse(status, List.of());
    } catch (MediaException e) {
      log.debug("{}: {}", call, e.getMessage());
    }
  }

  private void over(EndReason reason, String code) {
    call.finish(reason, Optional.of(code), List.of());
    call.become(new Over(call));
    call.signallingDone();
  }

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

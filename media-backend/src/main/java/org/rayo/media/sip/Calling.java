package org.rayo.media.sip;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import javax.sip.ServerTransaction;
import javax.sip.message.Response;
import org.rayo.media.Header;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** We call: our INVITE, with our offer, waits for its final response. */
final class Calling extends CallState {

  private static final Logger log = LoggerFactory.getLogger(Calling.class);

  /** What stands for an answer that never came (RFC 3261, section 8.1.3.1). */
  private static final String NO_ANSWER = Integer.toString(Response.REQUEST_TIMEOUT);

  private final Placement placement;
  private final CallMedia media;
  private boolean proceeding;
  private boolean rings;

  Calling(EmbeddedCall call, Placement placement, CallMedia media) {
    super(call);
    this.placement = placement;
    this.media = media;
    placement.offers(media.offer());
  }

  @Override
  void hangup(List<Header> headers) {
    leave(headers);
    call.finish(EndReason.HANGUP_COMMAND, Optional.empty(), List.of());
  }

  @Override
  void ringTimeout() {
    leave(List.of());
    call.finish(EndReason.TIMEOUT, Optional.of(NO_ANSWER), List.of());
  }

  private void leave(List<Header> headers) {
    call.become(new Cancelling(call, placement.dialog(), headers, proceeding));
  }

  @Override
  void responded(Response response) {
    int status = response.getStatusCode();
    if (status < 200) {
      proceeding |= status >= 100;
      provisional(status, response);
    } else if (status < 300) {
      answered(response);
    } else if (placement.goesOn(call, response)) {
      proceeding = false;
    } else {
      declined(response);
    }
  }

  private void provisional(int status, Response response) {
    if (status == Response.RINGING && !rings) {
      rings = true;
      call.tell(new MediaEvent.Ringing(SipHeaders.told(response)));
    }
    Optional<byte[]> sdp = SipMessages.bodyOf(response);
    if (status > 100 && sdp.isPresent() && !media.isAgreed()) {
      try {
        media.agree(Sdp.parse(sdp.get()));
        call.tell(new MediaEvent.EarlyMedia());
      } catch (SdpException | NotAcceptableException e) {
        log.debug("{}: no early media: {}", call, e.getMessage());
      }
    }
  }

  private void answered(Response response) {
    try {
      Optional<byte[]> sdp = SipMessages.bodyOf(response);
      if (sdp.isPresent()) {
        media.agree(Sdp.parse(sdp.get()));
      } else if (!media.isAgreed()) {
        throw new SdpException(0, "there is none");
      }
    } catch (SdpException | NotAcceptableException e) {
      log.info("{}: hung up, the answer's description cannot be used: {}", call, e.getMessage());
      call.send(() -> placement.dialog().acknowledge(response), failure -> {});
      call.hangUp(List.of());
      call.become(new Over(call));
      call.finish(EndReason.ERROR, Optional.empty(), SipHeaders.told(response));
      return;
    }
    call.send(
        () -> placement.dialog().acknowledge(response),
        failure ->
            call.network(
                now -> now.unreachable(EndReason.ERROR, String.valueOf(failure.getMessage()))));
    call.answered();
    call.tell(new MediaEvent.Answered(SipHeaders.told(response)));
    call.become(new Established(call, media));
  }

  @Override
  void declined(Response response) {
    int status = response.getStatusCode();
    String code = SipHeaders.q850Cause(response).orElse(Integer.toString(status));
    over(reason(status), Optional.of(code), SipHeaders.told(response));
  }

  /** See also RFC 3398, section 8.2.6.1, for what telephone networks mean by them. */
  private static EndReason reason(int status) {
    return switch (status) {
      case Response.BUSY_HERE, Response.BUSY_EVERYWHERE -> EndReason.BUSY;
      case Response.REQUEST_TIMEOUT, Response.TEMPORARILY_UNAVAILABLE -> EndReason.TIMEOUT;
      case Response.UNAUTHORIZED,
          Response.FORBIDDEN,
          Response.NOT_FOUND,
          Response.NOT_ACCEPTABLE,
          Response.PROXY_AUTHENTICATION_REQUIRED,
          Response.GONE,
          Response.ADDRESS_INCOMPLETE,
          Response.AMBIGUOUS,
          Response.REQUEST_TERMINATED,
          Response.NOT_ACCEPTABLE_HERE,
          Response.DECLINE,
          Response.DOES_NOT_EXIST_ANYWHERE,
          Response.SESSION_NOT_ACCEPTABLE ->
          EndReason.REJECTED;
      default -> status < 400 ? EndReason.REJECTED : EndReason.ERROR;
    };
  }

  @Override
  void unreachable(EndReason reason, String why) {
    log.info("{}: no answer: {}", call, why);
    over(reason, Optional.of(NO_ANSWER).filter(c -> reason == EndReason.TIMEOUT), List.of());
  }

  /**
   * An UPDATE without an offer only refreshes; one with an offer may come again, once we are up.
   */
  @Override
  void renegotiate(ServerTransaction request) {
    if (SipMessages.bodyOf(request.getRequest()).isPresent()) {
      super.renegotiate(request);
    } else {
      call.dialog().ok(request);
    }
  }

  private void over(EndReason reason, Optional<String> code, List<Header> headers) {
    call.become(new Over(call));
    call.finish(reason, code, headers);
    call.signallingDone();
  }

  @Override
  CallMedia media() throws MediaException {
    if (!media.isAgreed()) {
      throw refused("record");
    }
    return media;
  }

  /** Whoever is called need not send before the answer. */
  @Override
  void rtpSilent(Duration since) {
    call.superviseRtp(Duration.ZERO);
  }

  @Override
  String name() {
    return "being placed";
  }
}

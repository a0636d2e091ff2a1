package org.rayo.media.sip;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import javax.sip.ServerTransaction;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.rayo.media.Header;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The call is up: media flows, unless it is on hold. */
final class Established extends CallState {

  private static final Logger log = LoggerFactory.getLogger(Established.class);

  private final CallMedia media;
  private boolean answerDue;
  private boolean ackDue;
  private Optional<Reinvite> inviting = Optional.empty();

  Established(EmbeddedCall call, CallMedia media) {
    super(call);
    this.media = media;
    call.restartRtpSupervision();
    call.dialogMayHaveChanged();
  }

  @Override
  void hangup(List<Header> headers) {
    end(EndReason.HANGUP_COMMAND, headers);
  }

  @Override
  void message(TextBody text, CompletableFuture<Void> done) {
    call.send(
        () -> {
          call.dialog().message(text, new TextSent(call));
          done.complete(null);
        },
        done::completeExceptionally);
  }

  @Override
  void messageReceived(ServerTransaction transaction) {
    Request request = transaction.getRequest();
    Optional<TextBody> text = TextBody.of(request);
    if (SipMessages.bodyOf(request).filter(body -> body.length > TextBody.MAX_BYTES).isPresent()) {
      call.dialog()
          .refuse(transaction, call.dialog().response(Response.REQUEST_ENTITY_TOO_LARGE, request));
    } else if (text.isEmpty()) {
      Response refusal = call.dialog().response(Response.UNSUPPORTED_MEDIA_TYPE, request);
      call.messages().acceptText(refusal);
      call.dialog().refuse(transaction, refusal);
    } else {
      call.dialog().ok(transaction);
      call.tell(new MediaEvent.MessageReceived(text.get().contentType(), text.get().text()));
    }
  }

  /** Our ACK did not get away. */
  @Override
  void unreachable(EndReason reason, String why) {
    log.info("{}: hung up: {}", call, why);
    end(reason, List.of());
  }

  @Override
  CallMedia media() throws MediaException {
    if (call.joins().isDirect()) {
      throw new MediaException(
          MediaException.Fault.WRONG_STATE,
          "the call's audio does not come here: it is joined to another call with media direct");
    }
    return media;
  }

  @Override
  RemoteAudio endAudio() throws MediaException {
    if (!call.isIdle()) {
      throw new MediaException(
          MediaException.Fault.CONFLICT,
          "join: a recording, an output or a detection needs the audio of " + call);
    }
    return media
        .end()
        .filter(RemoteAudio::isOpen)
        .orElseThrow(
            () ->
                new MediaException(
                    MediaException.Fault.WRONG_STATE, "join: " + call + " is on hold"));
  }

  @Override
  void reinvite(Reinvite request) {
    if (!request.isWanted()) {
      request.notWanted(media.isPast());
    } else if (inviting.isPresent() || ackDue) {
      request.glare(media.isPast());
    } else {
      inviting = Optional.of(request);
      request.send(media);
    }
  }

  @Override
  void reinvited(Reinvite request, int status, Optional<byte[]> body) {
    inviting = Optional.empty();
    if (status / 100 == 2) {
      request.taken(media, body);
      call.rtpIsBack();
      call.dialogMayHaveChanged();
    } else if (status == Response.REQUEST_PENDING) {
      request.glare(media.isPast());
    } else if (status == Response.CALL_OR_TRANSACTION_DOES_NOT_EXIST
        || status == Response.REQUEST_TIMEOUT) {
      log.info("{}: hung up, a change of its media was answered by {}", call, status);
      request.callOver();
      end(EndReason.ERROR, List.of());
    } else {
      request.refused(media.isPast(), status);
    }
  }

  @Override
  void bye(List<Header> headers, Optional<String> code) {
    call.become(new Over(call));
    call.finish(EndReason.HUNGUP, code, headers);
  }

  @Override
  void renegotiate(ServerTransaction request) {
    call.dialogMayHaveChanged();
    boolean invite = request.getRequest().getMethod().equals(Request.INVITE);
    Optional<byte[]> body = SipMessages.bodyOf(request.getRequest());
    if (inviting.isPresent() && (invite || body.isPresent())) {
      call.dialog()
          .refuse(request, call.dialog().response(Response.REQUEST_PENDING, request.getRequest()));
      return;
    }
    try {
      if (body.isPresent()) {
        renegotiate(request, Offered.Offer.of(body.get()));
        ackDue |= invite;
      } else if (invite) {
        call.dialog().accept(request, Optional.of(media.offer()), List.of());
        answerDue = true;
        ackDue = true;
      } else {
        // An UPDATE without an offer only refreshes.
        call.dialog().accept(request, Optional.empty(), List.of());
      }
    } catch (SdpException e) {
      refuse(request, Response.BAD_REQUEST, EmbeddedCall.MISCELLANEOUS, e.problem());
    } catch (NotAcceptableException e) {
      refuse(request, Response.NOT_ACCEPTABLE_HERE, e.warnCode(), e.problem());
    } catch (MediaException e) {
      log.debug("{}: {}", call, e.getMessage());
    }
  }

  /** What the other side changes while its audio goes past us brings that back. */
  private void renegotiate(ServerTransaction request, Offered.Offer offer)
      throws NotAcceptableException, MediaException {
    Optional<byte[]> unchanged = media.answerPast(offer.sdp());
    if (unchanged.isPresent()) {
      call.dialog().accept(request, unchanged, List.of());
      return;
    }
    byte[] answer = media.answer(offer.sdp(), offer.parameters());
    // Whoever gets the answer may send by it at once.
    media.agree(offer.sdp(), offer.parameters());
    call.dialog().accept(request, Optional.of(answer), List.of());
    call.rtpIsBack();
    log.debug("{}: renegotiated", call);
    call.joins().renegotiated(media.end());
  }

  /** Of a further INVITE; when that had no offer, the answer to ours. */
  @Override
  void acknowledged(Optional<byte[]> body) {
    ackDue = false;
    if (!answerDue) {
      return;
    }
    answerDue = false;
    try {
      byte[] answer = body.orElseThrow(() -> new SdpException(0, "the ACK has no answer"));
      media.agree(Sdp.parse(answer));
      call.joins().renegotiated(media.end());
    } catch (SdpException | NotAcceptableException e) {
      log.info("{}: hung up, the answer to our offer cannot be used: {}", call, e.getMessage());
      end(EndReason.ERROR, List.of());
    }
  }

  @Override
  void unacknowledged() {
    log.info("{}: hung up, the caller did not confirm a renegotiation", call);
    end(EndReason.ERROR, List.of());
  }

  @Override
  void rtpSilent(Duration since) {
    if (!media.expectsRtp()) {
      return;
    }
    if (since.compareTo(call.rtpTimeout()) < 0) {
      call.superviseRtp(since);
      return;
    }
    log.info("{}: hung up, no RTP for {} s", call, since.toSeconds());
    end(EndReason.ERROR, List.of());
  }

  @Override
  String name() {
    return "answered";
  }

  private void refuse(ServerTransaction request, int status, int warnCode, String why) {
    Response response = call.dialog().response(status, request.getRequest());
    call.dialog().warn(response, warnCode, why);
    call.dialog().refuse(request, response);
  }

  private void end(EndReason reason, List<Header> headers) {
    call.hangUp(headers);
    call.become(new Over(call));
    call.finish(reason, Optional.empty(), List.of());
  }
}

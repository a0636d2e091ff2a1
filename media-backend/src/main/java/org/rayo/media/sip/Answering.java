package org.rayo.media.sip;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.rayo.media.Header;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** 200 is sent; the caller has not acknowledged it yet. */
final class Answering extends CallState {

  private static final Logger log = LoggerFactory.getLogger(Answering.class);

  private final CallMedia media;
  private final CompletableFuture<Void> done;

  Answering(EmbeddedCall call, CallMedia media, CompletableFuture<Void> done) {
    super(call);
    this.media = media;
    this.done = done;
    call.superviseAck();
  }

  /** No BYE may be sent before the ACK (RFC 3261, section 15); to our side the call is over now. */
  @Override
  void hangup(List<Header> headers) {
    call.become(new Leaving(call, headers));
    call.finish(EndReason.HANGUP_COMMAND, Optional.empty(), List.of());
    failAnswer(MediaException.Fault.GONE, "the call was hung up before the caller confirmed it");
  }

  @Override
  void bye(List<Header> headers, Optional<String> code) {
    call.become(new Over(call));
    call.finish(EndReason.HUNGUP, code, headers);
    failAnswer(MediaException.Fault.GONE, "the caller hung up instead of confirming");
  }

  @Override
  void acknowledged(Optional<byte[]> body) {
    if (!media.isAgreed()) {
      try {
        byte[] answer = body.orElseThrow(() -> new SdpException(0, "the ACK has no answer"));
        media.agree(Sdp.parse(answer));
      } catch (SdpException e) {
        fail("the caller's answer cannot be used: " + e.problem());
        return;
      } catch (NotAcceptableException e) {
        fail("the caller's answer cannot be used: " + e.problem());
        return;
      }
    }
    call.become(new Established(call, media));
    done.complete(null);
  }

  /** It flows from the answer on, unless the caller is yet to tell its own address. */
  @Override
  CallMedia media() throws MediaException {
    if (!media.isAgreed()) {
      throw refused("record");
    }
    return media;
  }

  /** It counts from the time on at which the call is up. */
  @Override
  void rtpSilent(Duration since) {
    call.superviseRtp(Duration.ZERO);
  }

  @Override
  void unacknowledged() {
    fail("the caller did not confirm the answer");
  }

  @Override
  String name() {
    return "being answered";
  }

  private void fail(String why) {
    call.hangUp(List.of());
    call.become(new Over(call));
    call.finish(EndReason.ERROR, Optional.empty(), List.of());
    log.info("{}: hung up, {}", call, why);
    // Neither call control's fault nor ours: to both it is a caller who is not there any more.
    failAnswer(MediaException.Fault.GONE, why);
  }

  private void failAnswer(MediaException.Fault fault, String why) {
    done.completeExceptionally(new MediaException(fault, "answer: " + why));
  }
}

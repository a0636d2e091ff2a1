package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rayo.media.Header;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException;

class CallFlowTest {

  private Backend backend;
  private SipCaller caller;

  @BeforeEach
  void start() throws Exception {
    backend = Backend.start();
    caller = SipCaller.udp(backend.port());
  }

  @AfterEach
  void stop() {
    caller.close();
    backend.close();
  }

  @Test
  void invite_acceptAnswerHangup_everyStepOnTheWire() throws Exception {
    caller.invite();
    assertThat(caller.next().status()).isEqualTo(100);
    MediaCall call = backend.awaitCall();
    assertThat(call.signallingId()).isEqualTo(caller.callId);
    BlockingQueue<MediaEvent> events = new LinkedBlockingQueue<>();
    call.listen(events::add);

    call.accept(List.of(new Header("X-Queue", "7"))).toCompletableFuture().get(5, TimeUnit.SECONDS);
    SipText ringing = caller.awaitStatus(180);
    assertThat(ringing.header("X-Queue")).isEqualTo("7");

    var answered = call.answer(List.of()).toCompletableFuture();
    SipText ok = caller.awaitStatus(200);
    assertThat(ok.header("To")).isEqualTo(ringing.header("To"));
    assertThat(ok.header("Contact")).isEqualTo("<sip:127.0.0.1:" + backend.port() + ">");
    assertThat(ok.body()).contains("m=audio 30000 RTP/AVP 0 101\r\n", "c=IN IP4 127.0.0.1");
    assertThat(answered).isNotDone();
    caller.ack(ok);
    answered.get(5, TimeUnit.SECONDS);

    call.hangup(List.of(new Header("X-Why", "done")))
        .toCompletableFuture()
        .get(5, TimeUnit.SECONDS);
    SipText bye = caller.awaitRequest("BYE");
    assertThat(bye.header("X-Why")).isEqualTo("done");
    caller.ok(bye);
    MediaEvent.Ended ended = (MediaEvent.Ended) events.poll(5, TimeUnit.SECONDS);
    assertThat(ended.reason()).isEqualTo(EndReason.HANGUP_COMMAND);
    assertThat(call.hangup(List.of()).toCompletableFuture())
        .failsWithin(5, TimeUnit.SECONDS)
        .withThrowableThat()
        .havingCause()
        .isInstanceOfSatisfying(
            MediaException.class, e -> assertThat(e.fault()).isEqualTo(MediaException.Fault.GONE));
  }
}

package org.rayo.testkit.phone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.G711;

@Timeout(60)
class SoftPhoneTest {

  private final List<SoftPhone> phones = new ArrayList<>();

  @AfterEach
  void closePhones() {
    phones.forEach(SoftPhone::close);
  }

  private SoftPhone caller() {
    SoftPhone phone = SoftPhone.create();
    phones.add(phone);
    return phone;
  }

  private SoftPhone callee(Answering answering) {
    SoftPhone phone = SoftPhone.answering(answering);
    phones.add(phone);
    return phone;
  }

  private static <T> T get(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static IncomingCall incoming(SoftPhone phone) throws InterruptedException {
    IncomingCall call = phone.incoming().poll(10, TimeUnit.SECONDS);
    assertThat(call).isNotNull();
    return call;
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void call_answered_audioArrivesToTheSample(Transport transport) throws Exception {
    SoftPhone callee = callee(Answering.atOnce());
    AudioSource tone = AudioSource.tone(440, -10, 1000);
    PhoneCall call =
        caller()
            .call(
                CallOptions.to(callee.uri("bob"))
                    .transport(transport)
                    .audio(tone)
                    .header("X-Test", "one")
                    .header("X-Test", "two")
                    .build());
    assertThat(get(call.ringing())).isEqualTo(180);
    get(call.answered());
    IncomingCall taken = incoming(callee);
    assertThat(taken.inviteHeader("X-Test")).containsExactly("one", "two");
    get(call.played());
    call.hangup();
    assertThat(get(call.ended())).isEqualTo(HangupCause.LOCAL_BYE);
    assertThat(get(taken.ended())).isEqualTo(HangupCause.REMOTE_BYE);
    short[] expected = tone.toPcm();
    for (int i = 0; i < expected.length; i++) {
      expected[i] = G711.fromUlaw(G711.toUlaw(expected[i]));
    }
    assertThat(Arrays.copyOf(taken.heard(), expected.length)).isEqualTo(expected);
    assertThat(taken.requestsReceived()).containsSubsequence("INVITE", "ACK", "BYE");
  }

  @Test
  void call_refusedWith302_failsWithContact() throws Exception {
    SoftPhone callee = callee(Answering.redirecting("sip:carol@127.0.0.1:5099"));
    PhoneCall call = caller().call(CallOptions.to(callee.uri("bob")).build());
    assertThatThrownBy(() -> get(call.answered()))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(
            CallFailed.class,
            failure -> {
              assertThat(failure.status()).isEqualTo(302);
              assertThat(failure.contact()).contains("sip:carol@127.0.0.1:5099");
            });
    assertThat(get(call.ended())).isEqualTo(HangupCause.REFUSED);
  }

  @Test
  void hangup_whileRinging_cancels() throws Exception {
    SoftPhone callee = callee(Answering.whenTold());
    PhoneCall call = caller().call(CallOptions.to(callee.uri("bob")).build());
    assertThat(get(call.ringing())).isEqualTo(180);
    call.hangup();
    assertThat(get(call.ended())).isEqualTo(HangupCause.CANCELLED);
    assertThat(get(incoming(callee).ended())).isEqualTo(HangupCause.CANCELLED);
    assertThat(call.statusesReceived()).contains(487);
  }

  @Test
  void hangup_beforeAnyResponse_cancelsOnceOneCame() throws Exception {
    SoftPhone callee = callee(Answering.whenTold());
    PhoneCall call = caller().call(CallOptions.to(callee.uri("bob")).build());
    call.hangup();
    assertThat(get(call.ended())).isEqualTo(HangupCause.CANCELLED);
  }

  @Test
  void calleeHangsUp_callerIsToldSo() throws Exception {
    SoftPhone callee = callee(Answering.atOnce().hangingUpAfter(Duration.ofMillis(200)));
    PhoneCall call = caller().call(CallOptions.to(callee.uri("bob")).build());
    assertThat(get(call.ended())).isEqualTo(HangupCause.REMOTE_BYE);
    assertThat(get(incoming(callee).ended())).isEqualTo(HangupCause.LOCAL_BYE);
  }

  @Test
  void call_toNobodyOverTcp_fails() {
    PhoneCall call =
        caller().call(CallOptions.to("sip:bob@127.0.0.1:1").transport(Transport.TCP).build());
    assertThatThrownBy(() -> get(call.answered())).hasCauseInstanceOf(CallFailed.class);
  }

  @Test
  void hold_andCodecChange_areAcceptedAndHeard() throws Exception {
    SoftPhone callee = callee(Answering.atOnce());
    PhoneCall call =
        caller()
            .call(CallOptions.to(callee.uri("bob")).audio(AudioSource.tone(300, -10, 500)).build());
    get(call.answered());
    IncomingCall taken = incoming(callee);
    get(call.hold());
    get(call.unhold());
    get(call.changeCodec(Codec.PCMA));
    get(call.played());
    assertThat(taken.requestsReceived().stream().filter("INVITE"::equals)).hasSize(4);
    taken.hangup();
    assertThat(get(call.ended())).isEqualTo(HangupCause.REMOTE_BYE);
    assertThat(call.packetsSent()).isBetween(20L, 60L);
  }

  @Test
  void close_leavesNoThreadThatKeepsTheJvmAlive() throws Exception {
    Set<Thread> before = Thread.getAllStackTraces().keySet();
    SoftPhone.create().close();
    for (Thread thread : Thread.getAllStackTraces().keySet()) {
      if (!before.contains(thread) && !thread.isDaemon()) {
        thread.join(5000);
        assertThat(thread.isAlive()).as(thread.getName()).isFalse();
      }
    }
  }
}

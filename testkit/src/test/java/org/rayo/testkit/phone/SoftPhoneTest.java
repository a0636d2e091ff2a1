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
import org.rayo.testkit.audio.Dtmf;
import org.rayo.testkit.audio.G711;
import org.rayo.testkit.audio.TimeCode;

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
  void moveRtpAndHoldInactive_keepTheStreamsTime() throws Exception {
    SoftPhone callee = callee(Answering.atOnce());
    PhoneCall call =
        caller().call(CallOptions.to(callee.uri("bob")).audio(TimeCode.source()).build());
    get(call.answered());
    IncomingCall taken = incoming(callee);
    awaitHeard(taken, 300);
    get(call.moveRtp());
    int moved = taken.heard().length;
    awaitHeard(taken, moved / 8 + 300);
    get(call.holdInactive());
    long sent = call.packetsSent();
    get(call.unhold());
    int resumed = taken.heard().length;
    awaitHeard(taken, resumed / 8 + 300);
    List<TimeCode.Stretch> heard = TimeCode.read(taken.heard());
    assertThat(call.packetsSent()).isGreaterThan(sent);
    for (TimeCode.Stretch stretch : heard) {
      assertThat(heard.get(0).leftOutBefore(stretch)).isBetween(-5.0, 5.0);
    }
  }

  private static void awaitHeard(PhoneCall call, int millis) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (call.heard().length < millis * 8) {
      assertThat(System.nanoTime()).as("%s ms heard in 20 s", millis).isLessThan(deadline);
      Thread.sleep(20);
    }
  }

  @Test
  void press_withoutTelephoneEvent_fails() throws Exception {
    SoftPhone callee = callee(Answering.atOnce());
    PhoneCall call = caller().call(CallOptions.to(callee.uri("bob")).build());
    get(call.answered());
    assertThatThrownBy(() -> get(call.press('5'))).hasCauseInstanceOf(CallFailed.class);
  }

  @Test
  void press_agreed_isInPlaceOfAudio() throws Exception {
    SoftPhone callee = callee(Answering.atOnce());
    PhoneCall call =
        caller()
            .call(
                CallOptions.to(callee.uri("bob"))
                    .telephoneEvent(true)
                    .audio(TimeCode.source())
                    .build());
    get(call.answered());
    IncomingCall taken = incoming(callee);
    awaitHeard(taken, 300);
    get(call.press('5'));
    awaitHeard(taken, taken.heard().length / 8 + 300);
    List<TimeCode.Stretch> heard = TimeCode.read(taken.heard());
    assertThat(heard.get(0).leftOutBefore(heard.get(heard.size() - 1))).isBetween(-5.0, 5.0);
    assertThat(Dtmf.levelOf('5', taken.heard(), 8000)).isLessThan(-20);
    int quiet = 0;
    for (short sample : taken.heard()) {
      quiet += sample == 0 ? 1 : 0;
    }
    assertThat(quiet).isBetween(600, 1200);
  }

  @Test
  void keyPress_fiveFrames_growsFromOneTimestampAndEndsThrice() {
    KeyPress key = new KeyPress('#', 5);
    List<KeyPress.Frame> frames = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      frames.add(key.next(4000 + 160L * i));
    }
    assertThat(frames).extracting(KeyPress.Frame::timestamp).containsOnly(4000L);
    assertThat(frames)
        .extracting(KeyPress.Frame::marker)
        .containsExactly(true, false, false, false, false);
    assertThat(frames).extracting(KeyPress.Frame::repeats).containsExactly(1, 1, 1, 1, 3);
    assertThat(frames.get(0).payload()).containsExactly(11, 10, 0, 160);
    assertThat(frames.get(4).payload()).containsExactly(11, 0x8A, 3, 32);
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

package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.server.Site.ACCEPT;
import static org.rayo.server.Site.ANSWER;
import static org.rayo.server.Site.HANGUP;
import static org.rayo.server.Site.await;
import static org.rayo.server.Site.expectResult;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.Decoded;
import org.rayo.testkit.audio.ToneMeter;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.client.Received.RecordingFacts;
import org.rayo.testkit.phone.CallFailed;
import org.rayo.testkit.phone.HangupCause;
import org.rayo.testkit.phone.PhoneCall;

/** What a client commands is what the caller's phone hears, and the other way round. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SignallingTest {

  private static final String REJECT = "<reject xmlns='urn:xmpp:rayo:1'>%s</reject>";

  private Site site;
  private RayoClient client;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    site = Site.embedded(directory);
    client = site.availableClient("romeo", "balcony");
  }

  @AfterAll
  void close() {
    if (site != null) {
      site.close();
    }
  }

  private static CallFailed failure(PhoneCall call) throws Exception {
    try {
      await(call.answered());
      throw new AssertionError("the call was answered");
    } catch (ExecutionException e) {
      return (CallFailed) e.getCause();
    }
  }

  /** The call's one end, after which it says nothing. */
  private Received end(String address) {
    Received end = client.awaitEvent(address, "end");
    site.settle(client);
    assertThat(
            Site.of(client, address).stream()
                .filter(s -> s.stanza().getLocalName().equals("presence"))
                .reduce((first, second) -> second))
        .contains(end);
    assertThat(client.command(address, HANGUP).error()).isEqualTo("item-not-found/cancel");
    return end;
  }

  @Test
  void reject_everyReason_isItsStatusForTheCaller() throws Exception {
    Map<String, Integer> statuses = Map.of("<decline/>", 603, "<busy/>", 486, "<error/>", 500);
    for (Map.Entry<String, Integer> reason : statuses.entrySet()) {
      PhoneCall call = site.ring();
      String address = site.newOffer(client).from();
      Received result = expectResult(client.command(address, REJECT.formatted(reason.getKey())));
      assertThat(failure(call).status()).isEqualTo(reason.getValue());
      assertThat(await(call.ended())).isEqualTo(HangupCause.REFUSED);
      Received end = end(address);
      assertThat(end.reason()).isEqualTo("rejected");
      assertThat(result.number()).isLessThan(end.number());
    }
  }

  @Test
  void redirect_offered_sendsTheCallerElsewhere() throws Exception {
    PhoneCall call = site.ring();
    String address = site.newOffer(client).from();
    expectResult(
        client.command(
            address, "<redirect xmlns='urn:xmpp:rayo:1' to='sip:other@127.0.0.1:5999'/>"));
    CallFailed failed = failure(call);
    assertThat(failed.status()).isEqualTo(302);
    assertThat(failed.contact().orElseThrow()).contains("sip:other@127.0.0.1:5999");
    end(address);
  }

  @Test
  void redirect_answered_isTooLate() throws Exception {
    Site.Answered answered = site.answeredCall(client);
    assertThat(
            client
                .command(
                    answered.address(),
                    "<redirect xmlns='urn:xmpp:rayo:1' to='sip:other@127.0.0.1'/>")
                .error())
        .isEqualTo("unexpected-request/wait");
    answered.call().hangup();
    assertThat(end(answered.address()).reason()).isEqualTo("hungup");
  }

  @Test
  void hangup_beforeTheAnswer_refusesTheCaller() throws Exception {
    for (boolean accepted : new boolean[] {false, true}) {
      PhoneCall call = site.ring();
      String address = site.newOffer(client).from();
      if (accepted) {
        expectResult(client.command(address, ACCEPT));
        assertThat(await(call.ringing())).isEqualTo(180);
      }
      expectResult(client.command(address, HANGUP));
      assertThat(failure(call).status()).isGreaterThanOrEqualTo(400);
      assertThat(end(address).reason()).isEqualTo("hangup-command");
    }
  }

  @Test
  void acceptAndReject_again_areRefusedAndAnswerAgainIsNot() throws Exception {
    PhoneCall call = site.ring();
    String address = site.newOffer(client).from();
    expectResult(client.command(address, ACCEPT));
    assertThat(client.command(address, ACCEPT).error()).isEqualTo("unexpected-request/wait");
    assertThat(client.command(address, REJECT.formatted("<busy/>")).error())
        .isEqualTo("not-allowed/cancel");
    expectResult(client.command(address, ANSWER));
    expectResult(client.command(address, ANSWER));
    await(call.answered());
    assertThat(client.command(address, ACCEPT).error()).isEqualTo("unexpected-request/wait");
    assertThat(client.command(address, REJECT.formatted("<busy/>")).error())
        .isEqualTo("not-allowed/cancel");
    expectResult(client.command(address, HANGUP));
    assertThat(await(call.ended())).isEqualTo(HangupCause.REMOTE_BYE);
    assertThat(end(address).reason()).isEqualTo("hangup-command");
    assertThat(call.statusesReceived().stream().filter(status -> status == 200)).hasSize(1);
  }

  @Test
  void record_beforeTheAnswer_isOfEarlyMediaAndGoesOn() throws Exception {
    PhoneCall call = site.ring();
    String address = site.newOffer(client).from();
    String component = Site.record(client, address, "wav");
    assertThat(await(call.ringing())).isEqualTo(183);
    assertThat(call.answered().toCompletableFuture()).isNotDone();
    expectResult(client.command(address, ANSWER));
    await(call.answered());
    await(call.send(AudioSource.tone(440, -10, 1000).then(AudioSource.silence(300))));
    expectResult(client.command(component, Site.STOP));
    RecordingFacts recording = client.awaitEvent(component, "complete").recording().orElseThrow();
    call.hangup();
    end(address);
    assertThat(
            ToneMeter.find(Site.decode(recording).channel(0), 8000, 440, -16)
                .orElseThrow()
                .samples())
        .isBetween(7840, 8160);
  }

  @Test
  void answer_withoutAccept_isFine() throws Exception {
    Site.Answered answered = site.answeredCall(client);
    assertThat(answered.call().statusesReceived()).doesNotContain(180);
    answered.call().hangup();
    end(answered.address());
  }

  @Test
  void cancel_offeredOrRinging_isTheEnd() throws Exception {
    for (boolean accepted : new boolean[] {false, true}) {
      PhoneCall call = site.ring();
      String address = site.newOffer(client).from();
      if (accepted) {
        expectResult(client.command(address, ACCEPT));
        await(call.ringing());
      }
      call.hangup();
      assertThat(await(call.ended())).isEqualTo(HangupCause.CANCELLED);
      assertThat(call.statusesReceived()).contains(487);
      assertThat(end(address).reason()).isEqualTo("hungup");
    }
  }

  @Test
  void hold_whileRecording_isSilenceInOneRecording() throws Exception {
    Site.Answered answered = site.answeredCall(client);
    PhoneCall call = answered.call();
    String component = Site.record(client, answered.address(), "wav");
    await(call.send(AudioSource.tone(440, -10, 1000)));
    await(call.hold());
    long heard = call.packetsReceived();
    await(call.send(AudioSource.silence(1000)));
    long heardInHold = call.packetsReceived() - heard;
    await(call.unhold());
    // What was said last is still in the jitter buffer for a while.
    await(call.send(AudioSource.tone(660, -10, 1000).then(AudioSource.silence(300))));
    expectResult(client.command(component, Site.STOP));
    RecordingFacts recording = client.awaitEvent(component, "complete").recording().orElseThrow();
    call.hangup();
    end(answered.address());
    assertThat(Site.of(client, answered.address()).stream().filter(s -> s.isEvent("complete")))
        .hasSize(1);
    assertThat(heardInHold).as("packets to a caller that has put us on hold").isLessThan(5);
    assertThat(recording.durationMillis()).isBetween(3000L, 3900L);
    Decoded audio = Site.decode(recording);
    ToneMeter.Span first = ToneMeter.find(audio.channel(0), 8000, 440, -16).orElseThrow();
    ToneMeter.Span second = ToneMeter.find(audio.channel(0), 8000, 660, -16).orElseThrow();
    assertThat(first.samples()).isBetween(7840, 8160);
    assertThat(second.samples()).isBetween(7840, 8160);
    assertThat(second.start() - first.end()).isBetween(7900, 10_400);
    short[] between = Arrays.copyOfRange(audio.channel(0), first.end() + 400, second.start() - 400);
    assertThat(ToneMeter.levelDbfs(between)).isLessThan(-60);
  }

  @Test
  void hangup_byTheClientWhileRecording_completesThenEnds() throws Exception {
    Site.Answered answered = site.answeredCall(client);
    List<String> components =
        List.of(
            Site.record(client, answered.address(), "wav"),
            Site.record(client, answered.address(), "mp3"));
    await(answered.call().send(AudioSource.tone(440, -10, 500)));
    Received result = expectResult(client.command(answered.address(), HANGUP));
    Received end = end(answered.address());
    for (String component : components) {
      Received complete = client.awaitEvent(component, "complete");
      assertThat(complete.reason()).isEqualTo("hangup");
      assertThat(complete.number()).isBetween(result.number() + 1, end.number() - 1);
      assertThat(Site.decode(complete.recording().orElseThrow()).durationMillis())
          .isEqualTo(complete.recording().orElseThrow().durationMillis());
    }
  }
}

package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.server.Site.PAUSE;
import static org.rayo.server.Site.RESUME;
import static org.rayo.server.Site.await;
import static org.rayo.server.Site.expectResult;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.server.Elapsed.Moment;
import org.rayo.server.Site.Answered;
import org.rayo.testkit.audio.Decoded;
import org.rayo.testkit.audio.TimeCode;
import org.rayo.testkit.audio.ToneMeter;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.client.Received.RecordingFacts;
import org.rayo.testkit.phone.Codec;
import org.rayo.testkit.phone.PhoneCall;

/**
 * A recording goes on through whatever the call goes through, and keeps its time: what was said
 * after it stands as long after what was said before as it was said.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecordingOutlivesTest {

  private static final String WAV = "format='wav' start-beep='false' direction='send'";

  /** Between two changes of a call. */
  private static final long WHILE_MILLIS = 600;

  private Site site;
  private RayoClient client;

  @BeforeAll
  void startSite(@TempDir Path directory) throws Exception {
    site = Site.bilingual(directory);
    client = site.availableClient("romeo", "balcony");
    site.warmUp(client);
  }

  @AfterAll
  void closeSite() {
    if (site != null) {
      site.close();
    }
  }

  /** So many samples from its start and end the recording holds what was said. */
  private static final int BEFORE_AND_AFTER = 3200;

  /** Something that a call goes through. */
  @FunctionalInterface
  private interface Change {
    void on(PhoneCall call) throws Exception;
  }

  /** What the recording is like in which it happened. */
  private record Outcome(Decoded audio, List<TimeCode.Stretch> said) {
    TimeCode.Stretch first() {
      return said.get(0);
    }

    TimeCode.Stretch last() {
      return said.get(said.size() - 1);
    }

    double readMillis() {
      return said.stream().mapToDouble(TimeCode.Stretch::millis).sum();
    }
  }

  private Outcome through(String caller, Change... changes) throws Exception {
    Answered answered = site.talkingCall(client, caller, TimeCode.source());
    String component = Site.start(client, answered.address(), WAV).ref();
    for (Change change : changes) {
      Thread.sleep(WHILE_MILLIS);
      change.on(answered.call());
    }
    Thread.sleep(WHILE_MILLIS);
    Received complete = Site.stop(client, component);
    answered.call().hangup();
    client.awaitEvent(answered.address(), "end");
    assertThat(Site.of(client, answered.address()).stream().filter(s -> s.isEvent("complete")))
        .hasSize(1);
    assertThat(complete.reason()).isEqualTo("stop");
    RecordingFacts recording = complete.recording().orElseThrow();
    Decoded audio = Site.decode(recording);
    assertThat(audio.durationMillis()).isEqualTo(recording.durationMillis());
    Outcome outcome = new Outcome(audio, TimeCode.read(audio.channel(0)));
    assertThat(outcome.said()).isNotEmpty();
    assertThat(outcome.first().from()).as("said before").isLessThan(BEFORE_AND_AFTER);
    assertThat(outcome.last().to())
        .as("and after")
        .isGreaterThan(audio.samples() - BEFORE_AND_AFTER);
    System.out.printf(
        Locale.ROOT,
        "figure: a recording through %s: %d ms, %.0f ms of them read, time off by %.1f ms%n",
        caller,
        recording.durationMillis(),
        outcome.readMillis(),
        outcome.first().leftOutBefore(outcome.last()));
    return outcome;
  }

  private static void expectTimeKept(Outcome outcome) {
    for (TimeCode.Stretch stretch : outcome.said()) {
      assertThat(outcome.first().leftOutBefore(stretch)).isBetween(-20.0, 20.0);
    }
  }

  /** Nothing but packets that a stalled machine delayed is missing. */
  private static void expectWhole(Outcome outcome) {
    assertThat(outcome.readMillis()).isGreaterThan(0.75 * outcome.audio().durationMillis());
  }

  @ConcurrentTest
  void hold_withSendonlyAndBack_keepsTimeAndWhatIsSaidInHold() throws Exception {
    Outcome outcome = through("hold", call -> await(call.hold()), call -> await(call.unhold()));
    expectTimeKept(outcome);
    expectWhole(outcome);
  }

  @ConcurrentTest
  void hold_withInactiveAndBack_isSilenceOfTheSameLength() throws Exception {
    Outcome outcome =
        through("inactive", call -> await(call.holdInactive()), call -> await(call.unhold()));
    expectTimeKept(outcome);
    assertThat(ToneMeter.longestQuiet(outcome.audio().channel(0), 8).samples() / 8.0)
        .isGreaterThan(WHILE_MILLIS - 100.0);
  }

  @ConcurrentTest
  void reinvite_toAnotherRtpPort_keepsTime() throws Exception {
    Outcome outcome = through("moved", call -> await(call.moveRtp()));
    expectTimeKept(outcome);
    expectWhole(outcome);
  }

  @ConcurrentTest
  void reinvite_toAnotherCodecAndBack_keepsTime() throws Exception {
    Outcome outcome =
        through(
            "codecs",
            call -> await(call.changeCodec(Codec.PCMA)),
            call -> await(call.changeCodec(Codec.PCMU)));
    expectTimeKept(outcome);
    expectWhole(outcome);
  }

  @ConcurrentTest
  void everything_oneAfterTheOther_keepsTime() throws Exception {
    Outcome outcome =
        through(
            "everything",
            call -> await(call.hold()),
            call -> await(call.unhold()),
            call -> await(call.changeCodec(Codec.PCMA)),
            call -> await(call.moveRtp()),
            call -> await(call.holdInactive()),
            call -> await(call.unhold()));
    expectTimeKept(outcome);
  }

  @ConcurrentTest
  void pause_andHoldWithinIt_leavesOutJustThePause() throws Exception {
    Answered answered = site.talkingCall(client, "paused", TimeCode.source());
    String component = Site.start(client, answered.address(), WAV).ref();
    Elapsed pause = new Elapsed(site);
    Thread.sleep(WHILE_MILLIS);
    Moment paused = Elapsed.of(() -> expectResult(client.command(component, PAUSE)));
    await(answered.call().holdInactive());
    Thread.sleep(WHILE_MILLIS);
    await(answered.call().unhold());
    await(answered.call().changeCodec(Codec.PCMA));
    // What was said in hold is over for the server too, jitter buffer included.
    Thread.sleep(WHILE_MILLIS);
    Moment resumed = Elapsed.of(() -> expectResult(client.command(component, RESUME)));
    Thread.sleep(WHILE_MILLIS);
    RecordingFacts recording = Site.stop(client, component).recording().orElseThrow();
    answered.call().hangup();
    pause.plus(paused, resumed);
    List<TimeCode.Stretch> said = TimeCode.read(Site.decode(recording).channel(0));
    assertThat(said).hasSize(2);
    double leftOut = said.get(0).leftOutBefore(said.get(1));
    System.out.printf(
        Locale.ROOT, "figure: pause with a hold in it: %.1f ms of %s%n", leftOut, pause);
    assertThat(pause.error(leftOut)).isBetween(-pause.tolerance(), pause.tolerance());
  }
}

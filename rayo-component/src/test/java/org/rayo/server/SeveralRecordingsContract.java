package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.rayo.server.Site.ANSWER;
import static org.rayo.server.Site.await;
import static org.rayo.server.Site.expectResult;

import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.server.Site.Answered;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.Decoded;
import org.rayo.testkit.audio.TimeCode;
import org.rayo.testkit.audio.ToneMeter;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.client.Received.RecordingFacts;
import org.rayo.testkit.peers.MediaTools;
import org.rayo.testkit.peers.RequiresPeer;
import org.rayo.testkit.phone.HangupCause;
import org.rayo.testkit.phone.PhoneCall;

/** Recordings beside each other on one call, and those that begin before the answer. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SeveralRecordingsContract {

  private static final double SAID_HZ = 600;
  private static final double BEEP_HZ = 1000;

  Site site;
  private RayoClient wiki;
  RayoClient xep;

  /** A bilingual site whose calls are carried by what the test is for. */
  abstract Site open(Path directory, String... config) throws Exception;

  /** Into how many pieces what is said falls at most where the call is answered meanwhile. */
  int piecesAcrossTheAnswer() {
    return 1;
  }

  @BeforeAll
  void startSite(@TempDir Path directory) throws Exception {
    site = open(directory);
    wiki = site.availableClient("romeo", "balcony");
    xep = site.availableClient("juliet", "orchard");
    site.warmUp(xep);
  }

  @AfterAll
  void closeSite() {
    if (site != null) {
      site.close();
    }
  }

  private static Decoded decoded(Received complete, String suffix, int channels) {
    RecordingFacts recording = complete.recording().orElseThrow();
    assertThat(recording.uri()).endsWith("." + suffix);
    Decoded audio =
        suffix.equals("opus") ? MediaTools.ffmpeg(Site.file(recording)) : Site.decode(recording);
    assertThat(audio.durationMillis()).as(recording.uri()).isEqualTo(recording.durationMillis());
    assertThat(audio.channels().length).isEqualTo(channels);
    return audio;
  }

  /** The caller's tone, and nothing of what the caller hears. */
  private static void expectSaid(Decoded audio, int channel) {
    ToneMeter.Tone tone =
        ToneMeter.dominant(audio.channel(channel), audio.sampleRateHz()).orElseThrow();
    assertThat(tone.frequencyHz()).isBetween(SAID_HZ - 2, SAID_HZ + 2);
    assertThat(tone.levelDbfs()).isBetween(-16.0, -10.0);
    assertThat(ToneMeter.levelAt(audio.channel(channel), audio.sampleRateHz(), BEEP_HZ))
        .isLessThan(-35);
  }

  /** One beep of 250 ms, and nothing of what the caller says. */
  private static void expectBeep(Decoded audio, int channel) {
    ToneMeter.Span beep =
        ToneMeter.find(audio.channel(channel), audio.sampleRateHz(), BEEP_HZ, -15).orElseThrow();
    assertThat(beep.samples() * 1000L / audio.sampleRateHz()).isBetween(225L, 262L);
    assertThat(ToneMeter.levelAt(audio.channel(channel), audio.sampleRateHz(), SAID_HZ))
        .isLessThan(-45);
  }

  @ConcurrentTest
  @RequiresPeer("ffmpeg")
  void eightAtOnce_eachHasItsOwnOptions() throws Exception {
    Answered answered = site.talkingCall(xep, "eight", AudioSource.tone(SAID_HZ, -12, 60_000));
    String call = answered.address();
    String send = Site.start(xep, call, "format='wav' direction='send'").ref();
    String recv = Site.start(xep, call, "format='wav' direction='recv'").ref();
    String stereo = Site.start(xep, call, "format='wav' direction='duplex'").ref();
    String opus = Site.start(xep, call, "format='opus' direction='send'").ref();
    String brief = Site.start(xep, call, "format='mp3' mix='false' max-duration='900'").ref();
    String idle = Site.start(xep, call, "format='wav' start-paused='true' mix='true'").ref();
    // The last one's beep is heard by all that hear what the caller hears.
    String mixing =
        xep.sendCommand(call, Site.recordCommand("format='mp3' mix='true' max-duration='2000'"));
    String beeping =
        xep.sendCommand(call, Site.recordCommand("format='wav' mix='true' start-beep='true'"));
    String mixed = expectResult(xep.await(mixing)).ref();
    String last = expectResult(xep.await(beeping)).ref();

    Received ofMixed = xep.awaitEvent(mixed, "complete");
    Received ofBrief = xep.awaitEvent(brief, "complete");
    for (String running : List.of(send, recv, stereo, opus, idle)) {
      assertThat(Site.stop(xep, running).reason()).isEqualTo("stop");
    }
    answered.call().hangup();
    assertThat(xep.awaitEvent(last, "complete").reason()).isEqualTo("hangup");
    xep.awaitEvent(call, "end");
    for (String component : List.of(send, recv, stereo, mixed, opus, brief, idle, last)) {
      assertThat(
              Site.of(xep, call).stream()
                  .filter(s -> s.isEvent("complete") && s.from().equals(component)))
          .hasSize(1);
    }

    assertThat(ofMixed.reason()).isEqualTo("max-duration");
    assertThat(ofBrief.reason()).isEqualTo("max-duration");
    expectSaid(decoded(xep.awaitEvent(send, "complete"), "wav", 1), 0);
    expectBeep(decoded(xep.awaitEvent(recv, "complete"), "wav", 1), 0);
    Decoded legs = decoded(xep.awaitEvent(stereo, "complete"), "wav", 2);
    expectSaid(legs, 0);
    expectBeep(legs, 1);
    Decoded both = decoded(ofMixed, "mp3", 1);
    assertThat(both.samples()).isEqualTo(16_000);
    assertThat(ToneMeter.levelAt(both.channel(0), 8000, SAID_HZ)).isBetween(-16.0, -10.0);
    assertThat(ToneMeter.find(both.channel(0), 8000, BEEP_HZ, -18).orElseThrow().samples())
        .isBetween(1750, 2150);
    expectSaid(decoded(xep.awaitEvent(opus, "complete"), "opus", 1), 0);
    Decoded two = decoded(ofBrief, "mp3", 2);
    assertThat(two.samples()).isEqualTo(7200);
    expectSaid(two, 0);
    assertThat(decoded(xep.awaitEvent(idle, "complete"), "wav", 1).samples()).isZero();
    assertThat(
            ToneMeter.levelAt(
                decoded(xep.awaitEvent(last, "complete"), "wav", 1).channel(0), 8000, BEEP_HZ))
        .isLessThan(-35);
    System.out.println("figure: 8 recordings of one call at once, each as it was asked for");
  }

  @ConcurrentTest
  void record_beforeTheAnswer_hasEarlyMediaBothWays() throws Exception {
    PhoneCall call =
        site.ring("early", options -> options.earlyMedia(true).audio(TimeCode.source()));
    String address = site.offer(wiki, "early").from();
    String component =
        Site.start(wiki, address, "format='wav' start-beep='true' direction='send'").ref();
    assertThat(await(call.ringing())).isEqualTo(183);
    assertThat(Site.awaitTone(call, BEEP_HZ)).isLessThanOrEqualTo(280);
    Thread.sleep(500);
    assertThat(call.answered().toCompletableFuture()).isNotDone();
    expectResult(wiki.command(address, ANSWER));
    await(call.answered());
    Thread.sleep(600);
    RecordingFacts recording = Site.stop(wiki, component).recording().orElseThrow();
    call.hangup();
    Decoded audio = Site.decode(recording);
    List<TimeCode.Stretch> said = TimeCode.read(audio.channel(0));
    assertThat(said.size()).as("pieces, across the answer").isBetween(1, piecesAcrossTheAnswer());
    assertThat(said.get(said.size() - 1).offsetMillis())
        .as("one timeline, across the answer")
        .isCloseTo(said.get(0).offsetMillis(), within(60.0));
    double heard = said.stream().mapToDouble(TimeCode.Stretch::millis).sum();
    assertThat(heard).isGreaterThan(0.7 * audio.durationMillis());
    System.out.printf(
        Locale.ROOT,
        "figure: begun before the answer: %d ms, %.0f ms of it heard, pieces: %d%n",
        recording.durationMillis(),
        heard,
        said.size());
    assertThat(recording.durationMillis()).isGreaterThan(600);
  }

  @ConcurrentTest
  void record_beforeTheAnswer_callerGivesUp_completesWithHangup() throws Exception {
    PhoneCall call =
        site.ring("impatient", options -> options.earlyMedia(true).audio(TimeCode.source()));
    String address = site.offer(xep, "impatient").from();
    String component = Site.start(xep, address, "format='wav' direction='send'").ref();
    Thread.sleep(600);
    call.hangup();
    Received complete = xep.awaitEvent(component, "complete");
    Received end = xep.awaitEvent(address, "end");
    assertThat(complete.reason()).isEqualTo("hangup");
    assertThat(complete.number()).isLessThan(end.number());
    assertThat(await(call.ended())).isEqualTo(HangupCause.CANCELLED);
    Decoded audio = decoded(complete, "wav", 1);
    assertThat(TimeCode.read(audio.channel(0))).isNotEmpty();
  }
}

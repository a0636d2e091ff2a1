package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.server.Site.PAUSE;
import static org.rayo.server.Site.RESUME;
import static org.rayo.server.Site.STOP;
import static org.rayo.server.Site.await;
import static org.rayo.server.Site.expectResult;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.server.Elapsed.Moment;
import org.rayo.server.Site.Answered;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.Decoded;
import org.rayo.testkit.audio.TimeCode;
import org.rayo.testkit.audio.ToneMeter;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.client.Received.RecordingFacts;

/** A recording is as long as it should be, to the sample where that can be said. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RecordTimesContract {

  private static final String WAV = "format='wav' start-beep='false' mix='true' ";
  private static final double SPEECH_HZ = 500;

  private Site site;
  private RayoClient wiki;
  private RayoClient xep;

  /** A bilingual site whose calls are carried by what the test is for. */
  abstract Site open(Path directory, String... config) throws Exception;

  @BeforeAll
  void startSite(@TempDir Path directory) throws Exception {
    site = open(directory);
    wiki = site.availableClient("romeo", "balcony");
    xep = site.availableClient("juliet", "orchard");
    site.warmUp(wiki);
  }

  @AfterAll
  void closeSite() {
    if (site != null) {
      site.close();
    }
  }

  private static Decoded decoded(RecordingFacts recording) {
    Decoded audio = Site.decode(recording);
    assertThat(audio.durationMillis()).isEqualTo(recording.durationMillis());
    assertThat(Site.file(recording).toFile()).hasSize(recording.sizeBytes());
    return audio;
  }

  private static void figure(String format, Object... values) {
    System.out.println("figure: " + String.format(Locale.ROOT, format, values));
  }

  private Received maxDuration(RayoClient client, String caller, int millis) throws Exception {
    Answered answered = site.talkingCall(client, caller, TimeCode.source());
    String component =
        Site.start(client, answered.address(), WAV + "max-duration='" + millis + "'").ref();
    Received complete = client.awaitEvent(component, "complete");
    RecordingFacts recording = complete.recording().orElseThrow();
    assertThat(recording.durationMillis()).isEqualTo(millis);
    Decoded audio = decoded(recording);
    assertThat(audio.samples()).isEqualTo(8 * millis);
    assertThat(audio.channels()).hasDimensions(1, 8 * millis);
    List<TimeCode.Stretch> stretches = TimeCode.read(audio.channel(0));
    assertThat(stretches).hasSize(1);
    assertThat(stretches.get(0).millis()).isGreaterThan(0.7 * millis);
    answered.call().hangup();
    return complete;
  }

  @ConcurrentTest
  void maxDuration_aThousand_isAThousandAndEightThousandSamples() throws Exception {
    assertThat(maxDuration(wiki, "max-wiki", 1000).reason()).isEqualTo("success");
    assertThat(maxDuration(xep, "max-xep", 1000).reason()).isEqualTo("max-duration");
    assertThat(maxDuration(wiki, "max-short", 300).reason()).isEqualTo("success");
  }

  @ConcurrentTest
  void record_pausedForThreeSeconds_holdsTheTwoHalves() throws Exception {
    Answered answered = site.talkingCall(wiki, "halves", TimeCode.source());
    String[] component = {""};
    Elapsed captured = new Elapsed(site);
    Elapsed pause = new Elapsed(site);
    Moment started =
        Elapsed.of(() -> component[0] = Site.start(wiki, answered.address(), WAV).ref());
    Thread.sleep(500);
    Moment paused = Elapsed.of(() -> expectResult(wiki.command(component[0], PAUSE)));
    Thread.sleep(3000);
    Moment resumed = Elapsed.of(() -> expectResult(wiki.command(component[0], RESUME)));
    Thread.sleep(500);
    Moment stopped = Elapsed.of(() -> expectResult(wiki.command(component[0], STOP)));
    RecordingFacts recording = wiki.awaitEvent(component[0], "complete").recording().orElseThrow();
    answered.call().hangup();
    captured.plus(started, paused).plus(resumed, stopped);
    pause.plus(paused, resumed);
    List<TimeCode.Stretch> halves = TimeCode.read(decoded(recording).channel(0));
    assertThat(halves).hasSize(2);
    double leftOut = halves.get(0).leftOutBefore(halves.get(1));
    figure(
        "half a second, a pause of three, half a second: %d ms of %s; left out %.1f ms of %s",
        recording.durationMillis(), captured, leftOut, pause);
    assertThat(captured.error(recording.durationMillis()))
        .isBetween(-captured.tolerance(), captured.tolerance());
    assertThat(pause.error(leftOut)).isBetween(-pause.tolerance(), pause.tolerance());
  }

  @ConcurrentTest
  void record_stoppedAfter300ms_holds300ms() throws Exception {
    Answered answered = site.talkingCall(xep, "short", TimeCode.source());
    String[] component = {""};
    Elapsed captured = new Elapsed(site);
    Moment started =
        Elapsed.of(() -> component[0] = Site.start(xep, answered.address(), WAV).ref());
    Thread.sleep(300);
    Moment stopped = Elapsed.of(() -> expectResult(xep.command(component[0], STOP)));
    Received complete = xep.awaitEvent(component[0], "complete");
    answered.call().hangup();
    captured.plus(started, stopped);
    RecordingFacts recording = complete.recording().orElseThrow();
    figure("stopped after 300 ms: %d ms of %s", recording.durationMillis(), captured);
    assertThat(complete.reason()).isEqualTo("stop");
    assertThat(captured.error(recording.durationMillis()))
        .isBetween(-captured.tolerance(), captured.tolerance());
    List<TimeCode.Stretch> whole = TimeCode.read(decoded(recording).channel(0));
    assertThat(whole).hasSize(1);
    assertThat(whole.get(0).millis()).isGreaterThan(0.7 * recording.durationMillis());
  }

  @ConcurrentTest
  void record_stoppedWhilePaused_losesNothing() throws Exception {
    Answered answered = site.talkingCall(wiki, "halted", TimeCode.source());
    String[] component = {""};
    Elapsed captured = new Elapsed(site);
    Moment started =
        Elapsed.of(() -> component[0] = Site.start(wiki, answered.address(), WAV).ref());
    Thread.sleep(700);
    Moment paused = Elapsed.of(() -> expectResult(wiki.command(component[0], PAUSE)));
    Thread.sleep(300);
    Received complete = Site.stop(wiki, component[0]);
    answered.call().hangup();
    captured.plus(started, paused);
    RecordingFacts recording = complete.recording().orElseThrow();
    assertThat(complete.reason()).isEqualTo("stop");
    assertThat(captured.error(recording.durationMillis()))
        .isBetween(-captured.tolerance(), captured.tolerance());
    List<TimeCode.Stretch> whole = TimeCode.read(decoded(recording).channel(0));
    assertThat(whole).hasSize(1);
    assertThat(whole.get(0).millis()).isGreaterThan(0.7 * recording.durationMillis());
  }

  @ConcurrentTest
  void startPausedAndStopped_isValidAndEmpty() throws Exception {
    Answered answered = site.talkingCall(xep, "empty", TimeCode.source());
    String component = Site.start(xep, answered.address(), WAV + "start-paused='true'").ref();
    RecordingFacts recording = Site.stop(xep, component).recording().orElseThrow();
    answered.call().hangup();
    assertThat(recording.durationMillis()).isZero();
    assertThat(decoded(recording).samples()).isZero();
  }

  private void initialTimeout(RayoClient client, String caller, boolean packets, String reason)
      throws Exception {
    Answered answered = site.answeredCall(client, caller, options -> {});
    if (!packets) {
      answered.call().stopRtp();
    }
    String component = Site.start(client, answered.address(), WAV + "initial-timeout='1000'").ref();
    Received complete = client.awaitEvent(component, "complete");
    answered.call().hangup();
    RecordingFacts recording = complete.recording().orElseThrow();
    assertThat(complete.reason()).isEqualTo(reason);
    figure(
        "initial-timeout of 1000 ms, %s packets: %d ms",
        packets ? "with" : "without", recording.durationMillis());
    assertThat(recording.durationMillis()).isBetween(980L, 1020L);
    decoded(recording);
  }

  @ConcurrentTest
  void initialTimeout_onSilence_endsAfterItsTimeWithOrWithoutPackets() throws Exception {
    initialTimeout(xep, "mute", true, "initial-timeout");
    initialTimeout(xep, "dead", false, "initial-timeout");
    initialTimeout(wiki, "mute-wiki", true, "error");
  }

  /** The end of the last 20 ms that are loud; what fills the gap of a lost packet is, too. */
  private static int endOfSpeech(short[] pcm) {
    int end = pcm.length / 160 * 160;
    while (end > 0 && ToneMeter.levelDbfs(Arrays.copyOfRange(pcm, end - 160, end)) < -50) {
      end -= 160;
    }
    return end;
  }

  private void finalTimeout(RayoClient client, String caller, boolean packets, String reason)
      throws Exception {
    Answered answered = site.answeredCall(client, caller, options -> {});
    String component =
        Site.start(client, answered.address(), WAV + "initial-timeout='15000' final-timeout='1000'")
            .ref();
    await(answered.call().send(AudioSource.tone(SPEECH_HZ, -10, 700)));
    if (!packets) {
      answered.call().stopRtp();
    }
    Received complete = client.awaitEvent(component, "complete");
    answered.call().hangup();
    RecordingFacts recording = complete.recording().orElseThrow();
    assertThat(complete.reason()).isEqualTo(reason);
    short[] pcm = decoded(recording).channel(0);
    double after = (pcm.length - endOfSpeech(pcm)) / 8.0;
    figure(
        "final-timeout of 1000 ms, %s packets: %.1f ms after the last speech",
        packets ? "with" : "without", after);
    assertThat(after).isBetween(980.0, 1020.0);
    ToneMeter.Span speech = ToneMeter.find(pcm, 8000, SPEECH_HZ, -16).orElseThrow();
    assertThat(speech.samples()).isGreaterThan(1600);
  }

  @ConcurrentTest
  void finalTimeout_afterSpeech_endsAfterItsTimeWithOrWithoutPackets() throws Exception {
    finalTimeout(xep, "done", true, "final-timeout");
    finalTimeout(xep, "gone", false, "final-timeout");
    finalTimeout(wiki, "done-wiki", true, "success");
  }

  @ConcurrentTest
  void startBeep_isHeardByTheCallerAndIsNotInTheFile() throws Exception {
    Answered answered =
        site.answeredCall(
            xep, "beeped", options -> options.audio(AudioSource.tone(440, -12, 20_000)));
    String component =
        Site.start(
                xep,
                answered.address(),
                "format='wav' start-beep='true' mix='false' max-duration='800'")
            .ref();
    RecordingFacts recording = xep.awaitEvent(component, "complete").recording().orElseThrow();
    int beep = Site.awaitTone(answered.call(), 1000);
    answered.call().hangup();
    assertThat(recording.durationMillis()).isEqualTo(800);
    assertThat(beep).isLessThanOrEqualTo(280);
    Decoded audio = decoded(recording);
    ToneMeter.Tone said = ToneMeter.dominant(audio.channel(0), 8000).orElseThrow();
    assertThat(said.frequencyHz()).isBetween(439.0, 441.0);
    assertThat(ToneMeter.levelAt(audio.channel(0), 8000, 1000)).isLessThan(-35);
    assertThat(ToneMeter.levelDbfs(audio.channel(1))).isLessThan(-60);
    figure(
        "start beep: %d ms heard, %.1f dBFS of it in the file",
        beep, ToneMeter.levelAt(audio.channel(1), 8000, 1000));
  }

  @ConcurrentTest
  void stopBeep_isHeardAfterTheEndAndIsNotInTheFile() throws Exception {
    Answered answered = site.answeredCall(xep, "ended", options -> {});
    String component =
        Site.start(
                xep,
                answered.address(),
                "format='wav' stop-beep='true' direction='recv' max-duration='600'")
            .ref();
    RecordingFacts recording = xep.awaitEvent(component, "complete").recording().orElseThrow();
    int beep = Site.awaitTone(answered.call(), 1000);
    answered.call().hangup();
    assertThat(beep).isLessThanOrEqualTo(280);
    assertThat(ToneMeter.levelDbfs(decoded(recording).channel(0))).isLessThan(-60);
  }

  @ConcurrentTest
  void emptyRecord_isOneChannelInTheWikiAndTwoInTheXep() throws Exception {
    for (RayoClient client : List.of(wiki, xep)) {
      boolean ofTheXep = client == xep;
      Answered answered =
          site.answeredCall(
              client,
              "plain-" + (ofTheXep ? "xep" : "wiki"),
              options -> options.audio(AudioSource.tone(440, -12, 20_000)));
      Received ref = expectResult(client.command(answered.address(), Site.RECORD));
      if (!ofTheXep) {
        Site.awaitTone(answered.call(), 1000);
      }
      Thread.sleep(500);
      Received complete = Site.stop(client, ref.ref());
      short[] heard = answered.call().heard();
      answered.call().hangup();
      assertThat(complete.reason()).isEqualTo("stop");
      RecordingFacts recording = complete.recording().orElseThrow();
      assertThat(recording.uri()).endsWith(ofTheXep ? ".wav" : ".mp3");
      assertThat(decoded(recording).channels().length).isEqualTo(ofTheXep ? 2 : 1);
      assertThat(ref.child("ref").orElseThrow().hasAttribute("id")).isEqualTo(!ofTheXep);
      assertThat(ToneMeter.find(heard, 8000, 1000, -20).isPresent()).isEqualTo(!ofTheXep);
    }
  }

  @ConcurrentTest
  void record_ofAClientWithRayoCapabilities_isInTheXepsDialect() throws Exception {
    RayoClient client = site.client("romeo", "capable");
    client.sendText(
        "<presence to='"
            + site.component()
            + "'><show>chat</show><c xmlns='http://jabber.org/protocol/caps' hash='sha-1'"
            + " node='urn:xmpp:rayo:client:1' ver='QgayPKawpkPSDYmwT/WM94uAlu0='/></presence>");
    site.settle(client);
    Answered answered = site.talkingCall(client, "capable", TimeCode.source());
    Received ref = Site.start(client, answered.address(), "max-duration='200'");
    Received complete = client.awaitEvent(ref.ref(), "complete");
    answered.call().hangup();
    assertThat(ref.child("ref").orElseThrow().hasAttribute("id")).isFalse();
    assertThat(complete.reason()).isEqualTo("max-duration");
    RecordingFacts recording = complete.recording().orElseThrow();
    assertThat(recording.uri()).endsWith(".wav");
    assertThat(decoded(recording).channels()).hasDimensions(2, 1600);
  }
}

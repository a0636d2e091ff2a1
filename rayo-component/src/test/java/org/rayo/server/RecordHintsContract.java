package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.server.Site.PAUSE;
import static org.rayo.server.Site.RESUME;
import static org.rayo.server.Site.await;
import static org.rayo.server.Site.expectResult;

import java.nio.file.Path;
import java.util.ArrayList;
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
import org.rayo.testkit.audio.Dtmf;
import org.rayo.testkit.audio.TimeCode;
import org.rayo.testkit.audio.ToneMeter;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.client.Received.RecordingFacts;

/** What hints ask for is done, from the wire to the file. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RecordHintsContract {

  private static final String WAV = "format='wav' start-beep='false' direction='send'";
  private static final double SAID_HZ = 440;
  private static final double BEEP_HZ = 1000;

  /** Quieter than this, nobody hears a key. */
  private static final double NO_KEY_DBFS = -35;

  private Site site;
  private RayoClient wiki;
  private RayoClient xep;

  /** How much earlier or later than it should a beep may begin, in samples. */
  int lateSamples() {
    return 400;
  }

  /** A bilingual site whose calls are carried by what the test is for. */
  abstract Site open(Path directory, String... config) throws Exception;

  @BeforeAll
  void startSite(@TempDir Path directory) throws Exception {
    site = open(directory, "rayo.record.names.voicemail = \"voicemail/{recording-id}.{format}\"");
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

  private static AudioSource tone(long millis) {
    return AudioSource.tone(SAID_HZ, -10, millis);
  }

  private static short[] decoded(Received complete) {
    RecordingFacts recording = complete.recording().orElseThrow();
    short[] pcm = Site.decode(recording).channel(0);
    assertThat(Math.round(pcm.length / 8.0)).isEqualTo(recording.durationMillis());
    return pcm;
  }

  private static double levelOfTheLast(int millis, short[] pcm) {
    return ToneMeter.levelDbfs(Arrays.copyOfRange(pcm, pcm.length - millis * 8, pcm.length));
  }

  private static void expectNoKey(char key, short[] pcm) {
    for (int at = 0; at + 160 <= pcm.length; at += 160) {
      short[] frame = Arrays.copyOfRange(pcm, at, at + 160);
      double both =
          Math.min(
              ToneMeter.levelAt(frame, 8000, Dtmf.lowHz(key)),
              ToneMeter.levelAt(frame, 8000, Dtmf.highHz(key)));
      assertThat(both).as("%s at %s ms", key, at / 8).isLessThan(NO_KEY_DBFS);
    }
  }

  private void stopKeyBesideTheAudio(RayoClient client, String caller, String reason)
      throws Exception {
    Answered answered = site.talkingCall(client, caller, tone(60_000));
    String component = Site.start(client, answered.address(), WAV, "stop-keys=#*").ref();
    Thread.sleep(300);
    await(answered.call().press('1'));
    Thread.sleep(400);
    site.settle(client);
    assertThat(Site.of(client, component)).noneMatch(s -> s.isEvent("complete"));
    await(answered.call().press('#'));
    Received complete = client.awaitEvent(component, "complete");
    answered.call().hangup();
    assertThat(complete.reason()).isEqualTo(reason);
    short[] pcm = decoded(complete);
    short[] afterOther = Arrays.copyOfRange(pcm, pcm.length - 2400, pcm.length);
    System.out.printf(
        Locale.ROOT,
        "figure: key told beside the audio (%s): %d ms, the last 40 ms have %.1f dBFS%n",
        reason,
        pcm.length / 8,
        levelOfTheLast(40, pcm));
    assertThat(levelOfTheLast(40, pcm)).isGreaterThan(-16);
    expectNoKey('#', afterOther);
  }

  @ConcurrentTest
  void stopKeys_toldBesideTheAudio_endTheRecordingBeforeTheKey() throws Exception {
    stopKeyBesideTheAudio(wiki, "told-wiki", "success");
    stopKeyBesideTheAudio(xep, "told-xep", "stop");
  }

  @ConcurrentTest
  void stopKeys_heardInTheAudio_endTheRecordingBeforeTheKey() throws Exception {
    for (RayoClient client : List.of(wiki, xep)) {
      Answered answered =
          site.talkingCall(client, "heard-" + client.jid().split("@", 2)[0], tone(60_000));
      String component = Site.start(client, answered.address(), WAV, "stop-keys=5#").ref();
      // Another key is recorded; the tone between the two tells where the file ends.
      await(
          answered
              .call()
              .send(
                  AudioSource.concat(
                      List.of(
                          Dtmf.key('1', -12, 100),
                          tone(500),
                          Dtmf.key('5', -12, 100),
                          tone(200)))));
      Received complete = client.awaitEvent(component, "complete");
      answered.call().hangup();
      assertThat(complete.reason()).isEqualTo(client == wiki ? "success" : "stop");
      short[] pcm = decoded(complete);
      short[] afterOther = Arrays.copyOfRange(pcm, Math.max(0, pcm.length - 3900), pcm.length);
      System.out.printf(
          Locale.ROOT,
          "figure: key heard in the audio: %d ms, the last 20 ms have %.1f dBFS of it%n",
          pcm.length / 8,
          Dtmf.levelOf('5', Arrays.copyOfRange(pcm, pcm.length - 160, pcm.length), 8000));
      expectNoKey('5', afterOther);
      assertThat(ToneMeter.levelAt(afterOther, 8000, SAID_HZ)).isGreaterThan(-16);
      // The other key stands half a second before the end, so nothing but the key is cut off.
      short[] other = Arrays.copyOfRange(pcm, pcm.length - 4640, pcm.length - 4160);
      assertThat(Dtmf.levelOf('1', other, 8000)).isGreaterThan(-20);
    }
  }

  @ConcurrentTest
  void pauseModeSilence_keepsTimeWithSilenceInThePause() throws Exception {
    Answered answered = site.talkingCall(wiki, "silent", TimeCode.source());
    String[] component = {""};
    Elapsed whole = new Elapsed(site);
    Elapsed pause = new Elapsed(site);
    Moment started =
        Elapsed.of(
            () ->
                component[0] =
                    Site.start(wiki, answered.address(), WAV, "pause-mode=silence").ref());
    Thread.sleep(500);
    Moment paused = Elapsed.of(() -> expectResult(wiki.command(component[0], PAUSE)));
    Thread.sleep(1000);
    Moment resumed = Elapsed.of(() -> expectResult(wiki.command(component[0], RESUME)));
    Thread.sleep(500);
    Moment stopped = Elapsed.of(() -> expectResult(wiki.command(component[0], Site.STOP)));
    Received complete = wiki.awaitEvent(component[0], "complete");
    answered.call().hangup();
    short[] pcm = decoded(complete);
    whole.plus(started, stopped);
    pause.plus(paused, resumed);
    List<TimeCode.Stretch> said = TimeCode.read(pcm);
    ToneMeter.Span quiet = ToneMeter.longestQuiet(pcm, 0);
    double silent = quiet.samples() / 8.0;
    System.out.printf(
        Locale.ROOT,
        "figure: pause-mode silence: %d ms of %s, silence of %.0f ms of %s%n",
        pcm.length / 8,
        whole,
        silent,
        pause);
    for (TimeCode.Stretch stretch : said) {
      assertThat(said.get(0).leftOutBefore(stretch)).isBetween(-20.0, 20.0);
    }
    assertThat(said.get(0).from()).isLessThan(2400);
    assertThat(said.get(said.size() - 1).to()).isGreaterThan(pcm.length - 2400);
    assertThat(whole.error(pcm.length / 8.0)).isBetween(-whole.tolerance(), whole.tolerance());
    assertThat(pause.error(silent)).isBetween(-pause.tolerance(), pause.tolerance());
  }

  @ConcurrentTest
  void trim_cutsTheSilenceThatATimeoutWaitedFor() throws Exception {
    Answered answered = site.talkingCall(xep, "trimmed", AudioSource.silence(10));
    String component =
        Site.start(
                xep,
                answered.address(),
                WAV + " initial-timeout='15000' final-timeout='600'",
                "trim=true")
            .ref();
    await(answered.call().send(tone(700)));
    Received complete = xep.awaitEvent(component, "complete");
    assertThat(complete.reason()).isEqualTo("final-timeout");
    short[] pcm = decoded(complete);
    System.out.printf(
        Locale.ROOT,
        "figure: trimmed to %d ms, the last 60 of them have %.1f dBFS%n",
        pcm.length / 8,
        levelOfTheLast(60, pcm));
    assertThat(ToneMeter.find(pcm, 8000, SAID_HZ, -16)).isPresent();
    assertThat(levelOfTheLast(60, pcm)).isGreaterThan(-25);

    String silent =
        Site.start(xep, answered.address(), WAV + " initial-timeout='400'", "trim=true").ref();
    Received nothing = xep.awaitEvent(silent, "complete");
    answered.call().hangup();
    assertThat(nothing.reason()).isEqualTo("initial-timeout");
    assertThat(nothing.recording().orElseThrow().durationMillis()).isZero();
    assertThat(decoded(nothing)).isEmpty();
  }

  @ConcurrentTest
  void minDuration_ofAShorterRecording_completesWithoutIt() throws Exception {
    Answered answered = site.talkingCall(xep, "discarded", tone(60_000));
    String brief = Site.start(xep, answered.address(), WAV, "min-duration=60000").ref();
    Received discarded = Site.stop(xep, brief);
    assertThat(discarded.reason()).isEqualTo("stop");
    assertThat(discarded.recording()).isEmpty();
    String enough =
        Site.start(xep, answered.address(), WAV + " max-duration='300'", "min-duration=300").ref();
    Received kept = xep.awaitEvent(enough, "complete");
    answered.call().hangup();
    assertThat(kept.recording().orElseThrow().durationMillis()).isEqualTo(300);
    decoded(kept);
  }

  @ConcurrentTest
  void beepInterval_isHeardByTheCallerAndInWhatTheCallerHears() throws Exception {
    Answered answered = site.talkingCall(xep, "notified", tone(60_000));
    String heard = Site.start(xep, answered.address(), "format='wav' direction='recv'").ref();
    String said =
        Site.start(xep, answered.address(), WAV + " max-duration='3500'", "beep-interval=1000")
            .ref();
    short[] ofCaller = decoded(xep.awaitEvent(said, "complete"));
    short[] ofServer = decoded(Site.stop(xep, heard));
    answered.call().hangup();
    assertThat(ofCaller).hasSize(28_000);
    assertThat(ToneMeter.levelAt(ofCaller, 8000, BEEP_HZ)).isLessThan(-35);
    List<Integer> beeps = beepStarts(ofServer);
    System.out.println(
        "figure: beep-interval of 1000 ms, beeps in what the caller hears at "
            + beeps.stream().map(at -> at / 8 + " ms").toList());
    assertThat(beeps).hasSize(3);
    for (int i = 1; i < beeps.size(); i++) {
      assertThat(beeps.get(i) - beeps.get(i - 1))
          .isBetween(8000 - lateSamples(), 8000 + lateSamples());
    }
  }

  private static List<Integer> beepStarts(short[] pcm) {
    List<Integer> starts = new ArrayList<>();
    boolean sounding = false;
    for (int at = 0; at + 160 <= pcm.length; at += 160) {
      boolean now = ToneMeter.levelAt(Arrays.copyOfRange(pcm, at, at + 160), 8000, BEEP_HZ) > -18;
      if (now && !sounding) {
        starts.add(at);
      }
      sounding = now;
    }
    return starts;
  }

  @ConcurrentTest
  void name_choosesAmongTheConfiguredNames() throws Exception {
    Answered answered = site.talkingCall(wiki, "named", tone(60_000));
    String component =
        Site.start(wiki, answered.address(), WAV + " max-duration='100'", "name=voicemail").ref();
    RecordingFacts recording = wiki.awaitEvent(component, "complete").recording().orElseThrow();
    assertThat(recording.uri()).contains("/voicemail/").endsWith(".wav");
    assertThat(wiki.command(answered.address(), Site.recordCommand(WAV, "name=nosuchname")).error())
        .isEqualTo("bad-request/modify");
    answered.call().hangup();
  }
}

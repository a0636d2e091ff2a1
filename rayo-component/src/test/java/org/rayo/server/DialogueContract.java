package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.server.Site.PAUSE;
import static org.rayo.server.Site.RECORD;
import static org.rayo.server.Site.RESUME;
import static org.rayo.server.Site.STOP;
import static org.rayo.server.Site.await;
import static org.rayo.server.Site.expectResult;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.server.Site.Answered;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.Correlation;
import org.rayo.testkit.audio.Decoded;
import org.rayo.testkit.audio.Speech;
import org.rayo.testkit.audio.ToneMeter;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.client.Received.RecordingFacts;
import org.rayo.testkit.peers.RequiresPeer;
import org.rayo.testkit.phone.PhoneCall;

/** The Rayo dialogue, on whichever XMPP server: every one of them must carry it the same. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DialogueContract {

  private Site site;
  private RayoClient client;

  /** A site on the XMPP server that is to be tested. */
  abstract Site start(Path directory) throws Exception;

  @BeforeAll
  void startSite(@TempDir Path directory) throws Exception {
    site = start(directory);
    client = site.availableClient("romeo", "balcony");
  }

  @AfterAll
  void closeSite() {
    if (site != null) {
      site.close();
    }
  }

  @Test
  void emptyRecord_callerHangsUp_completesWithHangupAndAnMp3() throws Exception {
    Answered answered = site.answeredCall(client);
    Received ref = expectResult(client.command(answered.address(), RECORD));
    await(
        answered
            .call()
            .send(AudioSource.concat(List.of(AudioSource.silence(500), Speech.fiveSeconds()))));
    answered.call().hangup();

    Received complete = client.awaitEvent(ref.ref(), "complete");
    Received end = client.awaitEvent(answered.address(), "end");
    assertThat(complete.type()).isEqualTo("unavailable");
    assertThat(complete.reason()).isEqualTo("hangup");
    RecordingFacts recording = complete.recording().orElseThrow();
    assertThat(recording.uri()).startsWith("file:").endsWith(".mp3");
    assertThat(Files.size(Site.file(recording))).isEqualTo(recording.sizeBytes());
    Decoded audio = Site.decode(recording);
    assertThat(audio.durationMillis()).isEqualTo(recording.durationMillis());
    assertThat(Correlation.best(audio, 0, Speech.fiveSeconds()).coefficient()).isGreaterThan(0.9);
    assertThat(end.reason()).isEqualTo("hungup");
    assertThat(ref.number()).isLessThan(complete.number());
    assertThat(complete.number()).isLessThan(end.number());
  }

  @Test
  void record_pausedResumedStopped_holdsWhatWasSaidOutsideThePause() throws Exception {
    Answered answered = site.answeredCall(client);
    String component =
        expectResult(
                client.command(
                    answered.address(),
                    "<record xmlns='urn:xmpp:rayo:record:1' format='wav' start-beep='false'/>"))
            .ref();
    await(answered.call().send(AudioSource.tone(440, -10, 1000)));
    expectResult(client.command(component, PAUSE));
    assertThat(client.command(component, PAUSE).error()).isEqualTo("unexpected-request/wait");
    await(answered.call().send(AudioSource.tone(880, -10, 2000)));
    expectResult(client.command(component, RESUME));
    assertThat(client.command(component, RESUME).error()).isEqualTo("unexpected-request/wait");
    await(answered.call().send(AudioSource.tone(660, -10, 1000)));
    Received stopped = expectResult(client.command(component, STOP));

    Received complete = client.awaitEvent(component, "complete");
    assertThat(stopped.number()).isLessThan(complete.number());
    assertThat(complete.reason()).isEqualTo("stop");
    RecordingFacts recording = complete.recording().orElseThrow();
    Decoded audio = Site.decode(recording);
    assertThat(audio.durationMillis()).isEqualTo(recording.durationMillis());
    assertThat(recording.durationMillis()).isBetween(1800L, 2600L);
    assertThat(ToneMeter.find(audio.channel(0), 8000, 440, -20).orElseThrow().samples())
        .isBetween(6800, 8200);
    assertThat(ToneMeter.find(audio.channel(0), 8000, 660, -20).orElseThrow().samples())
        .isBetween(6800, 8200);
    ToneMeter.Span first = ToneMeter.find(audio.channel(0), 8000, 440, -20).orElseThrow();
    short[] tone = Arrays.copyOfRange(audio.channel(0), first.start() + 800, first.end() - 800);
    ToneMeter.Tone measured = ToneMeter.dominant(tone, 8000).orElseThrow();
    assertThat(measured.frequencyHz()).isBetween(439.0, 441.0);
    assertThat(measured.levelDbfs()).isBetween(-10.5, -9.5);
    assertThat(client.command(component, STOP).error()).isEqualTo("item-not-found/cancel");
    answered.call().hangup();
    client.awaitEvent(answered.address(), "end");
  }

  @Test
  void callAddressedWithAResource_asTheWikiDoes_isUnderstood() throws Exception {
    PhoneCall call = site.ring();
    String address = site.newOffer(client).from() + "/1";
    expectResult(client.command(address, Site.ACCEPT));
    await(call.ringing());
    expectResult(client.command(address, Site.ANSWER));
    await(call.answered());
    Received ref =
        expectResult(
            client.command(
                address,
                "<record xmlns='urn:xmpp:rayo:record:1' format='mp3' start-beep='true'"
                    + " start-paused='false' max-duration='1000' initial-timeout='10000|none'"
                    + " final-timeout='30000|none'><hint name='quality' value='4'/>"
                    + "<hint name='double-pass' value='true'/></record>"));
    Received complete = client.awaitEvent(ref.ref(), "complete");
    assertThat(complete.reason()).isEqualTo("success");
    assertThat(complete.recording().orElseThrow().durationMillis()).isEqualTo(1000);
    assertThat(Site.decode(complete.recording().orElseThrow()).samples()).isEqualTo(8000);
    expectResult(client.command(address, Site.HANGUP));
    await(call.ended());
    assertThat(client.awaitEvent(address.replace("/1", ""), "end").reason())
        .isEqualTo("hangup-command");
  }

  @Test
  void call_twoClients_firstCommandControlsAndBothHearTheEnd() throws Exception {
    RayoClient rival = site.availableClient("juliet", "orchard");
    PhoneCall call = site.ring();
    String address = site.newOffer(client).from();
    rival.await("the same offer", s -> s.isEvent("offer") && s.from().equals(address));
    expectResult(client.command(address, Site.ACCEPT));
    Received refused = rival.command(address, Site.ANSWER);
    assertThat(refused.error()).isEqualTo("conflict/cancel");
    assertThat(refused.child("answer")).isPresent();
    expectResult(client.command(address, Site.ANSWER));
    await(call.answered());
    call.hangup();
    client.awaitEvent(address, "end");
    rival.awaitEvent(address, "end");
    assertThat(client.command(address, Site.HANGUP).error()).isEqualTo("item-not-found/cancel");
    rival.unavailable();
    site.settle(rival);
  }

  @Test
  @RequiresPeer("sipp")
  void sipp_overUdpAndTcpInBothCodecs_isRecordedAsItSpoke(@TempDir Path directory)
      throws Exception {
    List<Callable<SippRecording.Figures>> calls = new ArrayList<>();
    for (String transport : List.of("udp", "tcp")) {
      for (String codec : List.of("pcmu", "pcma")) {
        for (String format : List.of("wav", "mp3")) {
          SippRecording recording = new SippRecording(site, client, transport, codec, format);
          Path home =
              Files.createDirectory(directory.resolve(transport + "-" + codec + "-" + format));
          calls.add(() -> recording.make(home));
        }
      }
    }
    for (SippRecording.Figures figures : AtOnce.all(calls)) {
      System.out.println("figure: " + getClass().getSimpleName() + " " + figures);
      assertThat(figures.frequencyErrorHz()).as("%s", figures).isBetween(-1.0, 1.0);
      double levelTolerance = figures.name().endsWith("wav") ? 0.5 : 1.0;
      assertThat(figures.levelErrorDb())
          .as("%s", figures)
          .isBetween(-levelTolerance, levelTolerance);
      assertThat(figures.toneLengthErrorMillis()).as("%s", figures).isBetween(-20.0, 20.0);
      assertThat(figures.speechCorrelation()).as("%s", figures).isGreaterThan(0.9);
      assertThat(figures.speechAfterToneErrorMillis()).as("%s", figures).isBetween(-20.0, 20.0);
    }
  }
}

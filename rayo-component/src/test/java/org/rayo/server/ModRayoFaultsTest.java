package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.server.Site.PAUSE;
import static org.rayo.server.Site.STOP;
import static org.rayo.server.Site.expectResult;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jivesoftware.smack.packet.IQ;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.server.Site.Answered;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.Decoded;
import org.rayo.testkit.audio.ToneMeter;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.client.Received.RecordingFacts;

/** Each fault that mod_rayo's recordings had on the wire, on a call that FreeSWITCH carries. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ModRayoFaultsTest {

  private static final String PLAIN = "format='wav' start-beep='false'";
  private static final String DISCO = "<query xmlns='http://jabber.org/protocol/disco#info'/>";
  private static final double TONE_HZ = 440;
  private static final double BEEP_HZ = 1000;

  private Site site;
  private RayoClient client;

  @BeforeAll
  void startSite(@TempDir Path directory) throws Exception {
    site = Site.bilingualOnFreeSwitch(directory);
    // In the XEP's dialect, whose reasons tell everything apart.
    client = site.availableClient("juliet", "balcony");
    site.warmUp(client);
  }

  @AfterAll
  void closeSite() {
    if (site != null) {
      site.close();
    }
  }

  private Answered talking(String caller) throws Exception {
    return site.talkingCall(client, caller, AudioSource.tone(TONE_HZ, -10, 60_000));
  }

  private static RecordingFacts recording(Received complete) {
    return complete.recording().orElseThrow(() -> new AssertionError(complete.xml()));
  }

  @ConcurrentTest
  void size_wasZero_isTheFiles() throws Exception {
    Answered answered = talking("size");
    for (String format : List.of("wav", "mp3")) {
      String component =
          Site.start(client, answered.address(), "format='" + format + "' start-beep='false'")
              .ref();
      Thread.sleep(400);
      RecordingFacts facts = recording(Site.stop(client, component));
      assertThat(facts.sizeBytes()).isPositive().isEqualTo(Files.size(Site.file(facts)));
    }
    answered.call().hangup();
  }

  @ConcurrentTest
  void duration_wasTheWallClocksOrNegative_isTheSamplesEvenWhenItEndsPaused() throws Exception {
    Answered answered = talking("paused");
    String component = Site.start(client, answered.address(), PLAIN).ref();
    Thread.sleep(600);
    expectResult(client.command(component, PAUSE));
    Thread.sleep(1500);

    RecordingFacts facts = recording(Site.stop(client, component));

    Decoded audio = Site.decode(facts);
    assertThat(facts.durationMillis()).isBetween(400L, 1400L).isEqualTo(audio.durationMillis());
    answered.call().hangup();
  }

  @ConcurrentTest
  void hangup_wasAFinalTimeout_isAHangup() throws Exception {
    Answered answered = talking("leaver");
    String component =
        Site.start(client, answered.address(), PLAIN + " final-timeout='5000'").ref();
    Thread.sleep(400);

    answered.call().hangup();

    assertThat(client.awaitEvent(component, "complete").reason()).isEqualTo("hangup");
  }

  @ConcurrentTest
  void stop_wasTheEndOfALimit_isAStop() throws Exception {
    Answered answered = talking("stopper");
    String component =
        Site.start(client, answered.address(), PLAIN + " max-duration='60000'").ref();
    Thread.sleep(300);

    assertThat(Site.stop(client, component).reason()).isEqualTo("stop");
    answered.call().hangup();
  }

  @ConcurrentTest
  void maxDuration_wasWholeSecondsOfTheWallClock_isToTheSampleAndHeldByAPause() throws Exception {
    Answered answered = talking("limit");
    String component = Site.start(client, answered.address(), PLAIN + " max-duration='1250'").ref();
    Thread.sleep(300);
    expectResult(client.command(component, PAUSE));
    Thread.sleep(1500);
    expectResult(client.command(component, Site.RESUME));

    Received complete = client.awaitEvent(component, "complete");

    assertThat(complete.reason()).isEqualTo("max-duration");
    assertThat(recording(complete).durationMillis()).isEqualTo(1250);
    assertThat(Site.decode(recording(complete)).samples()).isEqualTo(10_000);
    answered.call().hangup();
  }

  @ConcurrentTest
  void shortRecording_hadOneFrame_hasAllOfIt() throws Exception {
    Answered answered = talking("short");
    String component = Site.start(client, answered.address(), PLAIN + " max-duration='300'").ref();

    RecordingFacts facts = recording(client.awaitEvent(component, "complete"));

    assertThat(Site.decode(facts).samples()).isEqualTo(2400);
    assertThat(ToneMeter.levelAt(Site.decode(facts).channel(0), 8000, TONE_HZ)).isGreaterThan(-25);
    answered.call().hangup();
  }

  @ConcurrentTest
  void startBeep_wasInTheFile_isHeardAndNotInTheFile() throws Exception {
    Answered answered = talking("beeped");
    String component =
        Site.start(
                client,
                answered.address(),
                "format='wav' start-beep='true' direction='duplex' max-duration='500'")
            .ref();

    RecordingFacts facts = recording(client.awaitEvent(component, "complete"));

    Site.awaitTone(answered.call(), BEEP_HZ);
    Decoded audio = Site.decode(facts);
    for (int channel = 0; channel < audio.channels().length; channel++) {
      assertThat(ToneMeter.levelAt(audio.channel(channel), 8000, BEEP_HZ)).isLessThan(-40);
    }
    answered.call().hangup();
  }

  @ConcurrentTest
  void unknownFormat_wasAServerError_isNotImplementedAndNamesThoseThereAre() throws Exception {
    Answered answered = talking("format");

    Received answer =
        client.command(answered.address(), "<record xmlns='urn:xmpp:rayo:record:1' format='xyz'/>");

    assertThat(answer.error()).isEqualTo("feature-not-implemented/modify");
    assertThat(answer.errorText()).contains("xyz").contains("mp3").contains("wav");
    answered.call().hangup();
  }

  @ConcurrentTest
  void unknownCommand_wasTypeModify_isTypeCancel() throws Exception {
    Answered answered = talking("unknown");

    Received answer = client.command(answered.address(), "<dance xmlns='urn:xmpp:rayo:1'/>");

    assertThat(answer.error()).isEqualTo("feature-not-implemented/cancel");
    answered.call().hangup();
  }

  @ConcurrentTest
  void refAndComplete_hadDefaultsOfTheServers_haveNothingThatWasNotAsked() throws Exception {
    Answered answered = talking("echo");
    Received ref = Site.start(client, answered.address(), PLAIN);
    Received complete = Site.stop(client, ref.ref());

    assertThat(ref.xml()).doesNotContain("max-duration").doesNotContain("initial-timeout");
    assertThat(complete.xml()).doesNotContain("max-duration").doesNotContain("start-beep");
    answered.call().hangup();
  }

  @ConcurrentTest
  void stop_wasAnsweredAfterTheComplete_isAnsweredBefore() throws Exception {
    Answered answered = talking("order");
    String component = Site.start(client, answered.address(), PLAIN).ref();
    Thread.sleep(300);

    Received result = expectResult(client.command(component, STOP));
    Received complete = client.awaitEvent(component, "complete");

    assertThat(result.number()).isLessThan(complete.number());
    answered.call().hangup();
  }

  @ConcurrentTest
  void unknownAttributesAndChildren_wereAccepted_areRefusedByName() throws Exception {
    Answered answered = talking("attributes");

    Received attribute =
        client.command(
            answered.address(), "<record xmlns='urn:xmpp:rayo:record:1' volume='loud'/>");
    Received child =
        client.command(
            answered.address(),
            "<record xmlns='urn:xmpp:rayo:record:1'><volume xmlns='urn:x'/></record>");

    assertThat(attribute.error()).isEqualTo("feature-not-implemented/modify");
    assertThat(attribute.errorText()).contains("volume");
    assertThat(child.error()).isEqualTo("feature-not-implemented/modify");
    answered.call().hangup();
  }

  @ConcurrentTest
  void discovery_lackedTheComponentsAndHadNoneOnCalls_hasBoth() throws Exception {
    Answered answered = talking("disco");

    Received server = client.await(client.sendIq(IQ.Type.get, site.component(), DISCO));
    Received call = client.await(client.sendIq(IQ.Type.get, answered.address(), DISCO));

    assertThat(server.xml()).contains("urn:xmpp:rayo:record:1").contains("urn:xmpp:rayo:output:1");
    assertThat(call.xml()).contains("urn:xmpp:rayo:record:1");
    answered.call().hangup();
  }
}

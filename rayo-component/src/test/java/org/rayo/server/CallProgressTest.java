package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.server.Site.HANGUP;
import static org.rayo.server.Site.STOP;
import static org.rayo.server.Site.await;
import static org.rayo.server.Site.expectResult;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.Speech;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.w3c.dom.Element;

/** Call progress analysis of real calls: keys and tones of the phone are signals of the client. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CallProgressTest {

  /** 1.5 s. */
  private static final int SHORT_SAMPLES = 12_000;

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

  private Received cpa(String call, String... grammars) {
    StringBuilder input = new StringBuilder("<input xmlns='urn:xmpp:rayo:input:1' mode='cpa'>");
    for (String grammar : grammars) {
      input.append("<grammar url='urn:xmpp:rayo:cpa:").append(grammar).append("'/>");
    }
    return client.command(call, input.append("</input>").toString());
  }

  @Test
  void keysAndABeep_areEventsAndThenTheEnd() throws Exception {
    Site.Answered answered =
        site.answeredCall(client, "machine", options -> options.telephoneEvent(true));
    String cpa =
        expectResult(cpa(answered.address(), "dtmf:1", "beep:1?terminate=true", "busy:1")).ref();
    await(answered.call().press('5'));
    await(answered.call().press('#'));
    client.await(
        "both keys",
        s ->
            s.from().equals(cpa)
                && s.child("signal").filter(e -> e.getAttribute("value").equals("#")).isPresent());
    // Again and again, for a stalled machine may spoil one.
    var unused =
        answered
            .call()
            .send(
                AudioSource.silence(500)
                    .then(AudioSource.tone(1000, -12, 500))
                    .then(AudioSource.silence(1000))
                    .loop());
    Received complete = client.awaitEvent(cpa, "complete");
    assertThat(complete.reason()).isEqualTo("signal");
    Element signal = (Element) complete.child("complete").orElseThrow().getFirstChild();
    assertThat(signal.getAttribute("type")).isEqualTo("urn:xmpp:rayo:cpa:beep:1");
    assertThat(Long.parseLong(signal.getAttribute("duration"))).isBetween(400L, 600L);
    List<String> keys =
        Site.of(client, cpa).stream()
            .flatMap(s -> s.child("signal").stream())
            .map(s -> s.getAttribute("type") + " " + s.getAttribute("value"))
            .toList();
    assertThat(keys).containsExactly("urn:xmpp:rayo:cpa:dtmf:1 5", "urn:xmpp:rayo:cpa:dtmf:1 #");
    assertThat(client.command(cpa, STOP).error()).isEqualTo("item-not-found/cancel");
    expectResult(client.command(answered.address(), HANGUP));
    client.awaitEvent(answered.address(), "end");
  }

  @Test
  void speech_shortAndLong_isAHumansAndAMachines() throws Exception {
    Site.Answered answered = site.answeredCall(client, "speaker", options -> {});
    String vad = expectResult(cpa(answered.address(), "vad:1?terminate=true")).ref();
    String speech =
        expectResult(cpa(answered.address(), "speech:1?maxTime=2500;minSpeechDuration=300")).ref();
    AudioSource sentence = Speech.fiveSeconds();
    AudioSource word =
        AudioSource.of(SHORT_SAMPLES, sentence::sample).then(AudioSource.silence(2000));
    // Again and again, for a stalled machine may spoil one.
    var unusedWords = answered.call().send(word.loop());
    assertThat(client.awaitEvent(vad, "complete").reason()).isEqualTo("signal");
    Element human = client.awaitEvent(speech, "signal").child("signal").orElseThrow();
    assertThat(human.getAttribute("value")).isEqualTo("human");
    assertThat(Long.parseLong(human.getAttribute("duration"))).isBetween(300L, 2500L);
    var unusedSentences = answered.call().send(sentence.loop());
    client.await(
        "the machine",
        s ->
            s.from().equals(speech)
                && s.child("signal")
                    .filter(e -> e.getAttribute("value").equals("machine"))
                    .isPresent());
    expectResult(client.command(answered.address(), HANGUP));
    assertThat(client.awaitEvent(speech, "complete").reason()).isEqualTo("hangup");
    client.awaitEvent(answered.address(), "end");
  }
}

package org.rayo.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.OutputRequest.AudioFile;
import org.rayo.media.OutputRequest.Pause;
import org.rayo.media.OutputRequest.Segment;
import org.rayo.media.OutputRequest.Speech;
import org.xmpp.packet.PacketError.Condition;

class SsmlTest {

  private static List<Segment> speak(String content) throws CommandRefusedException {
    return Ssml.read(
        "<speak version='1.0' xmlns='http://www.w3.org/2001/10/synthesis'>" + content + "</speak>");
  }

  private static Speech said(String text) {
    return new Speech(text, Optional.empty(), Optional.empty());
  }

  private static Pause pause(long millis) {
    return new Pause(Duration.ofMillis(millis));
  }

  private static void refused(String document, Condition as) {
    assertThatThrownBy(() -> Ssml.read(document))
        .isInstanceOfSatisfying(
            CommandRefusedException.class,
            e -> assertThat(e.error().condition()).as(e.error().text()).isEqualTo(as));
  }

  @Test
  void read_theExampleOfTheXep_isSentencesAndABreak() throws Exception {
    String document =
        """

          <?xml version="1.0"?>
          <!DOCTYPE speak PUBLIC "-//W3C//DTD SYNTHESIS 1.0//EN" "http://127.0.0.1:9/s.dtd">
          <speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="en-US">
            <p>
              <s>You have 4
                 messages.</s>
              <s>It came at <break/> 3:45pm.</s>
              <s>It is a <prosody rate="-20%">ski trip</prosody></s>
            </p>
          </speak>
        """;
    Optional<String> english = Optional.of("en-US");
    assertThat(Ssml.read(document))
        .containsExactly(
            new Speech("You have 4 messages.", english, Optional.empty()),
            new Speech("It came at", english, Optional.empty()),
            pause(400),
            new Speech("3:45pm.", english, Optional.empty()),
            new Speech("It is a ski trip", english, Optional.empty()));
  }

  @Test
  void read_howItIsSpoken_isLeftToTheVoice() throws Exception {
    assertThat(
            speak(
                "a <emphasis level='strong'>b</emphasis> <say-as interpret-as='date'>c</say-as>"
                    + "<mark name='m'/> <sub alias='World &amp; Co'>W</sub>&lt;<![CDATA[>]]>"))
        .containsExactly(said("a b c World & Co<>"));
  }

  @Test
  void read_languageAndVoice_areTheNearest() throws Exception {
    assertThat(
            speak(
                "a<voice name='bob'>b<s xml:lang='fr'>c</s><voice name='eve'>d</voice>e</voice>f"))
        .containsExactly(
            said("a"),
            new Speech("b", Optional.empty(), Optional.of("bob")),
            new Speech("c", Optional.of("fr"), Optional.of("bob")),
            new Speech("d", Optional.empty(), Optional.of("eve")),
            new Speech("e", Optional.empty(), Optional.of("bob")),
            said("f"));
  }

  @Test
  void read_audio_hasItsContentAsAlternative() throws Exception {
    assertThat(
            speak(
                "Now <audio src='http://example.org/a.wav'><desc>a bell</desc>"
                    + "ding <audio src='file:///b.wav'/></audio> then <audio src='file:///c'/>"))
        .containsExactly(
            said("Now"),
            new AudioFile(
                URI.create("http://example.org/a.wav"),
                List.of(said("ding"), new AudioFile(URI.create("file:///b.wav"), List.of()))),
            said("then"),
            new AudioFile(URI.create("file:///c"), List.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "time='250ms', 250",
    "time='3s', 3000",
    "time='1.5s', 1500",
    "time='.5s', 500",
    "time='+2s', 2000",
    "time='10ms' strength='x-strong', 10",
    "strength='x-weak', 100",
    "strength='weak', 200",
    "strength='medium', 400",
    "strength='strong', 700",
    "strength='x-strong', 1000"
  })
  void read_break_isSilence(String attributes, long millis) throws Exception {
    assertThat(speak("<break " + attributes + "/>")).containsExactly(pause(millis));
  }

  @Test
  void read_noBreak_isNone() throws Exception {
    assertThat(speak("a <break strength='none'/> b<break time='0s'/>"))
        .containsExactly(said("a b"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "no xml",
        "<speak>",
        "<speak></speek>",
        "<speak/><speak/>",
        "<speak>a</speak>b",
        "<vxml/>",
        "<speak xmlns='urn:other'/>",
        "<speak>&nbsp;</speak>",
        "<speak><sub alias='&nbsp;'/></speak>",
        "<speak><sub>a</sub></speak>",
        "<speak><voice>a</voice></speak>",
        "<speak><audio/></speak>",
        "<speak><audio src='a.wav'/></speak>",
        "<speak><audio src='gopher://a/b'/></speak>",
        "<speak><break time='soon'/></speak>",
        "<speak><break time='-1s'/></speak>",
        "<speak><break time='1234567890s'/></speak>",
        "<speak><break strength='huge'/></speak>",
        "<!DOCTYPE speak [<!ENTITY a 'b'>]><speak>&a;</speak>",
        "<!DOCTYPE speak [<!ENTITY a 'b'>]><speak><sub alias='&a;'/></speak>",
        "<!DOCTYPE speak [<!ENTITY a SYSTEM 'file:///etc/passwd'>]><speak>&a;</speak>",
        "<!DOCTYPE speak [<!ATTLIST audio src CDATA 'file:///a'>]><speak><audio/></speak>"
      })
  void read_whatIsNotSsml_isABadRequest(String document) {
    refused(document, Condition.bad_request);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<speak><lexicon uri='a'/></speak>",
        "<speak><phoneme ph='a'>b</phoneme></speak>",
        "<speak><p xmlns='urn:other'>a</p></speak>",
        "<speak><voice gender='female'>a</voice></speak>",
        "<speak><audio src='file:///a' repeatCount='3'/></speak>"
      })
  void read_moreThanWeDo_isNotImplemented(String document) {
    refused(document, Condition.feature_not_implemented);
  }

  @Test
  void read_tooDeepOrTooMuch_isNotImplemented() throws Exception {
    assertThat(speak("<p>".repeat(63) + "a" + "</p>".repeat(63))).containsExactly(said("a"));
    refused(
        "<speak>" + "<p>".repeat(64) + "</p>".repeat(64) + "</speak>",
        Condition.feature_not_implemented);
    refused("<p>".repeat(20_000), Condition.bad_request);
    assertThat(speak("<break/>".repeat(1000))).hasSize(1000);
    refused("<speak>" + "<break/>".repeat(1001) + "</speak>", Condition.feature_not_implemented);
  }

  @Test
  void read_bombOfEntities_isRefusedAtOnce() {
    StringBuilder bomb = new StringBuilder("<!DOCTYPE speak [<!ENTITY e0 'lol'>");
    for (int i = 1; i < 40; i++) {
      bomb.append("<!ENTITY e").append(i).append(" '").append(("&e" + (i - 1) + ";").repeat(10));
      bomb.append("'>");
    }
    bomb.append("]><speak>&e39;</speak>");
    assertTimeoutPreemptively(
        Duration.ofSeconds(1), () -> refused(bomb.toString(), Condition.bad_request));
  }

  @Test
  void read_muchAlternation_isLinear() {
    String nested = "<voice name='a'>x<voice name='b'>y</voice></voice>".repeat(600);
    assertTimeoutPreemptively(
        Duration.ofSeconds(1),
        () -> refused("<speak>" + nested + "</speak>", Condition.feature_not_implemented));
  }
}

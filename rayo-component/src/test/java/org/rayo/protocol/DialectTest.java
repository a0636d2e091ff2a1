package org.rayo.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.media.AudioFormat;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingRequest.Direction;
import org.rayo.media.RecordingRequest.Encoding;
import org.rayo.protocol.CallCommand.RecordCommand;
import org.xmpp.packet.JID;

class DialectTest {

  private static RecordingRequest request(Dialect dialect, String attributesAndContent)
      throws CommandRefusedException {
    String xml = "<record xmlns='urn:xmpp:rayo:record:1' " + attributesAndContent + "</record>";
    return dialect.request((RecordCommand) RayoReader.read(Xml.parse(xml), dialect));
  }

  @Test
  void request_emptyRecord_hasTheDefaultsOfTheDialect() throws Exception {
    assertThat(request(Dialect.WIKI, ">"))
        .isEqualTo(defaults(AudioFormat.MP3, /* startBeep= */ true, /* mix= */ true));
    assertThat(request(Dialect.XEP_0327, ">"))
        .isEqualTo(defaults(AudioFormat.WAV, /* startBeep= */ false, /* mix= */ false));
    assertThat(request(Dialect.WIKI, ">").channels()).isEqualTo(1);
    assertThat(request(Dialect.XEP_0327, ">").channels()).isEqualTo(2);
  }

  private static RecordingRequest defaults(AudioFormat format, boolean startBeep, boolean mix) {
    return new RecordingRequest(
        format,
        Direction.DUPLEX,
        mix,
        startBeep,
        false,
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Encoding.DEFAULT);
  }

  @Test
  void request_whatIsWritten_goesBeforeDefaults() throws Exception {
    for (Dialect dialect : Dialect.values()) {
      RecordingRequest request =
          request(
              dialect,
              "format='wav' start-beep='false' stop-beep='true' start-paused='true'"
                  + " direction='send' mix='true' max-duration='1' initial-timeout='2'"
                  + " final-timeout='3|none'><hint name='quality' value='9'/>"
                  + "<hint name='bitrate' value='320'/><hint name='double-pass' value='true'/>");
      assertThat(request)
          .isEqualTo(
              new RecordingRequest(
                  AudioFormat.WAV,
                  Direction.SEND,
                  true,
                  false,
                  true,
                  true,
                  Optional.of(Duration.ofMillis(1)),
                  Optional.of(Duration.ofMillis(2)),
                  Optional.of(Duration.ofMillis(3)),
                  new Encoding(OptionalInt.of(9), OptionalInt.of(320))));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "WIKI, STOP, STOP, ",
    "WIKI, HANGUP, HANGUP, ",
    "WIKI, MAX_DURATION, SUCCESS, ",
    "WIKI, FINAL_TIMEOUT, SUCCESS, ",
    "WIKI, STOP_KEY, SUCCESS, ",
    "XEP_0327, STOP_KEY, STOP, ",
    "WIKI, INITIAL_TIMEOUT, ERROR, timed out",
    "WIKI, ERROR, ERROR, disk full",
    "XEP_0327, STOP, STOP, ",
    "XEP_0327, HANGUP, HANGUP, ",
    "XEP_0327, MAX_DURATION, MAX_DURATION, ",
    "XEP_0327, FINAL_TIMEOUT, FINAL_TIMEOUT, ",
    "XEP_0327, INITIAL_TIMEOUT, INITIAL_TIMEOUT, ",
    "XEP_0327, ERROR, ERROR, disk full",
  })
  void reason_everyCause_isInTheWordsOfTheDialect(
      Dialect dialect, Cause cause, CompleteReason.Name name, String text) {
    Optional<String> failure = cause == Cause.ERROR ? Optional.of("disk full") : Optional.empty();
    assertThat(dialect.reason(cause, failure))
        .isEqualTo(new CompleteReason(name, Optional.ofNullable(text)));
  }

  @Test
  void ref_hasTheUri_andForTheWikiTheId() {
    JID component = new JID("c41@rayo.example.org/r-7");
    assertThat(Dialect.WIKI.ref(component).asXML())
        .isEqualTo(
            "<ref xmlns=\"urn:xmpp:rayo:1\" uri=\"xmpp:c41@rayo.example.org/r-7\" id=\"r-7\"/>");
    assertThat(Dialect.XEP_0327.ref(component).asXML())
        .isEqualTo("<ref xmlns=\"urn:xmpp:rayo:1\" uri=\"xmpp:c41@rayo.example.org/r-7\"/>");
  }

  @Test
  void ofToken_eachToken_isItsDialect() {
    for (Dialect dialect : Dialect.values()) {
      assertThat(Dialect.ofToken(dialect.token())).contains(dialect);
    }
    assertThat(Dialect.ofToken("WIKI")).isEmpty();
    assertThat(Dialect.ofToken("")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "rayo.example.org, xmpp:rayo.example.org",
    "a.b-c_d~1@rayo.example.org/x-Y_2, xmpp:a.b-c_d~1@rayo.example.org/x-Y_2",
    "a%b@h.org/a b?c#d/e@f, xmpp:a%25b@h.org/a%20b%3Fc%23d%2Fe%40f",
    "ü@h.org/€, xmpp:%C3%BC@h.org/%E2%82%AC",
  })
  void xmppUri_ofAnAddress_isEscapedPartByPart(String jid, String uri) {
    assertThat(XmppUri.of(new JID(jid))).isEqualTo(uri);
  }
}

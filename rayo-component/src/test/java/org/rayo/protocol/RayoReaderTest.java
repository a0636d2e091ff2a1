package org.rayo.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.AudioFormat;
import org.rayo.media.Header;
import org.rayo.media.MediaCall.RejectReason;
import org.rayo.media.RecordingRequest.Direction;
import org.rayo.protocol.CallCommand.Hint;
import org.rayo.protocol.CallCommand.RecordCommand;

class RayoReaderTest {

  private static final String BAD = "bad_request/modify";
  private static final String OPTION = "feature_not_implemented/modify";
  private static final String COMMAND = "feature_not_implemented/cancel";

  /** A command that is refused, the error, and words that its text must hold. */
  record Refused(String xml, String error, List<String> words) {
    Refused(String xml, String error, String... words) {
      this(xml, error, List.of(words));
    }

    @Override
    public String toString() {
      return xml;
    }
  }

  static List<Refused> refused() {
    return List.of(
        // No such command.
        rayo("mute", "", COMMAND, "mute"),
        new Refused("<output xmlns='urn:xmpp:rayo:output:2'/>", COMMAND, "output", "record"),
        new Refused("<input xmlns='urn:xmpp:rayo:output:1'/>", COMMAND, "input"),
        new Refused("<prompt xmlns='urn:xmpp:rayo:1'/>", COMMAND, "prompt"),
        new Refused("<receivefax xmlns='urn:xmpp:rayo:fax:1'/>", COMMAND, "receivefax"),
        new Refused("<sendfax xmlns='urn:xmpp:rayo:fax:1'/>", COMMAND, "sendfax"),
        new Refused("<pause xmlns='urn:xmpp:rayo:prompt:1'/>", COMMAND, "pause"),
        new Refused("<stop xmlns='urn:xmpp:rayo:record:1'/>", COMMAND, "stop"),
        new Refused("<record xmlns='urn:xmpp:rayo:1'/>", COMMAND, "record"),
        new Refused("<query xmlns='jabber:iq:version'/>", COMMAND, "query"),
        // Redirect.
        rayo("redirect", "", BAD, "redirect", "to", "required"),
        rayo("redirect to=''", "", BAD, "to is ''", "sip:", "tel:"),
        rayo("redirect to='foo:bar'", "", BAD, "'foo:bar'", "sips:"),
        rayo("redirect to='sip:'", "", BAD, "to"),
        rayo("redirect to='sip:a b@example.org'", "", BAD, "to"),
        rayo("redirect to='sip:a@example.org&#13;&#10;Evil: 1'", "", BAD, "to"),
        rayo("redirect to='sip:\u00fc@example.org'", "", BAD, "to"),
        rayo("redirect to='alice@example.org'", "", BAD, "to"),
        rayo("redirect to='sip:a@example.org' from='b'", "", OPTION, "'from'", "to"),
        // Reject.
        rayo("reject", "", BAD, "exactly one", "none", "decline", "busy", "error"),
        rayo("reject", "<busy/><decline/>", BAD, "'busy', 'decline'"),
        rayo("reject", "<busy/><busy/>", BAD, "exactly one"),
        rayo("reject", "<bored/>", BAD, "'bored'", "decline"),
        rayo("reject", "<busy xmlns='urn:other'/>", BAD, "exactly one"),
        rayo("reject", "<busy>now</busy>", BAD, "busy", "no text"),
        rayo("reject", "<busy code='486'/>", OPTION, "'code'"),
        rayo("reject reason='busy'", "<busy/>", OPTION, "'reason'"),
        rayo("reject", "busy<busy/>", BAD, "no text"),
        // Headers, and the rest of call commands.
        rayo("accept", "<header value='x'/>", BAD, "header", "name"),
        rayo("accept", "<header name='x'/>", BAD, "header", "value"),
        rayo("accept", "<header name='' value='x'/>", BAD, "header ''", "letters"),
        rayo("accept", "<header name='a b' value='x'/>", BAD, "'a b'"),
        rayo("accept", "<header name='a:' value='x'/>", BAD, "'a:'"),
        rayo("accept", "<header name='x' value='1&#10;Via: evil'/>", BAD, "'x'", "line breaks"),
        rayo("accept", "<header name='x' value='y'>z</header>", BAD, "header"),
        rayo("accept", "<header name='x' value='y' z='1'/>", OPTION, "'z'"),
        rayo("accept early-media='true'", "", OPTION, "'early-media'"),
        rayo("answer", "<join/>", OPTION, "'join'"),
        rayo("hangup", "<hangup/>", OPTION, "'hangup'"),
        rayo("hangup", "please", BAD, "no text", "'please'"),
        // Commands of components.
        new Refused("<stop xmlns='urn:xmpp:rayo:ext:1'>now</stop>", BAD, "stop", "'now'"),
        new Refused("<stop xmlns='urn:xmpp:rayo:ext:1'><now/></stop>", BAD, "empty", "'now'"),
        new Refused("<stop xmlns='urn:xmpp:rayo:ext:1' now='1'/>", OPTION, "'now'"),
        new Refused("<pause xmlns='urn:xmpp:rayo:record:1'>x</pause>", BAD, "pause"),
        new Refused("<pause xmlns='urn:xmpp:rayo:record:1'><x/></pause>", BAD, "pause", "empty"),
        new Refused("<resume xmlns='urn:xmpp:rayo:record:1'><x/></resume>", BAD, "resume"),
        new Refused("<resume xmlns='urn:xmpp:rayo:record:1' at='3'/>", OPTION, "'at'"),
        // Formats.
        record("format='ogg'", OPTION, "format", "'ogg'", "mp3", "wav"),
        record("format='INFERRED'", OPTION, "format"),
        record("format=''", BAD, "format is ''", "mp3", "wav"),
        record("format='  '", BAD, "format"),
        record("format='mp3 wav'", BAD, "format"),
        record("format='m&#252;3'", BAD, "format"),
        // Booleans.
        record("start-beep='TRUE'", BAD, "start-beep is 'TRUE'", "true, false, 1 and 0"),
        record("start-beep=''", BAD, "start-beep"),
        record("stop-beep='yes'", BAD, "stop-beep"),
        record("start-paused='2'", BAD, "start-paused"),
        record("mix='none'", BAD, "mix"),
        // Times.
        record("max-duration='0'", BAD, "max-duration is '0'", "positive milliseconds", "-1"),
        record("max-duration='-2'", BAD, "max-duration"),
        record("max-duration='1.5'", BAD, "max-duration"),
        record("max-duration='abc'", BAD, "max-duration"),
        record("max-duration=''", BAD, "max-duration"),
        record("max-duration='9223372036854775808'", BAD, "max-duration"),
        record("max-duration='\u0663'", BAD, "max-duration"),
        record("max-duration='none'", BAD, "max-duration", "-1"),
        record("max-duration='10000|none'", BAD, "max-duration"),
        record("initial-timeout='0'", BAD, "initial-timeout", "none"),
        record("initial-timeout='-7'", BAD, "initial-timeout"),
        record("initial-timeout='1.5'", BAD, "initial-timeout"),
        record("initial-timeout='NONE'", BAD, "initial-timeout"),
        record("initial-timeout='0|none'", BAD, "initial-timeout"),
        record("initial-timeout='none|10000'", BAD, "initial-timeout"),
        record("initial-timeout='|none'", BAD, "initial-timeout"),
        record("final-timeout='abc'", BAD, "final-timeout"),
        record("final-timeout='99999999999999999999'", BAD, "final-timeout"),
        record("final-timeout='10000|20000'", BAD, "final-timeout"),
        // Directions, and what we do not have.
        record("direction='both'", BAD, "direction is 'both'", "duplex, send and recv"),
        record("direction='SEND'", BAD, "direction"),
        record("direction=''", BAD, "direction"),
        record("to='file:/etc/passwd'", OPTION, "'to'", "format"),
        record("silence-terminate='true'", OPTION, "'silence-terminate'"),
        new Refused("<record xmlns='urn:xmpp:rayo:record:1'>x</record>", BAD, "record", "'x'"),
        new Refused(
            "<record xmlns='urn:xmpp:rayo:record:1'><tag/></record>", OPTION, "'tag'", "hint"),
        new Refused(
            "<record xmlns='urn:xmpp:rayo:record:1'><hint xmlns='a'/></record>", OPTION, "hint"),
        // Hints.
        hint("value='4'", BAD, "hint", "name"),
        hint("name='quality'", BAD, "hint", "value"),
        hint("name=' ' value='4'", BAD, "name is ' '"),
        hint("name='quality' value='10'", BAD, "quality is '10'", "0 to 9"),
        hint("name='quality' value='-1'", BAD, "quality"),
        hint("name='quality' value='best'", BAD, "quality"),
        hint("name='quality' value='99999999999999'", BAD, "quality"),
        hint("name='bitrate' value='5'", BAD, "bitrate is '5'", "6 to 320"),
        hint("name='bitrate' value='64k'", BAD, "bitrate"),
        hint("name='encoding' value='flac'", BAD, "encoding is 'flac'", "pcm, ulaw and alaw"),
        hint("name='double-pass' value='1'", BAD, "double-pass is '1'", "true and false"),
        hint("name='quality' value='4' unit='x'", OPTION, "'unit'"),
        new Refused(
            "<record xmlns='urn:xmpp:rayo:record:1'><hint name='quality' value='1'/>"
                + "<hint name='quality' value='2'/></record>",
            BAD,
            "quality",
            "twice"),
        new Refused(
            "<record xmlns='urn:xmpp:rayo:record:1'><hint name='a' value='1'>b</hint></record>",
            BAD,
            "hint"));
  }

  private static Refused rayo(String start, String content, String error, String... words) {
    String name = (start + " ").substring(0, (start + " ").indexOf(' '));
    String xml = "<" + start + " xmlns='urn:xmpp:rayo:1'>" + content + "</" + name + ">";
    return new Refused(xml, error, words);
  }

  private static Refused record(String attributes, String error, String... words) {
    return new Refused("<record xmlns='urn:xmpp:rayo:record:1' " + attributes + "/>", error, words);
  }

  private static Refused hint(String attributes, String error, String... words) {
    return new Refused(
        "<record xmlns='urn:xmpp:rayo:record:1'><hint " + attributes + "/></record>", error, words);
  }

  @ParameterizedTest
  @MethodSource("refused")
  void read_whatMayNotBe_isRefusedWithNameAndRule(Refused row) {
    for (Dialect dialect : Dialect.values()) {
      StanzaError error = refusal(row.xml(), dialect);
      assertThat(error.condition() + "/" + error.type()).isEqualTo(row.error());
      assertThat(error.text()).contains(row.words());
    }
  }

  private static StanzaError refusal(String xml, Dialect dialect) {
    CommandRefusedException refused =
        catchThrowableOfType(
            CommandRefusedException.class, () -> RayoReader.read(Xml.parse(xml), dialect));
    assertThat(refused).as("refusal of %s", xml).isNotNull();
    return refused.error();
  }

  private static RecordCommand readRecord(String attributes, Dialect dialect)
      throws CommandRefusedException {
    return (RecordCommand)
        RayoReader.read(
            Xml.parse("<record xmlns='urn:xmpp:rayo:record:1' " + attributes + "/>"), dialect);
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void readRecord_empty_leavesAllToTheDialect(Dialect dialect) throws Exception {
    RecordCommand command = readRecord("", dialect);
    assertThat(command)
        .isEqualTo(
            new RecordCommand(
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty(),
                Optional.empty(),
                RecordingHints.of(List.of())));
  }

  @ParameterizedTest
  @EnumSource(Dialect.class)
  void readRecord_everyAttribute_isUnderstood(Dialect dialect) throws Exception {
    RecordCommand command =
        readRecord(
            "format='WAV' start-beep='1' stop-beep='true' start-paused='0' max-duration=' 5000 '"
                + " initial-timeout='10000|none' final-timeout='+250' direction='recv'"
                + " mix='false'",
            dialect);
    assertThat(command)
        .isEqualTo(
            new RecordCommand(
                Optional.of(AudioFormat.WAV),
                Optional.of(true),
                Optional.of(true),
                Optional.of(false),
                OptionalLong.of(5000),
                OptionalLong.of(10000),
                OptionalLong.of(250),
                Optional.of(Direction.RECV),
                Optional.of(false),
                RecordingHints.of(List.of())));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "-1", " none "})
  void readRecord_disabledTimeouts_areNone(String disabled) throws Exception {
    for (Dialect dialect : Dialect.values()) {
      String both = "initial-timeout='" + disabled + "' final-timeout='" + disabled + "'";
      RecordCommand command = readRecord(both + " max-duration='-1'", dialect);
      assertThat(command.initialTimeoutMillis()).isEmpty();
      assertThat(command.finalTimeoutMillis()).isEmpty();
      assertThat(command.maxDurationMillis()).isEmpty();
    }
  }

  @Test
  void readRecord_largestLong_isLegal() throws Exception {
    assertThat(readRecord("max-duration='9223372036854775807'", Dialect.WIKI).maxDurationMillis())
        .hasValue(Long.MAX_VALUE);
  }

  @Test
  void readRecord_duplex_isUnderstoodInTheWikiDialectOnly() throws Exception {
    assertThat(readRecord("duplex='true'", Dialect.WIKI).direction()).contains(Direction.DUPLEX);
    assertThat(readRecord("duplex='false'", Dialect.WIKI).direction()).contains(Direction.SEND);

    String duplex = "<record xmlns='urn:xmpp:rayo:record:1' duplex='true'/>";
    assertThat(refusal(duplex, Dialect.XEP_0327).text()).contains("'duplex'");
    String both = "<record xmlns='urn:xmpp:rayo:record:1' duplex='true' direction='send'/>";
    assertThat(refusal(both, Dialect.WIKI).text()).contains("direction", "duplex");
  }

  @Test
  void readRecord_attributesWithANamespace_areNotOurs() throws Exception {
    assertThat(readRecord("xml:lang='en' xmlns:a='urn:a' a:format='ogg'", Dialect.WIKI).format())
        .isEmpty();
  }

  @Test
  void readRecord_unknownHints_areKeptAndDoNotCount() throws Exception {
    RecordCommand command =
        (RecordCommand)
            RayoReader.read(
                Xml.parse(
                    "<record xmlns='urn:xmpp:rayo:record:1'><hint name='colour' value='red'/>"
                        + "<hint name='colour' value=''/><hint name='bitrate' value='64'/></record>"),
                Dialect.XEP_0327);
    assertThat(command.hints().written())
        .containsExactly(
            new Hint("colour", "red"), new Hint("colour", ""), new Hint("bitrate", "64"));
  }

  @Test
  void read_callCommands_haveTheirHeadersInOrder() throws Exception {
    List<Header> headers =
        List.of(new Header("Route", "a"), new Header("x-b", ""), new Header("Route", "c"));
    String xml =
        "<header name='Route' value='a'/><header name='x-b' value=''/>"
            + "<header name='Route' value='c'/>";
    assertThat(read("accept", xml)).isEqualTo(new CallCommand.Accept(headers));
    assertThat(read("answer", xml)).isEqualTo(new CallCommand.Answer(headers));
    assertThat(read("hangup", xml)).isEqualTo(new CallCommand.Hangup(headers));
    assertThat(read("redirect to=' tel:+15550100 '", xml))
        .isEqualTo(new CallCommand.Redirect(URI.create("tel:+15550100"), headers));
    assertThat(read("reject", "<busy/>" + xml))
        .isEqualTo(new CallCommand.Reject(RejectReason.BUSY, headers));
    assertThat(read("reject", xml + "<decline/>"))
        .isEqualTo(new CallCommand.Reject(RejectReason.DECLINE, headers));
  }

  private static RayoCommand read(String start, String content) throws CommandRefusedException {
    return RayoReader.read(Xml.parse(rayo(start, content, "").xml()), Dialect.WIKI);
  }

  @Test
  void read_aVeryLongValue_isQuotedShortly() {
    String format = "x".repeat(100_000);
    String xml = "<record xmlns='urn:xmpp:rayo:record:1' format='" + format + "'/>";
    assertThat(refusal(xml, Dialect.WIKI).text()).hasSizeLessThan(200);
  }
}

package org.rayo.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.protocol.Refusals.BAD_REQUEST;
import static org.rayo.protocol.Refusals.NOT_THIS_OPTION;
import static org.rayo.protocol.Refusals.read;
import static org.rayo.protocol.Refusals.refused;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.OutputRequest.AudioFile;
import org.rayo.media.OutputRequest.Segment;
import org.rayo.media.OutputRequest.Speech;
import org.rayo.protocol.CallCommand.OutputCommand;
import org.rayo.protocol.CallCommand.PromptCommand;
import org.rayo.protocol.ComponentCommand.OutputStep;
import org.rayo.protocol.ComponentCommand.Seek;

class OutputReaderTest {

  private static final String URL = "<document url='http://example.org/a.wav'/>";
  private static final String INPUT =
      "<input xmlns='urn:xmpp:rayo:input:1'><grammar url='builtin:dtmf/digits'/></input>";

  private static String output(String attributes, String content) {
    return "<output xmlns='urn:xmpp:rayo:output:1' " + attributes + ">" + content + "</output>";
  }

  private static String document(String type, String text) {
    return output("", "<document content-type='" + type + "'><![CDATA[" + text + "]]></document>");
  }

  private static List<Segment> segments(String command) throws CommandRefusedException {
    return ((OutputCommand) read(command)).documents().get(0).segments();
  }

  private static AudioFile file(String uri) {
    return new AudioFile(URI.create(uri), List.of());
  }

  @Test
  void read_onlyADocument_hasTheDefaults() throws Exception {
    OutputCommand read = (OutputCommand) read(output("", URL));
    Document document =
        new Document(
            Optional.of(URI.create("http://example.org/a.wav")),
            Optional.empty(),
            Optional.empty(),
            List.of(file("http://example.org/a.wav")));
    assertThat(read)
        .isEqualTo(
            new OutputCommand(
                List.of(document), 0, false, 0, 1, OptionalLong.empty(), Optional.empty()));
  }

  @Test
  void read_everything_isInTheRecord() throws Exception {
    OutputCommand read =
        (OutputCommand)
            read(
                output(
                    "start-offset='1' start-paused='true' repeat-interval='2' repeat-times='0'"
                        + " max-time='3' voice='allison' renderer=''",
                    URL + URL));
    assertThat(read.documents()).hasSize(2);
    assertThat(read.startOffsetMillis()).isEqualTo(1);
    assertThat(read.startPaused()).isTrue();
    assertThat(read.repeatIntervalMillis()).isEqualTo(2);
    assertThat(read.repeatTimes()).isZero();
    assertThat(read.maxTimeMillis()).hasValue(3);
    assertThat(read.voice()).contains("allison");
  }

  @Test
  void read_plainText_isSpeech() throws Exception {
    assertThat(segments(document("text/plain;charset=utf-8", "\n You have no messages. \n")))
        .containsExactly(new Speech("You have no messages.", Optional.empty(), Optional.empty()));
  }

  @Test
  void read_uriList_isAFileForEachLine() throws Exception {
    String list = "# two\r\nfile:///a.wav\r\n\r\n  https://example.org/b.mp3  \r\n#";
    assertThat(segments(document("text/uri-list", list)))
        .containsExactly(file("file:///a.wav"), file("https://example.org/b.mp3"));
  }

  @Test
  void read_ssml_isRead() throws Exception {
    assertThat(segments(document("Application/SSML+XML", "<speak>Hello</speak>")))
        .containsExactly(new Speech("Hello", Optional.empty(), Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "repeat-times='foo'",
        "repeat-times='-1'",
        "repeat-times='2147483648'",
        "start-offset='-1'",
        "start-offset=''",
        "repeat-interval='-1'",
        "repeat-interval='9223372036854775808'",
        "max-time='0'",
        "max-time='-2'",
        "start-paused='perhaps'"
      })
  void read_badAttribute_isABadRequest(String attribute) {
    refused(output(attribute, URL), BAD_REQUEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "text",
        "<document/>",
        "<document url=''/>",
        "<document url='a.wav'/>",
        "<document url='ftp://example.org/a.wav'/>",
        "<document url='http://a b'/>",
        "<document url='file:///a.wav'>text</document>",
        "<document url='file:///a.wav' content-type='text/plain'>text</document>",
        "<document content-type='text/plain'/>",
        "<document content-type='text/plain'>  </document>",
        "<document content-type='text/plain'>a<b/></document>",
        "<document content-type='text/uri-list'># nothing</document>",
        "<document content-type='text/uri-list'>a.wav</document>",
        "<document content-type='application/ssml+xml'>&lt;speak/></document>",
        "<document content-type='application/ssml+xml'>&lt;speak>a</document>"
      })
  void read_badDocument_isABadRequest(String content) {
    refused(output("", content), BAD_REQUEST);
  }

  @Test
  void read_whatWeDoNotHave_isNotImplemented() {
    refused(output("renderer='mrcp'", URL), NOT_THIS_OPTION);
    refused(output("volume='5'", URL), NOT_THIS_OPTION);
    refused(output("", URL + "<header name='a' value='b'/>"), NOT_THIS_OPTION);
    assertThat(refused(document("text/html", "<p>"), NOT_THIS_OPTION)).contains("text/uri-list");
  }

  @Test
  void read_hugeDocument_isNotImplemented() throws Exception {
    refused(document("text/plain", "a".repeat(64 * 1024 + 1)), NOT_THIS_OPTION);
    assertThat(segments(document("text/uri-list", "file:/a\n".repeat(1000)))).hasSize(1000);
    refused(document("text/uri-list", "file:/a\n".repeat(1001)), NOT_THIS_OPTION);
  }

  @ParameterizedTest
  @EnumSource(OutputStep.class)
  void read_step_isEmpty(OutputStep step) throws Exception {
    String command = "<" + step.element() + " xmlns='urn:xmpp:rayo:output:1' %s/>";
    assertThat(read(String.format(command, ""))).isEqualTo(step);
    refused(String.format(command, "by='2'"), NOT_THIS_OPTION);
  }

  @Test
  void read_seek_isForwardOrBack() throws Exception {
    String seek = "<seek xmlns='urn:xmpp:rayo:output:1' direction='%s' amount='%s'/>";
    assertThat(read(String.format(seek, "forward", "20000"))).isEqualTo(new Seek(20000));
    assertThat(read(String.format(seek, "back", "1"))).isEqualTo(new Seek(-1));
    for (String amount : List.of("0", "-1", "-5", "", "x")) {
      refused(String.format(seek, "back", amount), BAD_REQUEST);
    }
    refused(String.format(seek, "sideways", "1"), BAD_REQUEST);
    refused("<seek xmlns='urn:xmpp:rayo:output:1' direction='back'/>", BAD_REQUEST);
    refused("<seek xmlns='urn:xmpp:rayo:output:1' amount='1'/>", BAD_REQUEST);
  }

  private static String prompt(String attributes, String content) {
    return "<prompt xmlns='urn:xmpp:rayo:prompt:1' " + attributes + ">" + content + "</prompt>";
  }

  @Test
  void read_prompt_isOneOfEachInAnyOrder() throws Exception {
    PromptCommand read = (PromptCommand) read(prompt("", INPUT + output("", URL)));
    assertThat(read).isEqualTo(read(prompt("barge-in='true'", output("", URL) + INPUT)));
    assertThat(read.bargeIn()).isTrue();
    assertThat(read.output()).isEqualTo(read(output("", URL)));
    assertThat(read.input()).isEqualTo(read(INPUT));
    assertThat(((PromptCommand) read(prompt("barge-in='0'", INPUT + output("", URL)))).bargeIn())
        .isFalse();
  }

  @Test
  void read_promptThatIsNotSo_isRefused() {
    refused(prompt("", INPUT), BAD_REQUEST);
    refused(prompt("", output("", URL)), BAD_REQUEST);
    refused(prompt("", INPUT + INPUT + output("", URL)), BAD_REQUEST);
    refused(prompt("", INPUT + output("", "")), BAD_REQUEST);
    refused(prompt("barge-in='maybe'", INPUT + output("", URL)), BAD_REQUEST);
    refused(prompt("mode='x'", INPUT + output("", URL)), NOT_THIS_OPTION);
    refused(prompt("", INPUT + output("", URL) + "<x/>"), NOT_THIS_OPTION);
  }
}

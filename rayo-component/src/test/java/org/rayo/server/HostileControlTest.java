package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.server.HostileSite.BAD_OPTION;
import static org.rayo.server.HostileSite.BAD_REQUEST;
import static org.rayo.server.Site.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.testkit.audio.Decoded;
import org.rayo.testkit.audio.WavFile;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.peers.RequiresPeer;
import org.rayo.testkit.phone.PhoneCall;

/** A client that sends commands made to exhaust the server, or to say more than it may. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HostileControlTest {

  private static final String NO_ROOM = "resource-constraint/wait";
  private static final String CRLF = "&#13;&#10;";
  private static final String LONG_MAX = "9223372036854775807";

  private HostileSite hostile;
  private Path good;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    Path sounds = Files.createDirectories(directory.resolve("sounds"));
    good = sounds.resolve("good.wav");
    WavFile.write(good, new Decoded(new short[][] {new short[800]}, 8000));
    hostile =
        new HostileSite(
            directory,
            "rayo.media.output.directories = [\"" + sounds + "\"]",
            "rayo.media.output.speech.timeout = 1s");
  }

  @AfterEach
  void callGoesOn() {
    hostile.callGoesOn();
    hostile.nothingIsLeftOver();
    hostile.serverIsSound();
  }

  @AfterAll
  void close() {
    if (hostile != null) {
      hostile.close();
    }
  }

  private static String input(String attributes, String content) {
    return "<input xmlns='urn:xmpp:rayo:input:1' " + attributes + ">" + content + "</input>";
  }

  private static String srgs(String rules) {
    return "<grammar content-type='application/srgs+xml'><![CDATA["
        + grammar(rules)
        + "]]></grammar>";
  }

  private static String grammar(String rules) {
    return "<grammar xmlns='http://www.w3.org/2001/06/grammar' version='1.0' mode='dtmf' root='r'>"
        + rules
        + "</grammar>";
  }

  private static String rule(String content) {
    return "<rule id='r'>" + content + "</rule>";
  }

  private static String nested(int depth, String open, String inner, String close) {
    return open.repeat(depth) + inner + close.repeat(depth);
  }

  private void refusedGrammar(String rules) {
    hostile.refused(input("", srgs(rules)), BAD_REQUEST, BAD_OPTION);
  }

  @Test
  void grammar_thatExplodes_isRefused() {
    refusedGrammar(rule("<item repeat='1000000'>1</item>"));
    refusedGrammar(rule("<item repeat='99999999999999999999'>1</item>"));
    refusedGrammar(rule("<item repeat='0-99999'>1</item>"));
    refusedGrammar(rule(nested(60, "<item repeat='0-99999'>", "1", "</item>")));
    refusedGrammar(rule(nested(60, "<item repeat='2'>", "1", "</item>")));
    refusedGrammar(rule(nested(60, "<item repeat='99999'>", "", "</item>")));
    refusedGrammar(rule(nested(10_000, "<item>", "1", "</item>")));
    refusedGrammar(rule("1 ".repeat(30_000)));
    refusedGrammar(rule("<one-of>" + "<item>1</item>".repeat(4_000) + "</one-of>"));
    String doubling =
        IntStream.range(0, 60)
            .mapToObj(
                i ->
                    "<rule id='d"
                        + i
                        + "'>"
                        + "<ruleref uri='#d%d'/>".formatted(i + 1).repeat(2)
                        + "</rule>")
            .collect(Collectors.joining());
    refusedGrammar(rule("<ruleref uri='#d0'/>") + doubling + "<rule id='d60'>1</rule>");
    String chain =
        IntStream.range(0, 1000)
            .mapToObj(i -> "<rule id='c" + i + "'><ruleref uri='#c" + (i + 1) + "'/></rule>")
            .collect(Collectors.joining());
    refusedGrammar(rule("<ruleref uri='#c0'/>") + chain + "<rule id='c1000'>1</rule>");
  }

  @Test
  void grammar_thatLeadsBackOrOut_isRefused() {
    refusedGrammar(rule("<ruleref uri='#r'/>"));
    refusedGrammar(rule("1 <ruleref uri='#a'/>") + "<rule id='a'>2 <ruleref uri='#r'/></rule>");
    refusedGrammar(rule("<ruleref uri='file:///etc/passwd#r'/>"));
    refusedGrammar(rule("<ruleref uri='http://127.0.0.1/a.grxml#r'/>"));
    refusedGrammar(rule("<ruleref uri='#" + "n".repeat(60_000) + "'/>"));
    for (String entities :
        List.of(
            "<!DOCTYPE g [<!ENTITY a '1111111111'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;'>]>",
            "<!DOCTYPE g SYSTEM 'file:///etc/passwd'>",
            "<!DOCTYPE g [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>")) {
      hostile.refused(
          input(
              "",
              "<grammar content-type='application/srgs+xml'><![CDATA["
                  + entities
                  + grammar(rule("&b;"))
                  + "]]></grammar>"),
          BAD_REQUEST);
    }
    for (String url :
        List.of(
            "http://127.0.0.1/a.grxml",
            "file:///etc/passwd",
            "builtin:dtmf/digits?length=999999999999",
            "builtin:dtmf/digits?minlength=1000;maxlength=1",
            "builtin:dtmf/digits?" + "a=b;".repeat(10_000),
            "builtin:dtmf/" + "x".repeat(100_000))) {
      hostile.refused(input("", "<grammar url='" + url + "'/>"), BAD_REQUEST, BAD_OPTION);
    }
  }

  @Test
  void grammars_asManyAsFit_areRefused() {
    String large = "<grammar url='builtin:dtmf/digits?length=1000'/>";
    hostile.refused(input("", large.repeat(4_500)), BAD_OPTION);
    String unrolled = srgs(rule("<item repeat='9000'>1</item>"));
    hostile.refused(input("", unrolled.repeat(500)), BAD_OPTION);
  }

  /** What makes other matchers try every way there is. */
  @Test
  void grammar_ofRepeatsInRepeats_isMatchedKeyByKey() throws Exception {
    String nested = nested(20, "<item repeat='0-'>", "1", "</item>");
    String component = hostile.begun(input("terminator='#'", srgs(rule(nested + nested + "2"))));
    for (char key : "1111112".toCharArray()) {
      await(hostile.call.call().press(key));
    }
    assertThat(hostile.client.awaitEvent(component, "complete").reason()).isEqualTo("match");
  }

  @Test
  void input_timesBeyondAllBounds_areAsGoodAsNone() throws Exception {
    String component =
        hostile.begun(
            input(
                "initial-timeout='%1$s' inter-digit-timeout='%1$s' recognition-timeout='%1$s'"
                    .formatted(LONG_MAX),
                "<grammar url='builtin:dtmf/digits?length=3'/>"));
    for (char key : "123".toCharArray()) {
      await(hostile.call.call().press(key));
    }
    Received complete = hostile.client.awaitEvent(component, "complete");
    assertThat(complete.reason()).isEqualTo("match");
    assertThat(complete.xml()).contains("1 2 3");
  }

  private static String output(String attributes, String documents) {
    return "<output xmlns='urn:xmpp:rayo:output:1' " + attributes + ">" + documents + "</output>";
  }

  private static String ssml(String text) {
    return output(
        "", "<document content-type='application/ssml+xml'><![CDATA[" + text + "]]></document>");
  }

  private static String speak(String content) {
    return ssml("<speak>" + content + "</speak>");
  }

  private String sound() {
    return "<document url='" + good.toUri() + "'/>";
  }

  @Test
  void ssml_thatIsABomb_isRefused() {
    StringBuilder laughs = new StringBuilder("<!DOCTYPE speak [<!ENTITY l0 'ha '>");
    for (int i = 1; i < 30; i++) {
      String before = "&l" + (i - 1) + ";";
      laughs.append("<!ENTITY l").append(i).append(" '").append(before.repeat(10)).append("'>");
    }
    hostile.refused(ssml(laughs + "]><speak>&l29;</speak>"), BAD_REQUEST);
    String outside = "<!DOCTYPE speak [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>";
    hostile.refused(ssml(outside + "<speak>&x;</speak>"), BAD_REQUEST);
    String parameter = "<!DOCTYPE speak [<!ENTITY % x SYSTEM 'file:///etc/passwd'>%x;]>";
    hostile.refused(ssml(parameter + "<speak>&x;</speak>"), BAD_REQUEST);
    hostile.refused(speak(nested(3000, "<prosody>", "a", "</prosody>")), BAD_OPTION);
    hostile.refused(speak("<break/>".repeat(7_000)), BAD_OPTION);
    hostile.refused(speak("<s>a</s>".repeat(7_000)), BAD_OPTION);
    hostile.refused(speak("<prosody>" + "a ".repeat(40_000) + "</prosody>"), BAD_OPTION);
    hostile.refused(speak("<break time='" + "9".repeat(10_000) + "s'/>"), BAD_REQUEST);
    hostile.refused(speak("<voice name='-f /etc/passwd'>a</voice>"), BAD_REQUEST, BAD_OPTION);
    hostile.refused(speak("<audio src='file:///etc/passwd'/>"), BAD_REQUEST);
    hostile.refused(speak("<sub alias='" + "9".repeat(20_000) + "'/>"), BAD_REQUEST, BAD_OPTION);
    hostile.refused(speak("a".repeat(70_000)), BAD_OPTION);
    hostile.refused(speak("<speak"), BAD_REQUEST);
  }

  /** What the voice would need an hour for is cut off in making or in playing. */
  @Test
  @RequiresPeer("espeak-ng")
  void speech_ofTenThousandDigits_isRefusedOrCanBeStopped() {
    for (String text : List.of("9".repeat(10_000), "9 ".repeat(5_000), "a!".repeat(5_000))) {
      Received answer =
          hostile.client.command(
              hostile.call.address(),
              output("", "<document content-type='text/plain'>" + text + "</document>"));
      if (answer.isResult()) {
        Site.expectResult(hostile.client.command(answer.ref(), Site.STOP));
        hostile.client.awaitEvent(answer.ref(), "complete");
      } else {
        assertThat(answer.error()).isIn(BAD_REQUEST, "internal-server-error/wait");
      }
    }
  }

  /** Silence costs nothing, however long: it is played, and can be stopped. */
  @Test
  void output_thatWouldNeverEnd_canBeStopped() {
    String years = "<break time='999999999s'/>";
    for (String command :
        List.of(
            speak(years),
            speak(years.repeat(1000)),
            output("repeat-times='0'", sound()),
            output("repeat-times='2147483647' repeat-interval='" + LONG_MAX + "'", sound()),
            output("repeat-interval='1' repeat-times='2147483647'", sound()))) {
      String component = hostile.begun(command);
      for (String amount : List.of("1", "99999999999", LONG_MAX)) {
        for (String direction : List.of("forward", "back")) {
          Site.expectResult(
              hostile.client.command(
                  component,
                  "<seek xmlns='urn:xmpp:rayo:output:1' direction='"
                      + direction
                      + "' amount='"
                      + amount
                      + "'/>"));
        }
      }
      Received stopped = hostile.client.command(component, Site.STOP);
      // It may have been sought to its end.
      assertThat(stopped.error()).isIn("", "unexpected-request/wait", "item-not-found/cancel");
      assertThat(hostile.client.awaitEvent(component, "complete").reason()).isIn("stop", "finish");
    }
    String passed =
        hostile.begun(
            output("start-offset='" + LONG_MAX + "' max-time='" + LONG_MAX + "'", sound()));
    assertThat(hostile.client.awaitEvent(passed, "complete").reason()).isEqualTo("finish");
  }

  @Test
  void numbers_ofTenThousandDigits_areRefused() {
    String digits = "9".repeat(10_000);
    for (String name : List.of("start-offset", "repeat-interval", "repeat-times", "max-time")) {
      hostile.refused(output(name + "='" + digits + "'", sound()), BAD_REQUEST);
    }
    String grammar = "<grammar url='builtin:dtmf/digits'/>";
    for (String name : List.of("initial-timeout", "sensitivity", "min-confidence", "language")) {
      hostile.refused(input(name + "='" + digits + "'", grammar), BAD_REQUEST);
    }
    for (String name : List.of("max-duration", "final-timeout", "initial-timeout")) {
      hostile.refused(Site.recordCommand(name + "='" + digits + "'"), BAD_REQUEST);
    }
    String to = hostile.site.component();
    String dial = "<dial xmlns='urn:xmpp:rayo:1' to='%s' timeout='%s'/>";
    hostile.refusedBy(to, dial.formatted("sip:a@127.0.0.1", digits), BAD_REQUEST);
    hostile.refusedBy(to, dial.formatted("tel:+" + digits, "1000"), BAD_REQUEST);
    hostile.refusedBy(to, dial.formatted("sip:a@127.0.0.1:" + digits, "1000"), BAD_REQUEST);
  }

  @Test
  void command_ofTenThousandParts_isRefused() {
    String header = "<header name='' value=''/>";
    String server = hostile.site.component();
    String dial = "<dial xmlns='urn:xmpp:rayo:1' to='" + hostile.site.sipUri() + "'>%s</dial>";
    hostile.refusedBy(server, dial.formatted(header.repeat(10_000)), BAD_OPTION);
    for (String name : List.of("accept", "answer", "hangup")) {
      String open = "<" + name + " xmlns='urn:xmpp:rayo:1'>";
      hostile.refused(open + header.repeat(10_000) + "</" + name + ">", BAD_OPTION);
    }
    hostile.refused(output("", "<document url='file:/a'/>".repeat(10_000)), BAD_OPTION);
    String list = "<document content-type='text/uri-list'>" + "file:/a\n".repeat(900);
    hostile.refused(output("", (list + "</document>").repeat(10)), BAD_OPTION);
    String hint = "<hint name='meta.%d' value='b'/>";
    String hints =
        IntStream.range(0, 7_000).mapToObj(hint::formatted).collect(Collectors.joining());
    hostile.refused(
        "<record xmlns='urn:xmpp:rayo:record:1'>" + hints + "</record>", BAD_REQUEST, BAD_OPTION);
    String attributes =
        IntStream.range(0, 200).mapToObj(i -> "a" + i + "='b'").collect(Collectors.joining(" "));
    hostile.refused(output(attributes, sound()), BAD_OPTION);
  }

  @Test
  void components_moreThanACallMayHave_areRefusedUntilOthersEnd() {
    String wait = input("", "<grammar url='builtin:dtmf/digits?length=4'/>");
    List<String> begun = new ArrayList<>();
    for (int i = 0; i < 64; i++) {
      begun.add(hostile.begun(wait));
    }
    hostile.refused(wait, NO_ROOM);
    hostile.refused(output("", sound()), NO_ROOM);
    for (String component : begun) {
      Site.expectResult(hostile.client.command(component, Site.STOP));
      hostile.client.awaitEvent(component, "complete");
    }
  }

  @Test
  void dial_whereNobodyMayCall_isRefused() {
    String server = hostile.site.component();
    for (String to :
        List.of(
            "sip:a@10.0.0.1",
            "sip:a@169.254.169.254",
            "sip:a@192.0.2.1",
            "sip:a@[2001:db8::1]",
            "sip:a@[::ffff:10.0.0.1]",
            "sip:a@0.0.0.0",
            "sip:a@255.255.255.255",
            "sip:a@2130706433",
            "sip:a@0x7f000001",
            "sip:a@192.0.2.1;maddr=127.0.0.1",
            "sip:a@192.0.2.1?Route=%3Csip:127.0.0.1%3E",
            "sip:127.0.0.1@192.0.2.1",
            "sip:a@192.0.2.1%00.example.org",
            "sips:a@127.0.0.1",
            "sip:a@127.0.0.1;transport=tls",
            "sip:a@127.0.0.1;transport=" + "x".repeat(10_000),
            "sip:a@127.0.0.1:99999",
            "sip:a@127.0.0.1:0",
            "sip:",
            "sip:@",
            "sip:a@",
            "sip:a@b@c",
            "tel:+4930123",
            "tel:" + "1".repeat(10_000),
            "xmpp:a@example.org",
            "http://127.0.0.1/",
            "file:///etc/passwd",
            "javascript:1",
            "sip:a@" + "b.".repeat(5_000) + "c",
            "sip:a" + CRLF + "Via: SIP/2.0/UDP x@127.0.0.1",
            "sip:a@127.0.0.1" + CRLF + "X: 1")) {
      hostile.refusedBy(server, "<dial xmlns='urn:xmpp:rayo:1' to='" + to + "'/>", BAD_REQUEST);
    }
  }

  /** It is too late to refuse the command; the call ends, and the header is not sent. */
  @Test
  void hangup_withAHeaderOfTheProtocol_hangsUpWithoutIt() throws Exception {
    Site.Answered third = hostile.site.answeredCall(hostile.client, "third", options -> {});
    String hangup = "<hangup xmlns='urn:xmpp:rayo:1'>%s</hangup>";
    hostile.refusedBy(
        third.address(),
        hangup.formatted("<header name='X-A' value='b" + CRLF + "Via: c'/>"),
        BAD_REQUEST);
    Site.expectResult(
        hostile.client.command(
            third.address(), hangup.formatted("<header name='Via' value='SIP/2.0/UDP a'/>")));
    await(third.call().ended());
    hostile.client.awaitEvent(third.address(), "end");
  }

  /** Neither a line of the client's own, nor a header that is the protocol's. */
  @Test
  void header_thatWouldSayMore_isRefusedWhereverItStands() throws Exception {
    String server = hostile.site.component();
    String callable = hostile.site.sipUri();
    PhoneCall ringing = hostile.site.ring("second", options -> {});
    String second = hostile.site.offer(hostile.client, "second").from();
    List<String> headers =
        List.of(
            "name='X-A' value='b" + CRLF + "Via: c'",
            "name='X-A' value='b&#10;c'",
            "name='X-A' value='b&#13;c'",
            "name='X-A" + CRLF + "Via' value='b'",
            "name='X-A: b' value='c'",
            "name='' value='b'",
            "name='Via' value='SIP/2.0/UDP 192.0.2.1'",
            "name='v' value='SIP/2.0/UDP 192.0.2.1'",
            "name='Route' value='&lt;sip:192.0.2.1;lr&gt;'",
            "name='Record-Route' value='&lt;sip:192.0.2.1;lr&gt;'",
            "name='Contact' value='&lt;sip:192.0.2.1&gt;'",
            "name='CSeq' value='1 INVITE'",
            "name='Call-ID' value='a'",
            "name='Content-Length' value='1000000'",
            "name='l' value='0'",
            "name='Content-Type' value='text/plain'",
            "name='Proxy-Authorization' value='Basic YTpi'");
    for (String header : headers) {
      String child = "<header " + header + "/>";
      for (String command :
          List.of(
              "<accept xmlns='urn:xmpp:rayo:1'>%s</accept>",
              "<answer xmlns='urn:xmpp:rayo:1'>%s</answer>",
              "<reject xmlns='urn:xmpp:rayo:1'><busy/>%s</reject>",
              "<redirect xmlns='urn:xmpp:rayo:1' to='sip:a@192.0.2.1'>%s</redirect>")) {
        hostile.refusedBy(second, command.formatted(child), BAD_REQUEST, BAD_OPTION);
      }
      hostile.refusedBy(
          server,
          "<dial xmlns='urn:xmpp:rayo:1' to='" + callable + "'>" + child + "</dial>",
          BAD_REQUEST,
          "feature-not-implemented/cancel");
    }
    for (String to :
        List.of(
            "sip:a@192.0.2.1" + CRLF + "X-Evil: 1",
            "sip:a" + CRLF + "@192.0.2.1",
            "sip:a@192.0.2.1&gt;,&lt;sip:b@192.0.2.2",
            "sip:a@192.0.2.1 b")) {
      String redirect = "<redirect xmlns='urn:xmpp:rayo:1' to='" + to + "'/>";
      hostile.refusedBy(second, redirect, BAD_REQUEST);
      String from = "<dial xmlns='urn:xmpp:rayo:1' to='" + callable + "' from='" + to + "'/>";
      hostile.refusedBy(server, from, BAD_REQUEST);
    }
    assertThat(ringing.ended().toCompletableFuture()).isNotDone();
    Site.expectResult(hostile.client.command(second, Site.ANSWER));
    await(ringing.answered());
    Site.expectResult(hostile.client.command(second, Site.HANGUP));
    hostile.client.awaitEvent(second, "end");
  }
}

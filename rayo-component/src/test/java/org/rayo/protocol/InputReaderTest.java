package org.rayo.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.protocol.Refusals.BAD_REQUEST;
import static org.rayo.protocol.Refusals.NOT_THIS_OPTION;
import static org.rayo.protocol.Refusals.read;
import static org.rayo.protocol.Refusals.refused;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.grammar.Grammar;
import org.rayo.protocol.CallCommand.InputCommand;

class InputReaderTest {

  private static final String DIGITS = "<grammar url='builtin:dtmf/digits'/>";
  private static final String SRGS =
      "<grammar xmlns='http://www.w3.org/2001/06/grammar' version='1.0' mode='dtmf'>"
          + "<rule id='r'>1 2</rule></grammar>";

  private static String input(String attributes, String content) {
    return "<input xmlns='urn:xmpp:rayo:input:1' " + attributes + ">" + content + "</input>";
  }

  private static String srgs(String text) {
    return input(
        "", "<grammar content-type='application/srgs+xml'><![CDATA[" + text + "]]></grammar>");
  }

  @Test
  void read_onlyAGrammar_hasNoLimits() throws Exception {
    InputCommand read = (InputCommand) read(input("", DIGITS));
    assertThat(read.grammars()).hasSize(1);
    assertThat(read.grammars().get(0).url()).contains("builtin:dtmf/digits");
    assertThat(read.terminator()).isEmpty();
    assertThat(read.initialTimeoutMillis()).isEmpty();
    assertThat(read.interDigitTimeoutMillis()).isEmpty();
    assertThat(read.recognitionTimeoutMillis()).isEmpty();
  }

  @Test
  void read_everything_isInTheRecord() throws Exception {
    InputCommand read =
        (InputCommand)
            read(
                input(
                    "mode='any' terminator='d' initial-timeout='1' inter-digit-timeout='2'"
                        + " recognition-timeout='3' max-silence='-1' language='en-US'"
                        + " sensitivity='0.5' min-confidence='1.0' recognizer=''"
                        + " match-content-type='application/nlsml+xml'",
                    DIGITS + DIGITS));
    assertThat(read.grammars()).hasSize(2);
    assertThat(read.terminator()).contains('D');
    assertThat(read.initialTimeoutMillis()).hasValue(1);
    assertThat(read.interDigitTimeoutMillis()).hasValue(2);
    assertThat(read.recognitionTimeoutMillis()).hasValue(3);
  }

  @Test
  void read_srgs_isTheGrammarOfItsText() throws Exception {
    InputGrammar grammar = ((InputCommand) read(srgs(" " + SRGS + "\n"))).grammars().get(0);
    assertThat(grammar.text()).contains(" " + SRGS + "\n");
    assertThat(grammar)
        .isEqualTo(
            new InputGrammar(
                Optional.empty(),
                Optional.of(Grammar.SRGS_XML),
                Optional.of(" " + SRGS + "\n"),
                Grammar.parse("", Grammar.SRGS_XML, SRGS)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mode='telepathy'",
        "mode=''",
        "terminator=''",
        "terminator='##'",
        "terminator='x'",
        "initial-timeout='0'",
        "inter-digit-timeout='-2'",
        "recognition-timeout='x'",
        "max-silence='0'",
        "sensitivity='1.1'",
        "sensitivity='-0.1'",
        "sensitivity='1e9999999'",
        "min-confidence='much'",
        "language='en US'"
      })
  void read_badAttribute_isABadRequest(String attribute) {
    refused(input(attribute, DIGITS), BAD_REQUEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "mode='voice'",
        "recognizer='unimrcp'",
        "match-content-type='application/json'",
        "x='y'"
      })
  void read_whatWeDoNotHave_isNotImplemented(String attribute) {
    refused(input(attribute, DIGITS), NOT_THIS_OPTION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<grammar/>",
        "<grammar url=''>x</grammar>",
        "<grammar url='a b'/>",
        "<grammar url='builtin:dtmf/digits' content-type='application/srgs+xml'>x</grammar>",
        "<grammar content-type='application/srgs+xml'/>",
        "<grammar content-type='application/srgs+xml'><rule/></grammar>",
        "<grammar content-type='application/srgs+xml'>no xml</grammar>"
      })
  void read_badGrammar_isABadRequest(String content) {
    refused(input("", content), BAD_REQUEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<grammar url='http://example.org/g.grxml'/>",
        "<grammar url='urn:xmpp:rayo:cpa:beep:1'/>",
        "<grammar url='builtin:dtmf/poetry'/>",
        "<grammar content-type='text/plain'>1 2</grammar>",
        "<rule xmlns='urn:x'/>"
      })
  void read_anotherGrammar_isNotImplemented(String content) {
    refused(input("", content), NOT_THIS_OPTION);
  }

  @Test
  void read_voiceGrammar_isNotImplemented() {
    refused(srgs(SRGS.replace("mode='dtmf'", "mode='voice'")), NOT_THIS_OPTION);
  }
}

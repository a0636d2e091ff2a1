package org.rayo.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.protocol.Refusals.BAD_REQUEST;
import static org.rayo.protocol.Refusals.NOT_THIS_OPTION;
import static org.rayo.protocol.Refusals.read;
import static org.rayo.protocol.Refusals.refused;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.protocol.CallCommand.CpaCommand;

class CpaReaderTest {

  private static final String DTMF = "<grammar url='urn:xmpp:rayo:cpa:dtmf:1'/>";

  private static String cpa(String attributes, String content) {
    return "<input xmlns='urn:xmpp:rayo:input:1' mode='cpa' "
        + attributes
        + ">"
        + content
        + "</input>";
  }

  private static String speech(String parameters) {
    return cpa("", "<grammar url='urn:xmpp:rayo:cpa:speech:1?" + parameters + "'/>");
  }

  @Test
  void read_onlyASignal_isToldForEver() throws Exception {
    CpaCommand read = (CpaCommand) read(cpa("", DTMF));
    assertThat(read.initialTimeoutMillis()).isEmpty();
    CpaGrammar grammar = read.grammars().get(0);
    assertThat(grammar.type()).isEqualTo(SignalType.DTMF);
    assertThat(grammar.terminate()).isFalse();
    assertThat(grammar.maxTimeMillis()).isEmpty();
    assertThat(grammar.minSpeechDurationMillis()).isZero();
  }

  @Test
  void read_everything_isInTheRecord() throws Exception {
    CpaCommand read =
        (CpaCommand)
            read(
                cpa(
                    "initial-timeout='5000' language='en-US' sensitivity='0.50'"
                        + " min-confidence='0' inter-digit-timeout='-1' recognizer=''",
                    "<grammar url=' urn:xmpp:rayo:cpa:speech:1?maxTime=4000;"
                        + "minSpeechDuration=300;terminate=true '/>"
                        + DTMF));
    assertThat(read.initialTimeoutMillis()).hasValue(5000);
    assertThat(read.grammars()).hasSize(2);
    CpaGrammar speech = read.grammars().get(0);
    assertThat(speech.type()).isEqualTo(SignalType.SPEECH);
    assertThat(speech.terminate()).isTrue();
    assertThat(speech.maxTimeMillis()).hasValue(4000);
    assertThat(speech.minSpeechDurationMillis()).isEqualTo(300);
  }

  @ParameterizedTest
  @EnumSource(SignalType.class)
  void read_everySignal_isReadIfTheMediaCanTellIt(SignalType type) throws Exception {
    String command = cpa("", "<grammar url='" + type.urn() + "?terminate=false'/>");
    switch (type) {
      case BEEP, DTMF, VAD, SPEECH, RING, BUSY ->
          assertThat(((CpaCommand) read(command)).grammars().get(0).type()).isEqualTo(type);
      case FAX_CED, FAX_CNG, CONGESTION, SIT, MODEM, OFFHOOK ->
          assertThat(refused(command, NOT_THIS_OPTION))
              .contains(type.urn())
              .contains(SignalType.BEEP.urn());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "terminator='#'",
        "inter-digit-timeout='5'",
        "recognition-timeout='5'",
        "max-silence='5'",
        "sensitivity='0.6'",
        "min-confidence='0.1'",
        "recognizer='x'",
        "match-content-type='text/plain'",
        "x='y'"
      })
  void read_anOptionOfOtherInputs_isNotImplemented(String attribute) {
    refused(cpa(attribute, DTMF), NOT_THIS_OPTION);
  }

  @ParameterizedTest
  @ValueSource(strings = {"minVolume=10", "finalSilence=2000", "maxtime=4000", "x="})
  void read_aParameterThatWeDoNotHave_isNotImplementedAndNamed(String parameter) {
    assertThat(refused(speech("terminate=true;" + parameter), NOT_THIS_OPTION))
        .contains("'" + parameter.split("=", 2)[0] + "'")
        .contains("maxTime, minSpeechDuration, terminate");
  }

  @Test
  void read_aParameterOfSpeechForAnotherSignal_isNotImplemented() {
    refused(cpa("", "<grammar url='urn:xmpp:rayo:cpa:beep:1?maxTime=4000'/>"), NOT_THIS_OPTION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "terminate=yes",
        "terminate=",
        "terminate",
        "=true",
        ";",
        "terminate=true;",
        "terminate=true;terminate=true",
        "maxTime=0",
        "maxTime=-1",
        "maxTime=4s",
        "maxTime=9999999999",
        "maxTime=1=2"
      })
  void read_aBadParameter_isABadRequest(String parameters) {
    refused(speech(parameters), BAD_REQUEST);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "<grammar/>",
        "<grammar url='urn:xmpp:rayo:cpa'/>",
        "<grammar url='urn:xmpp:rayo:cpa:dtmf'/>",
        "<grammar url='builtin:dtmf/digits'/>",
        "<grammar url='http://example.org/'/>",
        "<grammar content-type='application/srgs+xml'>x</grammar>",
        DTMF + "<grammar url='urn:xmpp:rayo:cpa:dtmf:1?terminate=true'/>"
      })
  void read_badGrammars_areABadRequest(String content) {
    refused(cpa("", content), BAD_REQUEST);
  }

  @Test
  void read_anotherVersionOfASignal_isNotImplemented() {
    refused(cpa("", "<grammar url='urn:xmpp:rayo:cpa:dtmf:2'/>"), NOT_THIS_OPTION);
  }

  @Test
  void read_inAPrompt_isNotImplemented() {
    refused(
        "<prompt xmlns='urn:xmpp:rayo:prompt:1'><output xmlns='urn:xmpp:rayo:output:1'>"
            + "<document url='http://example.org/a.wav'/></output>"
            + cpa("", DTMF)
            + "</prompt>",
        NOT_THIS_OPTION);
  }
}

package org.rayo.grammar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.grammar.GrammarException.Fault;
import org.rayo.grammar.Matcher.Progress;

/** Grammars as clients write them, and such as nobody should. */
class GrammarTest {
  private static final String PIN =
      """
      <?xml version="1.0"?>
      <!-- four digits and a hash, or star nine -->
      <grammar xmlns="http://www.w3.org/2001/06/grammar" version="1.0" mode="dtmf" root="pin"
          xml:lang="en-US">
        <meta name="author" content="us"/>
        <rule id="digit">
          <one-of>
            <item weight="10">0</item><item>1</item><item>2</item><item>3</item><item>4</item>
            <item>5</item><item>6</item><item>7</item><item>8</item><item>9</item>
          </one-of>
        </rule>
        <rule id="pin" scope="public">
          <example>1 2 3 4 #</example>
          <one-of>
            <item><item repeat="4" repeat-prob="0.5"><ruleref uri="#digit"/></item> #</item>
            <item>* 9 <tag>help</tag></item>
          </one-of>
        </rule>
      </grammar>
      """;

  static Grammar srgs(String text) throws GrammarException {
    return Grammar.parse("g", Grammar.SRGS_XML, text);
  }

  /** A grammar whose one rule has this content. */
  static String rule(String content) {
    return "<grammar xmlns='http://www.w3.org/2001/06/grammar' version='1.0' mode='dtmf' root='r'>"
        + "<rule id='r'>"
        + content
        + "</rule></grammar>";
  }

  private static Progress feed(Matcher matcher, String keys) {
    Progress progress = matcher.progress();
    for (int i = 0; i < keys.length(); i++) {
      progress = matcher.feed(keys.charAt(i));
    }
    return progress;
  }

  private static Progress feed(Grammar grammar, String keys) {
    return feed(new Matcher(List.of(grammar)), keys);
  }

  private static Fault fault(String text) {
    try {
      srgs(text);
    } catch (GrammarException e) {
      assertThat(e.getMessage()).isNotBlank().hasSizeLessThan(300);
      return e.fault();
    }
    throw new AssertionError("not refused: " + text);
  }

  @ParameterizedTest
  @CsvSource({
    "'', PARTIAL",
    "1, PARTIAL",
    "1234, PARTIAL",
    "1234#, MATCH_FINAL",
    "*, PARTIAL",
    "*9, MATCH_FINAL",
    "12345, NO_MATCH_POSSIBLE",
    "#, NO_MATCH_POSSIBLE",
    "1234#1, NO_MATCH_POSSIBLE"
  })
  void feed_pinOrHelp_isWhatItIs(String keys, Progress expected) throws Exception {
    assertThat(feed(srgs(PIN), keys)).isEqualTo(expected);
  }

  @Test
  void terminate_matches_haveKeysAndMeaning() throws Exception {
    Matcher matcher = new Matcher(List.of(srgs(PIN)));
    feed(matcher, "1234#");
    assertThat(matcher.terminate()).contains(new Matcher.Match("1 2 3 4 #", "1234#", 0, "g"));
    matcher = new Matcher(List.of(srgs(PIN)));
    feed(matcher, "*");
    assertThat(matcher.terminate()).isEmpty();
    feed(matcher, "9");
    assertThat(matcher.terminate()).contains(new Matcher.Match("* 9", "help", 0, "g"));
  }

  @ParameterizedTest
  @CsvSource({
    "<item repeat='2'>1</item>, 11, MATCH_FINAL",
    "<item repeat='2-3'>1</item>, 11, MATCH_MORE_POSSIBLE",
    "<item repeat='2-3'>1</item>, 111, MATCH_FINAL",
    "<item repeat='2-'>1</item>, 1111111, MATCH_MORE_POSSIBLE",
    "<item repeat='2-'>1</item>, 1, PARTIAL",
    "<item repeat='0-1'>1</item>, '', MATCH_MORE_POSSIBLE",
    "<item repeat='0'>1</item> 2, 2, MATCH_FINAL",
    "<item repeat='0-'><item repeat='0-'/></item> 2, 2, MATCH_FINAL",
    "1 <ruleref special='NULL'/> 2, 12, MATCH_FINAL",
    "<one-of><item>1 <ruleref special='VOID'/></item><item>2</item></one-of>, 1, NO_MATCH_POSSIBLE",
    "<ruleref special='GARBAGE'/> #, 1*2#, MATCH_MORE_POSSIBLE",
    "a B <token>c</token> D, AbCd, MATCH_FINAL",
    "star pound dtmf-5, *#5, MATCH_FINAL",
    "123, 123, MATCH_FINAL",
    "<x:note xmlns:x='urn:x'><x:more/>text</x:note>1, 1, MATCH_FINAL",
    "<![CDATA[1 2]]>, 12, MATCH_FINAL",
    "1&#32;2, 12, MATCH_FINAL",
  })
  void feed_everyConstruct_isMatched(String content, String keys, Progress expected)
      throws Exception {
    assertThat(feed(srgs(rule(content)), keys)).isEqualTo(expected);
  }

  @Test
  void terminate_severalGrammars_theFirstListedWins() throws Exception {
    Grammar any = Grammar.builtin("builtin:dtmf/digits?length=2");
    Grammar twelve = srgs(rule("1 2 <tag> twelve </tag>"));
    Grammar more = srgs(rule("1 2 3"));
    Matcher matcher = new Matcher(List.of(more, any, twelve));
    assertThat(feed(matcher, "12")).isEqualTo(Progress.MATCH_MORE_POSSIBLE);
    assertThat(matcher.terminate().orElseThrow().grammar()).isEqualTo(1);
    assertThat(matcher.feed('3')).isEqualTo(Progress.MATCH_FINAL);
    assertThat(matcher.terminate().orElseThrow().grammar()).isEqualTo(0);
    matcher = new Matcher(List.of(twelve, any));
    feed(matcher, "12");
    assertThat(matcher.terminate().orElseThrow().interpretation()).isEqualTo("twelve");
  }

  @Test
  void terminate_tagsOnTheWay_areThoseOfTheWayTaken() throws Exception {
    String digit = "<one-of><item>1<tag>one</tag></item><item>1 1<tag>eleven</tag></item></one-of>";
    Matcher matcher = new Matcher(List.of(srgs(rule("<item repeat='1-2'>" + digit + "</item>"))));
    feed(matcher, "11");
    assertThat(matcher.terminate().orElseThrow().interpretation()).isEqualTo("one one");
    feed(matcher, "1");
    assertThat(matcher.terminate().orElseThrow().interpretation()).isEqualTo("one eleven");
  }

  @ParameterizedTest
  @CsvSource({
    "builtin:dtmf/digits, 1, MATCH_MORE_POSSIBLE",
    "builtin:dtmf/digits, '', PARTIAL",
    "builtin:dtmf/digits, 1#, NO_MATCH_POSSIBLE",
    "builtin:dtmf/digits?length=3, 12, PARTIAL",
    "builtin:dtmf/digits?length=3, 123, MATCH_FINAL",
    "builtin:grammar/digits?minlength=2;maxlength=3, 12, MATCH_MORE_POSSIBLE",
    "builtin:grammar/digits?minlength=2;maxlength=3, 123, MATCH_FINAL",
    "builtin:dtmf/boolean, 1, MATCH_FINAL",
    "builtin:dtmf/boolean?y=7;n=9, 1, NO_MATCH_POSSIBLE",
    "builtin:dtmf/boolean?y=7;n=9, 9, MATCH_FINAL",
    "builtin:dtmf/phone, 5551234*12, MATCH_MORE_POSSIBLE",
    "builtin:dtmf/number, 3*14, MATCH_MORE_POSSIBLE",
    "builtin:dtmf/currency, 3*14, MATCH_FINAL",
    "builtin:dtmf/date, 20260131, MATCH_FINAL",
    "builtin:dtmf/time, 1230, MATCH_FINAL",
  })
  void builtin_known_isMatched(String uri, String keys, Progress expected) throws Exception {
    assertThat(feed(Grammar.builtin(uri), keys)).isEqualTo(expected);
  }

  @Test
  void builtin_boolean_meansTrueOrFalse() throws Exception {
    Matcher matcher = new Matcher(List.of(Grammar.builtin("builtin:dtmf/boolean?y=7;n=9")));
    matcher.feed('9');
    assertThat(matcher.terminate().orElseThrow().interpretation()).isEqualTo("false");
  }

  @ParameterizedTest
  @CsvSource({
    "builtin:speech/digits, UNSUPPORTED",
    "http://example.com/g.grxml, UNSUPPORTED",
    "builtin:dtmf/creditcard, UNSUPPORTED",
    "builtin:dtmf/digits?length=0, MALFORMED",
    "builtin:dtmf/digits?length=1000000000000, MALFORMED",
    "builtin:dtmf/digits?minlength=5;maxlength=2, MALFORMED",
    "builtin:dtmf/digits?colour=2, MALFORMED",
    "builtin:dtmf/digits?length, MALFORMED",
    "builtin:dtmf/boolean?y=1;n=1, MALFORMED",
    "builtin:dtmf/boolean?y=x, MALFORMED",
  })
  void builtin_unknown_isRefused(String uri, Fault fault) {
    assertThatThrownBy(() -> Grammar.builtin(uri))
        .isInstanceOfSatisfying(
            GrammarException.class, e -> assertThat(e.fault()).isEqualTo(fault));
  }

  @Test
  void parse_noRoot_theOnlyPublicRuleIsIt() throws GrammarException {
    Matcher matcher = new Matcher(List.of(srgs(PIN.replace(" root=\"pin\"", ""))));
    assertThat(feed(matcher, "1234#")).isEqualTo(Progress.MATCH_FINAL);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "1 2 3",
        "<grammar",
        "<rule/>",
        "<grammar xmlns='urn:other' mode='dtmf'/>",
        "<grammar mode='dtmf'/>",
        "<grammar mode='smoke'><rule id='r'>1</rule></grammar>",
        "<grammar mode='dtmf' version='2.0'><rule id='r'>1</rule></grammar>",
        "<grammar mode='dtmf' root='x'><rule id='r'>1</rule></grammar>",
        "<grammar mode='dtmf' root='r'><rule>1</rule></grammar>",
        "<grammar mode='dtmf' root='r'>1<rule id='r'>1</rule></grammar>",
        "<grammar mode='dtmf' root='r'><rule id='r'>1</rule><rule id='r'>2</rule></grammar>",
        "<grammar mode='dtmf'><rule id='r'>1</rule></grammar><grammar/>",
        "<grammar mode='dtmf'><rule id='a'>1</rule><rule id='b'>2</rule></grammar>",
        "<grammar mode='dtmf'><rule id='a' scope='public'>1</rule>"
            + "<rule id='b' scope='public'>2</rule></grammar>",
        "<grammar mode='dtmf'><rule id='a' scope='secret'>1</rule></grammar>",
        "<!DOCTYPE grammar [<!ENTITY a '1'>]><grammar mode='dtmf'><rule id='r'>&a;</rule></grammar>",
        "<grammar mode='dtmf'><rule id='r'>&a;</rule></grammar>",
      })
  void parse_malformed_isRefused(String text) {
    assertThat(fault(text)).isEqualTo(Fault.MALFORMED);
  }

  @ParameterizedTest
  @CsvSource({
    "yes, MALFORMED",
    "<one-of/>, MALFORMED",
    "<one-of>1</one-of>, MALFORMED",
    "<item repeat='x'>1</item>, MALFORMED",
    "<item repeat='-'>1</item>, MALFORMED",
    "<item repeat='-3'>1</item>, MALFORMED",
    "<item repeat='3-2'>1</item>, MALFORMED",
    "<ruleref/>, MALFORMED",
    "<ruleref uri='#other'/>, MALFORMED",
    "<ruleref uri='#r' special='NULL'/>, MALFORMED",
    "<ruleref special='NOTHING'/>, MALFORMED",
    "<strong>1</strong>, MALFORMED",
    "<tag><tag/></tag>, MALFORMED",
    "<ruleref uri='http://example.com/g#r'/>, UNSUPPORTED",
    "<ruleref uri='#r'/>, UNSUPPORTED",
    "1 <item repeat='0-'><ruleref uri='#r'/></item>, UNSUPPORTED",
    "<item repeat='1000000000'>1</item>, UNSUPPORTED",
    "<item repeat='0-99999999999999999999'>1</item>, UNSUPPORTED",
    "<item repeat='99999'/>, UNSUPPORTED",
  })
  void parse_contentThatIsWrongOrTooMuch_isRefused(String content, Fault fault) {
    assertThat(fault(rule(content))).isEqualTo(fault);
  }

  @Test
  void parse_voiceOrAnotherForm_isNotSupported() {
    assertThat(fault("<grammar root='r'><rule id='r'>yes</rule></grammar>"))
        .isEqualTo(Fault.UNSUPPORTED);
    assertThatThrownBy(() -> Grammar.parse("", "application/srgs", "#ABNF 1.0;"))
        .hasMessageContaining("application/srgs+xml");
    assertThat(fault(rule(" ".repeat(70_000) + "1"))).isEqualTo(Fault.UNSUPPORTED);
    assertThat(fault(rule("<item>".repeat(100) + "1" + "</item>".repeat(100))))
        .isEqualTo(Fault.UNSUPPORTED);
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.SECONDS)
  void parse_grammarsThatExplode_areRefusedAtOnce() {
    String deep = "<item repeat='100'>";
    assertThat(fault(rule(deep.repeat(9) + "1" + "</item>".repeat(9))))
        .isEqualTo(Fault.UNSUPPORTED);
    assertThat(fault(rule(deep.repeat(60) + "</item>".repeat(60)))).isEqualTo(Fault.UNSUPPORTED);
    StringBuilder laughs = new StringBuilder("<grammar mode='dtmf' root='r0'>");
    for (int i = 0; i < 700; i++) {
      String next = "<ruleref uri='#r" + (i + 1) + "'/>";
      laughs.append("<rule id='r" + i + "'>" + next + (i < 300 ? next : "") + "</rule>");
    }
    laughs.append("<rule id='r700'>1</rule></grammar>");
    assertThat(fault(laughs.toString())).isEqualTo(Fault.UNSUPPORTED);
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.SECONDS)
  void feed_grammarsThatMakeOthersBacktrack_takesLittleTime() throws Exception {
    String many = "<item repeat='0-'>";
    Grammar evil =
        srgs(rule(many.repeat(50) + "1<tag>a</tag><tag>b</tag>" + "</item>".repeat(50) + "#"));
    assertThat(feed(evil, "1".repeat(900) + "#")).isEqualTo(Progress.MATCH_FINAL);
    Grammar optional = srgs(rule("<item repeat='0-4000'>1</item>"));
    assertThat(feed(optional, "1".repeat(900))).isEqualTo(Progress.MATCH_MORE_POSSIBLE);
    assertThat(feed(Grammar.builtin("builtin:dtmf/digits"), "1".repeat(1001)))
        .isEqualTo(Progress.NO_MATCH_POSSIBLE);
  }

  @Test
  @Timeout(value = 30, unit = TimeUnit.SECONDS)
  void parse_mutatedGrammars_areReadOrRefused() throws Exception {
    Random random = new Random(7);
    String[] bits = {
      "<",
      ">",
      "</item>",
      "<item>",
      "'",
      "\"",
      "&",
      "&lt;",
      "-",
      "9999",
      "0-",
      "<one-of>",
      "#",
      "<ruleref uri='#pin'/>",
      "<tag>",
      "\0",
      "\ud800",
      "é",
      "<![CDATA[",
      "<?x?>"
    };
    int read = 0;
    for (int n = 0; n < 20_000; n++) {
      StringBuilder text = new StringBuilder(PIN);
      for (int times = random.nextInt(4); times >= 0; times--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.insert(at, bits[random.nextInt(bits.length)]);
          case 1 -> text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(20)));
          default -> text.setCharAt(at, (char) (32 + random.nextInt(96)));
        }
      }
      try {
        Grammar grammar = srgs(text.toString());
        feed(grammar, "12*9#");
        read++;
      } catch (GrammarException e) {
        assertThat(e.getMessage()).isNotBlank();
      }
    }
    assertThat(read).isBetween(500, 19_500);
  }
}

package org.rayo.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import org.dom4j.DocumentHelper;
import org.dom4j.Element;
import org.junit.jupiter.api.Test;

class NlsmlTest {

  @Test
  void of_match_isADocumentOfMrcp() {
    assertThat(Nlsml.of(new Matcher.Match("1 2 3", "123", 0, "builtin:dtmf/digits")))
        .isEqualTo(
            "<result xmlns=\"http://www.ietf.org/xml/ns/mrcpv2\" grammar=\"builtin:dtmf/digits\">"
                + "<interpretation confidence=\"1\"><input mode=\"dtmf\">1 2 3</input>"
                + "<instance>123</instance></interpretation></result>");
  }

  @Test
  void of_textThatIsMarkup_comesBackAsItWas() throws Exception {
    String odd = "a<b>&\"'\u00e9 \ud83d\ude00]]>";
    Element result =
        DocumentHelper.parseText(Nlsml.of(new Matcher.Match("*", odd, 0, odd))).getRootElement();
    assertThat(result.attributeValue("grammar")).isEqualTo(odd);
    assertThat(result.element("interpretation").elementText("instance")).isEqualTo(odd);
    assertThat(Nlsml.of(new Matcher.Match("*", "\0\ud800", 0, "")))
        .contains("<instance>\ufffd\ufffd</instance>")
        .doesNotContain("grammar=");
  }
}

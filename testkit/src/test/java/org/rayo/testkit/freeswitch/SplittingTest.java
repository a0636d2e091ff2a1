package org.rayo.testkit.freeswitch;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Arguments are taken apart as a FreeSWITCH 1.10.12 was seen to do it. */
class SplittingTest {

  @Test
  void split_atBlanks_quotesAndBackSlashesProtect() {
    assertThat(Splitting.split("  a  'b c' d\\'e ", ' ', 10)).containsExactly("a", "b c", "d'e");
    assertThat(Splitting.split("a b c d", ' ', 3)).containsExactly("a", "b", "c d");
    assertThat(Splitting.split("", ' ', 3)).isEmpty();
  }

  @Test
  void split_atCommas_aLoneQuoteIsOne() {
    assertThat(Splitting.split("a='x,y',b=it's,c= d ", ',', 10))
        .containsExactly("a=x,y", "b=it's", "c= d");
    assertThat(Splitting.split("^^:a=1,2:b=3", ',', 10)).containsExactly("a=1,2", "b=3");
  }

  @Test
  void dialString_quotedOnceTwiceAndThrice_losesALevelWithEachSplitting() {
    DialString dial =
        DialString.parse(
                "{x='a\\\\,b',sip_h_X-Q='\\'7, \\\\\\'a\\\\\\'\\''}sofia/external/bob@127.0.0.1 '&park'")
            .orElseThrow();
    assertThat(dial.variables()).containsEntry("sip_h_X-Q", "7, a").containsEntry("x", "a,b");
    assertThat(dial.url()).isEqualTo("sofia/external/bob@127.0.0.1");
    assertThat(dial.app()).isEqualTo("park");
    assertThat(DialString.parse("{a=b}sofia/external/x &eavesdrop(u-1)").orElseThrow().argument())
        .isEqualTo("u-1");
    assertThat(DialString.parse("sofia/external/x")).isEmpty();
  }
}

package org.rayo.grammar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.rayo.grammar.Matcher.Progress;

/** Small grammars of all shapes, against Java's regular expressions of the same meaning. */
class MatcherPropertyTest {
  private final Random random = new Random(42);

  private record Both(String srgs, String regex) {}

  private Both any(int depth) {
    return switch (depth == 0 ? 0 : random.nextInt(5)) {
      case 0 -> key();
      case 1 -> {
        Both first = any(depth - 1);
        Both second = any(depth - 1);
        yield new Both(first.srgs + second.srgs, first.regex + second.regex);
      }
      case 2 -> {
        Both one = any(depth - 1);
        Both other = any(depth - 1);
        yield new Both(
            "<one-of><item>" + one.srgs + "</item><item>" + other.srgs + "</item></one-of>",
            "(?:" + one.regex + "|" + other.regex + ")");
      }
      case 3 -> {
        Both some = any(depth - 1);
        int least = random.nextInt(3);
        int most = least + random.nextInt(2);
        yield new Both(
            "<item repeat='" + least + "-" + most + "'>" + some.srgs + "</item>",
            "(?:" + some.regex + "){" + least + "," + most + "}");
      }
      default -> {
        Both loop = any(depth - 1);
        yield new Both("<item repeat='1-'>" + loop.srgs + "</item>", "(?:" + loop.regex + "){1,}");
      }
    };
  }

  private Both key() {
    String key = String.valueOf("12*".charAt(random.nextInt(3)));
    return new Both(" " + key + " ", Pattern.quote(key));
  }

  @Test
  void feed_anyGrammarAndKeys_completesWhereTheRegexDoes() throws Exception {
    int completed = 0;
    for (int n = 0; n < 3000; n++) {
      Both both = any(3);
      Pattern pattern = Pattern.compile(both.regex);
      org.rayo.grammar.Matcher matcher =
          new org.rayo.grammar.Matcher(List.of(GrammarTest.srgs(GrammarTest.rule(both.srgs))));
      StringBuilder keys = new StringBuilder();
      for (int i = 0; i < 8; i++) {
        char key = "12*".charAt(random.nextInt(3));
        keys.append(key);
        Progress progress = matcher.feed(key);
        Matcher regex = pattern.matcher(keys);
        boolean matches = regex.matches();
        boolean mayGoOn = matches || regex.hitEnd();
        assertThat(matcher.terminate().isPresent()).as("%s: %s", both, keys).isEqualTo(matches);
        assertThat(progress == Progress.MATCH_FINAL || progress == Progress.MATCH_MORE_POSSIBLE)
            .isEqualTo(matches);
        completed += matches ? 1 : 0;
        if (progress == Progress.NO_MATCH_POSSIBLE) {
          assertThat(anyContinues(pattern, keys, 4)).as("%s: %s", both, keys).isFalse();
          break;
        }
        if (progress == Progress.MATCH_FINAL) {
          assertThat(anyContinues(pattern, keys, 4)).as("%s: %s", both, keys).isFalse();
        }
        assertThat(mayGoOn).as("%s: %s", both, keys).isTrue();
      }
    }
    assertThat(completed).isGreaterThan(1000);
  }

  /** Whether up to so many more keys make a match. */
  private static boolean anyContinues(Pattern pattern, CharSequence keys, int most) {
    if (most == 0) {
      return false;
    }
    for (char key : new char[] {'1', '2', '*'}) {
      String more = keys.toString() + key;
      if (pattern.matcher(more).matches() || anyContinues(pattern, more, most - 1)) {
        return true;
      }
    }
    return false;
  }
}

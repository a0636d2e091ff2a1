package org.rayo.grammar;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Matches keys with several grammars at once. When several match, the first listed one counts. Not
 * thread safe.
 */
public final class Matcher {
  /** More keys than these are no input. */
  private static final int MOST_KEYS = 1000;

  /** What the keys so far are. */
  public enum Progress {
    /** Nothing, whatever comes. */
    NO_MATCH_POSSIBLE,
    /** The beginning of something. */
    PARTIAL,
    /** A match; with more keys there may be another one. */
    MATCH_MORE_POSSIBLE,
    /** A match, and no further key fits. */
    MATCH_FINAL
  }

  /**
   * A match.
   *
   * @param utterance the keys with spaces between them
   * @param interpretation the grammar's tags; without any, the keys without spaces
   * @param grammar which of the grammars, from 0
   * @param grammarName its name
   */
  public record Match(String utterance, String interpretation, int grammar, String grammarName) {}

  private final List<Grammar> grammars;
  private final List<Run> runs = new ArrayList<>();
  private final StringBuilder keys = new StringBuilder();

  /**
   * @param grammars at least one
   */
  public Matcher(List<Grammar> grammars) {
    this.grammars = List.copyOf(grammars);
    if (grammars.isEmpty()) {
      throw new IllegalArgumentException("no grammar");
    }
    grammars.forEach(grammar -> runs.add(new Run(grammar.program())));
  }

  /**
   * The next key.
   *
   * @param key one of {@code 0-9 * # A-D}, in either case
   */
  public Progress feed(char key) {
    int bit = Keys.bit(key);
    if (bit == 0) {
      throw new IllegalArgumentException("not a key: " + key);
    }
    if (keys.length() < MOST_KEYS) {
      keys.append(Keys.told(key));
      runs.forEach(run -> run.feed(bit));
    } else {
      runs.forEach(run -> run.feed(0));
    }
    return progress();
  }

  /** What the keys so far are. */
  public Progress progress() {
    boolean complete = runs.stream().anyMatch(Run::isComplete);
    boolean canGoOn = runs.stream().anyMatch(Run::canGoOn);
    if (complete) {
      return canGoOn ? Progress.MATCH_MORE_POSSIBLE : Progress.MATCH_FINAL;
    }
    return canGoOn ? Progress.PARTIAL : Progress.NO_MATCH_POSSIBLE;
  }

  /** No more keys come: what those so far match, if anything. */
  public Optional<Match> terminate() {
    for (int i = 0; i < runs.size(); i++) {
      Run run = runs.get(i);
      if (run.isComplete()) {
        String digits = keys.toString();
        return Optional.of(
            new Match(spaced(digits), run.tags().orElse(digits), i, grammars.get(i).name()));
      }
    }
    return Optional.empty();
  }

  private static String spaced(String digits) {
    StringBuilder spaced = new StringBuilder(2 * digits.length());
    for (int i = 0; i < digits.length(); i++) {
      spaced.append(i == 0 ? "" : " ").append(digits.charAt(i));
    }
    return spaced.toString();
  }
}

package org.rayo.call;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.rayo.media.Signal;
import org.rayo.protocol.CpaGrammar;
import org.rayo.protocol.CpaSignal;
import org.rayo.protocol.SignalType;

/**
 * Tells humans from machines by how long they speak without a pause, as the client has it: longer
 * than {@code maxTime} is a machine. A machine that speaks on is told without waiting for its end.
 * Without {@code maxTime} nobody is sure.
 */
final class SpokenTurn {

  /** The end of speech is told within this time, or there was none. */
  static final Duration END_IS_TOLD_WITHIN = Duration.ofSeconds(1);

  private final CpaGrammar grammar;
  private Turn turn = Turn.NONE;

  private enum Turn {
    NONE,
    SPEAKING,
    /** Whoever speaks on has been told. */
    TOLD
  }

  /**
   * @param grammar of speech
   */
  SpokenTurn(CpaGrammar grammar) {
    this.grammar = grammar;
  }

  /**
   * Somebody begins to speak.
   *
   * @return after what time, unless the end comes before, {@link #isLong} is to be asked; empty
   *     when it is not
   */
  Optional<Duration> begins(Signal speech) {
    turn = Turn.SPEAKING;
    return grammar.maxTimeMillis().isPresent()
        ? Optional.of(
            Duration.ofMillis(longMillis()).minus(speech.duration()).plus(END_IS_TOLD_WITHIN))
        : Optional.empty();
  }

  /** Whoever began to speak speaks on. */
  Optional<CpaSignal> isLong() {
    if (turn != Turn.SPEAKING) {
      return Optional.empty();
    }
    turn = Turn.TOLD;
    return Optional.of(signal(longMillis(), "machine"));
  }

  /** Whoever spoke has stopped. */
  Optional<CpaSignal> ends(Signal speech) {
    long millis = speech.duration().toMillis();
    boolean isTold = turn == Turn.TOLD;
    turn = Turn.NONE;
    if (isTold || millis < grammar.minSpeechDurationMillis()) {
      return Optional.empty();
    }
    OptionalLong most = grammar.maxTimeMillis();
    return Optional.of(
        signal(
            millis, most.isEmpty() ? "notsure" : millis > most.getAsLong() ? "machine" : "human"));
  }

  /** What has lasted so long counts, and is a machine's. */
  private long longMillis() {
    return Math.max(grammar.maxTimeMillis().orElse(0), grammar.minSpeechDurationMillis());
  }

  private static CpaSignal signal(long millis, String who) {
    return new CpaSignal(SignalType.SPEECH, OptionalLong.of(millis), Optional.of(who));
  }
}

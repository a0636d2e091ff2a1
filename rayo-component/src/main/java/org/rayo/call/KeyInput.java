package org.rayo.call;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.rayo.call.Component.Timer;
import org.rayo.grammar.Matcher;
import org.rayo.grammar.Matcher.Progress;
import org.rayo.grammar.Nlsml;
import org.rayo.protocol.CallCommand.InputCommand;
import org.rayo.protocol.CompleteReason;
import org.rayo.protocol.CompleteReason.Name;
import org.rayo.protocol.InputGrammar;

/**
 * Collects keys until a grammar matches, none can, or a time is over; each step says how the input
 * ends, if it does.
 *
 * @see <a
 *     href="https://xmpp.org/extensions/xep-0327.html#session-component-execution-input">XEP-0327,
 *     input component</a>
 */
final class KeyInput {

  private final InputCommand command;
  private final Matcher matcher;
  private final Component component;
  private boolean heard;

  /**
   * @param component whose timers run
   */
  KeyInput(InputCommand command, Component component) {
    this.command = command;
    this.component = component;
    this.matcher = new Matcher(command.grammars().stream().map(InputGrammar::grammar).toList());
  }

  /** The time for the first key runs from now on, unless there was one. */
  void startTimers() {
    if (!heard) {
      start(Timer.INITIAL, command.initialTimeoutMillis());
    }
  }

  Optional<CompleteReason> key(char key) {
    if (!heard) {
      heard = true;
      component.place().stopTimers(component);
      start(Timer.RECOGNITION, command.recognitionTimeoutMillis());
    }
    if (command.terminator().filter(end -> end == key).isPresent()) {
      return Optional.of(whatThereIs());
    }
    Progress progress = matcher.feed(key);
    if (progress == Progress.NO_MATCH_POSSIBLE) {
      return Optional.of(CompleteReason.of(Name.NOMATCH));
    }
    if (progress == Progress.MATCH_FINAL) {
      return Optional.of(whatThereIs());
    }
    start(Timer.INTER_DIGIT, command.interDigitTimeoutMillis());
    return Optional.empty();
  }

  CompleteReason timeOut(Timer timer) {
    return timer == Timer.INITIAL ? CompleteReason.of(Name.NOINPUT) : whatThereIs();
  }

  private CompleteReason whatThereIs() {
    return matcher
        .terminate()
        .map(match -> CompleteReason.match(Nlsml.of(match)))
        .orElseGet(() -> CompleteReason.of(Name.NOMATCH));
  }

  private void start(Timer timer, OptionalLong millis) {
    if (millis.isPresent()) {
      component.place().startTimer(component, timer, Duration.ofMillis(millis.getAsLong()));
    }
  }
}

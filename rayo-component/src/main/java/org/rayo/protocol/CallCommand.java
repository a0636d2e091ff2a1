package org.rayo.protocol;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.rayo.media.AudioFormat;
import org.rayo.media.Header;
import org.rayo.media.JoinRequest;
import org.rayo.media.MediaCall.RejectReason;
import org.rayo.media.RecordingRequest.Direction;

/** A command to a call. Dispatch with {@link #handle}. */
public sealed interface CallCommand extends RayoCommand {

  <R> R handle(Handler<R> handler);

  /**
   * One method for each command.
   *
   * @param <R> what handling gives
   */
  interface Handler<R> {
    R accept(Accept accept);

    R answer(Answer answer);

    R redirect(Redirect redirect);

    R reject(Reject reject);

    R hangup(Hangup hangup);

    R record(RecordCommand record);

    R output(OutputCommand output);

    R input(InputCommand input);

    R prompt(PromptCommand prompt);

    R join(Join join);

    R unjoin(Unjoin unjoin);

    R cpa(CpaCommand cpa);
  }

  /** {@code <accept/>}: the caller hears that it rings. */
  record Accept(List<Header> headers) implements CallCommand {
    public Accept {
      headers = List.copyOf(headers);
    }

    @Override
    public <R> R handle(Handler<R> handler) {
      return handler.accept(this);
    }
  }

  /** {@code <answer/>}. */
  record Answer(List<Header> headers) implements CallCommand {
    public Answer {
      headers = List.copyOf(headers);
    }

    @Override
    public <R> R handle(Handler<R> handler) {
      return handler.answer(this);
    }
  }

  /** {@code <redirect/>}: sends the caller to another address. */
  record Redirect(URI to, List<Header> headers) implements CallCommand {
    public Redirect {
      headers = List.copyOf(headers);
    }

    @Override
    public <R> R handle(Handler<R> handler) {
      return handler.redirect(this);
    }
  }

  /** {@code <reject/>} with its one reason. */
  record Reject(RejectReason reason, List<Header> headers) implements CallCommand {
    public Reject {
      headers = List.copyOf(headers);
    }

    @Override
    public <R> R handle(Handler<R> handler) {
      return handler.reject(this);
    }
  }

  /** {@code <hangup/>}. */
  record Hangup(List<Header> headers) implements CallCommand {
    public Hangup {
      headers = List.copyOf(headers);
    }

    @Override
    public <R> R handle(Handler<R> handler) {
      return handler.hangup(this);
    }
  }

  /**
   * {@code <record/>} as the client wrote it: what it left out is empty here and is filled in by
   * its {@link Dialect}. Times are milliseconds, positive; a time-out that was disabled in words is
   * empty too.
   *
   * @param hints read: a command with a bad one has been refused
   */
  record RecordCommand(
      Optional<AudioFormat> format,
      Optional<Boolean> startBeep,
      Optional<Boolean> stopBeep,
      Optional<Boolean> startPaused,
      OptionalLong maxDurationMillis,
      OptionalLong initialTimeoutMillis,
      OptionalLong finalTimeoutMillis,
      Optional<Direction> direction,
      Optional<Boolean> mix,
      RecordingHints hints)
      implements CallCommand {
    @Override
    public <R> R handle(Handler<R> handler) {
      return handler.record(this);
    }
  }

  /**
   * {@code <output/>}. Times are milliseconds.
   *
   * @param documents at least one
   * @param repeatTimes 0 is for ever
   * @param maxTimeMillis positive; empty for no limit
   * @param voice for speech that does not say its own
   */
  record OutputCommand(
      List<Document> documents,
      long startOffsetMillis,
      boolean startPaused,
      long repeatIntervalMillis,
      int repeatTimes,
      OptionalLong maxTimeMillis,
      Optional<String> voice)
      implements CallCommand {
    public OutputCommand {
      documents = List.copyOf(documents);
    }

    @Override
    public <R> R handle(Handler<R> handler) {
      return handler.output(this);
    }
  }

  /**
   * {@code <input/>} of keys. Times are positive milliseconds, or empty for no limit.
   *
   * @param grammars at least one
   * @param terminator ends the input, and is no part of it
   */
  record InputCommand(
      List<InputGrammar> grammars,
      Optional<Character> terminator,
      OptionalLong initialTimeoutMillis,
      OptionalLong interDigitTimeoutMillis,
      OptionalLong recognitionTimeoutMillis)
      implements CallCommand {
    public InputCommand {
      grammars = List.copyOf(grammars);
    }

    @Override
    public <R> R handle(Handler<R> handler) {
      return handler.input(this);
    }
  }

  /**
   * {@code <prompt/>}: an output, and an input during it and after it.
   *
   * @param bargeIn the first key ends the output; else keys count from its end on
   */
  record PromptCommand(OutputCommand output, InputCommand input, boolean bargeIn)
      implements CallCommand {
    @Override
    public <R> R handle(Handler<R> handler) {
      return handler.prompt(this);
    }
  }

  /** {@code <join/>}: lets the call and another one, or a mixer, hear each other. */
  record Join(JoinTarget target, JoinRequest.Direction direction, JoinRequest.Media media)
      implements CallCommand {
    @Override
    public <R> R handle(Handler<R> handler) {
      return handler.join(this);
    }
  }

  /**
   * {@code <unjoin/>}.
   *
   * @param target empty for all that the call is joined to
   */
  record Unjoin(Optional<JoinTarget> target) implements CallCommand {
    @Override
    public <R> R handle(Handler<R> handler) {
      return handler.unjoin(this);
    }
  }

  /**
   * {@code <input mode='cpa'/>}: call progress analysis.
   *
   * @param grammars at least one, each of another type of signal
   * @param initialTimeoutMillis positive; empty for no limit
   * @see <a href="https://xmpp.org/extensions/xep-0341.html#session">XEP-0341, session flow</a>
   */
  record CpaCommand(List<CpaGrammar> grammars, OptionalLong initialTimeoutMillis)
      implements CallCommand {
    public CpaCommand {
      grammars = List.copyOf(grammars);
    }

    @Override
    public <R> R handle(Handler<R> handler) {
      return handler.cpa(this);
    }
  }

  /** A {@code <hint/>} to a component. */
  record Hint(String name, String value) {}
}

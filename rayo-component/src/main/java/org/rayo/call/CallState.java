package org.rayo.call;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.rayo.media.MediaCall;
import org.rayo.protocol.CallCommand;
import org.rayo.protocol.CallCommand.Accept;
import org.rayo.protocol.CallCommand.Answer;
import org.rayo.protocol.CallCommand.CpaCommand;
import org.rayo.protocol.CallCommand.Hangup;
import org.rayo.protocol.CallCommand.InputCommand;
import org.rayo.protocol.CallCommand.Join;
import org.rayo.protocol.CallCommand.OutputCommand;
import org.rayo.protocol.CallCommand.PromptCommand;
import org.rayo.protocol.CallCommand.RecordCommand;
import org.rayo.protocol.CallCommand.Redirect;
import org.rayo.protocol.CallCommand.Reject;
import org.rayo.protocol.CallCommand.Unjoin;
import org.rayo.protocol.StanzaError;
import org.xmpp.packet.IQ;

/**
 * What a call can be asked in each of its states: for every command, what is done and what the call
 * is then. The actor carries it out.
 */
sealed interface CallState extends CallCommand.Handler<CallState.Outcome> {

  /** What comes of a command. */
  sealed interface Outcome {
    void handle(Handler handler);

    /** One method for each outcome. */
    interface Handler {
      void done(Done done);

      void refused(Refused refused);

      void underWay(UnderWay underWay);

      void hangingUp(HangingUp hangingUp);

      void startRecord(StartRecord startRecord);

      void startComponent(StartComponent startComponent);

      void joining(Joining joining);

      void unjoining(Unjoining unjoining);
    }
  }

  /** Nothing is left to do. */
  record Done() implements Outcome {
    @Override
    public void handle(Handler handler) {
      handler.done(this);
    }
  }

  /** It cannot be done. */
  record Refused(StanzaError error) implements Outcome {
    @Override
    public void handle(Handler handler) {
      handler.refused(this);
    }
  }

  /** The media backend does it; if that goes well, the call is in the next state. */
  record UnderWay(CompletionStage<Void> work, CallState next) implements Outcome {
    @Override
    public void handle(Handler handler) {
      handler.underWay(this);
    }
  }

  /** The call's end is on its way, which is all that the client is told. */
  record HangingUp(CompletionStage<Void> work) implements Outcome {
    /**
     * As a client asked. Headers that the backend does not let anybody set are left out: it is too
     * late to refuse the command, and a call that goes on would be worse.
     */
    static HangingUp of(MediaCall media, Hangup hangup) {
      return new HangingUp(
          media
              .hangup(hangup.headers())
              .exceptionallyCompose(
                  failure ->
                      hangup.headers().isEmpty() || !Failures.isUnsupported(failure)
                          ? CompletableFuture.failedStage(failure)
                          : media.hangup(List.of())));
    }

    @Override
    public void handle(Handler handler) {
      handler.hangingUp(this);
    }
  }

  /** A record component is to be started. */
  record StartRecord(RecordCommand command) implements Outcome {
    @Override
    public void handle(Handler handler) {
      handler.startRecord(this);
    }
  }

  /** An output, input or prompt is to be started. */
  record StartComponent(BiConsumer<CallComponents, IQ> start) implements Outcome {
    @Override
    public void handle(Handler handler) {
      handler.startComponent(this);
    }
  }

  /** The switchboard is to be asked for a join. */
  record Joining(Join command) implements Outcome {
    @Override
    public void handle(Handler handler) {
      handler.joining(this);
    }
  }

  /** The switchboard is to be asked to break one, or all. */
  record Unjoining(Unjoin command) implements Outcome {
    @Override
    public void handle(Handler handler) {
      handler.unjoining(this);
    }
  }

  /** Whether there is anything to hear yet is for the media to say. */
  @Override
  default Outcome join(Join join) {
    return new Joining(join);
  }

  @Override
  default Outcome unjoin(Unjoin unjoin) {
    return new Unjoining(unjoin);
  }

  /** Whether there is anything to play to yet is for the media to say. */
  @Override
  default Outcome output(OutputCommand output) {
    return new StartComponent((components, iq) -> components.output(iq, output));
  }

  @Override
  default Outcome input(InputCommand input) {
    return new StartComponent((components, iq) -> components.input(iq, input));
  }

  @Override
  default Outcome prompt(PromptCommand prompt) {
    return new StartComponent((components, iq) -> components.prompt(iq, prompt));
  }

  @Override
  default Outcome cpa(CpaCommand cpa) {
    return new StartComponent((components, iq) -> components.cpa(iq, cpa));
  }

  /** Nothing can be commanded any more. */
  default boolean isOver() {
    return false;
  }

  private static Outcome notNow(String text) {
    return new Refused(StanzaError.unexpectedRequest(text));
  }

  /** Offered; the caller hears nothing yet. */
  record Offered(MediaCall media) implements CallState {
    @Override
    public Outcome accept(Accept accept) {
      return new UnderWay(media.accept(accept.headers()), new Accepted(media));
    }

    @Override
    public Outcome answer(Answer answer) {
      return new UnderWay(media.answer(answer.headers()), new Answered(media));
    }

    @Override
    public Outcome redirect(Redirect redirect) {
      return new UnderWay(media.redirect(redirect.to(), redirect.headers()), new Over());
    }

    @Override
    public Outcome reject(Reject reject) {
      return new UnderWay(media.reject(reject.reason(), reject.headers()), new Over());
    }

    @Override
    public Outcome hangup(Hangup hangup) {
      return HangingUp.of(media, hangup);
    }

    @Override
    public Outcome record(RecordCommand record) {
      return new StartRecord(record);
    }
  }

  /** A client has dialled it; the other side has not answered. */
  record Dialled(MediaCall media) implements CallState {
    private static final String TEXT =
        "the call was dialled: it is for the other side to answer it";

    @Override
    public Outcome accept(Accept accept) {
      return notNow(TEXT);
    }

    @Override
    public Outcome answer(Answer answer) {
      return notNow(TEXT);
    }

    @Override
    public Outcome redirect(Redirect redirect) {
      return notNow(TEXT);
    }

    @Override
    public Outcome reject(Reject reject) {
      return notNow(TEXT);
    }

    @Override
    public Outcome hangup(Hangup hangup) {
      return HangingUp.of(media, hangup);
    }

    @Override
    public Outcome record(RecordCommand record) {
      return new StartRecord(record);
    }
  }

  /** Accepted: the caller hears that it rings. */
  record Accepted(MediaCall media) implements CallState {
    @Override
    public Outcome accept(Accept accept) {
      return notNow("the call has been accepted already");
    }

    @Override
    public Outcome answer(Answer answer) {
      return new UnderWay(media.answer(answer.headers()), new Answered(media));
    }

    @Override
    public Outcome redirect(Redirect redirect) {
      return new UnderWay(media.redirect(redirect.to(), redirect.headers()), new Over());
    }

    @Override
    public Outcome reject(Reject reject) {
      return new Refused(
          StanzaError.notAllowed("the call has been accepted: hang up instead of rejecting it"));
    }

    @Override
    public Outcome hangup(Hangup hangup) {
      return HangingUp.of(media, hangup);
    }

    @Override
    public Outcome record(RecordCommand record) {
      return new StartRecord(record);
    }
  }

  /** Answered: there is media. */
  record Answered(MediaCall media) implements CallState {
    @Override
    public Outcome accept(Accept accept) {
      return notNow("the call has been answered already");
    }

    @Override
    public Outcome answer(Answer answer) {
      return new Done();
    }

    @Override
    public Outcome redirect(Redirect redirect) {
      return notNow("the call has been answered: it cannot be redirected any more");
    }

    @Override
    public Outcome reject(Reject reject) {
      return new Refused(
          StanzaError.notAllowed("the call has been answered: hang up instead of rejecting it"));
    }

    @Override
    public Outcome hangup(Hangup hangup) {
      return HangingUp.of(media, hangup);
    }

    @Override
    public Outcome record(RecordCommand record) {
      return new StartRecord(record);
    }
  }

  /** The call is over; its components are finishing, or its {@code end} is about to be sent. */
  record Over() implements CallState {
    private static final String TEXT = "the call is over and its components are finishing";

    @Override
    public boolean isOver() {
      return true;
    }

    @Override
    public Outcome accept(Accept accept) {
      return notNow(TEXT);
    }

    @Override
    public Outcome answer(Answer answer) {
      return notNow(TEXT);
    }

    @Override
    public Outcome redirect(Redirect redirect) {
      return notNow(TEXT);
    }

    @Override
    public Outcome reject(Reject reject) {
      return notNow(TEXT);
    }

    @Override
    public Outcome hangup(Hangup hangup) {
      return notNow(TEXT);
    }

    @Override
    public Outcome record(RecordCommand record) {
      return notNow(TEXT);
    }

    @Override
    public Outcome output(OutputCommand output) {
      return notNow(TEXT);
    }

    @Override
    public Outcome input(InputCommand input) {
      return notNow(TEXT);
    }

    @Override
    public Outcome prompt(PromptCommand prompt) {
      return notNow(TEXT);
    }

    @Override
    public Outcome join(Join join) {
      return notNow(TEXT);
    }

    @Override
    public Outcome unjoin(Unjoin unjoin) {
      return notNow(TEXT);
    }

    @Override
    public Outcome cpa(CpaCommand cpa) {
      return notNow(TEXT);
    }
  }
}

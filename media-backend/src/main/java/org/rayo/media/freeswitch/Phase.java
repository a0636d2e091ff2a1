package org.rayo.media.freeswitch;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.rayo.media.Header;
import org.rayo.media.MediaCall.RejectReason;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException;
import org.rayo.media.freeswitch.eventsocket.SwitchEvent;

/**
 * What may happen to a call now: its commands, and what FreeSWITCH tells of its channel. On the
 * call's queue.
 *
 * <pre>
 * Ringing --- answer --> Up --- hang-up --> Over
 *    |                   ^ |
 *    | reject, redirect  | | hangup
 *    v                   | v
 * Leaving ---------------|---- hang-up --> Over
 *                        |
 * Placed ---- answer ----+
 *    |
 *    +------- hang-up -------------------> Over
 * </pre>
 */
abstract sealed class Phase {

  final FreeSwitchCall call;

  Phase(FreeSwitchCall call) {
    this.call = call;
  }

  // Commands.

  CompletionStage<Void> accept(List<Header> headers) {
    return refused("accept");
  }

  CompletionStage<Void> answer(List<Header> headers) {
    return refused("answer");
  }

  CompletionStage<Void> reject(RejectReason reason, List<Header> headers) {
    return refused("reject");
  }

  CompletionStage<Void> redirect(URI to, List<Header> headers) throws MediaException {
    return refused("redirect");
  }

  CompletionStage<Void> hangup(List<Header> headers) {
    return leave(HangupCause.NORMAL_CLEARING, EndReason.HANGUP_COMMAND, headers);
  }

  /** Completes when there is audio to be heard and to be played to. */
  CompletionStage<Void> audible(String command) {
    return refused(command);
  }

  // What FreeSWITCH tells.

  void rings(SwitchEvent event) {}

  void hasEarlyMedia() {}

  void answered(SwitchEvent event) {}

  void hungUp(Ending ending) {
    call.finish(ending.byOthers(wasAnswered()));
  }

  /** It is not there any more, and nobody told how it went. */
  void vanished(EndReason reason) {
    call.finish(new Ending.Told(reason, Optional.empty(), List.of()));
  }

  /** Nobody has answered for as long as may be. */
  void ringTimeout() {}

  boolean wasAnswered() {
    return false;
  }

  /** For messages and logs. */
  abstract String name();

  /** Makes FreeSWITCH end it; it is over when FreeSWITCH says so. */
  final CompletionStage<Void> leave(HangupCause cause, EndReason reason, List<Header> headers) {
    String prefix = wasAnswered() ? ChannelHeaders.BYE : ChannelHeaders.RESPONSE;
    return call.channel()
        .set(prefix, headers)
        .thenComposeAsync(
            set -> leaving("hangup", reason, () -> call.channel().kill(cause)), call.queue());
  }

  /** Ends it in some way, if it has not ended since. */
  final CompletionStage<Void> leaving(
      String command, EndReason reason, Supplier<CompletionStage<Void>> how) {
    if (call.phase() != this) {
      return call.phase().refused(command);
    }
    call.become(new Leaving(call, reason, wasAnswered()));
    return how.get();
  }

  final CompletionStage<Void> refused(String command) {
    return CompletableFuture.failedStage(refusal(command));
  }

  MediaException refusal(String command) {
    return new MediaException(
        MediaException.Fault.WRONG_STATE, command + ": the call is " + name());
  }

  /** It rang in and waits for its answer. */
  static final class Ringing extends Phase {
    private Optional<CompletionStage<Void>> early = Optional.empty();

    Ringing(FreeSwitchCall call) {
      super(call);
    }

    @Override
    CompletionStage<Void> accept(List<Header> headers) {
      return call.channel()
          .set(ChannelHeaders.PROGRESS, headers)
          .thenCompose(set -> call.channel().ring());
    }

    @Override
    CompletionStage<Void> answer(List<Header> headers) {
      return call.channel()
          .set(ChannelHeaders.RESPONSE, headers)
          .thenCompose(set -> call.channel().answer())
          .thenRunAsync(this::up, call.queue());
    }

    private void up() {
      if (call.phase() == this) {
        call.becomesAnswered();
      }
    }

    /** Somebody else answered it: another client of the event socket. */
    @Override
    void answered(SwitchEvent event) {
      up();
    }

    @Override
    CompletionStage<Void> reject(RejectReason reason, List<Header> headers) {
      return leave(HangupCause.of(reason), EndReason.REJECTED, headers);
    }

    @Override
    CompletionStage<Void> redirect(URI to, List<Header> headers) throws MediaException {
      Supplier<CompletionStage<Void>> redirection = call.channel().redirection(to);
      return call.channel()
          .set(ChannelHeaders.RESPONSE, headers)
          .thenComposeAsync(
              set -> leaving("redirect", EndReason.REJECTED, redirection), call.queue());
    }

    @Override
    CompletionStage<Void> hangup(List<Header> headers) {
      return leave(HangupCause.of(RejectReason.DECLINE), EndReason.HANGUP_COMMAND, headers);
    }

    @Override
    CompletionStage<Void> audible(String command) {
      if (early.isEmpty() || early.get().toCompletableFuture().isCompletedExceptionally()) {
        early = Optional.of(call.channel().preAnswer());
      }
      return early.get();
    }

    @Override
    void ringTimeout() {
      CompletionStage<Void> unused = leave(HangupCause.UNAVAILABLE, EndReason.TIMEOUT, List.of());
    }

    @Override
    String name() {
      return "not answered";
    }
  }

  /** We placed it, and wait for its answer. */
  static final class Placed extends Phase {
    private boolean rings;
    private boolean hasMedia;

    Placed(FreeSwitchCall call) {
      super(call);
    }

    @Override
    void rings(SwitchEvent event) {
      if (!rings) {
        rings = true;
        call.tell(new MediaEvent.Ringing(ChannelHeaders.told(event)));
      }
    }

    @Override
    void hasEarlyMedia() {
      if (!hasMedia) {
        hasMedia = true;
        call.tell(new MediaEvent.EarlyMedia());
      }
    }

    @Override
    void answered(SwitchEvent event) {
      call.becomesAnswered();
      call.tell(new MediaEvent.Answered(ChannelHeaders.told(event)));
    }

    @Override
    CompletionStage<Void> audible(String command) {
      return hasMedia ? Stages.done() : refused(command);
    }

    @Override
    void ringTimeout() {
      CompletionStage<Void> unused = leave(HangupCause.NO_ANSWER, EndReason.TIMEOUT, List.of());
    }

    @Override
    String name() {
      return "being placed";
    }
  }

  /** It is answered. */
  static final class Up extends Phase {
    Up(FreeSwitchCall call) {
      super(call);
    }

    @Override
    CompletionStage<Void> audible(String command) {
      return Stages.done();
    }

    @Override
    boolean wasAnswered() {
      return true;
    }

    @Override
    String name() {
      return "answered";
    }
  }

  /** We have asked for its end. */
  static final class Leaving extends Phase {
    private final EndReason reason;
    private final boolean answered;

    Leaving(FreeSwitchCall call, EndReason reason, boolean answered) {
      super(call);
      this.reason = reason;
      this.answered = answered;
    }

    @Override
    CompletionStage<Void> hangup(List<Header> headers) {
      return Stages.done();
    }

    @Override
    void hungUp(Ending ending) {
      call.finish(ending.byUs(reason));
    }

    @Override
    void vanished(EndReason ignored) {
      super.vanished(reason);
    }

    @Override
    boolean wasAnswered() {
      return answered;
    }

    @Override
    String name() {
      return "being ended";
    }
  }

  /** It has ended. */
  static final class Over extends Phase {
    Over(FreeSwitchCall call) {
      super(call);
    }

    @Override
    CompletionStage<Void> hangup(List<Header> headers) {
      return refused("hangup");
    }

    @Override
    void hungUp(Ending ending) {}

    @Override
    void vanished(EndReason reason) {}

    @Override
    MediaException refusal(String command) {
      return new MediaException(MediaException.Fault.GONE, command + ": the call is over");
    }

    @Override
    String name() {
      return "over";
    }
  }
}

package org.rayo.media.freeswitch;

import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.rayo.media.MediaException;
import org.rayo.media.freeswitch.capture.CapturedAudio;
import org.rayo.media.freeswitch.capture.Side;

/** The audio of one call, which FreeSWITCH sends when something needs it. On the call's queue. */
final class AudioOnDemand {

  private final FreeSwitchCall call;
  private final Supplier<CapturedAudio> source;
  private Optional<CapturedAudio> audio = Optional.empty();

  /**
   * @param source asked once, when audio is needed for the first time
   */
  AudioOnDemand(FreeSwitchCall call, Supplier<CapturedAudio> source) {
    this.call = call;
    this.source = source;
  }

  /**
   * Runs what needs audio, once all its sides come in; they are its to release. From any thread.
   */
  <T> CompletionStage<T> opened(
      String command, Set<Side> sides, Function<CapturedAudio, CompletionStage<T>> use) {
    return Stages.asked(
        call.queue(),
        () ->
            call.phase()
                .audible(command)
                .thenComposeAsync(
                    now -> {
                      try {
                        requireUp(command);
                      } catch (MediaException e) {
                        return CompletableFuture.failedStage(e);
                      }
                      CapturedAudio open = audio();
                      return open.open(sides)
                          .thenComposeAsync(
                              flowing -> used(command, sides, open, use), call.queue());
                    },
                    call.queue()));
  }

  private <T> CompletionStage<T> used(
      String command,
      Set<Side> sides,
      CapturedAudio open,
      Function<CapturedAudio, CompletionStage<T>> use) {
    if (call.phase() instanceof Phase.Over) {
      open.release(sides);
      return CompletableFuture.failedStage(call.phase().refusal(command));
    }
    return use.apply(open);
  }

  /** Refuses what comes after the end. */
  void requireUp(String command) throws MediaException {
    if (call.phase() instanceof Phase.Over) {
      throw call.phase().refusal(command);
    }
  }

  private CapturedAudio audio() {
    if (audio.isEmpty()) {
      audio = Optional.of(source.get());
    }
    return audio.get();
  }

  /** A key was pressed. */
  void key(char digit) {
    audio.ifPresent(open -> open.key(digit));
  }

  /**
   * The call is over: what was said counts.
   *
   * @param drained runs once, when all that came has been taken
   */
  void callEnded(Runnable drained) {
    audio.ifPresentOrElse(open -> open.callEnded(drained), drained);
  }
}

package org.rayo.media.output;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Consumer;
import org.rayo.media.MediaEvent.OutputEnd;
import org.rayo.media.MediaEvent.OutputEnded;
import org.rayo.media.MediaOutput;
import org.rayo.media.audio.CallAudio;

/** An output that runs: the commands, on their way to the media thread, and its one end. */
public final class RunningOutput implements MediaOutput {

  private final String outputId;
  private final CallAudio audio;
  private final Player player;
  private final Executor answers;
  private final Consumer<OutputEnded> ended;

  // On the media thread only.
  private boolean over;

  RunningOutput(
      String outputId,
      CallAudio audio,
      Player player,
      Executor answers,
      Consumer<OutputEnded> ended) {
    this.outputId = outputId;
    this.audio = audio;
    this.player = player;
    this.answers = answers;
    this.ended = ended;
  }

  /** Plays, from the next frame on. Called once. */
  void begin() {
    audio.execute(
        () -> {
          if (!over) {
            // What stopped without being over or being told to has lost its call.
            audio.play(player, () -> end(player.end().orElse(OutputEnd.HANGUP)));
          }
        });
  }

  @Override
  public CompletionStage<Void> pause() {
    return command(player::pause);
  }

  @Override
  public CompletionStage<Void> resume() {
    return command(player::resume);
  }

  @Override
  public CompletionStage<Void> speedUp() {
    return command(() -> player.speed(1));
  }

  @Override
  public CompletionStage<Void> speedDown() {
    return command(() -> player.speed(-1));
  }

  @Override
  public CompletionStage<Void> volumeUp() {
    return command(() -> player.volume(1));
  }

  @Override
  public CompletionStage<Void> volumeDown() {
    return command(() -> player.volume(-1));
  }

  @Override
  public CompletionStage<Void> seek(Duration by) {
    long samples = player.samples(by);
    return command(() -> player.seek(samples));
  }

  @Override
  public CompletionStage<Void> stop() {
    return command(() -> breakOff(OutputEnd.STOP));
  }

  /** The call or mixer is over: ends it with {@link OutputEnd#HANGUP}. */
  public void callEnded() {
    audio.execute(() -> breakOff(OutputEnd.HANGUP));
  }

  private void breakOff(OutputEnd reason) {
    end(player.end().orElse(reason));
    audio.stop(player);
  }

  private void end(OutputEnd reason) {
    if (!over) {
      over = true;
      Optional<String> failure =
          Optional.of("the sound could not be played").filter(why -> reason == OutputEnd.ERROR);
      OutputEnded event = new OutputEnded(outputId, reason, failure);
      answers.execute(() -> ended.accept(event));
    }
  }

  /** To one that is over it makes no difference. */
  private CompletionStage<Void> command(Runnable command) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    audio.execute(
        () -> {
          if (!over) {
            command.run();
          }
          answers.execute(() -> done.complete(null));
        });
    return done.minimalCompletionStage();
  }
}

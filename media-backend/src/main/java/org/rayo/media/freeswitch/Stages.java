package org.rayo.media.freeswitch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.rayo.media.MediaException;

/** Stages as the SPI has them: they fail with a {@link MediaException} and nothing around it. */
final class Stages {

  private Stages() {}

  /**
   * What a command that runs on a queue completes with.
   *
   * @param command may throw too
   */
  static <T> CompletionStage<T> asked(Executor queue, Command<T> command) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    queue.execute(
        () -> {
          try {
            pass(command.run(), answer);
          } catch (MediaException e) {
            answer.completeExceptionally(e);
          } catch (RuntimeException e) { // whoever waits for the command must hear of it
            answer.completeExceptionally(mediaException(e));
          }
        });
    return answer.minimalCompletionStage();
  }

  /** A command that answers later. */
  @FunctionalInterface
  interface Command<T> {
    CompletionStage<T> run() throws MediaException;
  }

  /** Whatever comes of the one is the other's. */
  static <T> void pass(CompletionStage<T> from, CompletableFuture<T> to) {
    CompletionStage<T> unused =
        from.whenComplete(
            (value, failure) -> {
              if (failure == null) {
                to.complete(value);
              } else {
                to.completeExceptionally(mediaException(failure));
              }
            });
  }

  /** The same failure as the SPI tells it. */
  static MediaException mediaException(Throwable failure) {
    if (failure instanceof MediaException expected) {
      return expected;
    }
    if (failure instanceof CompletionException && failure.getCause() != null) {
      return mediaException(failure.getCause());
    }
    return new MediaException(MediaException.Fault.FAILED, "unexpected: " + failure, failure);
  }

  static CompletionStage<Void> done() {
    return CompletableFuture.completedStage(null);
  }

  static <T> CompletionStage<T> failed(MediaException.Fault fault, String why) {
    return CompletableFuture.failedStage(new MediaException(fault, why));
  }

  /** Runs a task whose failure has been told elsewhere. */
  static void ignore(Supplier<CompletionStage<Void>> task) {
    CompletionStage<Void> unused = task.get().exceptionally(failure -> null);
  }
}

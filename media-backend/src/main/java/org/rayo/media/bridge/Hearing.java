package org.rayo.media.bridge;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.rayo.media.audio.CallAudio;

/** Whether one call hears another. Used by one thread at a time. */
final class Hearing {

  private final CallAudio speaker;
  private final CallAudio hearer;
  private final KeyEar keys;
  private Optional<VoicePath> path = Optional.empty();

  /**
   * @param keys hears of those that the speaker presses meanwhile
   */
  Hearing(CallAudio speaker, CallAudio hearer, KeyEar keys) {
    this.keys = keys;
    this.speaker = speaker;
    this.hearer = hearer;
  }

  /**
   * Begins or ends it, unless it is so already.
   *
   * @return completes when both media threads have done so
   */
  CompletableFuture<Void> set(boolean on) {
    if (on == path.isPresent()) {
      return CompletableFuture.completedFuture(null);
    }
    VoicePath changed = path.orElseGet(() -> new VoicePath(hearer.sampleRateHz(), keys));
    path = on ? Optional.of(changed) : Optional.empty();
    CompletableFuture<Void> spoken = new CompletableFuture<>();
    CompletableFuture<Void> heard = new CompletableFuture<>();
    if (on) {
      run(hearer, () -> hearer.play(changed, () -> {}), heard);
      run(speaker, () -> speaker.attach(changed), spoken);
    } else {
      run(speaker, () -> speaker.detach(changed), spoken);
      run(hearer, () -> hearer.stop(changed), heard);
    }
    return CompletableFuture.allOf(spoken, heard);
  }

  private static void run(CallAudio on, Runnable task, CompletableFuture<Void> done) {
    on.execute(
        () -> {
          try {
            task.run();
            done.complete(null);
          } catch (RuntimeException e) { // whoever waits for it must hear of it
            done.completeExceptionally(e);
          }
        });
  }
}

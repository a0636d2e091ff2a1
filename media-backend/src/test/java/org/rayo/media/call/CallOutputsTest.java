package org.rayo.media.call;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaEvent.OutputEnd;
import org.rayo.media.MediaEvent.OutputEnded;
import org.rayo.media.MediaOutput;
import org.rayo.media.OutputRequest;
import org.rayo.media.OutputRequest.AudioFile;
import org.rayo.media.OutputRequest.Pause;
import org.rayo.media.OutputRequest.Segment;
import org.rayo.media.output.OutputSettings;
import org.rayo.media.output.Outputs;
import org.rayo.media.output.PulledAudio;

@Timeout(60)
final class CallOutputsTest {

  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final CallQueue queue = new CallQueue(tasks::add);
  private final EventOutbox events = new EventOutbox(queue);
  private final Outputs shared = new Outputs(OutputSettings.DEFAULT);
  private final CallOutputs outputs = new CallOutputs(shared, queue, events);
  private final PulledAudio audio = new PulledAudio(8000);
  private final List<Object> told = new ArrayList<>();

  CallOutputsTest() {
    events.listen(told::add);
  }

  @AfterEach
  void close() {
    shared.close();
  }

  private void settle() {
    audio.settle();
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
      audio.settle();
    }
  }

  private CompletableFuture<MediaOutput> start(Segment... segments) {
    CompletableFuture<MediaOutput> started = new CompletableFuture<>();
    CompletableFuture<Void> unused = started.thenAccept(output -> told.add("started"));
    outputs.start(
        new OutputRequest(
            "o", List.of(segments), Duration.ZERO, false, Duration.ZERO, 1, Optional.empty()),
        audio,
        started);
    return started;
  }

  private void await(CompletableFuture<?> stage) {
    while (!stage.isDone()) {
      settle();
      Thread.onSpinWait();
    }
  }

  private static MediaEvent ended(OutputEnd reason) {
    return new OutputEnded("o", reason, Optional.empty());
  }

  @Test
  void start_nothingToHear_beginsBeforeItEnds() {
    await(start(new Pause(Duration.ZERO)));
    audio.tick();
    settle();

    assertThat(told).containsExactly("started", ended(OutputEnd.FINISH));
    assertThat(outputs.count()).isZero();
  }

  @Test
  void callEnded_whileItPlays_endsItAndThenIsDone() {
    await(start(new Pause(Duration.ofSeconds(10))));
    audio.tick();
    outputs.callEnded();
    assertThat(outputs.allEnded()).isNotDone();
    settle();

    assertThat(told).containsExactly("started", ended(OutputEnd.HANGUP));
    assertThat(outputs.allEnded()).isCompleted();
  }

  @Test
  void callEnded_beforeItBegan_failsItWithoutAnEvent() {
    CompletableFuture<MediaOutput> starting = start(new Pause(Duration.ofSeconds(10)));
    outputs.callEnded();
    await(starting);
    audio.tick();
    settle();

    assertThat(starting).isCompletedExceptionally();
    assertThat(told).isEmpty();
    assertThat(audio.playing()).isZero();
    assertThat(outputs.allEnded()).isCompleted();
  }

  @Test
  void start_fileThatMayNotBeRead_failsWithoutAnEvent() {
    CompletableFuture<MediaOutput> starting =
        start(new AudioFile(URI.create("file:///etc/passwd"), List.of()));
    await(starting);
    settle();

    assertThat(starting).isCompletedExceptionally();
    assertThat(told).isEmpty();
    assertThat(outputs.count()).isZero();
  }
}

package org.rayo.media.freeswitch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaException;
import org.rayo.media.MediaOutput;
import org.rayo.media.OutputRequest;
import org.rayo.media.OutputRequest.AudioFile;
import org.rayo.media.OutputRequest.Segment;
import org.rayo.media.OutputRequest.Speech;
import org.rayo.media.call.CallQueue;
import org.rayo.media.call.EventOutbox;

/** On a queue that runs everything at once, so that each line has had its effect. */
class PlaybacksTest {

  private static final String A = "/srv/a.wav";
  private static final String B = "/srv/b.wav";

  private final FakePlayer player = new FakePlayer();
  private final CallQueue queue = new CallQueue(Runnable::run);
  private final EventOutbox events = new EventOutbox(queue);
  private final List<String> ends = new ArrayList<>();
  private final ScheduledExecutorService timers = Executors.newScheduledThreadPool(1);
  private final Playbacks playbacks =
      new Playbacks(
          player,
          new PlayScript(
              new FreeSwitchSettings.Playing(
                  List.of(Path.of("/srv")),
                  List.of(),
                  Optional.of(new FreeSwitchSettings.Playing.Speech("flite", "kal")))),
          queue,
          events,
          timers);

  PlaybacksTest() {
    events.listen(
        event -> {
          MediaEvent.OutputEnded ended = (MediaEvent.OutputEnded) event;
          ends.add(ended.outputId() + " " + ended.reason());
        });
  }

  @AfterEach
  void stopTimers() {
    timers.shutdownNow();
  }

  private static Segment file(String path, Segment... alternative) {
    return new AudioFile(URI.create("file://" + path), List.of(alternative));
  }

  private static OutputRequest request(String id, Segment... segments) {
    return new OutputRequest(
        id, List.of(segments), Duration.ZERO, false, Duration.ZERO, 1, Optional.empty());
  }

  private MediaOutput start(OutputRequest request) throws Exception {
    CompletableFuture<MediaOutput> started = new CompletableFuture<>();
    playbacks.start(request, started);
    return started.get(5, TimeUnit.SECONDS);
  }

  private static void done(CompletionStage<Void> command) throws Exception {
    command.toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  private void ended() {
    playbacks.ended(player.lastId(), Optional.empty());
  }

  @Test
  void start_twoOutputs_playOneAfterTheOther() throws Exception {
    start(request("o1", file(A)));
    start(request("o2", file(B)));

    assertThat(player.told).containsExactly(A);
    ended();
    assertThat(player.told).containsExactly(A, B);
    ended();
    assertThat(ends).containsExactly("o1 FINISH", "o2 FINISH");
  }

  @Test
  void start_rounds_areRepeated() throws Exception {
    start(
        new OutputRequest(
            "o1",
            List.of(file(A), new Speech("hi", Optional.empty(), Optional.empty())),
            Duration.ZERO,
            false,
            Duration.ZERO,
            2,
            Optional.empty()));

    for (int i = 0; i < 4; i++) {
      ended();
    }

    assertThat(player.told).containsExactly(A, "flite|kal|hi", A, "flite|kal|hi");
    assertThat(ends).containsExactly("o1 FINISH");
  }

  @Test
  void start_fileIsMissing_alternativeOrRefusal() throws Exception {
    player.missing.add(A);

    start(request("o1", file(A, file(B))));

    assertThat(player.told).containsExactly(B);
    assertThatThrownBy(() -> start(request("o2", file(A))))
        .hasCauseInstanceOf(MediaException.class)
        .hasMessageContaining(A);
    assertThat(ends).isEmpty();
  }

  @Test
  void start_engineIsMissing_isUnsupported() {
    player.missing.add("flite");

    assertThatThrownBy(
            () -> start(request("o1", new Speech("hi", Optional.empty(), Optional.empty()))))
        .hasCauseInstanceOf(MediaException.class)
        .hasMessageContaining("no speech engine flite");
  }

  @Test
  void ended_anotherApplication_meansNothing() throws Exception {
    start(request("o1", file(A)));

    playbacks.ended("beep-1", Optional.empty());

    assertThat(ends).isEmpty();
  }

  @Test
  void ended_withFailure_isAnError() throws Exception {
    start(request("o1", file(A)));

    playbacks.ended(player.lastId(), Optional.of("PLAYBACK ERROR"));

    assertThat(ends).containsExactly("o1 ERROR");
  }

  @Test
  void start_freeSwitchRefuses_isAnError() throws Exception {
    player.refuses = true;

    start(request("o1", file(A)));

    assertThat(ends).containsExactly("o1 ERROR");
  }

  @Test
  void stop_whilePlaying_endsWhenFreeSwitchHasLeftOff() throws Exception {
    MediaOutput output = start(request("o1", file(A)));

    done(output.stop());
    assertThat(ends).isEmpty();
    ended();

    assertThat(player.told).containsExactly(A, "stop");
    assertThat(ends).containsExactly("o1 STOP");
  }

  @Test
  void stop_whileWaiting_neverPlays() throws Exception {
    start(request("o1", file(A)));
    MediaOutput second = start(request("o2", file(B)));

    done(second.stop());
    ended();

    assertThat(player.told).containsExactly(A);
    assertThat(ends).containsExactly("o2 STOP", "o1 FINISH");
  }

  @Test
  void pauseAndResume_holdsTheFile() throws Exception {
    MediaOutput output = start(request("o1", file(A)));

    done(output.pause());
    done(output.pause());
    done(output.resume());
    done(output.resume());

    assertThat(player.told).containsExactly(A, "pause", "pause");
  }

  @Test
  void startPaused_playsWhenResumed() throws Exception {
    MediaOutput output =
        start(
            new OutputRequest(
                "o1",
                List.of(file(A)),
                Duration.ofMillis(1500),
                true,
                Duration.ZERO,
                1,
                Optional.empty()));

    assertThat(player.told).isEmpty();
    done(output.volumeUp());
    done(output.resume());
    playbacks.began();
    playbacks.began();

    assertThat(player.told).containsExactly(A, "seek 1500 absolute", "volume 1", "volume 1");
  }

  @Test
  void speedAndVolume_haveFreeSwitchsLimits() throws Exception {
    MediaOutput output = start(request("o1", file(A)));

    for (int i = 0; i < 9; i++) {
      done(output.speedDown());
      done(output.volumeUp());
    }

    assertThat(player.told).filteredOn(t -> t.equals("speed -1")).hasSize(2);
    assertThat(player.told).filteredOn(t -> t.equals("volume 1")).hasSize(4);
  }

  @Test
  void seek_withinSeveralFiles_isRefused() throws Exception {
    MediaOutput one = start(request("o1", file(A)));
    done(one.seek(Duration.ofSeconds(-2)));
    assertThat(player.told).containsExactly(A, "seek -2000");
    done(one.stop());
    ended();

    MediaOutput two = start(request("o2", file(A), file(B)));

    assertThatThrownBy(() -> done(two.seek(Duration.ofSeconds(1))))
        .hasCauseInstanceOf(MediaException.class)
        .hasMessageContaining("more than one file");
  }

  @Test
  void maxTime_endsIt() throws Exception {
    start(
        new OutputRequest(
            "o1",
            List.of(file(A)),
            Duration.ZERO,
            false,
            Duration.ofHours(1),
            0,
            Optional.of(Duration.ofMillis(50))));
    ended();

    long until = System.nanoTime() + 5_000_000_000L;
    while (ends.isEmpty() && System.nanoTime() < until) {
      Thread.onSpinWait();
    }

    assertThat(ends).containsExactly("o1 MAX_TIME");
  }

  @Test
  void callEnded_allEndWithIt() throws Exception {
    MediaOutput first = start(request("o1", file(A)));
    start(request("o2", file(B)));
    done(first.stop());

    playbacks.callEnded();

    assertThat(ends).containsExactly("o1 STOP", "o2 HANGUP");
    assertThat(playbacks.allEnded()).isCompleted();
  }

  @Test
  void interrupted_endsAllWithTheReason() throws Exception {
    start(request("o1", file(A)));

    playbacks.interrupted("joined");
    ended();

    assertThat(ends).containsExactly("o1 ERROR");
  }

  @Test
  void looked_channelPlaysNothing_isTheEndThatWasMissed() throws Exception {
    start(request("o1", file(A)));

    assertThat(playbacks.shown()).isEmpty();
    Thread.sleep(1100);
    Optional<String> shown = playbacks.shown();
    playbacks.looked(shown, "playback");
    playbacks.looked(Optional.empty(), "park");
    assertThat(ends).isEmpty();
    playbacks.looked(shown, "park");

    assertThat(ends).containsExactly("o1 FINISH");
  }
}

package org.rayo.media.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.AudioFormat;
import org.rayo.media.CapturedRecording;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.recorder.Studio.Ask;
import org.rayo.media.recorder.Studio.Take;

/**
 * Commands and frames in any order, against a model that counts samples: whatever comes, there is
 * one end, with the first cause, and the file holds what the model counted.
 */
class RandomSequencesTest {

  private static final int SEEDS = 3000;
  private static final int AT_ONCE = 50;

  @TempDir Path directory;

  /** What must come out. The caller is silent, so the initial time-out is the only one. */
  private static final class Model {
    private enum State {
      BEEPING,
      CAPTURING,
      PAUSED,
      ENDED
    }

    private final int maxSamples;
    private final int initialSamples;
    private boolean pausedAfterBeep;
    private int beepLeft;
    private State state;
    private int samples;
    private Optional<Cause> cause = Optional.empty();

    Model(boolean beep, boolean startPaused, int maxMillis, int initialMillis) {
      maxSamples = maxMillis * 8;
      initialSamples = initialMillis * 8;
      beepLeft = beep ? 2000 : 0;
      pausedAfterBeep = startPaused;
      state = beep ? State.BEEPING : startPaused ? State.PAUSED : State.CAPTURING;
    }

    void frame(int length) {
      if (state == State.CAPTURING) {
        samples += Math.min(length, maxSamples - samples);
        if (samples == maxSamples) {
          end(Cause.MAX_DURATION);
        } else if (samples >= initialSamples) {
          end(Cause.INITIAL_TIMEOUT);
        }
      }
      beepLeft -= length;
      if (state == State.BEEPING && beepLeft <= 0) {
        state = pausedAfterBeep ? State.PAUSED : State.CAPTURING;
      }
    }

    void pause() {
      pausedAfterBeep = true;
      state = state == State.CAPTURING ? State.PAUSED : state;
    }

    void resume() {
      pausedAfterBeep = false;
      state = state == State.PAUSED ? State.CAPTURING : state;
    }

    void end(Cause reason) {
      if (state != State.ENDED) {
        state = State.ENDED;
        cause = Optional.of(reason);
      }
    }
  }

  private record Run(long seed, Take take, Model model) {}

  @Test
  void anySequence_endsOnceWithTheTruth() throws Exception {
    Map<Cause, Integer> causes = new EnumMap<>(Cause.class);
    Recorders recorders =
        new Recorders(
            RecorderSettings.DEFAULT,
            new Unsynced(),
            path -> new NeverSynced(FileOpener.CREATE.open(path)));
    try (Studio studio = new Studio(directory, recorders)) {
      for (int from = 0; from < SEEDS; from += AT_ONCE) {
        List<Run> runs = new ArrayList<>();
        for (int seed = from; seed < from + AT_ONCE; seed++) {
          runs.add(play(studio, seed));
        }
        for (Run run : runs) {
          check(run);
          causes.merge(run.take().ended().cause(), 1, Integer::sum);
        }
      }
      assertThat(studio.recorders.counters().framesDropped()).isZero();
    }
    System.out.println("figure: random sequences: " + SEEDS + " seeds, ends " + causes);
    assertThat(causes.keySet())
        .contains(Cause.STOP, Cause.HANGUP, Cause.MAX_DURATION, Cause.INITIAL_TIMEOUT);
  }

  /** Thousands of real syncs would be most of the test's time. */
  private static final class NeverSynced extends ForwardingChannel {
    NeverSynced(FileChannel file) {
      super(file);
    }

    @Override
    public void force(boolean metaData) {}
  }

  private static Run play(Studio studio, long seed) throws Exception {
    Random random = new Random(seed);
    boolean beep = random.nextInt(3) == 0;
    boolean startPaused = random.nextInt(4) == 0;
    int max = 1 + random.nextInt(1500);
    int initial = 1 + random.nextInt(3000);
    Ask ask = new Ask().max(max).initial(initial);
    ask = random.nextInt(10) == 0 ? ask.format(AudioFormat.MP3) : ask;
    ask = beep ? ask.startBeep() : ask;
    ask = startPaused ? ask.startPaused() : ask;
    ask = random.nextBoolean() ? ask.stopBeep() : ask;
    ask = random.nextInt(3) == 0 ? ask.duplex(random.nextBoolean()) : ask;
    Model model = new Model(beep, startPaused, max, initial);
    Take take = studio.start(ask);
    for (int step = 0; step < 60; step++) {
      step(random, take, model);
    }
    take.recording.stop();
    model.end(Cause.STOP);
    take.call.settle();
    return new Run(seed, take, model);
  }

  /** Commands take effect with the next frame, as tasks on the media thread do. */
  private static void step(Random random, Take take, Model model) {
    switch (random.nextInt(24)) {
      case 0, 1, 2 -> {
        take.recording.pause();
        model.pause();
      }
      case 3, 4, 5 -> {
        take.recording.resume();
        model.resume();
      }
      case 6 -> {
        if (random.nextInt(4) == 0) {
          take.recording.stop();
          model.end(Cause.STOP);
        }
      }
      case 7 -> {
        if (random.nextInt(4) == 0) {
          take.recording.callEnded();
          model.end(Cause.HANGUP);
        }
      }
      default -> {
        int length = random.nextInt(4) == 0 ? 1 + random.nextInt(480) : 160;
        take.call.tick(length);
        model.frame(length);
      }
    }
  }

  private static void check(Run run) throws Exception {
    CapturedRecording captured = run.take().ended();
    String seed = "seed " + run.seed();
    assertThat(captured.cause()).as(seed).isEqualTo(run.model().cause.orElseThrow());
    assertThat(captured.samples()).as(seed).isEqualTo(run.model().samples);
    assertThat(captured.sizeBytes()).as(seed).isEqualTo(Files.size(captured.file()));
    assertThat(run.take().endings).as(seed).hasSize(1);
    assertThat(run.take().call.taps()).as(seed).isZero();
    if (captured.format() == AudioFormat.WAV) {
      WavFile wav = WavFile.read(captured.file());
      assertThat(wav.samples().length / wav.channels()).as(seed).isEqualTo(run.model().samples);
    }
    Files.delete(captured.file());
  }
}

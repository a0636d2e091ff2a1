package org.rayo.media.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.AudioFormat;
import org.rayo.media.CapturedRecording;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.MediaException;
import org.rayo.media.RecordingTarget;
import org.rayo.media.audio.Levels;
import org.rayo.media.audio.Tones;
import org.rayo.media.encode.Decoded;
import org.rayo.media.recorder.Studio.Ask;
import org.rayo.media.recorder.Studio.Take;
import org.rayo.media.recorder.VirtualCallAudio.Voice;

/** Recordings from the first frame to the finished wav file, to the sample. */
class RecordersTest {

  private static final int RATE = Studio.RATE;

  @TempDir Path directory;
  private Studio studio;

  @BeforeEach
  void open() {
    studio = new Studio(directory);
  }

  @AfterEach
  void close() {
    studio.close();
  }

  /** Every sample of a call is another number, so that none can be lost or moved unseen. */
  private static final Voice COUNTING = sample -> (short) (sample % 30_011 + 1);

  @Test
  void wav_stopped_holdsEverySample() throws Exception {
    Take take = studio.start(new Ask());
    take.call.caller(COUNTING).millis(300);
    CapturedRecording captured = take.stopped();

    WavFile wav = WavFile.read(take.file);
    assertThat(wav.sampleRateHz()).isEqualTo(RATE);
    assertThat(wav.channels()).isEqualTo(1);
    assertThat(wav.samples()).isEqualTo(counting(0, 2400));
    assertThat(captured.cause()).isEqualTo(Cause.STOP);
    assertThat(captured.samples()).isEqualTo(2400);
    assertThat(captured.duration()).hasMillis(300);
    assertTrue(captured);
    assertThat(take.endings).hasSize(1);
    assertThat(take.call.taps()).isZero();
  }

  @Test
  void wav_empty_isValidAndReportsNothing() throws Exception {
    CapturedRecording captured = studio.start(new Ask()).stopped();
    assertThat(WavFile.read(captured.file()).samples()).isEmpty();
    assertThat(captured.samples()).isZero();
    assertTrue(captured);
  }

  @Test
  void mp3_stopped_decodesToTheSampleWithToneAndLevel() throws Exception {
    assumeTrue(Decoded.available());
    Take take = studio.start(new Ask().format(AudioFormat.MP3));
    take.call.caller(Voice.sine(1000, 8231, RATE)).millis(3000);
    CapturedRecording captured = take.stopped();

    assertTrue(captured);
    assertThat(captured.samples()).isEqualTo(24_000);
    short[] decoded = Decoded.samples(named(captured, ".mp3"));
    assertThat(decoded).hasSize(24_000);
    assertThat(Levels.dbfs(decoded, 4000, 16_000)).isCloseTo(-15.01, within(1.5));
    assertThat(goertzel(decoded, 1000)).isGreaterThan(0.95);
  }

  @Test
  void mp3_empty_isValidAndReportsNothing() throws Exception {
    CapturedRecording captured = studio.start(new Ask().format(AudioFormat.MP3)).stopped();
    assertThat(captured.samples()).isZero();
    assertTrue(captured);
    assumeTrue(Decoded.available());
    assertThat(Decoded.samples(named(captured, ".mp3"))).isEmpty();
  }

  @Test
  void wav_tone_keepsItsLevel() throws Exception {
    Take take = studio.start(new Ask());
    take.call.caller(Voice.sine(440, 8231, RATE)).millis(1000);
    short[] samples = WavFile.read(take.stopped().file()).samples();
    assertThat(Levels.dbfs(samples, 0, 8000)).isCloseTo(-15.01, within(0.5));
    assertThat(goertzel(samples, 440)).isGreaterThan(0.95);
  }

  @Test
  void pauseAndResume_holdsBothStretchesWithoutGap() throws Exception {
    Take take = studio.start(new Ask());
    take.call.caller(COUNTING).millis(500);
    take.recording.pause();
    take.recording.pause();
    take.call.millis(3000);
    take.recording.resume();
    take.recording.resume();
    take.call.millis(500);
    CapturedRecording captured = take.stopped();

    short[] expected = Arrays.copyOf(counting(0, 4000), 8000);
    System.arraycopy(counting(28_000, 4000), 0, expected, 4000, 4000);
    assertThat(WavFile.read(captured.file()).samples()).isEqualTo(expected);
    assertThat(captured.duration()).hasMillis(1000);
  }

  @Test
  void stopWhilePaused_losesNothing() throws Exception {
    Take take = studio.start(new Ask());
    take.call.caller(COUNTING).millis(260);
    take.recording.pause();
    take.call.millis(100);
    CapturedRecording captured = take.stopped();
    assertThat(captured.cause()).isEqualTo(Cause.STOP);
    assertThat(WavFile.read(captured.file()).samples()).isEqualTo(counting(0, 2080));
  }

  @Test
  void startPaused_capturesFromResumeOn() throws Exception {
    Take take = studio.start(new Ask().startPaused().initial(200));
    take.call.caller(COUNTING).millis(1000);
    take.recording.resume();
    take.call.millis(100);
    assertThat(WavFile.read(take.stopped().file()).samples()).isEqualTo(counting(8000, 800));
  }

  @Test
  void startBeep_isHeardAndNotInTheFile() throws Exception {
    Take take = studio.start(new Ask().recv().startBeep());
    take.call.millis(1000);
    CapturedRecording captured = take.stopped();

    assertThat(take.call.heard()).isEqualTo(Tones.beep(RATE));
    assertThat(captured.samples()).isEqualTo(8000 - 260 * 8);
    assertThat(WavFile.read(captured.file()).samples()).containsOnly(0);
  }

  @Test
  void stoppedWhileBeeping_isEmpty() throws Exception {
    Take take = studio.start(new Ask().startBeep());
    take.call.millis(100);
    CapturedRecording captured = take.stopped();
    take.call.millis(1000);
    assertThat(captured.samples()).isZero();
    assertThat(take.call.taps()).isZero();
  }

  @Test
  void stopBeep_isHeardAfterStopButNotAfterHangup() throws Exception {
    Take stopped = studio.start(new Ask().stopBeep());
    stopped.call.millis(100);
    stopped.stopped();
    stopped.call.millis(400);
    assertThat(stopped.call.heard()).isEqualTo(Tones.beep(RATE));

    Take hungUp = studio.start(new Ask().stopBeep());
    hungUp.call.millis(100);
    hungUp.recording.callEnded();
    hungUp.call.millis(400);
    assertThat(hungUp.ended().cause()).isEqualTo(Cause.HANGUP);
    assertThat(hungUp.call.heard()).isEmpty();
  }

  @Test
  void hangup_keepsWhatWasCaptured() throws Exception {
    Take take = studio.start(new Ask());
    take.call.caller(COUNTING).millis(420);
    take.recording.callEnded();
    take.recording.stop();
    take.call.over();
    take.call.settle();
    assertThat(take.ended().cause()).isEqualTo(Cause.HANGUP);
    assertThat(WavFile.read(take.file).samples()).isEqualTo(counting(0, 3360));
    assertThat(take.endings).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 19, 20, 21, 1000, 2345})
  void maxDuration_cutsTheLastFrame(int millis) throws Exception {
    Take take = studio.start(new Ask().max(millis));
    take.call.caller(COUNTING).millis(3000);
    CapturedRecording captured = take.ended();
    assertThat(captured.cause()).isEqualTo(Cause.MAX_DURATION);
    assertThat(captured.duration()).hasMillis(millis);
    assertThat(WavFile.read(take.file).samples()).isEqualTo(counting(0, millis * 8));
    assertThat(take.call.taps()).isZero();
  }

  @Test
  void maxDuration_pausedInBetween_countsWhatIsInTheFile() throws Exception {
    Take take = studio.start(new Ask().max(1000));
    take.call.millis(600);
    take.recording.pause();
    take.call.millis(5000);
    take.recording.resume();
    take.call.millis(600);
    assertThat(take.ended().samples()).isEqualTo(8000);
  }

  @Test
  void serverMaximum_endsEveryRecording() throws Exception {
    RecorderSettings settings =
        new RecorderSettings(
            5, 1, Duration.ofSeconds(2), Duration.ofMillis(700), Duration.ofSeconds(5));
    try (Studio small = new Studio(directory, new Recorders(settings, new Unsynced()))) {
      Take take = small.start(new Ask().max(60_000));
      take.call.millis(1000);
      assertThat(take.ended().cause()).isEqualTo(Cause.MAX_DURATION);
      assertThat(take.ended().samples()).isEqualTo(5600);
    }
  }

  @Test
  void initialTimeout_silence_endsWithinAFrame() throws Exception {
    for (int frame : new int[] {160, 159, 320, 123}) {
      Take take = studio.start(new Ask().initial(1000));
      for (int at = 0; at < 9600; at += frame) {
        take.call.tick(frame);
      }
      assertThat(take.ended().cause()).isEqualTo(Cause.INITIAL_TIMEOUT);
      assertThat(take.ended().samples()).isEqualTo(8000);
    }
  }

  @Test
  void initialTimeout_frozenWhilePaused() throws Exception {
    Take take = studio.start(new Ask().initial(1000));
    take.call.millis(500);
    take.recording.pause();
    take.call.millis(5000);
    take.recording.resume();
    take.call.millis(480);
    assertThat(take.endings).isEmpty();
    take.call.millis(40);
    assertThat(take.ended().samples()).isEqualTo(8000);
  }

  @Test
  void finalTimeout_afterSpeech_endsWithinAFrame() throws Exception {
    Take take = studio.start(new Ask().initial(1000).last(1000));
    take.call.millis(500);
    take.call.caller(Voice.sine(300, 8000, RATE)).millis(2000);
    take.call.caller(Voice.SILENCE).millis(1500);
    assertThat(take.ended().cause()).isEqualTo(Cause.FINAL_TIMEOUT);
    assertThat(take.ended().samples()).isBetween(28_000L - 160, 28_000L + 160);
  }

  @Test
  void finalTimeout_neverSpoken_doesNotEnd() throws Exception {
    Take take = studio.start(new Ask().last(200));
    take.call.millis(2000);
    assertThat(take.stopped().cause()).isEqualTo(Cause.STOP);
  }

  @Test
  void duplexStereo_sendLeftRecvRight() throws Exception {
    Take take = studio.start(new Ask().duplex(false));
    take.call.caller(COUNTING).farEnd(sample -> (short) -COUNTING.at(sample)).millis(400);
    CapturedRecording captured = take.stopped();
    WavFile wav = WavFile.read(take.file);
    assertThat(wav.channels()).isEqualTo(2);
    assertThat(captured.samples()).isEqualTo(3200);
    assertThat(wav.channel(0)).isEqualTo(counting(0, 3200));
    assertThat(wav.channel(1)[3199]).isEqualTo((short) -3200);
  }

  @Test
  void duplexMixed_clipsAndNeverWraps() throws Exception {
    Take take = studio.start(new Ask().duplex(true));
    take.call.caller(sample -> 30_000).farEnd(sample -> 10_000).millis(40);
    take.call.caller(sample -> -30_000).farEnd(sample -> -10_000).millis(40);
    take.call.caller(sample -> 100).farEnd(sample -> -30).millis(40);
    take.stopped();
    short[] samples = WavFile.read(take.file).samples();
    assertThat(samples[0]).isEqualTo(Short.MAX_VALUE);
    assertThat(samples[400]).isEqualTo(Short.MIN_VALUE);
    assertThat(samples[700]).isEqualTo((short) 70);
  }

  @Test
  void framesOfAnyLength_areAllKept() throws Exception {
    Take take = studio.start(new Ask().duplex(false));
    take.call.caller(COUNTING).farEnd(COUNTING);
    int total = 0;
    for (int length : new int[] {1, 159, 160, 161, 480, 481, 960, 2000, 7}) {
      take.call.tick(length);
      total += length;
    }
    take.stopped();
    assertThat(WavFile.read(take.file).channel(1)).isEqualTo(counting(0, total));
  }

  @Test
  void wav_whileRecording_isAFileOfAllButTheLastSecond() throws Exception {
    Take take = studio.start(new Ask());
    take.call.caller(COUNTING);
    for (int millis = 200; millis <= 4000; millis += 200) {
      take.call.millis(200);
      int total = millis * 8;
      while (Files.size(take.file) < 80 + 2L * total) {
        Thread.onSpinWait();
      }
      short[] samples = WavFile.read(take.file).samples();
      assertThat(samples.length).isBetween(total - 8000, total);
      assertThat(samples).isEqualTo(counting(0, samples.length));
    }
    take.stopped();
  }

  @Test
  void moreThanMaxRecordings_isRefusedUntilOneHasEnded() throws Exception {
    RecorderSettings settings =
        new RecorderSettings(
            1, 1, Duration.ofSeconds(2), Duration.ofHours(1), Duration.ofSeconds(5));
    try (Studio small = new Studio(directory, new Recorders(settings, new Unsynced()))) {
      Take take = small.start(new Ask());
      assertThatThrownBy(() -> small.start(new Ask()))
          .hasCauseInstanceOf(MediaException.class)
          .hasMessageContaining("1 recordings at once");
      take.stopped();
      while (small.recorders.counters().active() > 0) {
        Thread.onSpinWait();
      }
      small.start(new Ask()).stopped();
    }
  }

  @Test
  void fileThatCannotBeCreated_isRefused() {
    assertThatThrownBy(
            () ->
                studio
                    .recorders
                    .start(
                        new Ask().request(),
                        new RecordingTarget("x", directory.resolve("not/there")),
                        new VirtualCallAudio(RATE),
                        captured -> {})
                    .toCompletableFuture()
                    .get())
        .cause()
        .isInstanceOfSatisfying(
            MediaException.class,
            e -> {
              assertThat(e.fault()).isEqualTo(MediaException.Fault.NO_RESOURCES);
              assertThat(e).hasMessageNotContaining(directory.toString());
            });
    assertThat(studio.recorders.counters().active()).isZero();
  }

  @Test
  void close_mediaThreadSilent_endsWithAnError() throws Exception {
    RecorderSettings quick =
        new RecorderSettings(
            9, 1, Duration.ofSeconds(2), Duration.ofHours(1), Duration.ofSeconds(1));
    Studio other = new Studio(directory, new Recorders(quick, new Unsynced()));
    Take stuck = other.start(new Ask().format(AudioFormat.MP3));
    stuck.call.millis(500);
    other.close();
    assertThat(stuck.ended().cause()).isEqualTo(Cause.ERROR);
    assertThat(stuck.ended().failure().orElseThrow()).contains("shut down");
    assertThat(stuck.ended().samples()).isEqualTo(4000);
    assertThatThrownBy(() -> other.start(new Ask())).hasMessageContaining("shutting down");
  }

  /** How much of the energy lies at one frequency, 0 to 1. */
  private static double goertzel(short[] samples, double frequencyHz) {
    double re = 0;
    double im = 0;
    double energy = 0;
    for (int i = 0; i < samples.length; i++) {
      double angle = 2 * Math.PI * frequencyHz * i / RATE;
      re += samples[i] * Math.cos(angle);
      im += samples[i] * Math.sin(angle);
      energy += (double) samples[i] * samples[i];
    }
    return 2 * (re * re + im * im) / samples.length / energy;
  }

  private static Path named(CapturedRecording captured, String extension) throws Exception {
    Path name = captured.file().resolveSibling(captured.file().getFileName() + extension);
    return Files.copy(captured.file(), name);
  }

  private static void assertTrue(CapturedRecording captured) throws Exception {
    assertThat(captured.sizeBytes()).isEqualTo(Files.size(captured.file()));
  }

  private static short[] counting(long from, int count) {
    short[] samples = new short[count];
    for (int i = 0; i < count; i++) {
      samples[i] = COUNTING.at(from + i);
    }
    return samples;
  }
}

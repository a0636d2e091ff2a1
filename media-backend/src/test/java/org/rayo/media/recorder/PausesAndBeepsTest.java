package org.rayo.media.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.CapturedRecording;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.audio.Tones;
import org.rayo.media.recorder.Studio.Ask;
import org.rayo.media.recorder.Studio.Take;
import org.rayo.media.recorder.VirtualCallAudio.Voice;

/** What pauses and the beeps in between leave in the file, to the sample. */
class PausesAndBeepsTest {

  private static final int RATE = Studio.RATE;
  private static final short[] BEEP = Tones.beep(RATE);

  /** Every sample of a call is another number, and none is silence. */
  private static final Voice COUNTING = sample -> (short) (sample % 30_011 + 1);

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

  @Test
  void silentPause_isInTheFileAsLongAsItWas() throws Exception {
    Take take = studio.start(new Ask().silentPauses());
    take.call.caller(COUNTING).millis(500);
    take.recording.pause();
    take.call.millis(3000);
    take.recording.resume();
    take.call.millis(500);
    CapturedRecording captured = take.stopped();

    short[] expected = counting(0, 32_000);
    Arrays.fill(expected, 4000, 28_000, (short) 0);
    assertThat(WavFile.read(captured.file()).samples()).isEqualTo(expected);
    assertThat(captured.duration()).hasMillis(4000);
  }

  @Test
  void silentPause_stereo_silencesBothSides() throws Exception {
    Take take = studio.start(new Ask().duplex(false).silentPauses());
    take.call.caller(COUNTING).farEnd(COUNTING).tick(1000);
    take.recording.pause();
    take.call.tick(1001);
    take.recording.resume();
    take.call.tick(7);
    WavFile wav = WavFile.read(take.stopped().file());
    short[] expected = counting(0, 2008);
    Arrays.fill(expected, 1000, 2001, (short) 0);
    assertThat(wav.channel(0)).isEqualTo(expected);
    assertThat(wav.channel(1)).isEqualTo(expected);
  }

  @Test
  void silentPause_startPaused_beginsWithSilence() throws Exception {
    Take take = studio.start(new Ask().startPaused().silentPauses().initial(500));
    take.call.caller(COUNTING).millis(1000);
    take.recording.resume();
    take.call.millis(100);
    short[] expected = counting(0, 8800);
    Arrays.fill(expected, 0, 8000, (short) 0);
    assertThat(WavFile.read(take.stopped().file()).samples()).isEqualTo(expected);
  }

  @Test
  void silentPause_afterTheStartBeep_doesNotHoldTheBeepsTime() throws Exception {
    Take take = studio.start(new Ask().startBeep().startPaused().silentPauses());
    take.call.caller(COUNTING).millis(260);
    take.call.millis(200);
    assertThat(take.stopped().samples()).isEqualTo(1600);
    assertThat(take.call.heard()).isEqualTo(BEEP);
  }

  @Test
  void silentPause_stoppedWhilePaused_holdsThePauseSoFar() throws Exception {
    Take take = studio.start(new Ask().silentPauses().stopBeep());
    take.call.caller(COUNTING).millis(100);
    take.recording.pause();
    take.call.millis(60);
    assertThat(take.stopped().samples()).isEqualTo(1280);
    assertThat(take.call.taps()).isZero();
  }

  @Test
  void silentPause_maxDuration_countsIt() throws Exception {
    Take take = studio.start(new Ask().silentPauses().max(1010));
    take.call.caller(COUNTING).millis(400);
    take.recording.pause();
    take.call.millis(1000);
    CapturedRecording captured = take.ended();
    assertThat(captured.cause()).isEqualTo(Cause.MAX_DURATION);
    short[] expected = Arrays.copyOf(counting(0, 3200), 8080);
    assertThat(WavFile.read(captured.file()).samples()).isEqualTo(expected);
    assertThat(take.call.taps()).isZero();
  }

  @Test
  void silentPause_countsForNoTimeout() throws Exception {
    Take take = studio.start(new Ask().silentPauses().initial(1000).last(1000));
    take.call.millis(500);
    take.recording.pause();
    take.call.caller(COUNTING).millis(5000);
    take.recording.resume();
    take.call.caller(Voice.SILENCE).millis(480);
    assertThat(take.endings).isEmpty();
    take.call.millis(40);
    assertThat(take.ended().cause()).isEqualTo(Cause.INITIAL_TIMEOUT);
    assertThat(take.ended().samples()).isBetween(48_000L - 160, 48_000L + 160);
  }

  @Test
  void silentPause_speechBeforeIt_staysHeard() throws Exception {
    Take take = studio.start(new Ask().silentPauses().initial(700).last(1000));
    take.call.caller(Voice.sine(300, 8000, RATE)).millis(500);
    take.call.caller(Voice.SILENCE).millis(400);
    take.recording.pause();
    take.call.millis(2000);
    take.recording.resume();
    take.call.millis(580);
    assertThat(take.endings).isEmpty();
    take.call.millis(40);
    assertThat(take.ended().cause()).isEqualTo(Cause.FINAL_TIMEOUT);
  }

  @Test
  void beepInterval_send_isHeardAndNotInTheFile() throws Exception {
    Take take = studio.start(new Ask().beepEvery(1000));
    take.call.caller(COUNTING).millis(3400);
    assertThat(take.call.heard()).isEqualTo(beeps(3));
    assertThat(WavFile.read(take.stopped().file()).samples()).isEqualTo(counting(0, 27_200));
  }

  @Test
  void beepInterval_recv_isInTheFileWhereItWasHeard() throws Exception {
    Take take = studio.start(new Ask().recv().beepEvery(1000));
    take.call.caller(COUNTING).millis(2400);
    short[] samples = WavFile.read(take.stopped().file()).samples();
    short[] expected = new short[19_200];
    System.arraycopy(BEEP, 0, expected, 8000, BEEP.length);
    System.arraycopy(BEEP, 0, expected, 16_000, BEEP.length);
    assertThat(samples).isEqualTo(expected);
  }

  @Test
  void beepInterval_recv_isNoSpeech() throws Exception {
    Take take = studio.start(new Ask().recv().beepEvery(500).initial(3000));
    take.call.millis(3500);
    assertThat(take.ended().cause()).isEqualTo(Cause.INITIAL_TIMEOUT);
    assertThat(take.ended().samples()).isEqualTo(24_000);
  }

  @Test
  void beepInterval_dueAsItEnds_isNotHeard() throws Exception {
    Take take = studio.start(new Ask().beepEvery(1000).max(2000));
    take.call.millis(3000);
    assertThat(take.ended().cause()).isEqualTo(Cause.MAX_DURATION);
    assertThat(take.call.heard()).isEqualTo(BEEP);
  }

  @Test
  void beepInterval_paused_countsOnlyWhatIsCaptured() throws Exception {
    for (Ask ask : new Ask[] {new Ask(), new Ask().silentPauses()}) {
      Take take = studio.start(ask.beepEvery(1000));
      take.call.millis(900);
      take.recording.pause();
      take.call.millis(5000);
      assertThat(take.call.heard()).isEmpty();
      take.recording.resume();
      take.call.millis(80);
      assertThat(take.call.heard()).isEmpty();
      take.call.millis(300);
      assertThat(take.call.heard()).isEqualTo(BEEP);
      take.stopped();
    }
  }

  @Test
  void beepInterval_playingIsSlow_noBeepsPileUp() throws Exception {
    Take take = studio.start(new Ask().beepEvery(300));
    take.call.play(new short[8 * 3000], () -> {});
    take.call.millis(2900);
    assertThat(take.stopped().cause()).isEqualTo(Cause.STOP);
    take.call.millis(5000);
    assertThat(take.call.heard()).hasSize(8 * 3000 + BEEP.length);
  }

  @Test
  void beepInterval_shorterThanTheBeep_neverPilesUp() throws Exception {
    Take take = studio.start(new Ask().beepEvery(10));
    take.call.millis(2000);
    take.stopped();
    take.call.millis(2000);
    assertThat(take.call.heard().length).isLessThanOrEqualTo(8 * 2000 + BEEP.length);
  }

  private static short[] beeps(int count) {
    short[] all = new short[count * BEEP.length];
    for (int i = 0; i < count; i++) {
      System.arraycopy(BEEP, 0, all, i * BEEP.length, BEEP.length);
    }
    return all;
  }

  private static short[] counting(long from, int count) {
    short[] samples = new short[count];
    for (int i = 0; i < count; i++) {
      samples[i] = COUNTING.at(from + i);
    }
    return samples;
  }
}

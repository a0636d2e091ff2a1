package org.rayo.media.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.AudioFormat;
import org.rayo.media.CapturedRecording;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.encode.Decoded;
import org.rayo.media.encode.OggOpusFile;
import org.rayo.media.recorder.Studio.Ask;
import org.rayo.media.recorder.Studio.Take;
import org.rayo.media.recorder.VirtualCallAudio.Voice;

/** Files that end before what was captured last: at a stop key, and where speech ended. */
class StopKeysAndTrimTest {

  private static final int RATE = Studio.RATE;

  /** Every sample of a call is another number, and none is silence. */
  private static final Voice COUNTING = sample -> (short) (sample % 30_011 + 1);

  private static final Voice TALK = Voice.sine(300, 8000, RATE);

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

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 80, 159})
  void toldKey_endsTheFileBeforeIt(int offset) throws Exception {
    Take take = studio.start(new Ask().stopKeys("#").stopBeep());
    take.call.caller(COUNTING).millis(500);
    take.call.key('1', 3);
    take.call.key('#', offset);
    take.call.millis(400);
    CapturedRecording captured = take.ended();
    assertThat(captured.cause()).isEqualTo(Cause.STOP_KEY);
    assertThat(captured.failure()).isEmpty();
    assertThat(WavFile.read(take.file).samples()).isEqualTo(counting(4000 + offset));
    assertThat(take.call.heard()).isNotEmpty();
    assertThat(take.call.taps()).isZero();
    assertThat(take.endings).hasSize(1);
  }

  @Test
  void toldKey_stopBeforeItsFrame_isAStop() throws Exception {
    Take take = studio.start(new Ask().stopKeys("#"));
    take.call.millis(100);
    take.call.key('#', 100);
    assertThat(take.stopped().cause()).isEqualTo(Cause.STOP);
    assertThat(take.ended().samples()).isEqualTo(800);
  }

  @Test
  void toldKey_whileBeeping_isNotYetListenedFor() throws Exception {
    Take take = studio.start(new Ask().startBeep().stopKeys("#"));
    take.call.millis(100);
    take.call.key('#', 0);
    take.call.millis(400);
    assertThat(take.endings).isEmpty();
    take.call.key('#', 0);
    assertThat(take.ended().cause()).isEqualTo(Cause.STOP_KEY);
  }

  @Test
  void toldKey_whilePaused_ends() throws Exception {
    for (boolean silent : new boolean[] {false, true}) {
      Ask ask = silent ? new Ask().silentPauses() : new Ask();
      Take take = studio.start(ask.stopKeys("#"));
      take.call.caller(COUNTING).millis(100);
      take.recording.pause();
      take.call.millis(100);
      take.call.key('#', 7);
      take.call.millis(20);
      assertThat(take.ended().cause()).isEqualTo(Cause.STOP_KEY);
      assertThat(take.ended().samples()).isEqualTo(silent ? 1607 : 800);
      take.call.settle();
      assertThat(take.call.taps()).isZero();
    }
  }

  @Test
  void toldKey_atTheMaximum_whicheverIsFirst() throws Exception {
    Take key = studio.start(new Ask().max(110).stopKeys("#"));
    key.call.millis(100);
    key.call.key('#', 79);
    key.call.millis(20);
    assertThat(key.ended().cause()).isEqualTo(Cause.STOP_KEY);
    assertThat(key.ended().samples()).isEqualTo(879);
    Take max = studio.start(new Ask().max(110).stopKeys("#"));
    max.call.millis(100);
    max.call.key('#', 81);
    max.call.millis(20);
    assertThat(max.ended().cause()).isEqualTo(Cause.MAX_DURATION);
    assertThat(max.ended().samples()).isEqualTo(880);
  }

  @Test
  void keys_thatDoNotStop_areRecorded() throws Exception {
    Take take = studio.start(new Ask().stopKeys("#"));
    take.call.caller(key(4000, 6, 1209, 697)).millis(800);
    take.call.key('1', 0);
    take.call.millis(200);
    assertThat(take.stopped().samples()).isEqualTo(8000);
    Take none = studio.start(new Ask());
    none.call.caller(key(4000, 6, 1477, 941)).millis(1000);
    none.call.key('#', 0);
    assertThat(none.stopped().samples()).isEqualTo(8000);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 37, 80, 123, 159})
  void heardKey_endsTheFileBeforeIt(int late) throws Exception {
    int onset = 4000 + late;
    Take take = studio.start(new Ask().stopKeys("#"));
    Voice tone = key(onset, 1, 1477, 941);
    take.call.caller(sample -> (short) (tone.at(sample) + (sample < onset ? 1 : 0)));
    take.call.millis(700);
    CapturedRecording captured = take.ended();
    assertThat(captured.cause()).isEqualTo(Cause.STOP_KEY);
    assertThat(captured.samples()).isBetween(onset - 80L, (long) onset);
    short[] ones = new short[(int) captured.samples()];
    Arrays.fill(ones, (short) 1);
    assertThat(WavFile.read(take.file).samples()).isEqualTo(ones);
    assertTrue(captured);
    assertThat(take.endings).hasSize(1);
  }

  @Test
  void heardAndTold_endOnce() throws Exception {
    Take take = studio.start(new Ask().stopKeys("#*"));
    take.call.caller(key(1600, 1, 1477, 941)).millis(220);
    take.call.key('#', 0);
    take.call.millis(300);
    take.call.key('#', 0);
    take.call.millis(300);
    assertThat(take.ended().cause()).isEqualTo(Cause.STOP_KEY);
    assertThat(take.ended().samples()).isBetween(1500L, 1760L);
    assertThat(take.endings).hasSize(1);
  }

  @Test
  void heardKey_ofTheFarEnd_doesNotStop() throws Exception {
    Take take = studio.start(new Ask().duplex(false).stopKeys("#"));
    take.call.farEnd(key(800, 1, 1477, 941)).millis(500);
    assertThat(take.stopped().cause()).isEqualTo(Cause.STOP);
  }

  /** The key begins while recorded, and is recognised while paused; and the other way round. */
  @Test
  void heardKey_aroundAPause_endsTheFileBeforeIt() throws Exception {
    Take begun = studio.start(new Ask().stopKeys("#"));
    begun.call.caller(key(1520, 1, 1477, 941)).millis(200);
    begun.recording.pause();
    begun.call.millis(200);
    assertThat(begun.ended().cause()).isEqualTo(Cause.STOP_KEY);
    assertThat(begun.ended().samples()).isBetween(1440L, 1520L);

    Take resumed = studio.start(new Ask().stopKeys("#"));
    resumed.call.caller(key(1520, 1, 1477, 941)).millis(100);
    resumed.recording.pause();
    resumed.call.millis(100);
    resumed.recording.resume();
    resumed.call.millis(200);
    assertThat(resumed.ended().cause()).isEqualTo(Cause.STOP_KEY);
    assertThat(resumed.ended().samples()).isBetween(760L, 800L);
  }

  @ParameterizedTest
  @EnumSource(AudioFormat.class)
  void finalTimeout_trimmed_endsWhereSpeechEnded(AudioFormat format) throws Exception {
    Take take = studio.start(new Ask().format(format).initial(1000).last(2000).trim());
    take.call.millis(500);
    take.call.caller(TALK).millis(1000);
    take.call.caller(Voice.SILENCE).millis(2500);
    CapturedRecording captured = take.ended();
    assertThat(captured.cause()).isEqualTo(Cause.FINAL_TIMEOUT);
    assertThat(captured.samples()).isBetween(12_000L, 12_160L);
    assertTrue(captured);
    assertThat(decoded(captured)).hasSize((int) captured.samples());
  }

  @ParameterizedTest
  @EnumSource(AudioFormat.class)
  void initialTimeout_trimmed_isEmpty(AudioFormat format) throws Exception {
    Take take = studio.start(new Ask().format(format).initial(3000).trim());
    take.call.millis(3500);
    CapturedRecording captured = take.ended();
    assertThat(captured.cause()).isEqualTo(Cause.INITIAL_TIMEOUT);
    assertThat(captured.samples()).isZero();
    assertThat(captured.duration()).isZero();
    assertTrue(captured);
    assertThat(decoded(captured)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void finalTimeout_trimmed_keepsWhatTheOtherSideSaid(boolean mix) throws Exception {
    Take take = studio.start(new Ask().duplex(mix).initial(1000).last(2000).trim());
    take.call.caller(TALK).millis(500);
    take.call.caller(Voice.SILENCE).farEnd(TALK).millis(900);
    take.call.farEnd(Voice.SILENCE).millis(1500);
    CapturedRecording captured = take.ended();
    assertThat(captured.cause()).isEqualTo(Cause.FINAL_TIMEOUT);
    assertThat(captured.duration().toMillis()).isBetween(1400L, 1420L);
  }

  @Test
  void initialTimeout_trimmed_keepsWhatTheOtherSideSaid() throws Exception {
    Take take = studio.start(new Ask().duplex(true).initial(2000).trim());
    take.call.farEnd(TALK).millis(600);
    take.call.farEnd(Voice.SILENCE).millis(2000);
    assertThat(take.ended().cause()).isEqualTo(Cause.INITIAL_TIMEOUT);
    assertThat(take.ended().duration().toMillis()).isBetween(600L, 620L);
  }

  @Test
  void trimmed_ourOwnBeepsAreNotKept() throws Exception {
    Take take = studio.start(new Ask().duplex(false).initial(3500).trim().beepEvery(1000));
    take.call.millis(4000);
    assertThat(take.ended().cause()).isEqualTo(Cause.INITIAL_TIMEOUT);
    assertThat(take.ended().samples()).isZero();
  }

  @Test
  void trim_pauseAfterSpeech_isCutTooAndOneBeforeIsNot() throws Exception {
    Take take = studio.start(new Ask().last(600).trim().silentPauses());
    take.call.caller(TALK).millis(400);
    take.recording.pause();
    take.call.millis(1000);
    take.recording.resume();
    take.call.millis(400);
    take.call.caller(Voice.SILENCE).millis(300);
    take.recording.pause();
    take.call.millis(1000);
    take.recording.resume();
    take.call.millis(400);
    assertThat(take.ended().cause()).isEqualTo(Cause.FINAL_TIMEOUT);
    assertThat(take.ended().samples()).isBetween(8L * 1800, 8L * 1820);
  }

  @Test
  void trim_otherEnds_cutNothing() throws Exception {
    Take max = studio.start(new Ask().max(1000).last(5000).trim());
    max.call.millis(1500);
    assertThat(max.ended().samples()).isEqualTo(8000);
    Take stopped = studio.start(new Ask().last(5000).trim());
    stopped.call.millis(700);
    assertThat(stopped.stopped().samples()).isEqualTo(5600);
    Take hungUp = studio.start(new Ask().initial(5000).trim());
    hungUp.call.millis(700);
    hungUp.recording.callEnded();
    hungUp.call.settle();
    assertThat(hungUp.ended().samples()).isEqualTo(5600);
    Take key = studio.start(new Ask().initial(5000).trim().stopKeys("1"));
    key.call.millis(700);
    key.call.key('1', 0);
    assertThat(key.ended().samples()).isEqualTo(5600);
  }

  private short[] decoded(CapturedRecording captured) throws Exception {
    return switch (captured.format()) {
      case WAV -> WavFile.read(captured.file()).samples();
      case OPUS -> OggOpusFile.read(Files.readAllBytes(captured.file())).samples();
      case MP3 -> {
        assumeTrue(Decoded.available());
        Path mp3 = Files.copy(captured.file(), directory.resolve("decoded.mp3"));
        yield Decoded.samples(mp3);
      }
    };
  }

  private static void assertTrue(CapturedRecording captured) throws Exception {
    assertThat(captured.sizeBytes()).isEqualTo(Files.size(captured.file()));
  }

  /** Silence, and from a sample on a key. */
  private static Voice key(long onset, int divisor, double columnHertz, double rowHertz) {
    Voice column = Voice.sine(columnHertz, 6000.0 / divisor, RATE);
    Voice row = Voice.sine(rowHertz, 6000.0 / divisor, RATE);
    return sample ->
        sample < onset ? 0 : (short) (column.at(sample - onset) + row.at(sample - onset));
  }

  private static short[] counting(int count) {
    short[] samples = new short[count];
    for (int i = 0; i < count; i++) {
      samples[i] = COUNTING.at(i);
    }
    return samples;
  }
}

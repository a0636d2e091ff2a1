package org.rayo.media.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.media.CapturedRecording;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.audio.G711;
import org.rayo.media.audio.Tones;
import org.rayo.media.recorder.Studio.Ask;
import org.rayo.media.recorder.Studio.Take;
import org.rayo.media.recorder.VirtualCallAudio.Voice;

/** Our own beep comes back from the caller. */
class OwnBeepTest {

  private static final int RATE = Studio.RATE;
  private static final short[] BEEP = Tones.beep(RATE);
  private static final Voice SPEECH = Voice.sine(300, 8000, RATE);

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
  @CsvSource({"1, 0", "1, 60", "2, 330", "8, 480", "40, 200"})
  void interval_echo_finalTimeoutFires(int quieter, int delayMillis) throws Exception {
    Take take = studio.start(new Ask().beepEvery(2000).last(5000));
    Voice echo = echo(2000, 2250, quieter, delayMillis);
    take.call.caller(add(SPEECH, echo)).millis(500);
    take.call.caller(echo).millis(20_000);
    CapturedRecording captured = take.ended();
    assertThat(captured.cause()).isEqualTo(Cause.FINAL_TIMEOUT);
    assertThat(captured.duration().toMillis()).isBetween(5480L, 5500L + 3 * 280);
  }

  @Test
  void interval_echo_initialTimeoutFires() throws Exception {
    Take take = studio.start(new Ask().duplex(false).beepEvery(1000).initial(3000));
    take.call.caller(echo(1000, 1250, 1, 100)).millis(8000);
    CapturedRecording captured = take.ended();
    assertThat(captured.cause()).isEqualTo(Cause.INITIAL_TIMEOUT);
    assertThat(captured.duration().toMillis()).isBetween(3400L, 4000L);
  }

  @Test
  void interval_echoAndNoiseOnTheLine_initialTimeoutFires() throws Exception {
    for (double level : new double[] {10, 60, 120}) {
      Voice noise =
          sample -> (short) ((Long.hashCode(sample * 0x9E3779B97F4A7C15L) >> 16) / 32768.0 * level);
      for (int quieter : new int[] {3, 10, 20, 40, 80}) {
        Take take = studio.start(new Ask().beepEvery(1000).initial(4000));
        take.call.caller(add(noise, echo(1000, 1250, quieter, 140))).millis(9000);
        assertThat(take.ended().cause())
            .as("noise %s, echo 1/%s", level, quieter)
            .isEqualTo(Cause.INITIAL_TIMEOUT);
      }
    }
  }

  @Test
  void interval_speechOverTheEcho_isHeardAllTheTime() throws Exception {
    Take take = studio.start(new Ask().beepEvery(1000).last(500));
    take.call.caller(add(SPEECH, echo(1000, 1250, 2, 100))).millis(8000);
    assertThat(take.endings).isEmpty();
    take.stopped();
  }

  @Test
  void interval_noEcho_timeoutsAreNotLater() throws Exception {
    Take take = studio.start(new Ask().beepEvery(1000).initial(4500));
    take.call.millis(6000);
    assertThat(take.ended().cause()).isEqualTo(Cause.INITIAL_TIMEOUT);
    assertThat(take.ended().samples()).isEqualTo(36_000);
  }

  @Test
  void interval_silenceWithinTheWindow_firesInTime() throws Exception {
    Take take = studio.start(new Ask().beepEvery(1000).last(700));
    take.call.caller(SPEECH).millis(1000);
    take.call.caller(Voice.SILENCE).millis(2000);
    assertThat(take.ended().cause()).isEqualTo(Cause.FINAL_TIMEOUT);
    assertThat(take.ended().duration().toMillis()).isBetween(1690L, 1730L);
  }

  @Test
  void startBeep_echo_isNoSpeech() throws Exception {
    Take take = studio.start(new Ask().startBeep().initial(2000).last(700));
    take.call.caller(echo(0, 1_000_000, 1, 240)).millis(5000);
    CapturedRecording captured = take.ended();
    assertThat(captured.cause()).isEqualTo(Cause.INITIAL_TIMEOUT);
    assertThat(captured.duration().toMillis()).isBetween(2200L, 2280L);
  }

  @Test
  void sameToneWithoutABeep_isSpeech() throws Exception {
    Take take = studio.start(new Ask().initial(2000));
    take.call.caller(Voice.sine(1000, 4000, RATE)).millis(3000);
    assertThat(take.endings).isEmpty();
    take.stopped();
  }

  /**
   * The beep, coded as telephones code it, again and again.
   *
   * @param firstMillis when it is played first
   * @param everyMillis from its beginning to the next one's, never less than it is long
   */
  private static Voice echo(int firstMillis, int everyMillis, int quieter, int delayMillis) {
    int every = everyMillis == firstMillis + 250 ? firstMillis * RATE / 1000 : Integer.MAX_VALUE;
    return sample -> {
      long since = sample - (long) (firstMillis + delayMillis) * RATE / 1000;
      int at = since < 0 ? BEEP.length : (int) (since % every);
      return at < BEEP.length ? coded(BEEP[at] / quieter) : 0;
    };
  }

  private static short coded(int sample) {
    return G711.MU_LAW.decode(G711.MU_LAW.encode((short) sample));
  }

  private static Voice add(Voice one, Voice other) {
    return sample -> (short) (one.at(sample) + other.at(sample));
  }
}

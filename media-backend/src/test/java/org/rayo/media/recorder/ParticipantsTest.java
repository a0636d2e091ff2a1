package org.rayo.media.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.CapturedRecording;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.ParticipantTimeline.Speech;
import org.rayo.media.ParticipantTimeline.Stay;
import org.rayo.media.RecordingRequest.Participants;
import org.rayo.media.audio.Mixing;
import org.rayo.media.audio.Tones;
import org.rayo.media.recorder.Studio.Ask;
import org.rayo.media.recorder.Studio.Take;
import org.rayo.media.recorder.VirtualCallAudio.Voice;

/** A mixer's recordings in which its participants are told apart: who is where, to the sample. */
class ParticipantsTest {

  private static final int RATE = Studio.RATE;
  private static final List<String> NAMES = List.of("ann", "bob", "cat", "dan", "eve", "fay");

  @TempDir Path directory;
  private Studio studio;
  private final VirtualMixerAudio mixer = new VirtualMixerAudio(RATE);

  @BeforeEach
  void open() {
    studio = new Studio(directory);
  }

  @AfterEach
  void close() {
    studio.close();
  }

  /** Everybody has a tone of its own, and is never silent for long. */
  private static Voice tone(int who) {
    return Voice.sine(301 + 97 * who, 5000 + 100 * who, RATE);
  }

  private void enter(int... who) {
    for (int one : who) {
      mixer.enter(NAMES.get(one), tone(one));
    }
  }

  private void leave(int who) {
    mixer.leave(NAMES.get(who));
  }

  private Take start(int channels) throws Exception {
    return studio.startOn(mixer, ask(channels));
  }

  private static Ask ask(int channels) {
    return new Ask().participants(Participants.inChannels(channels));
  }

  /** Silence, with one voice from the one sample to the other. */
  private static short[] only(Voice voice, int from, int to, int length) {
    return add(new short[length], voice, from, to);
  }

  private static short[] add(short[] to, Voice voice, int from, int end) {
    for (int i = from; i < end; i++) {
      to[i] = voice.at(i);
    }
    return to;
  }

  @ParameterizedTest
  @ValueSource(ints = {160, 480, 77, 2000})
  void threeThenFive_eachChannelHasItsVoiceAndNoOther(int frame) throws Exception {
    enter(0, 1, 2);
    Take take = start(8);
    for (int i = 0; i < 20; i++) {
      mixer.tick(frame);
    }
    enter(3, 4);
    for (int i = 0; i < 30; i++) {
      mixer.tick(frame);
    }
    CapturedRecording captured = take.stopped();
    WavFile wav = WavFile.read(captured.file());
    int length = 50 * frame;
    assertThat(captured.channels()).isEqualTo(8);
    assertThat(captured.samples()).isEqualTo(length);
    assertThat(wav.channels()).isEqualTo(8);
    assertThat(wav.sampleRateHz()).isEqualTo(RATE);
    for (int channel = 0; channel < 8; channel++) {
      int from = channel < 3 ? 0 : channel < 5 ? 20 * frame : length;
      assertThat(wav.channel(channel))
          .as("channel %d", channel)
          .isEqualTo(only(tone(channel), from, length, length));
    }
    assertThat(take.call.taps()).isZero();
  }

  @Test
  void channel_neverUsed_comesBeforeOneThatIsFree() throws Exception {
    enter(0, 1);
    Take take = start(4);
    mixer.tick(800);
    leave(0);
    mixer.tick(800);
    enter(2, 3);
    mixer.tick(800);
    enter(4);
    mixer.tick(800);
    CapturedRecording captured = take.stopped();
    WavFile wav = WavFile.read(captured.file());
    assertThat(wav.channel(0)).isEqualTo(add(only(tone(0), 0, 800, 3200), tone(4), 2400, 3200));
    assertThat(wav.channel(1)).isEqualTo(only(tone(1), 0, 3200, 3200));
    assertThat(wav.channel(2)).isEqualTo(only(tone(2), 1600, 3200, 3200));
    assertThat(wav.channel(3)).isEqualTo(only(tone(3), 1600, 3200, 3200));
    assertThat(stays(captured))
        .containsExactly(
            stay("ann", 1, 0, 100),
            stay("bob", 2, 0, 400),
            stay("cat", 3, 200, 400),
            stay("dan", 4, 200, 400),
            stay("eve", 1, 300, 400));
  }

  @Test
  void more_thanChannels_shareTheLastOne_summedAndClippedOnce() throws Exception {
    Voice loud = sample -> (short) (sample % 7 == 0 ? -30_000 : 30_000);
    Voice opposite = sample -> (short) -loud.at(sample);
    enter(0);
    Take take = start(2);
    mixer.enter("b", loud).enter("c", loud).enter("d", opposite).tick(400);
    mixer.leave("d");
    mixer.tick(400);
    mixer.leave("c");
    mixer.leave("b");
    mixer.enter("e", tone(5)).tick(400);
    CapturedRecording captured = take.stopped();
    WavFile wav = WavFile.read(captured.file());
    short[] last = only(loud, 0, 400, 1200);
    for (int i = 400; i < 800; i++) {
      last[i] = Mixing.add(loud.at(i), loud.at(i));
    }
    assertThat(wav.channel(0)).isEqualTo(only(tone(0), 0, 1200, 1200));
    assertThat(wav.channel(1)).isEqualTo(add(last, tone(5), 800, 1200));
    assertThat(stays(captured))
        .containsExactly(
            stay("ann", 1, 0, 150),
            shared("b", 2, 0, 100),
            shared("c", 2, 0, 100),
            shared("d", 2, 0, 50),
            stay("e", 2, 100, 150));
  }

  @Test
  void skippedPause_isNeitherInAnyChannelNorInTheTimeline() throws Exception {
    enter(0);
    Take take = start(2);
    mixer.speaking("ann", true);
    mixer.tick(800);
    take.recording.pause();
    enter(1);
    mixer.speaking("bob", true);
    mixer.tick(800);
    take.recording.resume();
    mixer.tick(800);
    mixer.speaking("bob", false);
    mixer.tick(800);
    CapturedRecording captured = take.stopped();
    WavFile wav = WavFile.read(captured.file());
    Voice ann = sample -> tone(0).at(sample < 800 ? sample : sample + 800);
    Voice bob = sample -> tone(1).at(sample + 800);
    assertThat(wav.channel(0)).isEqualTo(only(ann, 0, 2400, 2400));
    assertThat(wav.channel(1)).isEqualTo(only(bob, 800, 2400, 2400));
    assertThat(stays(captured))
        .containsExactly(
            stay("ann", 1, 0, 300, new Speech(0, 300)),
            stay("bob", 2, 100, 300, new Speech(100, 200)));
  }

  @Test
  void silentPause_hasNoSpeechInIt_butWhoWasThere() throws Exception {
    enter(0);
    Take take = studio.startOn(mixer, ask(2).silentPauses());
    mixer.speaking("ann", true);
    mixer.tick(800);
    take.recording.pause();
    enter(1);
    mixer.tick(800);
    leave(1);
    mixer.tick(800);
    take.recording.resume();
    mixer.tick(800);
    CapturedRecording captured = take.stopped();
    WavFile wav = WavFile.read(captured.file());
    assertThat(wav.channel(0)).isEqualTo(add(only(tone(0), 0, 800, 3200), tone(0), 2400, 3200));
    assertThat(wav.channel(1)).isEqualTo(new short[3200]);
    assertThat(stays(captured))
        .containsExactly(
            stay("ann", 1, 0, 400, new Speech(0, 100), new Speech(300, 400)),
            stay("bob", 2, 100, 200));
  }

  @Test
  void startedPaused_whoLeavesBeforeItResumes_isNotInIt() throws Exception {
    enter(0, 1);
    Take take = studio.startOn(mixer, ask(2).startPaused());
    mixer.tick(800);
    leave(0);
    take.recording.resume();
    mixer.tick(800);
    assertThat(stays(take.stopped())).containsExactly(stay("bob", 2, 0, 100));
  }

  /**
   * What is played to all is nobody's voice; the start beep is over before anything is captured.
   */
  @Test
  void announcementsAndBeeps_areInNoChannel() throws Exception {
    enter(0);
    Take take = studio.startOn(mixer, ask(2).startBeep().stopBeep().beepEvery(1000));
    int beep = Tones.beep(RATE).length;
    mixer.tick(beep);
    mixer.farEnd(sample -> (short) 99);
    mixer.millis(1500);
    CapturedRecording captured = take.stopped();
    WavFile wav = WavFile.read(captured.file());
    assertThat(wav.channel(0)).isEqualTo(only(s -> tone(0).at(s + beep), 0, 12_000, 12_000));
    assertThat(wav.channel(1)).isEqualTo(new short[12_000]);
    assertThat(mixer.heard()).hasSize(2 * beep);
  }

  @Test
  void maxDuration_inTheMiddleOfAFrame_endsEveryChannelThere() throws Exception {
    enter(0, 1);
    Take take = studio.startOn(mixer, ask(3).max(1010));
    mixer.speaking("bob", true);
    mixer.millis(2000);
    CapturedRecording captured = take.ended();
    assertThat(captured.cause()).isEqualTo(Cause.MAX_DURATION);
    WavFile wav = WavFile.read(captured.file());
    assertThat(wav.channel(1)).isEqualTo(only(tone(1), 0, 8080, 8080));
    assertThat(stays(captured))
        .containsExactly(stay("ann", 1, 0, 1010), stay("bob", 2, 0, 1010, new Speech(0, 1010)));
  }

  @Test
  void finalTimeout_isJudgedBySilenceOfAll_andTrimEndsTheTimelineToo() throws Exception {
    mixer.enter("ann", sample -> sample < 4000 ? tone(0).at(sample) : 0);
    mixer.enter("bob", sample -> sample < 12_000 ? tone(1).at(sample) : 0);
    Take take = studio.startOn(mixer, ask(2).last(1000).trim());
    mixer.millis(2000);
    enter(2);
    leave(2);
    assertThat(take.endings).isEmpty();
    mixer.millis(1000);
    CapturedRecording captured = take.ended();
    assertThat(captured.cause()).isEqualTo(Cause.FINAL_TIMEOUT);
    assertThat(captured.samples()).isBetween(11_840L, 12_160L);
    long end = captured.duration().toMillis();
    assertThat(stays(captured)).containsExactly(stay("ann", 1, 0, end), stay("bob", 2, 0, end));
  }

  @Test
  void stopKey_endsItWhereTheKeyBegan() throws Exception {
    enter(0);
    Take take = studio.startOn(mixer, ask(2).stopKeys("#"));
    mixer.tick(800);
    mixer.key('#', 100);
    mixer.tick(160);
    CapturedRecording captured = take.ended();
    assertThat(captured.cause()).isEqualTo(Cause.STOP_KEY);
    assertThat(WavFile.read(captured.file()).channel(0)).isEqualTo(only(tone(0), 0, 900, 900));
  }

  @Test
  void timelineAlone_hasTheSumInOneChannel() throws Exception {
    enter(0, 1);
    Take take = studio.startOn(mixer, new Ask().participants(Participants.TIMELINE));
    mixer.tick(800);
    mixer.speaking("bob", true);
    mixer.tick(404);
    CapturedRecording captured = take.stopped();
    WavFile wav = WavFile.read(captured.file());
    Voice sum = sample -> Mixing.add(tone(0).at(sample), tone(1).at(sample));
    assertThat(wav.channels()).isEqualTo(1);
    assertThat(wav.samples()).isEqualTo(only(sum, 0, 1204, 1204));
    assertThat(stays(captured))
        .containsExactly(
            new Stay("ann", OptionalInt.empty(), false, 0, 151, List.of()),
            new Stay("bob", OptionalInt.empty(), false, 0, 151, List.of(new Speech(100, 151))));
  }

  @Test
  void participants_notAskedFor_areNotTold() throws Exception {
    enter(0, 1);
    Take take = studio.startOn(mixer, new Ask().recv());
    mixer.tick(800);
    assertThat(take.stopped().participants()).isEmpty();
  }

  @Test
  void onACall_nobodyIsAParticipant() throws Exception {
    Take take = studio.start(ask(2));
    take.call.caller(tone(0)).farEnd(tone(1)).tick(800);
    CapturedRecording captured = take.stopped();
    assertThat(WavFile.read(captured.file()).samples()).isEqualTo(new short[1600]);
    assertThat(stays(captured)).isEmpty();
  }

  /** The file has another rate than the mixer: the channels stay apart, and the times true. */
  @Test
  void sampleRate_ofTheFile_changesNoTime() throws Exception {
    enter(0, 1);
    Take take = studio.startOn(mixer, ask(3).rate(16_000));
    mixer.tick(800);
    leave(1);
    mixer.tick(801);
    CapturedRecording captured = take.stopped();
    WavFile wav = WavFile.read(captured.file());
    assertThat(wav.sampleRateHz()).isEqualTo(16_000);
    assertThat(captured.samples()).isEqualTo(3202);
    assertThat(wav.channel(0)).isNotEqualTo(new short[3202]);
    assertThat(Arrays.copyOfRange(wav.channel(1), 1700, 3202)).isEqualTo(new short[1502]);
    assertThat(wav.channel(2)).isEqualTo(new short[3202]);
    assertThat(stays(captured)).containsExactly(stay("ann", 1, 0, 200), stay("bob", 2, 0, 100));
  }

  @Test
  void thirtyTwoChannels_forTenSeconds_loseNothing() throws Exception {
    for (int i = 0; i < 40; i++) {
      mixer.enter("p" + i, constant(i + 1));
    }
    Take take = start(32);
    mixer.millis(10_000);
    CapturedRecording captured = take.stopped();
    WavFile wav = WavFile.read(captured.file());
    assertThat(studio.recorders.counters().framesDropped()).isZero();
    assertThat(Files.size(captured.file())).isEqualTo(104 + 80_000 * 64);
    for (int i = 0; i < 31; i++) {
      assertThat(wav.channel(i)).isEqualTo(only(constant(i + 1), 0, 80_000, 80_000));
    }
    Voice others = constant(32 + 33 + 34 + 35 + 36 + 37 + 38 + 39 + 40);
    assertThat(wav.channel(31)).isEqualTo(only(others, 0, 80_000, 80_000));
    assertThat(stays(captured).stream().filter(Stay::shared)).hasSize(9);
  }

  private static Voice constant(int value) {
    return sample -> (short) value;
  }

  private static List<Stay> stays(CapturedRecording captured) {
    assertThat(captured.participants().orElseThrow().truncated()).isFalse();
    return captured.participants().orElseThrow().stays();
  }

  private static Stay stay(String who, int channel, long from, long to, Speech... speeches) {
    return new Stay(who, OptionalInt.of(channel), false, from, to, List.of(speeches));
  }

  private static Stay shared(String who, int channel, long from, long to) {
    return new Stay(who, OptionalInt.of(channel), true, from, to, List.of());
  }
}

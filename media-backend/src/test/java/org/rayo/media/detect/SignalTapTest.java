package org.rayo.media.detect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.Signal;
import org.rayo.media.Signal.Kind;
import org.rayo.media.audio.G711;

/** Which sounds are signals: tones in noise 20 dB below them, companded, and real speech. */
class SignalTapTest {
  private static final int RATE = 8000;
  private static final int FRAME = 160;
  private static final Set<Kind> ALL = EnumSet.allOf(Kind.class);
  private static final Set<Kind> TONES = EnumSet.of(Kind.BEEP, Kind.RING, Kind.BUSY);
  private static final Path SENTENCE =
      Path.of("../testkit/src/main/resources/org/rayo/testkit/audio/five-seconds.wav");

  private final Random random = new Random(5);

  /** Sound that is put together, one piece after the other. */
  private final class Sound {
    private final List<double[]> pieces = new ArrayList<>();

    Sound quiet(int millis) {
      pieces.add(new double[millis * RATE / 1000]);
      return this;
    }

    /** Sines of the same strength, together as loud as one sine of this amplitude. */
    Sound tone(int millis, double amplitude, double... hertz) {
      double[] piece = new double[millis * RATE / 1000];
      for (double frequency : hertz) {
        double phase = random.nextDouble() * 2 * Math.PI;
        for (int i = 0; i < piece.length; i++) {
          piece[i] +=
              32767
                  * amplitude
                  / Math.sqrt(hertz.length)
                  * Math.sin(phase + 2 * Math.PI * frequency * i / RATE);
        }
      }
      pieces.add(piece);
      return this;
    }

    Sound speech(short[] samples) {
      double[] piece = new double[samples.length];
      for (int i = 0; i < piece.length; i++) {
        piece[i] = samples[i];
      }
      pieces.add(piece);
      return this;
    }

    /** With white noise of this amplitude (RMS), through G.711. */
    short[] heard(double noise) {
      G711 law = random.nextBoolean() ? G711.MU_LAW : G711.A_LAW;
      short[] all = new short[pieces.stream().mapToInt(p -> p.length).sum()];
      int at = 0;
      for (double[] piece : pieces) {
        for (double sample : piece) {
          double noisy = sample + 32767 * noise * random.nextGaussian();
          double clipped = Math.max(-32768, Math.min(32767, noisy));
          all[at++] = law.decode(law.encode((short) Math.round(clipped)));
        }
      }
      return all;
    }
  }

  private static List<Signal> listen(Set<Kind> kinds, short[] send) {
    return listen(kinds, send, new short[send.length]);
  }

  private static List<Signal> listen(Set<Kind> kinds, short[] send, short[] recv) {
    List<Signal> found = new ArrayList<>();
    SignalTap tap = new SignalTap(kinds, RATE, found::add);
    feed(tap, send, recv);
    return found;
  }

  private static void feed(SignalTap tap, short[] send, short[] recv) {
    short[] sendFrame = new short[FRAME];
    short[] recvFrame = new short[FRAME];
    for (int at = 0; at + FRAME <= send.length; at += FRAME) {
      System.arraycopy(send, at, sendFrame, 0, FRAME);
      System.arraycopy(recv, at, recvFrame, 0, FRAME);
      tap.frame(sendFrame, recvFrame, FRAME);
    }
  }

  private static List<Kind> kinds(List<Signal> signals) {
    return signals.stream().map(Signal::kind).toList();
  }

  private static short[] sentence() throws IOException {
    ByteBuffer wav = ByteBuffer.wrap(Files.readAllBytes(SENTENCE)).order(ByteOrder.LITTLE_ENDIAN);
    short[] samples = new short[(wav.remaining() - 44) / 2];
    wav.position(44);
    wav.asShortBuffer().get(samples);
    return samples;
  }

  /** The same, faster and higher or slower and lower. */
  private static short[] spoken(short[] sentence, double speed) {
    short[] spoken = new short[(int) ((sentence.length - 2) / speed)];
    for (int i = 0; i < spoken.length; i++) {
      double at = i * speed;
      int whole = (int) at;
      spoken[i] =
          (short) (sentence[whole] + (sentence[whole + 1] - sentence[whole]) * (at - whole));
    }
    return spoken;
  }

  /** 20 dB below a sine of this amplitude. */
  private static double noiseFor(double amplitude) {
    return amplitude / Math.sqrt(2) / 10;
  }

  @ParameterizedTest
  @CsvSource({
    "480, 200",
    "600, 500",
    "850, 130",
    "1000, 120",
    "1000, 1000",
    "1100, 500",
    "1400, 250",
    "1750, 400",
    "2000, 150",
    "2090, 800"
  })
  void frame_beepThenSilence_isToldOnceWithItsLength(double hertz, int millis) {
    for (double amplitude : new double[] {0.03, 0.2, 0.9}) {
      for (int shift = 0; shift < 20; shift += 3) {
        short[] sound =
            new Sound()
                .quiet(500 + shift)
                .tone(millis, amplitude, hertz)
                .quiet(1000)
                .heard(noiseFor(amplitude));
        List<Signal> found = listen(TONES, sound);
        assertThat(kinds(found)).as("%s, %s", amplitude, shift).containsExactly(Kind.BEEP);
        assertThat(found.get(0).duration().toMillis()).isCloseTo(millis, within(12L));
      }
    }
  }

  @Test
  void frame_beepAfterAGreeting_isTheOnlySignalOfThese() throws IOException {
    short[] sound =
        new Sound().speech(sentence()).quiet(400).tone(300, 0.3, 1000).quiet(2000).heard(0.001);
    assertThat(kinds(listen(TONES, sound))).containsExactly(Kind.BEEP);
  }

  @Test
  void frame_tonesThatAreNoBeeps_areNotTold() {
    Sound sound = new Sound().quiet(500);
    sound.tone(60, 0.3, 1000).quiet(800); // too short
    sound.tone(4000, 0.3, 2100).quiet(800); // a fax machine's answer
    sound.tone(330, 0.3, 950).tone(330, 0.3, 1400).tone(330, 0.3, 1800).quiet(800); // SIT
    sound.tone(300, 0.3, 770, 1336).quiet(800); // a key
    assertThat(listen(TONES, sound.heard(0.002))).isEmpty();
  }

  @Test
  void frame_echoOfOurOwnBeep_isNotTold() {
    short[] ours = new Sound().quiet(500).tone(250, 0.3, 1000).quiet(1000).heard(0);
    short[] echo = new Sound().quiet(620).tone(250, 0.03, 1000).quiet(880).heard(0.0005);
    assertThat(listen(TONES, echo, ours)).isEmpty();
    assertThat(kinds(listen(TONES, echo))).containsExactly(Kind.BEEP);
  }

  @ParameterizedTest
  @CsvSource({
    "2000, 4000, 440, 480, 2000",
    "1000, 4000, 425, 425, 1000",
    "1500, 3500, 425, 425, 1500",
    "1000, 3000, 429, 429, 1000"
  })
  void frame_ringBack_isToldAfterTheFirstBurst(
      int on, int off, double low, double high, long expected) {
    for (double amplitude : new double[] {0.03, 0.3}) {
      for (int shift = 0; shift < 20; shift += 3) {
        short[] once = ring(amplitude, shift, on, 600, low, high);
        List<Signal> found = listen(TONES, once);
        assertThat(kinds(found)).containsExactly(Kind.RING);
        assertThat(found.get(0).duration().toMillis()).isCloseTo(expected, within(50L));
      }
      short[] more =
          new Sound()
              .quiet(500)
              .tone(on, amplitude, frequencies(low, high))
              .quiet(off)
              .tone(on, amplitude, frequencies(low, high))
              .quiet(off)
              .heard(noiseFor(amplitude));
      assertThat(kinds(listen(TONES, more))).containsExactly(Kind.RING);
    }
  }

  private short[] ring(double amplitude, int shift, int on, int off, double low, double high) {
    return new Sound()
        .quiet(500 + shift)
        .tone(on, amplitude, frequencies(low, high))
        .quiet(off)
        .heard(noiseFor(amplitude));
  }

  private static double[] frequencies(double low, double high) {
    return low == high ? new double[] {low} : new double[] {low, high};
  }

  @Test
  void frame_ringBackOfTheUnitedKingdom_isToldAfterTheFirstPair() {
    for (int shift = 0; shift < 20; shift += 3) {
      short[] sound =
          new Sound()
              .quiet(300 + shift)
              .tone(400, 0.2, 400, 450)
              .quiet(200)
              .tone(400, 0.2, 400, 450)
              .quiet(2000)
              .tone(400, 0.2, 400, 450)
              .quiet(200)
              .tone(400, 0.2, 400, 450)
              .quiet(2000)
              .heard(noiseFor(0.2));
      List<Signal> found = listen(TONES, sound);
      assertThat(kinds(found)).containsExactly(Kind.RING);
      assertThat(found.get(0).duration().toMillis()).isCloseTo(1000, within(60L));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "500, 500, 480, 620",
    "250, 250, 480, 620",
    "500, 500, 425, 425",
    "480, 480, 425, 425",
    "250, 250, 425, 425",
    "375, 375, 400, 400",
    "750, 750, 425, 425"
  })
  void frame_busyTone_isToldOnceAfterThreeBursts(int on, int off, double low, double high) {
    for (double amplitude : new double[] {0.03, 0.3}) {
      for (int shift = 0; shift < 20; shift += 3) {
        Sound sound = new Sound().quiet(400 + shift);
        for (int n = 0; n < 2; n++) {
          sound.tone(on, amplitude, frequencies(low, high)).quiet(off);
        }
        assertThat(listen(TONES, sound.heard(noiseFor(amplitude)))).isEmpty();
        for (int n = 0; n < 5; n++) {
          sound.tone(on, amplitude, frequencies(low, high)).quiet(off);
        }
        List<Signal> found = listen(TONES, sound.heard(noiseFor(amplitude)));
        assertThat(kinds(found)).as("%s %s", amplitude, shift).containsExactly(Kind.BUSY);
        assertThat(found.get(0).duration().toMillis()).isCloseTo(3 * on + 2 * off, within(80L));
      }
    }
  }

  @Test
  void frame_dialToneOrOneShortBurst_isNotTold() {
    short[] sound =
        new Sound()
            .quiet(500)
            .tone(8000, 0.2, 425)
            .quiet(1000)
            .tone(300, 0.2, 425)
            .quiet(3000)
            .tone(5000, 0.2, 350, 440)
            .quiet(1000)
            .heard(0.002);
    assertThat(listen(TONES, sound)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(doubles = {0, 0.0005, 0.003})
  void frame_speech_isNoneOfTheTonesAndNoKey(double noise) throws IOException {
    Sound sound = new Sound();
    for (double speed = 0.6; speed < 1.8; speed += 0.05) {
      sound.speech(spoken(sentence(), speed)).quiet(300);
    }
    List<Signal> found =
        listen(EnumSet.of(Kind.BEEP, Kind.RING, Kind.BUSY, Kind.KEY), sound.heard(noise));
    assertThat(found).isEmpty();
  }

  @Test
  void frame_sentenceBetweenPauses_isOneTurnOfSpeech() throws IOException {
    short[] sound = new Sound().quiet(1000).speech(sentence()).quiet(2000).heard(0.001);
    List<Signal> found = listen(EnumSet.of(Kind.SPEECH, Kind.SPEECH_END), sound);
    assertThat(kinds(found)).startsWith(Kind.SPEECH).endsWith(Kind.SPEECH_END);
    for (int i = 0; i < found.size(); i++) {
      assertThat(found.get(i).kind()).isEqualTo(i % 2 == 0 ? Kind.SPEECH : Kind.SPEECH_END);
    }
    assertThat(kinds(listen(EnumSet.of(Kind.SPEECH), sound))).containsOnly(Kind.SPEECH);
  }

  @Test
  void frame_keysAndTones_areNoSpeech() {
    Sound sound = new Sound().quiet(500);
    sound.tone(600, 0.2, 770, 1336).quiet(700).tone(100, 0.2, 697, 1209).quiet(700);
    sound.tone(2000, 0.2, 440, 480).quiet(1000).tone(500, 0.2, 480, 620).quiet(1000);
    sound.tone(300, 0.2, 1000).quiet(1000);
    assertThat(listen(EnumSet.of(Kind.SPEECH, Kind.SPEECH_END), sound.heard(0.001))).isEmpty();
  }

  @Test
  void frame_speechOfTheOtherSideOnly_isNoSpeech() throws IOException {
    short[] other = sentence();
    assertThat(listen(ALL, new short[other.length], other)).isEmpty();
  }

  @Test
  void key_toldAndHeard_isToldOnceForEachPress() {
    short[] sound =
        new Sound()
            .quiet(200)
            .tone(80, 0.2, 770, 1336)
            .quiet(80)
            .tone(80, 0.2, 770, 1336)
            .quiet(400)
            .tone(80, 0.2, 697, 1209)
            .quiet(500)
            .heard(0.001);
    List<Signal> found = new ArrayList<>();
    SignalTap tap = new SignalTap(EnumSet.of(Kind.KEY), RATE, found::add);
    short[] frame = new short[FRAME];
    for (int at = 0; at + FRAME <= sound.length; at += FRAME) {
      // Both presses of the 5 are told late, the 1 only heard.
      if (at == 1920 || at == 3200) {
        tap.key('5', 0);
      }
      System.arraycopy(sound, at, frame, 0, FRAME);
      tap.frame(frame, frame, FRAME);
    }
    assertThat(found)
        .extracting(signal -> signal.value().orElseThrow())
        .containsExactly('5', '5', '1');
    assertThat(kinds(found)).containsOnly(Kind.KEY);
  }

  @Test
  void key_toldOnly_isTold() {
    List<Signal> found = new ArrayList<>();
    SignalTap tap = new SignalTap(EnumSet.of(Kind.KEY), RATE, found::add);
    tap.key('#', 40);
    feed(tap, new short[8000], new short[8000]);
    tap.key('#', 0);
    assertThat(found).hasSize(2);
  }

  @Test
  void frame_framesOfOddLengths_findTheSame() {
    short[] sound = new Sound().quiet(300).tone(300, 0.2, 1000).quiet(700).heard(0.001);
    List<Signal> found = new ArrayList<>();
    SignalTap tap = new SignalTap(TONES, RATE, found::add);
    short[] frame = new short[700];
    for (int at = 0; at < sound.length; ) {
      int part = Math.min(1 + random.nextInt(700), sound.length - at);
      System.arraycopy(sound, at, frame, 0, part);
      tap.frame(frame, new short[700], part);
      at += part;
    }
    assertThat(found).isEqualTo(listen(TONES, sound));
    assertThat(kinds(found)).containsExactly(Kind.BEEP);
  }

  @Test
  void frame_nothingToTell_allocatesNothing() throws IOException {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    short[] sound = new Sound().speech(sentence()).quiet(300).heard(0.001);
    SignalTap tap = new SignalTap(TONES, RATE, signal -> {});
    short[] recv = new short[FRAME];
    short[] frame = new short[FRAME];
    long allocated = 0;
    for (int round = 0; round < 40; round++) {
      long before = threads.getCurrentThreadAllocatedBytes();
      for (int at = 0; at + FRAME <= sound.length; at += FRAME) {
        System.arraycopy(sound, at, frame, 0, FRAME);
        tap.frame(frame, recv, FRAME);
      }
      allocated = threads.getCurrentThreadAllocatedBytes() - before;
    }
    assertThat(allocated).isLessThan(sound.length / FRAME);
  }
}

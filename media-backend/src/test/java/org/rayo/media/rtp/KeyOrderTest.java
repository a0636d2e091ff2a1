package org.rayo.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keys told beside the audio (RFC 4733) take their place in it. */
class KeyOrderTest {
  private static final long SECOND = Simulation.SECOND;
  private static final long MILLI = 1_000_000;

  /** Where the sender's first sample was given. */
  private long first = -1;

  private Simulation simulation(Simulation.Network path) {
    return new Simulation(5, 0, path);
  }

  private void run(Simulation simulation, long until) {
    simulation.run(
        until,
        (due, samples, length) -> {
          for (int i = 0; i < length && first < 0; i++) {
            if (samples[i] != 0) {
              first = simulation.delivered - length + i;
            }
          }
        });
  }

  private static void speak(Simulation simulation, long from, long until) {
    for (long at = from; at < until; at += 160) {
      simulation.speak(at, 160);
    }
  }

  private static List<Character> digits(Simulation simulation) {
    return simulation.told.stream().map(Simulation.Told::digit).toList();
  }

  @Test
  void key_inTheMidstOfSpeech_isToldAtItsSample() {
    Simulation simulation = simulation(random -> 10 * MILLI);
    speak(simulation, 0, 8000);
    simulation.press('7', 8040, 800);
    speak(simulation, 9000, 12_000);
    run(simulation, 3 * SECOND);
    assertThat(simulation.told)
        .singleElement()
        .satisfies(
            told -> {
              assertThat(told.digit()).isEqualTo('7');
              assertThat(told.at()).isEqualTo(first + 8040);
            });
    assertThat(simulation.keys).hasToString("7100 ");
  }

  @Test
  void key_firstPacketsLost_isStillToldAtItsSample() {
    int[] sent = {0};
    // 50 packets of speech, then two of the key are lost.
    Simulation simulation =
        simulation(random -> ++sent[0] == 51 || sent[0] == 52 ? -1 : 10 * MILLI);
    speak(simulation, 0, 8000);
    simulation.press('#', 8000, 1600);
    speak(simulation, 9600, 12_000);
    run(simulation, 3 * SECOND);
    assertThat(simulation.told)
        .singleElement()
        .satisfies(told -> assertThat(told.at()).isEqualTo(first + 8000));
  }

  @Test
  void key_onlyItsLastPacketComes_isToldWithTheNextFrame() {
    int[] sent = {0};
    Simulation simulation = simulation(random -> ++sent[0] > 50 && sent[0] < 68 ? -1 : 10 * MILLI);
    speak(simulation, 0, 8000);
    simulation.press('D', 8000, 2560);
    speak(simulation, 10_560, 12_000);
    run(simulation, 3 * SECOND);
    assertThat(simulation.told)
        .singleElement()
        .satisfies(
            told -> {
              assertThat(told.at()).isGreaterThan(first + 8000).isEqualTo(told.frame());
              // Sent 360 ms after its beginning, which was to be played after about 100 ms.
              assertThat(told.at()).isCloseTo(first + 8000 + 18 * 160 - 640, within(320L));
            });
    assertThat(simulation.keys).hasToString("D320 ");
  }

  @Test
  void keys_oneAfterTheOther_areTwo() {
    Simulation simulation = simulation(random -> 10 * MILLI);
    speak(simulation, 0, 1600);
    simulation.press('1', 1600, 480);
    simulation.press('1', 2080, 480);
    simulation.press('2', 2560, 480);
    run(simulation, 2 * SECOND);
    assertThat(simulation.told.stream().map(t -> t.digit() + ":" + (t.at() - first)))
        .containsExactly("1:1600", "1:2080", "2:2560");
    assertThat(simulation.keys).hasToString("160 160 260 ");
  }

  @Test
  void keys_acrossAChangeOfSsrc_eachOnce() {
    Simulation simulation = simulation(random -> 10 * MILLI);
    speak(simulation, 0, 8000);
    simulation.press('4', 8000, 800);
    simulation.ssrc = 99;
    simulation.sequence = 5;
    simulation.timestamp += 1_000_000_000;
    simulation.press('5', 12_000, 800);
    speak(simulation, 12_800, 16_000);
    simulation.press('6', 16_000, 800);
    run(simulation, 4 * SECOND);
    assertThat(digits(simulation)).containsExactly('4', '5', '6');
    assertThat(simulation.told.get(0).at()).isEqualTo(first + 8000);
    // What a new SSRC's timestamps mean is learnt from its audio.
    assertThat(simulation.told.get(1).at()).isCloseTo(first + 12_000, within(320L));
    assertThat(simulation.told.get(2).at()).isCloseTo(first + 16_000, within(320L));
  }

  @Test
  void keys_withoutAnyAudio_areToldWhenTheyCome() {
    Simulation simulation = simulation(random -> 10 * MILLI);
    simulation.press('8', 8000, 800);
    simulation.press('9', 16_000, 800);
    run(simulation, 4 * SECOND);
    assertThat(digits(simulation)).containsExactly('8', '9');
    // They wait as long as audio would.
    assertThat(simulation.told.get(0).at()).isCloseTo(8000 + 560, within(400L));
    assertThat(simulation.told.get(1).at() - simulation.told.get(0).at())
        .isCloseTo(8000, within(160L));
  }

  @Test
  void key_whoseTimestampIsOfAnotherClock_isToldWhenItComes() {
    Simulation simulation = simulation(random -> 10 * MILLI);
    speak(simulation, 0, 8000);
    int right = simulation.timestamp;
    simulation.timestamp += 1_000_000;
    simulation.press('3', 8000, 800);
    simulation.timestamp = right;
    speak(simulation, 8800, 12_000);
    run(simulation, 3 * SECOND);
    assertThat(simulation.told)
        .singleElement()
        .satisfies(told -> assertThat(told.at()).isCloseTo(first + 8000, within(400L)));
  }

  @Test
  void keys_moreThanCanWait_areLeftOutWithoutHarm() {
    Simulation simulation = simulation(random -> 10 * MILLI);
    for (int i = 0; i < 200; i++) {
      simulation.put(
          101, true, 8000 + i * 160, new byte[] {(byte) (i % 10), 10, 0, 0}, SECOND + i * 100L);
    }
    run(simulation, 4 * SECOND);
    assertThat(simulation.told).hasSizeBetween(1, 200);
    simulation.press('5', 40_000, 800);
    run(simulation, 7 * SECOND);
    assertThat(simulation.told.get(simulation.told.size() - 1).digit()).isEqualTo('5');
  }

  @ParameterizedTest
  @CsvSource({"0, 60, 0", "5, 60, 5", "20, 60, 10", "40, 20, 10"})
  void keysOfAnHour_lostDuplicatedAndReordered_eachOnceInOrder(
      int lossPercent, int jitterMillis, int duplicatePercent) {
    Simulation simulation =
        simulation(
            random ->
                random.nextInt(100) < lossPercent
                    ? -1
                    : 20 * MILLI + (long) (random.nextDouble() * jitterMillis * MILLI));
    simulation.duplicatePercent = duplicatePercent;
    speak(simulation, 0, 1600);
    StringBuilder pressed = new StringBuilder();
    int lost = 0;
    long at = 1600;
    for (int n = 0; at < 3600L * 8000; n++) {
      int length = 480 + n % 7 * 160;
      char digit = "0123456789*#ABCD".charAt(n * 7 % 16);
      if (simulation.press(digit, at, length) > 0) {
        pressed.append(digit);
      } else {
        lost++;
      }
      // Mostly speech between two keys, sometimes the shortest pause.
      long next = at + length + (n % 3 == 0 ? 640 : 1600);
      if (n % 3 != 0) {
        speak(simulation, at + length, next);
      }
      at = next;
      run(simulation, simulation.spoken(at) - SECOND);
    }
    run(simulation, 3602 * SECOND);
    StringBuilder told = new StringBuilder();
    simulation.told.forEach(key -> told.append(key.digit()));
    StringBuilder released = new StringBuilder();
    for (String key : simulation.keys.toString().split(" ", -1)) {
      released.append(key.isEmpty() ? "" : key.substring(0, 1));
    }
    System.out.printf(
        "figure: RFC 4733 keys, %d %% lost, %d ms jitter, %d %% twice: %d pressed, %d of them told,"
            + " %d without any packet%n",
        lossPercent, jitterMillis, duplicatePercent, pressed.length() + lost, told.length(), lost);
    assertThat(told).hasToString(pressed.toString());
    assertThat(released).hasToString(pressed.toString());
  }
}

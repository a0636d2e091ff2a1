package org.rayo.media.audio;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Tones, levels and mixing. */
class SoundTest {

  @Test
  void beep_hasItsLengthAndLevelAndNoClick() {
    short[] beep = Tones.beep(8000);
    assertThat(beep).hasSize(2000);
    assertThat(Levels.dbfs(beep, 500, 1000)).isCloseTo(-15.01, within(0.1));
    assertThat(beep[0]).isZero();
    assertThat(Math.abs(beep[1])).isLessThan((short) 100);
    assertThat(Math.abs(beep[1999])).isLessThan((short) 100);
  }

  @Test
  void sine_shorterThanItsFades_staysInBounds() {
    assertThat(Tones.sine(1000, Duration.ofMillis(5), 0, Duration.ofMillis(10), 8000)).hasSize(40);
    assertThat(Tones.sine(1000, Duration.ZERO, 0, Duration.ofMillis(10), 8000)).isEmpty();
  }

  @Test
  void dbfs_knownSignals() {
    assertThat(Levels.dbfs(new short[100], 0, 100)).isEqualTo(Levels.SILENCE_DBFS);
    assertThat(Levels.dbfs(new short[0], 0, 0)).isEqualTo(Levels.SILENCE_DBFS);
    short[] square = new short[100];
    for (int i = 0; i < square.length; i++) {
      square[i] = i % 2 == 0 ? Short.MAX_VALUE : Short.MIN_VALUE;
    }
    assertThat(Levels.dbfs(square, 0, 100)).isCloseTo(0, within(0.01));
    assertThat(Levels.meanSquareOf(Levels.dbfs(square, 0, 100)))
        .isCloseTo(Levels.meanSquare(square, 0, 100), within(1.0));
  }

  @Test
  void add_beyondTheRange_clips() {
    assertThat(Mixing.add((short) 32_000, (short) 1000)).isEqualTo(Short.MAX_VALUE);
    assertThat(Mixing.add((short) -32_000, (short) -1000)).isEqualTo(Short.MIN_VALUE);
    assertThat(Mixing.add((short) -32_000, (short) 1000)).isEqualTo((short) -31_000);
  }
}

package org.rayo.media.audio;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** G.711 against the values of the recommendation's tables. */
class G711Test {

  @ParameterizedTest
  @CsvSource({
    "MU_LAW, ff, 0",
    "MU_LAW, 7f, 0",
    "MU_LAW, 80, 32124",
    "MU_LAW, 00, -32124",
    "MU_LAW, fe, 8",
    "MU_LAW, 7e, -8",
    "MU_LAW, f0, 120",
    "MU_LAW, ef, 132",
    "MU_LAW, 8f, 16764",
    "A_LAW, d5, 8",
    "A_LAW, 55, -8",
    "A_LAW, aa, 32256",
    "A_LAW, 2a, -32256",
    "A_LAW, d4, 24",
    "A_LAW, da, 248",
    "A_LAW, c5, 264",
    "A_LAW, a5, 16896"
  })
  void decode_tableValue(G711 law, String code, int sample) {
    assertThat(law.decode((byte) Integer.parseInt(code, 16))).isEqualTo((short) sample);
  }

  @ParameterizedTest
  @EnumSource(G711.class)
  void encode_ofDecoded_isTheSameCode(G711 law) {
    for (int code = 0; code < 256; code++) {
      if (law == G711.MU_LAW && code == 0x7f) {
        continue; // the negative zero becomes the positive one
      }
      assertThat(law.encode(law.decode((byte) code))).isEqualTo((byte) code);
    }
  }

  @Test
  void encode_silence_isTheCodeOfSilence() {
    assertThat(G711.MU_LAW.encode((short) 0)).isEqualTo((byte) 0xff);
    assertThat(G711.A_LAW.encode((short) 0)).isIn((byte) 0xd5, (byte) 0x55);
  }

  @ParameterizedTest
  @EnumSource(G711.class)
  void encode_extremes_areTheLoudestCodes(G711 law) {
    assertThat(law.decode(law.encode(Short.MAX_VALUE))).isGreaterThan((short) 32_000);
    assertThat(law.decode(law.encode(Short.MIN_VALUE))).isLessThan((short) -32_000);
  }

  @ParameterizedTest
  @CsvSource({"MU_LAW, -3", "MU_LAW, -30", "A_LAW, -3", "A_LAW, -30"})
  void roundTrip_sine_hasTheSignalToNoiseRatioOfTheRecommendation(G711 law, double peakDbfs) {
    double peak = 32767 * Math.pow(10, peakDbfs / 20);
    double signal = 0;
    double noise = 0;
    for (int i = 0; i < 8000; i++) {
      short sample = (short) Math.round(peak * Math.sin(2 * Math.PI * 1004.5 * i / 8000));
      double error = sample - law.decode(law.encode(sample));
      signal += (double) sample * sample;
      noise += error * error;
    }
    assertThat(10 * Math.log10(signal / noise)).isGreaterThan(33);
  }
}

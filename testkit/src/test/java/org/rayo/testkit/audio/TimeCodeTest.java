package org.rayo.testkit.audio;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class TimeCodeTest {

  private static short[] said(int fromMillis, int toMillis) {
    AudioSource source = TimeCode.source();
    short[] pcm = new short[(toMillis - fromMillis) * 8];
    for (int i = 0; i < pcm.length; i++) {
      pcm[i] = G711.fromUlaw(G711.toUlaw(source.sample(fromMillis * 8L + i)));
    }
    return pcm;
  }

  private static short[] joined(short[] first, short[] second) {
    short[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }

  @Test
  void read_onePiece_tellsWhenItWasSaid() {
    for (int from : new int[] {700, 1234, 5000, 9300}) {
      List<TimeCode.Stretch> read = TimeCode.read(said(from, from + 2000));
      assertThat(read).hasSize(1);
      assertThat(read.get(0).offsetMillis() - from).isBetween(-3.0, 3.0);
      assertThat(read.get(0).millis()).isBetween(1960.0, 2000.0);
    }
  }

  @Test
  void read_aPieceLeftOut_tellsHowMuch() {
    List<TimeCode.Stretch> read = TimeCode.read(joined(said(500, 1007), said(4013, 5000)));
    assertThat(read).hasSize(2);
    assertThat(read.get(0).leftOutBefore(read.get(1))).isBetween(3003.0, 3009.0);
    assertThat(read.get(1).from()).isBetween(500 * 8, 560 * 8);
  }

  @Test
  void read_silenceBetween_keepsTheOffset() {
    short[] pcm = said(1000, 4000);
    Arrays.fill(pcm, 8000, 16_000, (short) 0);
    List<TimeCode.Stretch> read = TimeCode.read(pcm);
    assertThat(read).hasSize(1);
    assertThat(read.get(0).millis()).isGreaterThan(2900);
  }

  @Test
  void read_aRepeatedPieceInPlaceOfALostOne_endsNothing() {
    short[] pcm = said(1000, 4000);
    System.arraycopy(pcm, 7840, pcm, 8000, 160);
    assertThat(TimeCode.read(pcm)).hasSize(1);
  }

  @Test
  void read_acrossThePeriod_isOneStretchEitherSide() {
    List<TimeCode.Stretch> read =
        TimeCode.read(said(TimeCode.PERIOD_MILLIS - 1000, TimeCode.PERIOD_MILLIS + 1000));
    assertThat(read.get(0).leftOutBefore(read.get(read.size() - 1))).isBetween(-3.0, 3.0);
  }

  @Test
  void read_silenceOrAnotherTone_isNothing() {
    assertThat(TimeCode.read(new short[8000])).isEmpty();
    assertThat(TimeCode.read(AudioSource.tone(440, -30, 2000).toPcm())).isEmpty();
  }
}

package org.rayo.testkit.audio;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class DtmfTest {

  @Test
  void key_every_hasItsTwoTones() {
    for (char key : Dtmf.KEYS.toCharArray()) {
      short[] pcm = Dtmf.key(key, -12, 100).toPcm();
      assertThat(ToneMeter.levelAt(pcm, 8000, Dtmf.lowHz(key))).isBetween(-12.5, -11.5);
      assertThat(ToneMeter.levelAt(pcm, 8000, Dtmf.highHz(key))).isBetween(-12.5, -11.5);
      assertThat(Dtmf.levelOf(key, pcm, 8000)).isBetween(-12.5, -11.5);
    }
    assertThat(Dtmf.lowHz('*')).isEqualTo(941);
    assertThat(Dtmf.highHz('#')).isEqualTo(1477);
    assertThat(Dtmf.lowHz('D')).isEqualTo(941);
  }
}

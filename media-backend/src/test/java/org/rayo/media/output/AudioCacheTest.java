package org.rayo.media.output;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class AudioCacheTest {

  private static AudioCache.Key key(String uri) {
    return new AudioCache.Key(uri, 8000);
  }

  private static AudioCache.Entry entry(int samples) {
    return new AudioCache.Entry(new short[samples], HttpVersion.NONE, System.nanoTime());
  }

  @Test
  void put_moreThanFits_forgetsTheLeastRecentlyUsed() {
    AudioCache cache = new AudioCache(10_000);
    cache.put(key("a"), entry(2000));
    cache.put(key("b"), entry(2000));
    assertThat(cache.get(key("a"))).isPresent();
    cache.put(key("c"), entry(2000));

    assertThat(cache.get(key("b"))).isEmpty();
    assertThat(cache.get(key("a"))).isPresent();
    assertThat(cache.get(key("c"))).isPresent();
    assertThat(cache.sizeBytes()).isLessThanOrEqualTo(10_000);
  }

  @Test
  void put_largerThanAll_isNotKept() {
    AudioCache cache = new AudioCache(1000);
    cache.put(key("a"), entry(2000));

    assertThat(cache.get(key("a"))).isEmpty();
    assertThat(cache.sizeBytes()).isZero();
  }

  @Test
  void put_again_replaces() {
    AudioCache cache = new AudioCache(10_000);
    for (int i = 0; i < 100; i++) {
      cache.put(key("a"), entry(2000));
    }

    assertThat(cache.sizeBytes()).isEqualTo(4500);
  }
}

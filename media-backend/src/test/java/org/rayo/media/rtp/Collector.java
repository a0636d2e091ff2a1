package org.rayo.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.rayo.media.audio.FrameTap;
import org.rayo.media.audio.G711;

/** Everything that reached a tap, until enough came; and what is easily found in it. */
final class Collector implements FrameTap {
  private final List<Short> said = new ArrayList<>();
  private final List<Short> heard = new ArrayList<>();
  private final CountDownLatch frames;

  Collector(int frames) {
    this.frames = new CountDownLatch(frames);
  }

  @Override
  public synchronized void frame(short[] send, short[] recv, int length) {
    for (int i = 0; i < length; i++) {
      said.add(send[i]);
      heard.add(recv[i]);
    }
    frames.countDown();
  }

  void await() throws InterruptedException {
    assertThat(frames.await(20, TimeUnit.SECONDS)).isTrue();
  }

  synchronized short[] said() {
    return array(said);
  }

  synchronized short[] heard() {
    return array(heard);
  }

  static short[] array(List<Short> from) {
    short[] all = new short[from.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = from.get(i);
    }
    return all;
  }

  /** A ramp whose samples µ-law carries unchanged, and none of them is zero. */
  static short[] ramp(int length) {
    short[] samples = new short[length];
    for (int i = 0; i < length; i++) {
      samples[i] = G711.MU_LAW.decode((byte) (128 + i % 100));
    }
    return samples;
  }

  /** Where {@code part} is in {@code all}, or -1. */
  static int find(short[] all, short[] part) {
    for (int at = 0; at + part.length <= all.length; at++) {
      int i = 0;
      while (i < part.length && all[at + i] == part[i]) {
        i++;
      }
      if (i == part.length) {
        return at;
      }
    }
    return -1;
  }
}

package org.rayo.media.output;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.rayo.media.audio.CallAudio;
import org.rayo.media.audio.FrameSource;
import org.rayo.media.audio.FrameTap;

/** A call whose media thread is the test's: time passes when a frame is pulled. */
public final class PulledAudio implements CallAudio {

  private final int sampleRateHz;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final IdentityHashMap<FrameSource, Runnable> playing = new IdentityHashMap<>();
  private short[] heard = new short[0];
  private boolean over;

  public PulledAudio(int sampleRateHz) {
    this.sampleRateHz = sampleRateHz;
  }

  /** Runs what was to be executed. */
  public void settle() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  /** One frame of 20 ms. */
  public void tick() {
    settle();
    int length = sampleRateHz / 50;
    int offset = heard.length;
    heard = Arrays.copyOf(heard, offset + length);
    List<Runnable> finished = new ArrayList<>();
    for (FrameSource source : List.copyOf(playing.keySet())) {
      short[] frame = new short[length];
      Arrays.fill(frame, (short) 12345);
      int got = source.next(frame, length);
      for (int i = 0; i < got; i++) {
        heard[offset + i] += frame[i];
      }
      if (got < length) {
        finished.add(playing.remove(source));
      }
    }
    finished.forEach(Runnable::run);
  }

  public void millis(int millis) {
    for (int i = 0; i < millis / 20; i++) {
      tick();
    }
  }

  /** What was played so far, silence and all. */
  public short[] heard() {
    return heard.clone();
  }

  public int playing() {
    return playing.size();
  }

  /** The call is over. */
  public void over() {
    over = true;
    List<Runnable> left = List.copyOf(playing.values());
    playing.clear();
    left.forEach(Runnable::run);
  }

  @Override
  public int sampleRateHz() {
    return sampleRateHz;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public void play(FrameSource source, Runnable done) {
    if (over) {
      done.run();
    } else {
      playing.put(source, done);
    }
  }

  @Override
  public void stop(FrameSource source) {
    Runnable done = playing.remove(source);
    if (done != null) {
      done.run();
    }
  }

  @Override
  public void attach(FrameTap tap) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void detach(FrameTap tap) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void play(short[] samples, Runnable done) {
    throw new UnsupportedOperationException();
  }
}

package org.rayo.media.bridge;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.rayo.media.audio.MediaThread;
import org.rayo.media.audio.Ticked;

/** A media thread whose clock the test turns; the test's thread is it. */
final class ManualThread implements MediaThread {

  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final List<Ticked> all = new ArrayList<>();
  private long now;

  /** 20 ms pass, so many times. */
  void ticks(int count) {
    for (int i = 0; i < count; i++) {
      settle();
      List.copyOf(all).forEach(ticked -> ticked.tick(now, 0));
      now += 20_000_000;
    }
    settle();
  }

  /** Runs what waits, and no time passes. */
  void settle() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  int ticked() {
    return all.size();
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public boolean isHere() {
    return true;
  }

  @Override
  public void add(Ticked ticked) {
    all.add(ticked);
  }

  @Override
  public void remove(Ticked ticked) {
    all.remove(ticked);
  }
}

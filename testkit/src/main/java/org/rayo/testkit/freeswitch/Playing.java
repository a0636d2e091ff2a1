package org.rayo.testkit.freeswitch;

import org.rayo.testkit.audio.AudioSource;

/**
 * Something being played to a channel or to a conference, and how far it got. Frames are taken on
 * the thread of the RTP, the rest is asked for on the switch's.
 */
final class Playing {

  static final int FRAME_SAMPLES = 160;

  final Applications.Execution execution;
  private final AudioSource source;
  private final Runnable done;
  private long position;
  private boolean paused;
  private boolean over;

  /**
   * @param done run once, on the thread of the RTP, when the end was reached
   */
  Playing(Applications.Execution execution, AudioSource source, Runnable done) {
    this.execution = execution;
    this.source = source;
    this.done = done;
  }

  /** The next 20 ms; silence while it is paused and after its end. */
  synchronized short[] frame() {
    short[] frame = new short[FRAME_SAMPLES];
    if (paused || over) {
      return frame;
    }
    for (int i = 0; i < frame.length && position < source.samples(); i++) {
      frame[i] = source.sample(position++);
    }
    if (position >= source.samples()) {
      over = true;
      done.run();
    }
    return frame;
  }

  /** Pauses it, or lets it go on: whether it is paused now. */
  synchronized boolean pause() {
    paused = !paused;
    return paused;
  }

  synchronized boolean over() {
    return over;
  }

  /** The sample that comes next. */
  synchronized long position() {
    return position;
  }

  synchronized void seek(long millis, boolean relative) {
    position = Math.max(0, (relative ? position : 0) + millis * 8);
  }

  /** Ends it as if its end had been reached. */
  synchronized void stop() {
    if (!over) {
      over = true;
      done.run();
    }
  }

  /** Ends it without telling. */
  synchronized void drop() {
    over = true;
  }
}

package org.rayo.testkit.freeswitch;

import java.time.Duration;

/**
 * What goes wrong on the event socket from now on; a test switches it on and off. Any thread may
 * use it.
 */
public final class Faults {

  private volatile int fragmentBytes;
  private volatile Duration delay = Duration.ZERO;
  private volatile boolean silent;
  private volatile boolean deaf;
  private volatile boolean refusing;

  Faults() {}

  /** Writes so many bytes at a time, each flushed on its own; 0 for as many as there are. */
  public void fragment(int bytes) {
    fragmentBytes = bytes;
  }

  /** Waits so long before each write. */
  public void delay(Duration time) {
    delay = time;
  }

  /** Writes nothing any more, though the connections stay up; what would be written is lost. */
  public void silence(boolean on) {
    silent = on;
  }

  /** Answers no command, though events go on. */
  public void ignoreCommands(boolean on) {
    deaf = on;
  }

  /** Greets those who connect with {@code text/rude-rejection}, as for an address not allowed. */
  public void rejectConnections(boolean on) {
    refusing = on;
  }

  int fragmentBytes() {
    return fragmentBytes;
  }

  Duration delay() {
    return delay;
  }

  boolean silent() {
    return silent;
  }

  boolean deaf() {
    return deaf;
  }

  boolean refusing() {
    return refusing;
  }
}

package org.rayo.media.audio;

/** A thread that carries audio: runs tasks, and every 20 ms what is to be woken then. */
public interface MediaThread {

  /**
   * Runs a task there, in order of arrival. Never blocks. When the thread has ended, it runs where
   * it comes from.
   */
  void execute(Runnable task);

  /** Whether the caller is on it, or it has ended. */
  boolean isHere();

  /** It is woken from the next turn on. On the thread. */
  void add(Ticked ticked);

  /** It is woken no more. On the thread; harmless when it was not. */
  void remove(Ticked ticked);
}

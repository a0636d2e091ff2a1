package org.rayo.notice;

import java.util.concurrent.CompletionStage;

/**
 * Where notices are handed in. Every sink that is configured for their kind gets them at least
 * once, each time with the same id, and those of one recording in the order in which they were
 * handed in.
 *
 * <p>Thread safe; no method but {@link #close} blocks.
 */
public interface Notices extends AutoCloseable {

  /**
   * Has a notice told. One that cannot be written down is logged and lost; so is one that was
   * handed in just before a crash.
   */
  void publish(Notice notice);

  /**
   * Has a notice told, whatever happens from the moment on in which the stage completes: by then it
   * is on the disk.
   *
   * @return completes on a thread of the queue's; fails with {@link NoticeException} when the
   *     notice cannot be written down, and some sink or all will not be told
   */
  CompletionStage<Void> publishDurably(Notice notice);

  /** How many notices wait, and what became of the others. */
  NoticeCounters counters();

  /**
   * Writes down what was handed in, gives the sinks a moment to tell what is due, and stops. What
   * has not been told by then is told after the next start.
   */
  @Override
  void close();
}

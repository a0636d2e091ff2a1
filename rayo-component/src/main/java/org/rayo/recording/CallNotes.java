package org.rayo.recording;

import java.util.concurrent.CompletionStage;

/**
 * What the spool is told of the calls that are up, so that after a crash their clients learn of
 * their end and their callers are hung up. Thread safe; nothing blocks, and nothing fails: what
 * cannot be written is logged.
 */
public interface CallNotes {

  /**
   * This is so from now on.
   *
   * @return completes when it is written, or cannot be
   */
  CompletionStage<Void> note(CallNote note);

  /** The call is over, and everybody concerned has been told. */
  void forget(String callId);
}

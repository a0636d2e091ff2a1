package org.rayo.notice;

import java.time.Duration;
import java.util.Optional;

/** Somebody who is told of notices, one call for each; called by several threads. */
interface Sink extends AutoCloseable {

  /** What came of telling. */
  enum Answer {
    /** The notice has arrived. */
    TOLD,
    /** It has to be told again. */
    LATER,
    /** It is not wanted, now or ever. */
    UNWANTED
  }

  /**
   * What came of telling, and why.
   *
   * @param why for the log, without secrets; empty when it was told
   * @param notBefore how long nothing is to be told, if the sink has said so
   */
  record Outcome(Answer answer, String why, Optional<Duration> notBefore) {
    static final Outcome TOLD = new Outcome(Answer.TOLD, "", Optional.empty());

    static Outcome later(String why) {
      return new Outcome(Answer.LATER, why, Optional.empty());
    }
  }

  /**
   * Tells, and blocks until it is known what came of it, but not without end.
   *
   * @param json the notice as it is to be told
   * @throws InterruptedException when there is no time left; it may have been told
   */
  Outcome tell(Notice notice, byte[] json) throws InterruptedException;

  @Override
  void close();
}

package org.rayo.media.freeswitch.capture;

import java.util.concurrent.CompletionStage;

/**
 * What FreeSWITCH does for a call whose audio is forked. Every method is called on the call's media
 * thread and must not block; what it completes or runs may be on any thread.
 */
public interface Forks {

  /**
   * Makes FreeSWITCH call {@code token@}{@link CaptureEndpoint#address} and send there one side of
   * the call's audio: {@code originate … &eavesdrop(<uuid>)}.
   *
   * @return completes when that call is answered; fails with a {@link
   *     org.rayo.media.MediaException}
   */
  CompletionStage<Void> fork(Side side, String token);

  /** That call is not needed any more, answered or not. Harmless when it is over. */
  void end(String token);

  /**
   * Plays the beep of a recording to the caller.
   *
   * @param done to be run once: when FreeSWITCH has played it to its end, or cannot play it
   */
  void beep(Runnable done);
}

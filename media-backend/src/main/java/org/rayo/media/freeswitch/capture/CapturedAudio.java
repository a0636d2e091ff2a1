package org.rayo.media.freeswitch.capture;

import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.rayo.media.audio.CallAudio;

/**
 * The audio of one call of FreeSWITCH's. Its taps get what the caller says and what the caller
 * hears; both are of the same time. A side that is not open may be silence. Nothing can be played
 * through it but a {@link #beep}.
 *
 * <p>{@link #open}, {@link #release}, {@link #callEnded}, {@link #key} and {@link #execute} may be
 * called from any thread and never block.
 */
public interface CapturedAudio extends CallAudio {

  /**
   * Asks for sides of the audio: for each open that completes, there is to be one {@link #release}.
   *
   * @param sides one or both
   * @return completes on the media thread when the frames to come hold the audio of all of these
   *     sides; fails with a {@link org.rayo.media.MediaException}, and then nothing is to be
   *     released
   */
  CompletionStage<Void> open(Set<Side> sides);

  /** Somebody needs these sides no more. Those that nobody needs end after 2 s. */
  void release(Set<Side> sides);

  /**
   * The call is over. The taps get what FreeSWITCH sent of it and is still on its way, and no frame
   * afterwards.
   *
   * @param drained run once on the media thread, after the last frame, within about half a second
   */
  void callEnded(Runnable drained);

  /**
   * The caller has pressed a key: told to the taps before the next frame.
   *
   * @param digit one of {@code 0-9 * # A-D}
   */
  void key(char digit);
}

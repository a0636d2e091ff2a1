package org.rayo.media.audio;

/**
 * A tap that wants each voice of a mixer for itself too. Attached to a mixer's {@link CallAudio},
 * it is told of everybody who is heard there; attached to a call's it is a {@link FrameTap} and no
 * more.
 *
 * <p>All of it comes on the mixer's media thread: first of everybody who is there when the tap is
 * attached, then as it changes; in each tick what every participant said, then {@link #frame} with
 * the sum of all. Copy and return, never block, never allocate in {@link #said}.
 */
public interface ParticipantTap extends FrameTap {

  /**
   * One is heard from the next frame on.
   *
   * @param participant as its {@link org.rayo.media.JoinRequest} calls it; nobody else who is heard
   *     now is called so
   */
  void entered(String participant);

  /** One is not heard any more. One that spoke is told to have stopped before. */
  void left(String participant);

  /** One has begun to speak, or has stopped: before the frame that showed it. */
  void speaking(String participant, boolean speaking);

  /**
   * What one said in the frame that comes next.
   *
   * @param samples the media thread's, overwritten after the call
   * @param length samples valid, the same as the frame's
   */
  void said(String participant, short[] samples, int length);
}

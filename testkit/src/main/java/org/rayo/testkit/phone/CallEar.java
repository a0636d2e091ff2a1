package org.rayo.testkit.phone;

/**
 * Gets what a call receives, packet by packet as it comes: nothing is reordered, repeated or filled
 * in. Called on the thread of the phone's RTP, so it must not block.
 */
public interface CallEar {

  /**
   * The audio of one packet.
   *
   * @param timestamp the packet's RTP timestamp
   * @param pcm its samples, at 8000 Hz
   */
  void audio(int ssrc, long timestamp, short[] pcm);

  /**
   * A key was released.
   *
   * @param digit of {@code 0-9 * # A-D}
   * @param samples for how long it was held, in samples of 8000 Hz
   * @see <a href="https://www.rfc-editor.org/rfc/rfc4733#section-2.5">RFC 4733, section 2.5</a>
   */
  void key(char digit, int samples);
}

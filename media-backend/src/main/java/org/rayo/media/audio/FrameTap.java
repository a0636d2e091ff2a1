package org.rayo.media.audio;

/** Gets a call's audio as it passes. */
@FunctionalInterface
public interface FrameTap {

  /**
   * One stretch of media time, on the call's media thread: copy and return, never block, never
   * allocate. Media time has no holes: what the network lost has been filled, and when no packets
   * arrive at all the frames are silence.
   *
   * @param send what the caller says
   * @param recv what the caller hears, over the same stretch
   * @param length samples valid in both arrays, normally 20 ms; never more than the arrays hold.
   *     The arrays are the media thread's and are overwritten after the call.
   */
  void frame(short[] send, short[] recv, int length);

  /**
   * The caller presses a key, told by signalling beside the audio (RFC 4733). On the media thread,
   * before the frame in which the key begins; when that has passed already, before the next one.
   *
   * @param digit one of {@code 0-9 * # A-D}
   * @param offset samples into the coming frame, from 0
   */
  default void key(char digit, int offset) {}
}

package org.rayo.media.bridge;

/** Hears of keys that are told beside a voice (RFC 4733), on the speaker's media thread. */
@FunctionalInterface
interface KeyEar {

  /** Of no interest. */
  KeyEar DEAF = digit -> {};

  /**
   * One was pressed.
   *
   * @param digit one of {@code 0-9 * # A-D}
   */
  void pressed(char digit);
}

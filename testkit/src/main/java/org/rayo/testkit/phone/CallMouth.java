package org.rayo.testkit.phone;

import java.util.List;

/**
 * Says what a call sends, instead of an audio source. Called every 20 ms on the thread of the
 * phone's RTP, so it must not block.
 */
@FunctionalInterface
public interface CallMouth {

  /**
   * The frames of 160 samples that have fallen due. All of them are sent at once, one packet each,
   * with timestamps that follow on each other; a frame without samples is 20 ms in which nothing is
   * sent. With no frames at all, the stream's time stands still.
   */
  List<short[]> due();
}

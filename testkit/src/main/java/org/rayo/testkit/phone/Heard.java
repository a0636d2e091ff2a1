package org.rayo.testkit.phone;

import java.util.Arrays;

/**
 * What came in, laid out by RTP timestamp: lost packets are silence, late and repeated ones find
 * their place. A new SSRC, or a leap of more than a minute, goes on at the end.
 *
 * <p>Written by the RTP thread, read by any.
 */
final class Heard {

  private static final int LONGEST_GAP = 60 * 8000;

  private short[] samples = new short[16_000];
  private int length;
  private boolean started;
  private int ssrc;
  private long firstTimestamp;
  private int firstAt;

  synchronized void add(
      int packetSsrc, long timestamp, Codec codec, byte[] packet, int from, int to) {
    long at = firstAt + (long) (int) (timestamp - firstTimestamp);
    if (!started || packetSsrc != ssrc || Math.abs(at - length) > LONGEST_GAP) {
      started = true;
      ssrc = packetSsrc;
      firstTimestamp = timestamp;
      firstAt = length;
      at = length;
    }
    if (at < firstAt) {
      return; // From before the first packet that we got: there is no room for it.
    }
    int end = (int) at + to - from;
    if (end > samples.length) {
      samples = Arrays.copyOf(samples, Math.max(end, samples.length * 2));
    }
    for (int i = from; i < to; i++) {
      samples[(int) at + i - from] = codec.decode(packet[i]);
    }
    length = Math.max(length, end);
  }

  synchronized short[] copy() {
    return Arrays.copyOf(samples, length);
  }
}

package org.rayo.testkit.phone;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What happens to RTP on its way, and how the sender numbers it. The same seed gives the same fate
 * to the same packets.
 *
 * @param lossRate share of packets that are dropped, 0 to 1
 * @param duplicateRate share of packets that are sent twice
 * @param reorderRate share of packets that are sent after their successor
 * @param jitterMs packets are delayed by 0 to this many milliseconds, evenly spread
 * @param seed of all these draws
 * @param startSeq first sequence number; random without it
 * @param startTimestamp first timestamp; random without it
 * @param ssrcChangeAfter after so many packets the stream gets a new SSRC, sequence and timestamp;
 *     0 for never
 * @param skewPpm how much faster than real time the sender's clock runs, in parts per million
 * @param gaps spans of media time in which nothing is sent, as with silence suppression
 */
public record Impairment(
    double lossRate,
    double duplicateRate,
    double reorderRate,
    int jitterMs,
    long seed,
    OptionalInt startSeq,
    OptionalLong startTimestamp,
    int ssrcChangeAfter,
    double skewPpm,
    List<Gap> gaps) {

  /** A span without packets, from {@code startMs} of media time on; the audio in it is not sent. */
  public record Gap(long startMs, long durationMs) {
    boolean covers(long mediaMs) {
      return mediaMs >= startMs && mediaMs < startMs + durationMs;
    }
  }

  public Impairment {
    for (double rate : new double[] {lossRate, duplicateRate, reorderRate}) {
      if (!(rate >= 0 && rate <= 1)) {
        throw new IllegalArgumentException("no rate: " + rate);
      }
    }
    if (jitterMs < 0 || ssrcChangeAfter < 0) {
      throw new IllegalArgumentException("below zero: " + jitterMs + " or " + ssrcChangeAfter);
    }
    gaps = List.copyOf(gaps);
  }

  /** A perfect network. */
  public static Impairment none() {
    return new Impairment(
        0, 0, 0, 0, 1, OptionalInt.empty(), OptionalLong.empty(), 0, 0, List.of());
  }

  public Impairment withLoss(double rate) {
    return new Impairment(
        rate,
        duplicateRate,
        reorderRate,
        jitterMs,
        seed,
        startSeq,
        startTimestamp,
        ssrcChangeAfter,
        skewPpm,
        gaps);
  }

  public Impairment withDuplicates(double rate) {
    return new Impairment(
        lossRate,
        rate,
        reorderRate,
        jitterMs,
        seed,
        startSeq,
        startTimestamp,
        ssrcChangeAfter,
        skewPpm,
        gaps);
  }

  public Impairment withReordering(double rate) {
    return new Impairment(
        lossRate,
        duplicateRate,
        rate,
        jitterMs,
        seed,
        startSeq,
        startTimestamp,
        ssrcChangeAfter,
        skewPpm,
        gaps);
  }

  public Impairment withJitter(int millis) {
    return new Impairment(
        lossRate,
        duplicateRate,
        reorderRate,
        millis,
        seed,
        startSeq,
        startTimestamp,
        ssrcChangeAfter,
        skewPpm,
        gaps);
  }

  public Impairment withSeed(long value) {
    return new Impairment(
        lossRate,
        duplicateRate,
        reorderRate,
        jitterMs,
        value,
        startSeq,
        startTimestamp,
        ssrcChangeAfter,
        skewPpm,
        gaps);
  }

  /** Starts at these numbers, to reach a wrap-around soon. */
  public Impairment withStart(int seq, long timestamp) {
    return new Impairment(
        lossRate,
        duplicateRate,
        reorderRate,
        jitterMs,
        seed,
        OptionalInt.of(seq),
        OptionalLong.of(timestamp),
        ssrcChangeAfter,
        skewPpm,
        gaps);
  }

  public Impairment withSsrcChangeAfter(int packets) {
    return new Impairment(
        lossRate,
        duplicateRate,
        reorderRate,
        jitterMs,
        seed,
        startSeq,
        startTimestamp,
        packets,
        skewPpm,
        gaps);
  }

  public Impairment withSkew(double ppm) {
    return new Impairment(
        lossRate,
        duplicateRate,
        reorderRate,
        jitterMs,
        seed,
        startSeq,
        startTimestamp,
        ssrcChangeAfter,
        ppm,
        gaps);
  }

  public Impairment withGaps(List<Gap> value) {
    return new Impairment(
        lossRate,
        duplicateRate,
        reorderRate,
        jitterMs,
        seed,
        startSeq,
        startTimestamp,
        ssrcChangeAfter,
        skewPpm,
        value);
  }
}

package org.rayo.media.rtp;

/**
 * What became of one session's packets so far.
 *
 * @param received well-formed packets of the other side, all kinds of payload
 * @param lost packets that the sequence numbers miss
 * @param duplicated packets that had come before
 * @param reordered packets that came after a later one
 * @param late packets whose time was over, wholly or in part, when they came
 * @param discarded packets that were good and that this side could not hold
 * @param malformed packets that are no RTP, or of a payload type that was not agreed
 * @param strangers packets of a source that is not the other side
 * @param sent packets sent
 * @param unsent packets that the operating system refused to send
 * @param concealedSamples samples made up in place of missing ones, silence not included
 */
public record RtpCounters(
    long received,
    long lost,
    long duplicated,
    long reordered,
    long late,
    long discarded,
    long malformed,
    long strangers,
    long sent,
    long unsent,
    long concealedSamples) {

  /** The sums. */
  RtpCounters plus(RtpCounters more) {
    return new RtpCounters(
        received + more.received,
        lost + more.lost,
        duplicated + more.duplicated,
        reordered + more.reordered,
        late + more.late,
        discarded + more.discarded,
        malformed + more.malformed,
        strangers + more.strangers,
        sent + more.sent,
        unsent + more.unsent,
        concealedSamples + more.concealedSamples);
  }
}

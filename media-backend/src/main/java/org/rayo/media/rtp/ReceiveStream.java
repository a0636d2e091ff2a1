package org.rayo.media.rtp;

import java.time.Duration;
import java.util.OptionalInt;
import org.rayo.media.audio.FrameTap;
import org.rayo.media.audio.G711;

/**
 * The other side's packets, laid out on a timeline without holes and taken from it tick by tick.
 *
 * <p>Within one SSRC the RTP timestamp decides where a packet belongs. Where timestamps can't be
 * compared (another SSRC, a jump) the time of arrival does. No sockets and no clock of its own: all
 * times are given, in nanoseconds of one monotonic clock.
 */
final class ReceiveStream {
  /** Hears of a key, with how long it was held, when it is released. */
  @FunctionalInterface
  interface KeyReleases {
    void released(char digit, Duration held);
  }

  /** Comfort noise (RFC 3389): always this payload type at 8,000 Hz. */
  private static final int COMFORT_NOISE = 13;

  private static final long NANOS_PER_MILLI = 1_000_000;

  /** A timestamp so far ahead of its arrival (samples) is a jump. */
  private static final long JUMP_AHEAD = 8000;

  /** A talkspurt that begins so far behind (samples) is one too: its timestamps stood still. */
  private static final long JUMP_BEHIND = 4000;

  /** So is the first packet after a hold that is so far behind, whatever it says of itself. */
  private static final long JUMP_BEHIND_AFTER_HOLD = 1600;

  /** Only late packets for so long: the path or the clock changed for good. */
  private static final long LATE_FOR_GOOD = 500 * NANOS_PER_MILLI;

  /** Packets of the SSRC before are stragglers while the new one's keep coming. */
  private static final long STRAGGLERS = 100 * NANOS_PER_MILLI;

  /** Without audio for so long there is no stream to follow. */
  private static final long FLOWING = 200 * NANOS_PER_MILLI;

  /** After so long the two clocks may have drifted apart. */
  private static final long LONG_STOP = 2000 * NANOS_PER_MILLI;

  /**
   * What comes after such a stop and is later than this (samples) was said during it, and held back
   * somewhere: its time has passed as silence.
   */
  private static final long PUT_OFF = 4000;

  /** Packets of the payload type before an update are still understood for so long. */
  private static final long IN_FLIGHT = 1000 * NANOS_PER_MILLI;

  private final Tally tally;
  private final SequenceTracker sequences;
  private final JitterBuffer buffer = new JitterBuffer();
  private final PlayoutClock clock;
  private final DtmfReceiver dtmf;
  private final PendingKeys keys = new PendingKeys();
  private long frameStart;
  private long eventNanos;

  private int payloadType = -1;
  private G711 codec = G711.MU_LAW;
  private int dtmfPayloadType = -1;
  private int formerPayloadType = -1;
  private G711 formerCodec = G711.MU_LAW;
  private long formerUntil;

  private boolean anchored;
  private boolean knowsSsrc;
  private int ssrc;
  private int formerSsrc;
  private boolean knowsFormerSsrc;
  private long ssrcSeen;
  private long extended;
  private long offset;
  private boolean flowing;
  private long audioSeen;
  private boolean afterHold;
  private boolean allLate;
  private long lateSince;
  private long madeReported;

  ReceiveStream(PlayoutClock clock, Tally tally, KeyReleases releases) {
    this.clock = clock;
    this.tally = tally;
    this.sequences = new SequenceTracker(tally);
    this.dtmf =
        new DtmfReceiver(
            new DtmfReceiver.Sink() {
              @Override
              public void pressed(char digit, int timestamp, int held) {
                keys.add(digit, placeOf(timestamp, held));
              }

              @Override
              public void released(char digit, Duration held) {
                releases.released(digit, held);
              }
            });
  }

  /** From {@code nanos} on, packets are of these types. */
  void expect(int payloadType, G711 codec, OptionalInt dtmfPayloadType, long nanos) {
    if (this.payloadType >= 0 && this.payloadType != payloadType) {
      formerPayloadType = this.payloadType;
      formerCodec = this.codec;
      formerUntil = nanos + IN_FLIGHT;
    }
    this.payloadType = payloadType;
    this.codec = codec;
    this.dtmfPayloadType = dtmfPayloadType.orElse(-1);
  }

  /** Packets of this type belong to the stream as agreed now. */
  boolean isAgreed(int type) {
    return type == payloadType || type == dtmfPayloadType || type == COMFORT_NOISE;
  }

  /** The SSRC of the stream is this one. */
  boolean isCurrent(int other) {
    return knowsSsrc && ssrc == other;
  }

  /** The caller is to be heard again, after a hold: its timestamps may have stood still. */
  void resumed() {
    afterHold = true;
  }

  /** The stream went to another place: whatever comes next begins anew. */
  void forgetSsrc() {
    knowsSsrc = false;
    knowsFormerSsrc = false;
  }

  /**
   * A packet of the other side that came at {@code nanos}.
   *
   * @param wanted its content is used; else it is only counted
   */
  void receive(RtpPacket packet, boolean wanted, long nanos) {
    int type = packet.payloadType();
    boolean former = type == formerPayloadType && nanos - formerUntil < 0;
    if (!isAgreed(type) && !former) {
      tally.one(Tally.Of.MALFORMED);
      return;
    }
    tally.one(Tally.Of.RECEIVED);
    if (isStraggler(packet, nanos)) {
      tally.one(Tally.Of.LATE);
      return;
    }
    if (!isCurrent(packet.ssrc())) {
      follow(packet.ssrc());
    }
    ssrcSeen = nanos;
    SequenceTracker.Verdict verdict = sequences.accept(packet.sequence());
    if (verdict == SequenceTracker.Verdict.DUPLICATE || !wanted) {
      return;
    }
    if (type == dtmfPayloadType) {
      event(packet, nanos);
    } else if (type == COMFORT_NOISE) {
      buffer.quietFrom(Math.max(buffer.end(), buffer.head()));
    } else if (packet.payloadLength() > 0) {
      audio(packet, former ? formerCodec : codec, verdict, nanos);
    }
  }

  private boolean isStraggler(RtpPacket packet, long nanos) {
    return knowsFormerSsrc
        && packet.ssrc() == formerSsrc
        && !isCurrent(packet.ssrc())
        && nanos - ssrcSeen < STRAGGLERS;
  }

  private void follow(int newSsrc) {
    knowsFormerSsrc = knowsSsrc;
    formerSsrc = ssrc;
    knowsSsrc = true;
    ssrc = newSsrc;
    anchored = false;
    sequences.restart();
    dtmf.restart();
  }

  private void event(RtpPacket packet, long nanos) {
    eventNanos = nanos;
    if (!dtmf.accept(packet)) {
      tally.one(Tally.Of.MALFORMED);
    }
    if (buffer.end() > buffer.head()) {
      buffer.quietFrom(buffer.end());
    }
  }

  /** Where a key begins that has been held so long when a packet of it comes. */
  private long placeOf(int timestamp, int held) {
    if (anchored) {
      long place = extended + (timestamp - (int) extended) + offset;
      if (clock.ahead(place, eventNanos) <= JUMP_AHEAD
          && place - buffer.head() <= JitterBuffer.CAPACITY) {
        return place;
      }
    }
    // No audio shows what the timestamp means: the packet is as old as one of audio would be.
    long end =
        clock.knowsTransit()
            ? clock.endFor(eventNanos)
            : clock.startFor(eventNanos) + PlayoutClock.FRAME;
    return end - held;
  }

  private void audio(RtpPacket packet, G711 law, SequenceTracker.Verdict verdict, long nanos) {
    int length = packet.payloadLength();
    if (anchored) {
      extended += packet.timestamp() - (int) extended;
    }
    if (!anchored || jumped(packet, nanos)) {
      anchor(packet.timestamp(), length, nanos);
    } else if (!flowing
        && nanos - audioSeen > LONG_STOP
        && clock.late(extended + offset, nanos) < PUT_OFF) {
      // Put off rather than lost: the path has become slower, or the clocks are very different.
      offset += clock.resumed(extended + offset, nanos);
    }
    afterHold = false;
    long start = extended + offset;
    if (verdict == SequenceTracker.Verdict.NEXT && start > buffer.end()) {
      // Nothing is missing between the two: the sender had nothing to say.
      buffer.quietFrom(Math.max(buffer.end(), buffer.head()));
    }
    lateness(start, length, nanos);
    if (!buffer.write(start, law, packet)) {
      tally.one(Tally.Of.DISCARDED);
      return;
    }
    clock.arrived(start, start + length, nanos);
    flowing = true;
    audioSeen = nanos;
  }

  /** Where the packet would be tells nothing of when it was spoken. */
  private boolean jumped(RtpPacket packet, long nanos) {
    long end = extended + offset + packet.payloadLength();
    long ahead = clock.ahead(end, nanos);
    if (ahead > JUMP_AHEAD || end - buffer.head() > JitterBuffer.CAPACITY) {
      return true;
    }
    if (end > buffer.head()) {
      return false;
    }
    return (packet.marker() && ahead < -JUMP_BEHIND)
        || (afterHold && ahead < -JUMP_BEHIND_AFTER_HOLD)
        || (allLate && nanos - lateSince > LATE_FOR_GOOD);
  }

  private void anchor(int timestamp, int length, long nanos) {
    long start = clock.startFor(nanos);
    if (clock.knowsTransit()) {
      start = Math.max(clock.endFor(nanos) - length, clock.headAt(nanos));
      start = Math.max(start, buffer.end());
    }
    extended = timestamp & 0xffff_ffffL;
    offset = start - extended;
    anchored = true;
    allLate = false;
    clock.forget();
  }

  private void lateness(long start, int length, long nanos) {
    if (start < buffer.head()) {
      tally.one(Tally.Of.LATE);
    }
    if (start + length > buffer.head()) {
      allLate = false;
    } else if (!allLate) {
      allLate = true;
      lateSince = nanos;
    }
  }

  /**
   * The tick that was due at {@code dueNanos}.
   *
   * @param to at least {@link PlayoutClock#MAX_FRAME} long
   * @return samples taken
   */
  int tick(short[] to, long dueNanos) {
    dtmf.tick();
    if (flowing && dueNanos - audioSeen > FLOWING) {
      flowing = false;
    }
    int length = clock.tick(dueNanos, flowing);
    take(to, length);
    return length;
  }

  /**
   * Takes what is there, or is owed since packets stopped coming, and will not be added to any
   * more: at the end.
   */
  int drain(short[] to) {
    long left = Math.max(waiting(), flowing ? 0 : clock.owed());
    int length = (int) Math.min(PlayoutClock.FRAME, left);
    clock.pay(length);
    take(to, length);
    return length;
  }

  /** Tells the keys that begin in what was taken last, or that come too late for their place. */
  void tellKeys(FrameTap tap) {
    keys.tell(tap, frameStart, buffer.head());
  }

  /** How long ago, in samples, what is taken now came. */
  int delay() {
    return (int) clock.delay();
  }

  /** Samples that wait to be taken. */
  long waiting() {
    return Math.max(0, buffer.end() - buffer.head());
  }

  private void take(short[] to, int length) {
    frameStart = buffer.head();
    buffer.read(to, length);
    tally.add(Tally.Of.CONCEALED_SAMPLES, buffer.made() - madeReported);
    madeReported = buffer.made();
  }
}

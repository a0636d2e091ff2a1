package org.rayo.media.rtp;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.random.RandomGenerator;
import org.rayo.media.audio.G711;

/**
 * What goes to the other side: what is played, then silence, in packets of 20 ms.
 *
 * <p>The timestamp follows the ticks even while nothing may be sent, so that after a hold the other
 * side knows how long it was.
 */
final class SendStream {
  private static final short[] NOTHING = {};

  @SuppressWarnings("ArrayRecordComponent") // a pair, never compared
  private record Clip(short[] samples, Runnable done) {}

  private record Finished(long position, Runnable done) {}

  private final ArrayDeque<Clip> clips = new ArrayDeque<>();
  private final ArrayDeque<Finished> finished = new ArrayDeque<>();
  private final int ssrc;
  private int sequence;
  private int timestamp;
  private boolean marker = true;
  private short[] current = NOTHING;
  private int at;

  SendStream(RandomGenerator random) {
    ssrc = random.nextInt();
    sequence = random.nextInt() & 0xffff;
    timestamp = random.nextInt();
  }

  /** Appends to what is playing; {@code done} is run by {@link #completed} or {@link #abandon}. */
  void play(short[] samples, Runnable done) {
    if (clips.isEmpty()) {
      current = samples;
      at = 0;
    }
    clips.add(new Clip(samples, done));
  }

  /**
   * Fills one frame.
   *
   * @param position of the frame's first sample on the line to the taps
   */
  void next(short[] frame, int length, long position) {
    int filled = 0;
    while (!clips.isEmpty()) {
      int count = Math.min(length - filled, current.length - at);
      System.arraycopy(current, at, frame, filled, count);
      filled += count;
      at += count;
      if (at < current.length) {
        return;
      }
      finished.add(new Finished(position + filled, clips.remove().done()));
      Clip next = clips.peek();
      current = next == null ? NOTHING : next.samples();
      at = 0;
    }
    Arrays.fill(frame, filled, length, (short) 0);
  }

  /** Runs the {@code done} of everything that ended at or before {@code position}. */
  void completed(long position) {
    while (!finished.isEmpty() && finished.getFirst().position() <= position) {
      finished.remove().done().run();
    }
  }

  /** Writes the packet of a frame. */
  void packet(ByteBuffer to, short[] frame, int length, G711 codec, int payloadType) {
    RtpPacket.writeHeader(to, marker, payloadType, sequence, timestamp, ssrc);
    for (int i = 0; i < length; i++) {
      to.put(codec.encode(frame[i]));
    }
    marker = false;
    sequence = (sequence + 1) & 0xffff;
    timestamp += length;
  }

  /** A frame that may not be sent: its time passes, and the next packet begins a talkspurt. */
  void skip(int length) {
    marker = true;
    timestamp += length;
  }

  /** Plays nothing any more and runs every {@code done} that has not run. */
  void abandon() {
    completed(Long.MAX_VALUE);
    while (!clips.isEmpty()) {
      clips.remove().done().run();
    }
    current = NOTHING;
  }
}

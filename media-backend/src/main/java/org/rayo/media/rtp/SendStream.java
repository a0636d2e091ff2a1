package org.rayo.media.rtp;

import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.rayo.media.audio.FrameSource;
import org.rayo.media.audio.G711;
import org.rayo.media.audio.Mixing;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What goes to the other side: what is played, then silence, in packets of 20 ms.
 *
 * <p>The timestamp follows the ticks even while nothing may be sent, so that after a hold the other
 * side knows how long it was.
 */
final class SendStream {
  private static final Logger log = LoggerFactory.getLogger(SendStream.class);
  private static final short[] NOTHING = {};

  @SuppressWarnings("ArrayRecordComponent") // a pair, never compared
  private record Clip(short[] samples, Runnable done) {}

  private record Playing(FrameSource source, Runnable done) {}

  private record Finished(long position, Runnable done) {}

  private final ArrayDeque<Clip> clips = new ArrayDeque<>();
  private final ArrayDeque<Finished> finished = new ArrayDeque<>();
  private final List<Playing> sources = new ArrayList<>();
  private final short[] scratch = new short[PlayoutClock.FRAME];
  private final int[] sum = new int[PlayoutClock.FRAME];
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

  /** Plays a source beside everything else; {@code done} runs as that of a clip. */
  void play(FrameSource source, Runnable done) {
    sources.add(new Playing(source, done));
  }

  /** A source that plays is asked for nothing any more, and its {@code done} runs. */
  void stop(FrameSource source) {
    for (int i = 0; i < sources.size(); i++) {
      if (sources.get(i).source() == source) {
        sources.remove(i).done().run();
        return;
      }
    }
  }

  /**
   * Fills one frame.
   *
   * @param position of the frame's first sample on the line to the taps
   */
  void next(short[] frame, int length, long position) {
    nextOfClips(frame, length, position);
    if (!sources.isEmpty()) {
      addSources(frame, length, position);
    }
  }

  /** Clipped once, at the end: what is too loud with one source may not be so with the next. */
  private void addSources(short[] frame, int length, long position) {
    for (int i = 0; i < length; i++) {
      sum[i] = frame[i];
    }
    for (int s = sources.size() - 1; s >= 0; s--) {
      Playing playing = sources.get(s);
      int given = pull(playing.source(), length);
      for (int i = 0; i < given; i++) {
        sum[i] += scratch[i];
      }
      if (given < length) {
        sources.remove(s);
        finished.add(new Finished(position + given, playing.done()));
      }
    }
    for (int i = 0; i < length; i++) {
      frame[i] = Mixing.clip(sum[i]);
    }
  }

  /** A source that fails is over: it costs neither the call nor the others. */
  private int pull(FrameSource source, int length) {
    try {
      return source.next(scratch, length);
    } catch (RuntimeException e) {
      log.error("A source failed and is played no more", e);
      return 0;
    }
  }

  private void nextOfClips(short[] frame, int length, long position) {
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
    List<Playing> playing = List.copyOf(sources);
    sources.clear();
    playing.forEach(source -> source.done().run());
  }
}

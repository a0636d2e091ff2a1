package org.rayo.media.audio;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is played into one frame after the other: clips, one behind the other, and beside them any
 * number of sources; then silence. Belongs to one media thread; a frame allocates nothing.
 */
public final class Playback {
  private static final Logger log = LoggerFactory.getLogger(Playback.class);
  private static final short[] NOTHING = {};

  @SuppressWarnings("ArrayRecordComponent") // a pair, never compared
  private record Clip(short[] samples, Runnable done) {}

  private record Playing(FrameSource source, Runnable done) {}

  private record Finished(long position, Runnable done) {}

  private final ArrayDeque<Clip> clips = new ArrayDeque<>();
  private final ArrayDeque<Finished> finished = new ArrayDeque<>();
  private final List<Playing> sources = new ArrayList<>();
  private final short[] scratch;
  private final int[] sum;
  private short[] current = NOTHING;
  private int at;

  /**
   * @param longestFrame samples
   */
  public Playback(int longestFrame) {
    scratch = new short[longestFrame];
    sum = new int[longestFrame];
  }

  /** Appends to what is playing; {@code done} is run by {@link #completed} or {@link #abandon}. */
  public void play(short[] samples, Runnable done) {
    if (clips.isEmpty()) {
      current = samples;
      at = 0;
    }
    clips.add(new Clip(samples, done));
  }

  /** Plays a source beside everything else; {@code done} runs as that of a clip. */
  public void play(FrameSource source, Runnable done) {
    sources.add(new Playing(source, done));
  }

  /** A source that plays is asked for nothing any more, and its {@code done} runs. */
  public void stop(FrameSource source) {
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
  public void next(short[] frame, int length, long position) {
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
  public void completed(long position) {
    while (!finished.isEmpty() && finished.getFirst().position() <= position) {
      finished.remove().done().run();
    }
  }

  /** Plays nothing any more and runs every {@code done} that has not run. */
  public void abandon() {
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

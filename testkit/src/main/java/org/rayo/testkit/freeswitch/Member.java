package org.rayo.testkit.freeswitch;

import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A channel's place in a conference. Audio is handled on the thread of the RTP, the flags are set
 * on the switch's.
 */
final class Member {

  private static final int FRAME = Playing.FRAME_SAMPLES;

  /** So many frames of another member wait at most; so many must before they are heard. */
  private static final int MOST_WAITING = 12;

  private static final int FIRST_WAITING = 2;

  /** The mean magnitude from which on a frame is talk, as energy-level 100 of the profile. */
  private static final int TALK_LEVEL = 100;

  /** Talking ends after so many quiet frames. */
  private static final int HANGOVER_FRAMES = 15;

  final int id;
  final Channel channel;
  final Conference conference;

  /** What was executed on top of something else, to which it goes back. */
  final Optional<Applications.Execution> onTop;

  private final Map<Member, Queue<short[]>> heard = new ConcurrentHashMap<>();
  private final Map<Member, Boolean> primed = new ConcurrentHashMap<>();
  final CopyOnWriteArrayList<Playing> played = new CopyOnWriteArrayList<>();
  volatile boolean muted;
  volatile boolean deaf;
  private volatile boolean talking;
  private int quietFrames;

  Member(int id, Channel channel, Conference conference, Optional<Applications.Execution> onTop) {
    this.onTop = onTop;
    this.id = id;
    this.channel = channel;
    this.conference = conference;
  }

  boolean talking() {
    return talking;
  }

  /** Muting is not told as an end of talking. */
  void mute(boolean on) {
    muted = on;
    talking = false;
    quietFrames = 0;
  }

  void said(short[] frame) {
    if (muted) {
      return;
    }
    for (Member other : conference.others(this)) {
      other.hear(this, frame);
    }
    long level = 0;
    for (short sample : frame) {
      level += Math.abs(sample);
    }
    boolean loud = level / frame.length > TALK_LEVEL;
    quietFrames = loud ? 0 : quietFrames + 1;
    if (loud && !talking) {
      talking = true;
      conference.talking(this, true);
    } else if (talking && quietFrames > HANGOVER_FRAMES) {
      talking = false;
      conference.talking(this, false);
    }
  }

  private void hear(Member from, short[] frame) {
    Queue<short[]> waiting = heard.computeIfAbsent(from, m -> new ConcurrentLinkedQueue<>());
    waiting.add(frame);
    if (waiting.size() > MOST_WAITING) {
      waiting.poll();
    }
  }

  /** The next 20 ms of what the others say and what is played. */
  short[] hears() {
    int[] mix = new int[FRAME];
    for (Map.Entry<Member, Queue<short[]>> source : heard.entrySet()) {
      Queue<short[]> waiting = source.getValue();
      boolean ready = primed.containsKey(source.getKey()) || waiting.size() >= FIRST_WAITING;
      if (ready && !waiting.isEmpty()) {
        primed.put(source.getKey(), true);
        add(mix, waiting.remove());
      }
    }
    for (Playing playing : played) {
      add(mix, playing.frame());
    }
    short[] frame = new short[FRAME];
    for (int i = 0; i < FRAME && !deaf; i++) {
      frame[i] = ChannelAudio.clipped(mix[i]);
    }
    return frame;
  }

  void forget(Member gone) {
    heard.remove(gone);
    primed.remove(gone);
  }

  private static void add(int[] mix, short[] frame) {
    for (int i = 0; i < FRAME; i++) {
      mix[i] += frame[i];
    }
  }
}

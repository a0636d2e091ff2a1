package org.rayo.testkit.freeswitch;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.rayo.testkit.phone.CallEar;
import org.rayo.testkit.phone.CallMouth;

/**
 * The audio of a channel: what its phone says goes to taps, to the channel that it is bridged with
 * and to its conference; what it is to hear comes from there, or is played.
 *
 * <p>What is passed on is passed on frame by frame as it came, so that a machine that stalls loses
 * nothing: a leg that only passes on sends as many frames as have come. Frames are handled on the
 * thread of the RTP; the switch's thread only says what is connected with what.
 */
final class ChannelAudio implements CallEar, CallMouth {

  private static final int FRAME = Playing.FRAME_SAMPLES;

  /** Says that 20 ms pass in which nothing is sent. */
  private static final short[] PAUSE = {};

  /** After so many frames' time without a packet, silence is taken for what is said. */
  private static final int PATIENCE = 50;

  private static final int LONGEST_GAP_SAMPLES = 8000;

  /** Which side of a channel a tap gets. */
  enum Side {
    READ,
    WRITE,
    BOTH
  }

  private record Tap(ChannelAudio leg, Side side, Queue<short[]> waiting) {}

  private final List<Tap> taps = new CopyOnWriteArrayList<>();
  private final List<FileRecording> recordings = new CopyOnWriteArrayList<>();
  private final Queue<short[]> passedOn = new ConcurrentLinkedQueue<>();
  private volatile Optional<ChannelAudio> bridged = Optional.empty();
  private volatile Optional<Member> member = Optional.empty();
  private volatile Optional<Playing> playing = Optional.empty();
  private volatile Optional<Playing> displacing = Optional.empty();
  private volatile boolean relays;
  private volatile boolean heardOf;
  private volatile KeyListener keys = (digit, samples) -> {};

  // Below: only on the thread of the RTP.
  private boolean started;
  private int ssrc;
  private long expected;
  private int ticksWithoutAudio;
  private boolean filled;

  /** Told of keys, on the thread of the RTP. */
  @FunctionalInterface
  interface KeyListener {
    void pressed(char digit, int samples);
  }

  void onKey(KeyListener listener) {
    keys = listener;
  }

  void bridge(ChannelAudio with) {
    passedOn.clear();
    bridged = Optional.of(with);
  }

  void unbridge() {
    bridged = Optional.empty();
  }

  void join(Optional<Member> to) {
    member = to;
  }

  void play(Optional<Playing> what) {
    playing = what;
  }

  /** Mixes this into all that is heard. */
  void displace(Optional<Playing> what) {
    displacing = what;
  }

  /** From now on it only passes on what is given to it. */
  void relay() {
    relays = true;
  }

  void tap(ChannelAudio leg, Side side) {
    taps.add(new Tap(leg, side, new ConcurrentLinkedQueue<>()));
  }

  void untap(ChannelAudio leg) {
    taps.removeIf(tap -> tap.leg == leg);
  }

  void record(FileRecording recording) {
    recordings.add(recording);
  }

  void stopRecording(FileRecording recording) {
    recordings.remove(recording);
  }

  /** Whether a frame was ever passed on to it. */
  boolean heardOf() {
    return heardOf;
  }

  private void passOn(short[] frame) {
    heardOf = true;
    passedOn.add(frame);
  }

  @Override
  public void key(char digit, int samples) {
    keys.pressed(digit, samples);
  }

  @Override
  public void audio(int itsSsrc, long timestamp, short[] pcm) {
    ticksWithoutAudio = 0;
    long ahead = (long) (int) (timestamp - expected);
    if (!started || itsSsrc != ssrc || Math.abs(ahead) > LONGEST_GAP_SAMPLES || filled) {
      started = true;
      filled = false;
      ssrc = itsSsrc;
    } else if (ahead < 0) {
      return; // It comes again or too late.
    } else {
      for (long missing = ahead; missing >= FRAME; missing -= FRAME) {
        said(new short[FRAME]);
      }
    }
    expected = timestamp + pcm.length;
    for (int from = 0; from + FRAME <= pcm.length; from += FRAME) {
      short[] frame = new short[FRAME];
      System.arraycopy(pcm, from, frame, 0, FRAME);
      said(frame);
    }
  }

  /** The phone has said a frame. */
  private void said(short[] frame) {
    for (Tap tap : taps) {
      if (tap.side == Side.READ) {
        tap.leg.passOn(frame);
      } else if (tap.side == Side.BOTH) {
        tap.waiting.add(frame);
      }
    }
    recordings.forEach(recording -> recording.said(frame));
    bridged.ifPresent(other -> other.passOn(frame));
    member.ifPresent(of -> of.said(frame));
  }

  @Override
  public List<short[]> due() {
    if (!relays && started && ++ticksWithoutAudio > PATIENCE) {
      filled = true;
      said(new short[FRAME]);
    }
    List<short[]> frames = mixed(next());
    for (short[] frame : frames) {
      short[] plain = frame.length == 0 ? new short[FRAME] : frame;
      taps.forEach(tap -> heard(tap, plain));
      recordings.forEach(recording -> recording.heard(plain));
    }
    return frames;
  }

  private List<short[]> mixed(List<short[]> frames) {
    Optional<Playing> beside = displacing;
    if (beside.isEmpty() || relays) {
      return frames;
    }
    List<short[]> mixed = new ArrayList<>();
    for (short[] frame : frames) {
      short[] both = beside.get().frame();
      for (int i = 0; i < frame.length; i++) {
        both[i] = clipped(both[i] + frame[i]);
      }
      mixed.add(both);
    }
    if (beside.get().over()) {
      displacing = Optional.empty();
    }
    return mixed;
  }

  private static void heard(Tap tap, short[] frame) {
    if (tap.side == Side.WRITE) {
      tap.leg.passOn(frame);
    } else if (tap.side == Side.BOTH) {
      short[] both = frame.clone();
      short[] said = tap.waiting.poll();
      for (int i = 0; said != null && i < both.length; i++) {
        both[i] = clipped(both[i] + said[i]);
      }
      tap.leg.passOn(both);
    }
  }

  private List<short[]> next() {
    Optional<Playing> now = playing;
    if (now.isPresent()) {
      passedOn.clear();
      return List.of(now.get().frame());
    }
    Optional<Member> in = member;
    if (in.isPresent()) {
      return List.of(in.get().hears());
    }
    if (relays || bridged.isPresent()) {
      List<short[]> frames = new ArrayList<>();
      for (short[] frame = passedOn.poll(); frame != null; frame = passedOn.poll()) {
        frames.add(frame);
      }
      return frames;
    }
    return List.of(PAUSE);
  }

  static short clipped(int sample) {
    return (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, sample));
  }
}

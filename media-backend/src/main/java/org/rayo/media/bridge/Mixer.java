package org.rayo.media.bridge;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import org.rayo.media.audio.CallAudio;
import org.rayo.media.audio.FrameSource;
import org.rayo.media.audio.FrameTap;
import org.rayo.media.audio.MediaThread;
import org.rayo.media.audio.Mixing;
import org.rayo.media.audio.Playback;
import org.rayo.media.audio.Taps;
import org.rayo.media.audio.Ticked;

/**
 * Where many hear each other: every 20 ms it takes a frame of each voice, adds them and what is
 * played, and gives everybody the sum without his own. Both legs of its own frames are the sum of
 * all; a tap that is a {@link org.rayo.media.audio.ParticipantTap} gets every voice by itself too.
 *
 * <p>Calls come and go by {@link Joins}. {@link #open}, {@link #close} and {@link #execute} may be
 * called from any thread; a tick allocates nothing but when somebody begins or stops to speak.
 */
public final class Mixer implements CallAudio, Ticked {

  /** Hears who speaks, on the media thread; must not block. */
  @FunctionalInterface
  public interface Speakers {
    void speakingChanged(String participant, boolean speaking);
  }

  private static final Seat[] EMPTY = {};
  private static final int TICKS_A_SECOND = 50;

  private final String name;
  private final int sampleRateHz;
  private final MediaThread thread;
  private final Speakers speakers;
  private final Joins.Party party;
  private final Taps taps;
  private final Playback playback;
  private final int[] sum;
  private final short[] frame;
  private Seat[] seats = EMPTY;
  private long position;
  private boolean closed;

  /** Of those who are joined to it; guarded by the lock of the joins. */
  private final Set<String> participants = new HashSet<>();

  /**
   * @param name for logs
   * @param sampleRateHz of every call that will be joined to it
   */
  public Mixer(String name, int sampleRateHz, MediaThread thread, Speakers speakers) {
    this.name = name;
    this.sampleRateHz = sampleRateHz;
    this.thread = thread;
    this.speakers = speakers;
    party = new Joins.Party(toString());
    taps = new Taps(toString());
    int samples = sampleRateHz / TICKS_A_SECOND;
    playback = new Playback(samples);
    sum = new int[samples];
    frame = new short[samples];
  }

  /** It, as far as joins are concerned. */
  public Joins.Party party() {
    return party;
  }

  Set<String> participants() {
    return participants;
  }

  int frameSamples() {
    return frame.length;
  }

  /** Begins to mix; once. */
  public void open() {
    execute(() -> thread.add(this));
  }

  /** Ends it: no tap gets a frame any more, and every {@code done} runs. */
  public void close() {
    execute(
        () -> {
          closed = true;
          thread.remove(this);
          taps.clear();
          playback.abandon();
        });
  }

  @Override
  public int sampleRateHz() {
    return sampleRateHz;
  }

  @Override
  public void execute(Runnable task) {
    thread.execute(task);
  }

  @Override
  public void attach(FrameTap tap) {
    requireMediaThread();
    if (closed) {
      return;
    }
    taps.add(tap);
    for (Seat seat : seats) {
      if (seat.isHeard()) {
        taps.tell(tap, one -> one.entered(seat.participant()));
        if (seat.speaking().speaks()) {
          taps.tell(tap, one -> one.speaking(seat.participant(), true));
        }
      }
    }
  }

  @Override
  public void detach(FrameTap tap) {
    requireMediaThread();
    taps.remove(tap);
  }

  @Override
  public void play(short[] samples, Runnable done) {
    requireMediaThread();
    if (closed) {
      execute(done);
    } else {
      playback.play(samples, done);
    }
  }

  @Override
  public void play(FrameSource source, Runnable done) {
    requireMediaThread();
    if (closed) {
      execute(done);
    } else {
      playback.play(source, done);
    }
  }

  @Override
  public void stop(FrameSource source) {
    requireMediaThread();
    playback.stop(source);
  }

  private void requireMediaThread() {
    if (!thread.isHere()) {
      throw new IllegalStateException("only on the media thread: use execute()");
    }
  }

  @Override
  public void tick(long dueNanos, long lateNanos) {
    listen();
    add();
    for (Seat seat : seats) {
      if (seat.hears()) {
        mixFor(seat);
      }
    }
    for (Seat seat : seats) {
      if (seat.isHeard()) {
        taps.said(seat.participant(), seat.own(), frame.length);
      }
    }
    for (int i = 0; i < frame.length; i++) {
      frame[i] = Mixing.clip(sum[i]);
    }
    taps.frame(frame, frame, frame.length);
    position += frame.length;
    playback.completed(position);
  }

  private void listen() {
    for (Seat seat : seats) {
      if (seat.isHeard()) {
        seat.next();
        if (seat.speaking().changed(seat.own(), frame.length)) {
          tellSpeaking(seat);
        }
      }
    }
  }

  private void add() {
    playback.next(frame, frame.length, position);
    for (int i = 0; i < frame.length; i++) {
      sum[i] = frame[i];
    }
    for (Seat seat : seats) {
      if (seat.isHeard()) {
        short[] own = seat.own();
        for (int i = 0; i < own.length; i++) {
          sum[i] += own[i];
        }
      }
    }
  }

  private void mixFor(Seat seat) {
    short[] own = seat.own();
    for (int i = 0; i < frame.length; i++) {
      frame[i] = Mixing.clip(sum[i] - own[i]);
    }
    seat.hear(frame);
  }

  private void tellSpeaking(Seat seat) {
    boolean speaks = seat.speaking().speaks();
    taps.speaking(seat.participant(), speaks);
    speakers.speakingChanged(seat.participant(), speaks);
  }

  // For the seats, on the media thread.

  /** It is taken, or left when its participant neither hears nor is heard. */
  void seated(Seat seat) {
    boolean taken = seat.hears() || seat.isHeard();
    if (taken != Arrays.asList(seats).contains(seat)) {
      if (taken) {
        seats = Arrays.copyOf(seats, seats.length + 1);
        seats[seats.length - 1] = seat;
      } else {
        seats = Arrays.stream(seats).filter(other -> other != seat).toArray(Seat[]::new);
      }
    }
  }

  void entered(Seat seat) {
    taps.entered(seat.participant());
  }

  void left(Seat seat) {
    if (seat.speaking().speaks()) {
      seat.speaking().stop();
      tellSpeaking(seat);
    }
    taps.left(seat.participant());
  }

  /** A participant pressed a key. From any thread. */
  void pressed(char digit) {
    execute(() -> taps.key(digit, 0));
  }

  /** For logs. */
  @Override
  public String toString() {
    return "mixer " + name;
  }
}

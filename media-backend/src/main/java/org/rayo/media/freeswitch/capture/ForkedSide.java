package org.rayo.media.freeswitch.capture;

import java.time.Duration;
import java.util.Optional;
import org.rayo.media.MediaException;
import org.rayo.media.audio.MediaThread;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One side of a call: its fork, from when somebody needs it until nobody does, made anew when it is
 * lost. Time is ticks of 20 ms. Belongs to the media thread.
 */
final class ForkedSide implements Leg.Owner {

  private static final Logger log = LoggerFactory.getLogger(ForkedSide.class);

  static final long NANOS_PER_SAMPLE = 1_000_000_000L / TickedAudio.RATE;
  private static final long TICK_NANOS = 20_000_000;

  /** From the asking to the first frame, at most. */
  private static final int FORK_TICKS = ticks(Duration.ofSeconds(10));

  /** A fork that is up and brings nothing for so long brings silence: the call is on hold. */
  private static final int MUTE_TICKS = ticks(Duration.ofSeconds(1));

  /** Components that follow each other need not fork again. */
  private static final int GRACE_TICKS = ticks(Duration.ofSeconds(2));

  /** The end of a fork may be the first sign of the end of the call. */
  static final int PATIENCE_TICKS = ticks(Duration.ofMillis(200));

  private static final int LONGEST_WAIT_TICKS = ticks(Duration.ofSeconds(5));

  /** After so long a fork is a good one, and the next loss the first. */
  private static final int PROVEN_TICKS = ticks(Duration.ofSeconds(5));

  private static final int MOST_TRIES = 10;

  /** What hears of the side. */
  interface Owner {
    /** A frame came. */
    void framed(ForkedSide side);

    /** Its audio is in the frames to come. */
    void flowing(ForkedSide side);

    /** It could not be forked; it may be tried again. */
    void failed(ForkedSide side, MediaException why);
  }

  private final Side side;
  private final String callId;
  private final MediaThread thread;
  private final Reception reception;
  private final Forks forks;
  private final Owner owner;
  private final SideBuffer buffer = new SideBuffer(TickedAudio.LONGEST_FRAME);

  private int needed;
  private int unneededTicks;
  private Optional<Leg> leg = Optional.empty();
  private int legTicks;
  private int upTicks;
  private int arrived;
  private boolean fresh;
  private boolean heard;
  private long heardNanos;
  private boolean flowing;
  private int tries;
  private int flowTicks;
  private int waitTicks;
  private String lostWhy = "";

  ForkedSide(
      Side side, String callId, MediaThread thread, Reception reception, Forks forks, Owner owner) {
    this.side = side;
    this.callId = callId;
    this.thread = thread;
    this.reception = reception;
    this.forks = forks;
    this.owner = owner;
  }

  private static int ticks(Duration time) {
    return Math.toIntExact(time.toNanos() / TICK_NANOS);
  }

  Side side() {
    return side;
  }

  SideBuffer buffer() {
    return buffer;
  }

  /** One more needs it: {@link #fork} follows. */
  void need() {
    needed++;
    unneededTicks = 0;
  }

  /** It is forked, unless it is already. */
  void fork() {
    if (leg.isEmpty()) {
      tries = 0;
      begin();
    }
  }

  /** One fewer does. */
  void release() {
    if (needed == 0) {
      throw new IllegalStateException(
          callId + ": " + side + " was released more often than opened");
    }
    needed--;
  }

  /** Whether there is anything to be done about it. */
  boolean isIdle() {
    return needed == 0 && leg.isEmpty();
  }

  boolean hasLeg() {
    return leg.isPresent();
  }

  /** Whether its frames come. */
  boolean isUp() {
    return leg.isPresent() && leg.get().isUp();
  }

  boolean isFlowing() {
    return flowing;
  }

  /** Whether a leg has just begun whose audio has not been laid beside the other's. */
  boolean isFresh() {
    return fresh;
  }

  void settled() {
    fresh = false;
  }

  /** Samples that came since the last time this was asked. */
  int takeArrived() {
    int count = arrived;
    arrived = 0;
    return count;
  }

  int arrived() {
    return arrived;
  }

  /** When what is given next was received. For a side that is up. */
  long nextNanos() {
    return leg.get().audio().receivedNanos() - buffer.waiting() * NANOS_PER_SAMPLE;
  }

  @Override
  public void frame(short[] send, short[] recv, int length) {
    buffer.write(send, length);
    arrived += length;
    owner.framed(this);
  }

  /**
   * 20 ms have passed.
   *
   * @param ending the call is over: nothing is forked any more
   */
  void tick(long dueNanos, boolean ending) {
    legTicks++;
    if (isUp()) {
      listen(dueNanos);
    } else if (leg.isPresent() && legTicks > FORK_TICKS) {
      Leg late = leg.get();
      late.end();
      over(late, "it did not come within " + FORK_TICKS / 50 + " s");
    } else if (leg.isEmpty() && needed > 0 && !ending && waitTicks > 0 && --waitTicks == 0) {
      log.info("{}: it is forked again, try {}", lostWhy, tries + 1);
      begin();
    }
    unneededTicks = needed > 0 ? 0 : unneededTicks + 1;
    if (unneededTicks > GRACE_TICKS) {
      end();
    }
  }

  private void listen(long dueNanos) {
    if (!heard) {
      heard = leg.get().audio().isHeard();
      // What has been heard came since the last tick.
      heardNanos = dueNanos - TICK_NANOS;
      if (!heard && ++upTicks == MUTE_TICKS) {
        log.info("{}: {} brings nothing: silence", this, leg.get());
        flows();
      }
    } else if (!flowing && !fresh && nextNanos() >= heardNanos) {
      flows();
    }
    if (flowing && ++flowTicks == PROVEN_TICKS) {
      tries = 0;
    }
  }

  private void flows() {
    if (!flowing) {
      flowing = true;
      flowTicks = 0;
      owner.flowing(this);
    }
  }

  private void begin() {
    waitTicks = 0;
    legTicks = 0;
    upTicks = 0;
    arrived = 0;
    heard = false;
    flowing = false;
    fresh = true;
    tries++;
    try {
      leg = Optional.of(new Leg(side, thread, reception, forks, this));
    } catch (MediaException e) {
      lost(e);
    }
  }

  /** It is not to be forked any more, and what there is ends. */
  void end() {
    leg.ifPresent(Leg::end);
    leg = Optional.empty();
    flowing = false;
    waitTicks = 0;
  }

  @Override
  public void over(Leg which, String why) {
    if (leg.isPresent() && leg.get() == which) {
      leg = Optional.empty();
      lost(new MediaException(MediaException.Fault.FAILED, this + " cannot be heard: " + why));
    }
  }

  private void lost(MediaException why) {
    flowing = false;
    lostWhy = String.valueOf(why.getMessage());
    owner.failed(this, why);
    if (needed == 0) {
      return;
    }
    if (tries >= MOST_TRIES) {
      log.warn("{}: given up after {} tries, and silence from now on", lostWhy, tries);
      return;
    }
    waitTicks = Math.min(LONGEST_WAIT_TICKS, PATIENCE_TICKS << Math.max(0, tries - 1));
  }

  @Override
  public String toString() {
    return callId + " " + side;
  }
}

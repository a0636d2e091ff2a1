package org.rayo.media.freeswitch.capture;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.rayo.media.MediaException;
import org.rayo.media.audio.FrameTap;
import org.rayo.media.audio.MediaThread;
import org.rayo.media.audio.Taps;
import org.rayo.media.audio.Ticked;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The audio of a call of FreeSWITCH's, forked to us: a leg for each side that is needed.
 *
 * <p>One leg leads: as many samples as it brings are given to the taps, so that FreeSWITCH's clock,
 * and not ours, says how long the call is. The other follows beside it, laid there by when both
 * were received, and is moved only when it strays from there. While no leg is up the call goes on
 * as silence. All legs of a call, and this, are ticked by one thread.
 */
final class ForkedAudio implements CapturedAudio, Ticked, ForkedSide.Owner {

  private static final Logger log = LoggerFactory.getLogger(ForkedAudio.class);

  private static final int FRAME = ForkedSide.RATE / 50;

  /** What the leader keeps back, for a follower that is later than it is: 40 ms. */
  private static final int RESERVE = 2 * FRAME;

  /** The sides may be apart by so many samples, 10 ms, or for so long by more. */
  private static final int APART = FRAME / 2;

  private static final int APART_TICKS = 100;

  /** Until the forks' own ends have come, after that of the call: 500 ms. */
  private static final int DRAIN_TICKS = 25;

  /** What FreeSWITCH may have sent after it told of the end: 50 ms. */
  private static final int AFTER_END = ForkedSide.RATE / 20;

  /** Between the end of a beep at FreeSWITCH and the packet of it that comes last: 60 ms. */
  private static final long BEEP_ON_ITS_WAY_NANOS = 60_000_000;

  private record Beep(long passedNanos, Runnable done) {}

  private final String callId;
  private final MediaThread thread;
  private final Forks forks;
  private final LongSupplier clock;
  private final Taps taps;
  private final ForkedSide said;
  private final ForkedSide heard;
  private final Openings openings = new Openings();
  private final List<Beep> beeps = new ArrayList<>();
  private final short[] send = new short[ForkedSide.LONGEST_FRAME];
  private final short[] recv = new short[ForkedSide.LONGEST_FRAME];

  private Optional<ForkedSide> leader = Optional.empty();
  private boolean ticking;
  private int idleTicks;
  private int apartTicks;
  private long left = Long.MAX_VALUE;
  private Optional<Runnable> drained = Optional.empty();
  private int drainTicks;
  private boolean over;

  /**
   * @param clock that of the legs, in nanoseconds
   */
  ForkedAudio(
      String callId, MediaThread thread, Reception reception, Forks forks, LongSupplier clock) {
    this.clock = clock;
    this.callId = callId;
    this.thread = thread;
    this.forks = forks;
    taps = new Taps(callId);
    said = new ForkedSide(Side.SAID, callId, thread, reception, forks, this);
    heard = new ForkedSide(Side.HEARD, callId, thread, reception, forks, this);
  }

  @Override
  public int sampleRateHz() {
    return ForkedSide.RATE;
  }

  @Override
  public void execute(Runnable task) {
    thread.execute(task);
  }

  @Override
  public void attach(FrameTap tap) {
    taps.add(tap);
    keepTicking();
  }

  @Override
  public void detach(FrameTap tap) {
    taps.remove(tap);
  }

  /** A fork carries nothing the other way. */
  @Override
  public void play(short[] samples, Runnable done) {
    execute(done);
  }

  @Override
  public CompletionStage<Void> open(Set<Side> sides) {
    Openings.Opening opening = new Openings.Opening(sides);
    execute(() -> open(opening));
    return opening.stage();
  }

  private void open(Openings.Opening opening) {
    if (drained.isPresent() || over) {
      opening.fail(new MediaException(MediaException.Fault.GONE, callId + ": the call is over"));
      return;
    }
    openings.add(opening);
    opening.sides().forEach(side -> of(side).need());
    for (Side side : opening.sides()) {
      if (opening.isPending()) {
        of(side).fork();
      }
    }
    openings.completeThose(this::isFlowing);
    keepTicking();
  }

  @Override
  public void release(Set<Side> sides) {
    Set<Side> which = Set.copyOf(sides);
    execute(() -> which.forEach(side -> of(side).release()));
  }

  @Override
  public void key(char digit) {
    execute(() -> taps.key(digit, 0));
  }

  @Override
  public void beep(Runnable done) {
    if (over || drained.isPresent()) {
      execute(done);
    } else {
      forks.beep(() -> execute(() -> beeped(done)));
    }
  }

  /** The caller has heard it. What is forked of it is still on its way. */
  private void beeped(Runnable done) {
    beeps.add(new Beep(clock.getAsLong() + BEEP_ON_ITS_WAY_NANOS, done));
    runPassedBeeps();
  }

  private void runPassedBeeps() {
    if (beeps.isEmpty()) {
      return;
    }
    for (Iterator<Beep> each = beeps.iterator(); each.hasNext(); ) {
      Beep beep = each.next();
      if (over || !heard.isUp() || heard.nextNanos() >= beep.passedNanos()) {
        each.remove();
        beep.done().run();
      }
    }
  }

  @Override
  public void callEnded(Runnable whenDrained) {
    execute(() -> end(whenDrained));
  }

  private void end(Runnable whenDrained) {
    if (over || drained.isPresent()) {
      whenDrained.run();
      return;
    }
    drained = Optional.of(whenDrained);
    List<Openings.Opening> unused =
        openings.failAll(
            new MediaException(MediaException.Fault.GONE, callId + ": the call is over"));
    long lag = 0;
    for (ForkedSide side : List.of(said, heard)) {
      if (side.isUp()) {
        lag = Math.max(lag, (clock.getAsLong() - side.nextNanos()) / ForkedSide.NANOS_PER_SAMPLE);
      } else {
        side.end();
      }
      lag = Math.max(lag, side.buffer().waiting());
    }
    left = lag + AFTER_END;
    if (said.isUp() || heard.isUp()) {
      keepTicking();
    } else {
      finish();
    }
  }

  private void finish() {
    give(Math.max(said.buffer().waiting(), heard.buffer().waiting()));
    over = true;
    stopTicking();
    said.end();
    heard.end();
    runPassedBeeps();
    long dropped = said.buffer().dropped() + heard.buffer().dropped();
    if (dropped > 0) {
      log.warn("{}: {} samples were lost: the machine stood still", callId, dropped);
    }
    Runnable whenDrained = drained.orElseThrow();
    drained = Optional.empty();
    whenDrained.run();
  }

  @Override
  public void tick(long dueNanos, long lateNanos) {
    boolean ending = drained.isPresent();
    said.tick(dueNanos, ending);
    heard.tick(dueNanos, ending);
    chooseLeader();
    if (leader.isPresent()) {
      follow(leader.get());
    } else {
      idle(ending);
    }
    runPassedBeeps();
    if (ending && (++drainTicks >= DRAIN_TICKS || !(said.hasLeg() || heard.hasLeg()))) {
      finish();
    }
    if (said.isIdle() && heard.isIdle() && taps.isEmpty() && beeps.isEmpty()) {
      stopTicking();
    }
  }

  /** The one that leads goes on, also for what it brought last; else whoever is up. */
  private void chooseLeader() {
    if (leader.isPresent()) {
      ForkedSide now = leader.get();
      if (now.isUp() || (now.arrived() > 0 && !other(now).isUp())) {
        return;
      }
    }
    Optional<ForkedSide> before = leader;
    leader =
        said.isUp() && said.arrived() > 0
            ? Optional.of(said)
            : heard.isUp() && heard.arrived() > 0 ? Optional.of(heard) : Optional.empty();
    if (leader.isPresent() && !leader.equals(before)) {
      log.debug("{} leads", leader.get());
    }
  }

  private void follow(ForkedSide lead) {
    ForkedSide other = other(lead);
    int count = lead.takeArrived();
    if (lead.isFresh()) {
      int owed = idleTicks > ForkedSide.PATIENCE_TICKS ? 0 : idleTicks * FRAME;
      count += owed;
      lead.buffer().delay(Math.max(0, RESERVE + count - lead.buffer().waiting()));
      lead.settled();
    }
    idleTicks = 0;
    if (lead.isUp()) {
      layBeside(other, lead);
    }
    int unused = other.takeArrived();
    give(count);
  }

  private void layBeside(ForkedSide other, ForkedSide lead) {
    if (!other.isUp() || (other.isFresh() && other.arrived() == 0)) {
      return;
    }
    long ahead = (other.nextNanos() - lead.nextNanos()) / ForkedSide.NANOS_PER_SAMPLE;
    if (!other.isFresh()) {
      apartTicks = Math.abs(ahead) > APART ? apartTicks + 1 : 0;
      if (apartTicks < APART_TICKS) {
        return;
      }
      log.debug("{} is moved by {} samples", other, ahead);
    }
    apartTicks = 0;
    other.settled();
    if (ahead > 0) {
      other.buffer().delay((int) ahead);
    } else {
      other.buffer().hurry((int) Math.min(-ahead, other.buffer().waiting()));
    }
  }

  /** No leg is up. A short time may be the end of the call, which takes no time: it is owed. */
  private void idle(boolean ending) {
    idleTicks++;
    if (ending) {
      return;
    }
    if (idleTicks == ForkedSide.PATIENCE_TICKS + 1) {
      give((long) idleTicks * FRAME);
    } else if (idleTicks > ForkedSide.PATIENCE_TICKS) {
      give(FRAME);
    }
  }

  private void give(long samples) {
    long count = Math.min(samples, left);
    left -= count;
    while (count > 0) {
      int length = count > ForkedSide.LONGEST_FRAME ? FRAME : (int) count;
      said.buffer().read(send, length);
      heard.buffer().read(recv, length);
      taps.frame(send, recv, length);
      count -= length;
    }
  }

  /** At its end a leg brings everything at once. */
  @Override
  public void framed(ForkedSide side) {
    if (side.buffer().isHalfFull()
        && leader.isPresent()
        && leader.get() == side
        && !other(side).isUp()) {
      give(side.takeArrived());
    }
  }

  @Override
  public void flowing(ForkedSide side) {
    openings.completeThose(this::isFlowing);
  }

  @Override
  public void failed(ForkedSide side, MediaException why) {
    for (Openings.Opening opening : openings.failThose(side.side(), why)) {
      opening.sides().forEach(each -> of(each).release());
    }
  }

  private boolean isFlowing(Side side) {
    return of(side).isFlowing();
  }

  private ForkedSide of(Side side) {
    return side == Side.SAID ? said : heard;
  }

  private ForkedSide other(ForkedSide side) {
    return side == said ? heard : said;
  }

  private void keepTicking() {
    if (!ticking && !over) {
      ticking = true;
      thread.add(this);
    }
  }

  private void stopTicking() {
    ticking = false;
    thread.remove(this);
  }

  @Override
  public String toString() {
    return "audio of " + callId;
  }
}

package org.rayo.media.freeswitch.capture;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;
import org.rayo.media.MediaException;
import org.rayo.media.audio.MediaThread;
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
final class ForkedAudio extends TickedAudio implements ForkedSide.Owner {

  private static final Logger log = LoggerFactory.getLogger(ForkedAudio.class);

  /** What the leader keeps back, for a follower that is later than it is: 40 ms. */
  private static final int RESERVE = 2 * FRAME;

  /** The sides may be apart by so many samples, 10 ms, or for so long by more. */
  private static final int APART = FRAME / 2;

  private static final int APART_TICKS = 100;

  /** Until the forks' own ends have come, after that of the call: 500 ms. */
  private static final int DRAIN_TICKS = 25;

  /** What FreeSWITCH may have sent after it told of the end: 50 ms. */
  private static final int AFTER_END = RATE / 20;

  /** Between the end of a beep at FreeSWITCH and the packet of it that comes last: 60 ms. */
  private static final long BEEP_ON_ITS_WAY_NANOS = 60_000_000;

  private record Beep(long passedNanos, Runnable done) {}

  private final Forks forks;
  private final LongSupplier clock;
  private final ForkedSide said;
  private final ForkedSide heard;
  private final List<Beep> beeps = new ArrayList<>();

  private Optional<ForkedSide> leader = Optional.empty();
  private int idleTicks;
  private int apartTicks;
  private long left = Long.MAX_VALUE;
  private int drainTicks;

  /**
   * @param clock that of the legs, in nanoseconds
   */
  ForkedAudio(
      String callId, MediaThread thread, Reception reception, Forks forks, LongSupplier clock) {
    super(callId, thread);
    this.forks = forks;
    this.clock = clock;
    said = new ForkedSide(Side.SAID, callId, thread, reception, forks, this);
    heard = new ForkedSide(Side.HEARD, callId, thread, reception, forks, this);
  }

  @Override
  void opened(Openings.Opening opening) {
    opening.sides().forEach(side -> of(side).need());
    for (Side side : opening.sides()) {
      if (opening.isPending()) {
        of(side).fork();
      }
    }
    openings.completeThose(this::isFlowing);
  }

  @Override
  void released(Set<Side> sides) {
    sides.forEach(side -> of(side).release());
  }

  @Override
  void playBeep(Runnable done) {
    forks.beep(done);
  }

  /** What is forked of it is still on its way. */
  @Override
  void beeped(Runnable done) {
    beeps.add(new Beep(clock.getAsLong() + BEEP_ON_ITS_WAY_NANOS, done));
    runPassedBeeps();
  }

  private void runPassedBeeps() {
    if (beeps.isEmpty()) {
      return;
    }
    for (Iterator<Beep> each = beeps.iterator(); each.hasNext(); ) {
      Beep beep = each.next();
      if (isOver() || !heard.isUp() || heard.nextNanos() >= beep.passedNanos()) {
        each.remove();
        beep.done().run();
      }
    }
  }

  @Override
  boolean drain() {
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
    return !said.isUp() && !heard.isUp();
  }

  @Override
  void close() {
    give(Math.max(said.buffer().waiting(), heard.buffer().waiting()));
    said.end();
    heard.end();
    runPassedBeeps();
    long dropped = said.buffer().dropped() + heard.buffer().dropped();
    if (dropped > 0) {
      log.warn("{}: {} samples were lost: the machine stood still", callId, dropped);
    }
  }

  @Override
  public void tick(long dueNanos, long lateNanos) {
    boolean ending = isEnding();
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
      int length = count > LONGEST_FRAME ? FRAME : (int) count;
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
}

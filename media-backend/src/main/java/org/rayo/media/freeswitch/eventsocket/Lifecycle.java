package org.rayo.media.freeswitch.eventsocket;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.rayo.media.freeswitch.eventsocket.EventSocketException.Kind;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of a {@link SwitchConnection}: connect, password, filters, events, up; and once more
 * when that ends. All but {@link #start}, {@link #isUp} and {@link #state} is for the loop's
 * thread.
 */
final class Lifecycle implements Conversation.Owner {

  private static final Logger log = LoggerFactory.getLogger(Lifecycle.class);

  private static final long SLOWEST_TICK_NANOS = 100_000_000;
  private static final long FASTEST_TICK_NANOS = 5_000_000;
  private static final int TICKS_IN_SHORTEST = 5;

  private enum Phase {
    WAITING("not connected"),
    CONNECTING("connecting"),
    UP("up"),
    CLOSED("closed");

    private final String words;

    Phase(String words) {
      this.words = words;
    }
  }

  private final EventSocketLoop loop;
  private final Address address;
  private final ConnectionSettings settings;
  private final Subscriptions subscriptions;
  private final SwitchConnection.Listener listener;
  private final Backoff backoff;
  private final BackgroundJobs jobs = new BackgroundJobs();
  private volatile Optional<ScheduledFuture<?>> ticks = Optional.empty();
  private volatile Phase phase = Phase.WAITING;
  private volatile String complaint = "";

  /** What is said on the line in use; none while waiting or looking up a name. */
  private Optional<Conversation> conversation = Optional.empty();

  /** Counts attempts: a name that is found too late is not the next one's. */
  private long attempt;

  private long phaseSince = System.nanoTime();
  private long pauseNanos;

  Lifecycle(
      EventSocketLoop loop,
      Address address,
      ConnectionSettings settings,
      Subscriptions subscriptions,
      SwitchConnection.Listener listener) {
    this.loop = loop;
    this.address = address;
    this.settings = settings;
    this.subscriptions = subscriptions;
    this.listener = listener;
    this.backoff = new Backoff(settings.firstRetry(), settings.lastRetry());
  }

  void start(ScheduledExecutorService timers) {
    long period = tickNanos();
    ticks =
        Optional.of(
            timers.scheduleWithFixedDelay(this::onTimer, period, period, TimeUnit.NANOSECONDS));
    loop.execute(this::connect);
  }

  private long tickNanos() {
    Duration shortest = settings.firstRetry();
    for (Duration other :
        new Duration[] {
          settings.connectTimeout(), settings.commandTimeout(), settings.heartbeat()
        }) {
      shortest = other.compareTo(shortest) < 0 ? other : shortest;
    }
    long part = shortest.toNanos() / TICKS_IN_SHORTEST;
    return Math.max(FASTEST_TICK_NANOS, Math.min(SLOWEST_TICK_NANOS, part));
  }

  private void onTimer() {
    if (!loop.execute(this::tick)) {
      stopTicks();
    }
  }

  private void stopTicks() {
    ticks.ifPresent(running -> running.cancel(false));
  }

  private void tick() {
    long now = System.nanoTime();
    switch (phase) {
      case WAITING -> {
        if (now - phaseSince >= pauseNanos) {
          connect();
        }
      }
      case CONNECTING -> {
        if (now - phaseSince > settings.connectTimeout().toNanos()) {
          giveUp("not up within " + settings.connectTimeout().toMillis() + " ms");
        }
      }
      case UP -> conversation.ifPresent(current -> current.checkPulse(now));
      case CLOSED -> stopTicks();
    }
    conversation.ifPresent(current -> current.expire(now));
    jobs.expire(now);
  }

  private void enter(Phase next) {
    phase = next;
    phaseSince = System.nanoTime();
  }

  private void connect() {
    if (phase == Phase.CLOSED || loop.isClosing()) {
      return;
    }
    enter(Phase.CONNECTING);
    long number = ++attempt;
    loop.lookUp(address.host(), address.port(), found -> connect(number, found));
  }

  private void connect(long number, InetSocketAddress found) {
    if (phase != Phase.CONNECTING || number != attempt) {
      return;
    }
    if (found.isUnresolved()) {
      failed("the host is unknown", false);
      return;
    }
    try {
      Line.connect(
          loop,
          found,
          line -> {
            Conversation begun = new Conversation(line, address, settings, subscriptions, this);
            conversation = Optional.of(begun);
            return begun;
          });
    } catch (IOException e) {
      conversation = Optional.empty();
      failed(String.valueOf(e.getMessage()), false);
    }
  }

  private void giveUp(String why) {
    if (conversation.isPresent()) {
      conversation.get().end(why);
    } else {
      failed(why, false);
    }
  }

  /** An attempt to connect has come to nothing. */
  private void failed(String why, boolean forAPerson) {
    pauseNanos = forAPerson ? backoff.longest() : backoff.next();
    enter(Phase.WAITING);
    if (why.equals(complaint)) {
      log.debug("FreeSWITCH at {}: {}", address, why);
    } else if (forAPerson) {
      log.error("FreeSWITCH at {}: {}", address, why);
    } else {
      log.warn("FreeSWITCH at {}: {}", address, why);
    }
    complaint = why;
  }

  @Override
  public void isUp(Conversation current) {
    enter(Phase.UP);
    complaint = "";
    log.debug("FreeSWITCH at {} is connected", address);
    tell(listener::up);
  }

  @Override
  public void event(SwitchEvent event) {
    boolean ours = event.name().equals("BACKGROUND_JOB") && jobs.done(event);
    if (!ours && phase == Phase.UP) {
      tell(() -> listener.event(event));
    }
  }

  @Override
  public void ended(Conversation over, String why, boolean forAPerson) {
    conversation = Optional.empty();
    if (phase == Phase.CLOSED || loop.isClosing()) {
      enter(Phase.CLOSED);
      stopTicks();
      over.fail(Kind.CLOSED, why);
      jobs.fail(Kind.CLOSED, why);
      return;
    }
    if (phase != Phase.UP) {
      failed(why, forAPerson);
      over.fail(Kind.LOST, why);
      return;
    }
    if (System.nanoTime() - phaseSince >= settings.heartbeat().toNanos()) {
      backoff.reset();
    }
    pauseNanos = backoff.next();
    enter(Phase.WAITING);
    log.debug("FreeSWITCH at {} is lost: {}", address, why);
    over.fail(Kind.LOST, why);
    jobs.fail(Kind.LOST, why);
    tell(() -> listener.lost(why));
  }

  private void tell(Runnable news) {
    if (phase == Phase.CLOSED) {
      return;
    }
    try {
      news.run();
    } catch (RuntimeException e) {
      log.error("what listens to FreeSWITCH at {} failed", address, e);
    }
  }

  void command(String command, CompletableFuture<Reply> reply) {
    usable(reply).ifPresent(current -> current.send(command, Answer.to(reply)));
  }

  void background(String id, ApiCommand command, Duration timeout, CompletableFuture<Reply> done) {
    usable(done)
        .ifPresent(
            current -> {
              jobs.add(id, command.name(), timeout, done);
              current.send("bgapi " + command.line() + "\nJob-UUID: " + id, jobs.acceptance(id));
            });
  }

  /** The conversation that commands go into; without one, they fail at once. */
  private Optional<Conversation> usable(CompletableFuture<Reply> reply) {
    if (phase == Phase.UP && conversation.isPresent()) {
      if (!conversation.get().isFull()) {
        return conversation;
      }
      reply.completeExceptionally(
          new EventSocketException(Kind.BUSY, "too many commands wait for replies of " + address));
    } else if (phase == Phase.CLOSED) {
      reply.completeExceptionally(
          new EventSocketException(Kind.CLOSED, "the connection to " + address + " is closed"));
    } else {
      reply.completeExceptionally(
          new EventSocketException(Kind.LOST, "FreeSWITCH at " + address + " is " + state()));
    }
    return Optional.empty();
  }

  void watch(Filter channel) {
    if (subscriptions.watch(channel)) {
      conversation.ifPresent(current -> current.subscriptionChanged(channel.add()));
    }
  }

  void unwatch(Filter channel) {
    if (subscriptions.unwatch(channel)) {
      conversation.ifPresent(current -> current.subscriptionChanged(channel.delete()));
    }
  }

  boolean isUp() {
    return phase == Phase.UP;
  }

  String state() {
    String why = complaint;
    return phase.words + (why.isEmpty() ? "" : " (" + why + ")");
  }

  void close() {
    enter(Phase.CLOSED);
    stopTicks();
    conversation.ifPresent(current -> current.end("closed"));
  }

  @Override
  public String toString() {
    return address + " " + state();
  }
}

package org.rayo.media.freeswitch;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.rayo.media.MediaException;
import org.rayo.media.call.CallQueue;
import org.rayo.media.call.Deadline;
import org.rayo.media.freeswitch.eventsocket.Address;
import org.rayo.media.freeswitch.eventsocket.ApiCommand;
import org.rayo.media.freeswitch.eventsocket.ConnectionSettings;
import org.rayo.media.freeswitch.eventsocket.EventSocketException;
import org.rayo.media.freeswitch.eventsocket.EventSocketLoop;
import org.rayo.media.freeswitch.eventsocket.Filter;
import org.rayo.media.freeswitch.eventsocket.Reply;
import org.rayo.media.freeswitch.eventsocket.SwitchConnection;
import org.rayo.media.freeswitch.eventsocket.SwitchEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One FreeSWITCH server: what is asked of it, and who hears of which channel of its.
 *
 * <p>A connection that breaks is made again. Then, or when the server is another run of itself,
 * every follower is told to look what has become of its channel. A server that stays away too long
 * has lost its calls.
 */
final class Switch implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Switch.class);

  private static final List<String> EVENTS =
      List.of(
          "CHANNEL_CREATE",
          "CHANNEL_PROGRESS",
          "CHANNEL_PROGRESS_MEDIA",
          "CHANNEL_ANSWER",
          "CHANNEL_PARK",
          "CHANNEL_BRIDGE",
          "CHANNEL_UNBRIDGE",
          "CHANNEL_EXECUTE_COMPLETE",
          "CHANNEL_HANGUP_COMPLETE",
          "CHANNEL_DESTROY",
          "PLAYBACK_START",
          "DTMF",
          "HEARTBEAT",
          "BACKGROUND_JOB",
          "CUSTOM conference::maintenance");

  private static final ApiCommand WHO = ApiCommand.of("global_getvar", "core_uuid");

  /** One that does not say who it is, though it is connected. */
  private static final Duration ASK_AGAIN = Duration.ofSeconds(1);

  private final FreeSwitchSettings.Server settings;
  private final Duration lostAfter;
  private final Consumer<SwitchEvent> parked;
  private final CallQueue queue;
  private final Deadline patience;
  private final Deadline asking;
  private final ConcurrentMap<String, Follower> followers = new ConcurrentHashMap<>();
  private final Set<String> abandoned = ConcurrentHashMap.newKeySet();

  /** Parked before it was known which run of the server this is. */
  private final Queue<SwitchEvent> parkedEarly = new ConcurrentLinkedQueue<>();

  private final SwitchConnection connection;
  private volatile Optional<String> core = Optional.empty();
  private volatile Load load = Load.UNKNOWN;
  private volatile boolean ready;

  /** Hears of one channel, on the connection's thread, or of one conference. */
  interface Follower {
    /** Something happened to it. */
    void event(SwitchEvent event);

    /** Events may have been missed: it is to be looked after. */
    default void missedEvents() {}

    /** The server has gone, and all its channels with it. */
    default void serverLost(String why) {}
  }

  /**
   * How busy it says it is.
   *
   * @param sessions channels that are up
   * @param most it takes
   * @param idlePercent of its processors
   */
  record Load(int sessions, int most, double idlePercent) {
    static final Load UNKNOWN = new Load(0, 1000, 100);

    private static Load of(SwitchEvent heartbeat) {
      return new Load(
          heartbeat.header("Session-Count").map(Switch::number).orElse(0.0).intValue(),
          heartbeat.header("Max-Sessions").map(Switch::number).orElse(1000.0).intValue(),
          heartbeat.header("Idle-CPU").map(Switch::number).orElse(100.0));
    }
  }

  /**
   * One that is being connected to from now on.
   *
   * @param parked hears of channels that are parked and have no follower; empty: nobody does
   */
  Switch(
      FreeSwitchSettings.Server settings,
      FreeSwitchSettings.Limits limits,
      EventSocketLoop loop,
      CallQueue queue,
      ScheduledExecutorService timers,
      Optional<Consumer<SwitchEvent>> parked) {
    this.settings = settings;
    this.lostAfter = limits.lostAfter();
    this.parked = parked.orElse(event -> {});
    this.queue = queue;
    this.patience = new Deadline(timers);
    this.asking = new Deadline(timers);
    ConnectionSettings times =
        new ConnectionSettings(
            limits.command(),
            limits.command(),
            limits.heartbeat(),
            ConnectionSettings.DEFAULT.firstRetry(),
            ConnectionSettings.DEFAULT.lastRetry());
    List<Filter> always =
        parked.isPresent()
            ? List.of(Filter.eventName("HEARTBEAT"), Filter.eventName("CHANNEL_PARK"))
            : List.of(Filter.eventName("HEARTBEAT"));
    connection =
        SwitchConnection.open(
            loop,
            new Address(settings.host(), settings.port(), settings.password()),
            times,
            EVENTS,
            always,
            new Listener(),
            timers);
  }

  String name() {
    return settings.name();
  }

  /** Whether commands reach it and its calls are known. */
  boolean isReady() {
    return ready && connection.isUp();
  }

  /** Whether it is the run of FreeSWITCH that has this Core-UUID. */
  boolean is(String coreUuid) {
    return core.filter(coreUuid::equals).isPresent();
  }

  /** How busy it is, with those that it has not told of yet. */
  double occupied() {
    Load now = load;
    double sessions = Math.max(now.sessions(), followed());
    return Math.max(sessions / Math.max(1, now.most()), 1 - now.idlePercent() / 100);
  }

  /** From now on its events are heard, until {@link #leave}. */
  void follow(String channel, Follower follower) {
    followers.put(channel, follower);
    connection.watch(channel);
  }

  /** Whether somebody does. */
  boolean isFollowed(String channel) {
    return followers.containsKey(channel);
  }

  /** Channels and conferences that are followed. */
  int followed() {
    return followers.size();
  }

  /** A channel that is nobody's any more is ended: now, or when the server can be reached again. */
  void abandon(String channel) {
    abandoned.add(channel);
    end(channel);
  }

  private void end(String channel) {
    CompletionStage<Void> unused =
        ask(ApiCommand.of("uuid_kill", channel))
            .handle(
                (reply, failure) -> {
                  if (failure == null) {
                    abandoned.remove(channel);
                  }
                  return null;
                });
  }

  void leave(String channel) {
    followers.remove(channel);
    connection.unwatch(channel);
  }

  /** The same of a conference. */
  void followConference(String conference, Follower follower) {
    followers.put(conference, follower);
    connection.watch(new Filter("Conference-Name", conference));
  }

  void leaveConference(String conference) {
    followers.remove(conference);
    connection.unwatch(new Filter("Conference-Name", conference));
  }

  /** What it answers, be it {@code -ERR}. */
  CompletionStage<Reply> ask(ApiCommand command) {
    return translated(connection.api(command));
  }

  /** Whether a module is loaded; true where it does not say. */
  CompletionStage<Boolean> hasModule(String module) {
    return ask(ApiCommand.of("module_exists", module))
        .thenApply(reply -> !reply.text().strip().equals("false"));
  }

  /** What it answers; fails when that is not {@code +OK}. */
  CompletionStage<String> api(ApiCommand command) {
    return ask(command)
        .thenCompose(
            reply ->
                reply.ok()
                    ? CompletableFuture.completedStage(reply.text())
                    : Stages.failed(
                        MediaException.Fault.FAILED,
                        command.name() + ": FreeSWITCH says " + reply.text()));
  }

  /** The same of what takes long. */
  CompletionStage<Reply> background(ApiCommand command, Duration atMost) {
    return translated(connection.bgapi(command, atMost));
  }

  /** An application that a channel is to run; completes when FreeSWITCH has taken it. */
  CompletionStage<Void> execute(String channel, String application, String argument, String id) {
    CompletionStage<Reply> asked;
    try {
      asked = connection.execute(channel, application, argument, id);
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedStage(
          new MediaException(MediaException.Fault.REFUSED, String.valueOf(e.getMessage()), e));
    }
    return translated(asked)
        .thenCompose(
            reply ->
                reply.ok()
                    ? CompletableFuture.completedStage(null)
                    : Stages.failed(
                        MediaException.Fault.FAILED,
                        application + ": FreeSWITCH says " + reply.text()));
  }

  private <T> CompletionStage<T> translated(CompletionStage<T> asked) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    CompletionStage<T> unused =
        asked.whenComplete(
            (reply, failure) -> {
              if (failure == null) {
                answer.complete(reply);
              } else {
                answer.completeExceptionally(mediaException(failure));
              }
            });
    return answer.minimalCompletionStage();
  }

  private MediaException mediaException(Throwable failure) {
    if (failure instanceof CompletionException && failure.getCause() != null) {
      return mediaException(failure.getCause());
    }
    if (failure instanceof EventSocketException e) {
      MediaException.Fault fault =
          e.kind() == EventSocketException.Kind.BUSY
              ? MediaException.Fault.NO_RESOURCES
              : MediaException.Fault.FAILED;
      return new MediaException(fault, this + ": " + e.getMessage(), e);
    }
    return Stages.mediaException(failure);
  }

  @Override
  public void close() {
    patience.clear();
    asking.clear();
    connection.close();
  }

  private static double number(String text) {
    try {
      return Double.parseDouble(text.strip());
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  /** For messages and logs. */
  @Override
  public String toString() {
    return "FreeSWITCH " + settings;
  }

  /** What the connection tells, on its thread. */
  private final class Listener implements SwitchConnection.Listener {

    @Override
    public void up() {
      CompletionStage<Void> unused =
          ask(WHO)
              .handle(
                  (reply, failure) -> {
                    if (failure == null && reply.ok() && !reply.text().isBlank()) {
                      String coreUuid = reply.text().strip();
                      queue.execute(() -> known(coreUuid));
                    } else if (connection.isUp()) {
                      log.warn("{}: does not say who it is, and is asked again", Switch.this);
                      asking.set(ASK_AGAIN, this::up);
                    }
                    return null;
                  });
    }

    @Override
    public void lost(String why) {
      ready = false;
      parkedEarly.clear();
      log.warn("{}: connection lost: {}", Switch.this, why);
      queue.execute(() -> awaitReturn(why));
    }

    @Override
    public void event(SwitchEvent event) {
      if (event.name().equals("HEARTBEAT")) {
        load = Load.of(event);
        return;
      }
      Optional<Follower> follower =
          event.uniqueId().or(() -> event.header("Conference-Name")).map(followers::get);
      if (follower.isPresent()) {
        follower.get().event(event);
      } else if (event.name().equals("CHANNEL_PARK")) {
        parkedEarly.add(event);
        if (ready) {
          announceParked();
        }
      }
      // A conference hears of its members too.
      event
          .header("Conference-Name")
          .map(followers::get)
          .filter(other -> follower.isEmpty() || follower.get() != other)
          .ifPresent(conference -> conference.event(event));
    }
  }

  /** On the queue: it is there, and is this run of itself. */
  private void known(String coreUuid) {
    patience.clear();
    boolean another = core.isPresent() && !core.get().equals(coreUuid);
    core = Optional.of(coreUuid);
    ready = true;
    log.info("{}: connected, core {}", this, coreUuid);
    if (another) {
      List.copyOf(followers.values())
          .forEach(follower -> follower.serverLost("FreeSWITCH was restarted"));
    } else {
      List.copyOf(followers.values()).forEach(Follower::missedEvents);
    }
    List.copyOf(abandoned).forEach(this::end);
    announceParked();
  }

  /** Of another run, a channel is not to be mistaken for one that was lost with the run before. */
  private void announceParked() {
    for (SwitchEvent event = parkedEarly.poll(); event != null; event = parkedEarly.poll()) {
      parked.accept(event);
    }
  }

  /** On the queue. */
  private void awaitReturn(String why) {
    // It may have said who it was after it was lost, as far as this queue knows.
    ready = false;
    if (patience.isSet()) {
      return;
    }
    patience.set(lostAfter, () -> queue.execute(() -> givenUp(why)));
  }

  /** On the queue. */
  private void givenUp(String why) {
    patience.clear();
    if (!ready && !followers.isEmpty()) {
      log.error("{}: gone for {}: its {} calls are over", this, lostAfter, followers.size());
      List.copyOf(followers.values()).forEach(follower -> follower.serverLost(why));
    }
  }
}

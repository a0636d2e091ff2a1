package org.rayo.media.freeswitch.eventsocket;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.rayo.media.freeswitch.eventsocket.EventSocketException.Kind;

/**
 * The connection to one FreeSWITCH server. It connects by itself, again and again, and each time
 * sets up the same subscriptions.
 *
 * <p>Any thread may use it; nothing here blocks. The listener and what depends on the stages run on
 * the loop's thread, in the order in which replies and events came, and must not block. Every stage
 * completes: with FreeSWITCH's reply, or with an {@link EventSocketException} of kind {@code
 * TIMEOUT}, {@code LOST}, {@code CLOSED} or {@code BUSY}.
 *
 * <p>Commands reach FreeSWITCH in the order in which they were given, and a {@link #watch} before
 * them. FreeSWITCH carries out {@link #api} commands one after the other and sends no events
 * meanwhile: what takes its time is for {@link #bgapi}.
 */
public final class SwitchConnection implements AutoCloseable {

  /** Hears what happens, one thing at a time. */
  public interface Listener {
    /** The connection is there and its subscriptions are set; events and commands can come. */
    void up();

    /**
     * The connection that was up is not any more; everything that waited for a reply has failed. It
     * is being made again.
     */
    void lost(String why);

    /** An event. Outcomes of {@link #bgapi} are not told here, except those that came too late. */
    void event(SwitchEvent event);
  }

  private final EventSocketLoop loop;
  private final Lifecycle lifecycle;

  private SwitchConnection(EventSocketLoop loop, Lifecycle lifecycle) {
    this.loop = loop;
    this.lifecycle = lifecycle;
  }

  /**
   * Begins to connect.
   *
   * @param events names of the events wanted, such as {@code CHANNEL_HANGUP}; {@code CUSTOM} ones
   *     with a subclass: {@code CUSTOM conference::maintenance}
   * @param alwaysFilters which of these come whatever the channel, such as {@code
   *     Filter.eventName("HEARTBEAT")}; without one, only those of channels that are watched come
   * @param timers runs short tasks that end at once
   */
  public static SwitchConnection open(
      EventSocketLoop loop,
      Address address,
      ConnectionSettings settings,
      List<String> events,
      List<Filter> alwaysFilters,
      Listener listener,
      ScheduledExecutorService timers) {
    Subscriptions subscriptions = new Subscriptions(events, alwaysFilters);
    Lifecycle lifecycle = new Lifecycle(loop, address, settings, subscriptions, listener);
    lifecycle.start(timers);
    return new SwitchConnection(loop, lifecycle);
  }

  /** Runs an API command and gives its output. */
  public CompletionStage<Reply> api(ApiCommand command) {
    return command("api " + command.line());
  }

  /**
   * Runs an API command in the background, on a thread of FreeSWITCH's own.
   *
   * @param timeout how long it may take altogether; later, its outcome comes as an event {@code
   *     BACKGROUND_JOB}
   */
  public CompletionStage<Reply> bgapi(ApiCommand command, Duration timeout) {
    String id = UUID.randomUUID().toString();
    return promise(command.name(), reply -> lifecycle.background(id, command, timeout, reply));
  }

  /**
   * Runs an application in a channel. The stage completes when FreeSWITCH has queued it; the event
   * {@code CHANNEL_EXECUTE_COMPLETE} with this {@code Application-UUID} says that it has ended.
   *
   * @param uuid the channel
   * @param application such as {@code playback}
   * @param argument one line; blanks at its beginning are lost; <code>${</code> is refused with an
   *     {@link IllegalArgumentException}
   * @param executionId not empty, without white space
   */
  public CompletionStage<Reply> execute(
      String uuid, String application, String argument, String executionId) {
    Arguments.name("uuid", uuid);
    Arguments.name("application", application);
    Arguments.value(application + "'s argument", argument);
    Arguments.word("execution id", executionId);
    String command =
        "sendmsg "
            + uuid
            + "\ncall-command: execute\nexecute-app-name: "
            + application
            + (argument.isBlank() ? "" : "\nexecute-app-arg: " + argument)
            + "\nEvent-UUID: "
            + executionId;
    return command(command);
  }

  private CompletionStage<Reply> command(String command) {
    return promise("the command", reply -> lifecycle.command(command, reply));
  }

  private CompletionStage<Reply> promise(
      String what, Consumer<CompletableFuture<Reply>> onTheLoop) {
    CompletableFuture<Reply> reply = new CompletableFuture<>();
    if (!loop.execute(() -> onTheLoop.accept(reply))) {
      reply.completeExceptionally(
          new EventSocketException(Kind.CLOSED, what + " was not sent: closed"));
    }
    return reply.minimalCompletionStage();
  }

  /** Lets the events of a channel come, now and after every reconnection. */
  public void watch(String uniqueId) {
    watch(Subscriptions.channel(uniqueId));
  }

  /** Lets the events come that have this, now and after every reconnection. */
  public void watch(Filter events) {
    loop.execute(() -> lifecycle.watch(events));
  }

  /** Events of this channel need not come any more. */
  public void unwatch(String uniqueId) {
    unwatch(Subscriptions.channel(uniqueId));
  }

  /** The events that have this need not come any more. */
  public void unwatch(Filter events) {
    loop.execute(() -> lifecycle.unwatch(events));
  }

  /** Whether it is connected and subscribed; what FreeSWITCH thinks may differ for a heart-beat. */
  public boolean isUp() {
    return lifecycle.isUp();
  }

  /** What it is doing, in a few words, for people. */
  public String state() {
    return lifecycle.state();
  }

  /**
   * Ends the connection. What waits for a reply fails with {@code CLOSED}; the listener hears no
   * more, except for a call that has begun already.
   */
  @Override
  public void close() {
    loop.execute(lifecycle::close);
  }

  @Override
  public String toString() {
    return lifecycle.toString();
  }
}

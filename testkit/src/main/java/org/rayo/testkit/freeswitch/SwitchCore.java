package org.rayo.testkit.freeswitch;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.rayo.testkit.phone.SoftPhone;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What all parts of the switch share: its thread, its channels, and who listens to its events. */
final class SwitchCore {

  private static final Logger LOG = LoggerFactory.getLogger(SwitchCore.class);
  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter GMT =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final SwitchOptions options;
  private final SoftPhone phone;
  private final Faults faults;
  private final ScheduledExecutorService thread;
  private final long startedNanos = System.nanoTime();
  private final Map<String, Channel> channels = new LinkedHashMap<>();
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final Calls calls;
  private final Applications applications;
  private final Conferences conferences;
  private final Dialler dialler;
  private final FileRecordings recordings;
  private final ApiCommands api;
  private String coreUuid = UUID.randomUUID().toString();
  private long sequence = 480;
  private int sessions;

  SwitchCore(SwitchOptions options, SoftPhone phone, Faults faults) {
    this.options = options;
    this.phone = phone;
    this.faults = faults;
    calls = new Calls(this);
    applications = new Applications(this);
    conferences = new Conferences(this);
    dialler = new Dialler(this);
    recordings = new FileRecordings(this);
    api = new ApiCommands(this);
    thread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread made = new Thread(task, "scripted-switch");
              made.setDaemon(true);
              return made;
            });
    long interval = options.heartbeat().toNanos();
    var unused =
        thread.scheduleAtFixedRate(this::heartbeat, interval, interval, TimeUnit.NANOSECONDS);
  }

  SwitchOptions options() {
    return options;
  }

  SoftPhone phone() {
    return phone;
  }

  Faults faults() {
    return faults;
  }

  Calls calls() {
    return calls;
  }

  Applications applications() {
    return applications;
  }

  Conferences conferences() {
    return conferences;
  }

  FileRecordings recordings() {
    return recordings;
  }

  Dialler dialler() {
    return dialler;
  }

  String coreUuid() {
    return coreUuid;
  }

  void run(Runnable task) {
    runIn(Duration.ZERO, task);
  }

  void runIn(Duration delay, Runnable task) {
    try {
      var unused = thread.schedule(() -> perform(task), delay.toNanos(), TimeUnit.NANOSECONDS);
    } catch (RejectedExecutionException e) {
      LOG.debug("the switch is closed", e);
    }
  }

  private static void perform(Runnable task) {
    try {
      task.run();
    } catch (RuntimeException e) { // The top of the switch's thread.
      LOG.error("the switch failed", e);
    }
  }

  // Channels.

  Optional<Channel> channel(String uuid) {
    return Optional.ofNullable(channels.get(uuid));
  }

  List<Channel> channels() {
    return List.copyOf(channels.values());
  }

  int add(Channel channel) {
    channels.put(channel.uuid, channel);
    return ++sessions;
  }

  int sessions() {
    return sessions;
  }

  void remove(Channel channel) {
    channels.remove(channel.uuid);
  }

  // Events.

  /** An event with the headers that all have. */
  SwitchEvent event(String name, String file, String function) {
    return event(new SwitchEvent(), name, file, function);
  }

  /** The same, after the headers that it has already. */
  SwitchEvent event(SwitchEvent event, String name, String file, String function) {
    Instant now = Instant.now();
    return event
        .with("Event-Name", name)
        .with("Core-UUID", coreUuid)
        .with("FreeSWITCH-Hostname", "scripted")
        .with("FreeSWITCH-Switchname", "scripted")
        .with("FreeSWITCH-IPv4", "127.0.0.1")
        .with("FreeSWITCH-IPv6", "::1")
        .with("Event-Date-Local", LOCAL.format(now))
        .with("Event-Date-GMT", GMT.format(now))
        .with("Event-Date-Timestamp", Long.toString(Channel.micros()))
        .with("Event-Calling-File", file)
        .with("Event-Calling-Function", function)
        .with("Event-Calling-Line-Number", "1")
        .with("Event-Sequence", Long.toString(++sequence));
  }

  void publish(SwitchEvent event) {
    listeners.forEach(listener -> listener.offer(event));
  }

  void add(Listener listener) {
    listeners.add(listener);
    if (listener.controlled.isEmpty()) {
      listener.send("Content-Type: auth/request\n\n");
    }
    listener.start();
  }

  /** The peer has closed, or is about to be. */
  void listenerGone(Listener listener) {
    listeners.remove(listener);
    listener.controlled.ifPresent(calls::abandoned);
  }

  List<Listener> listeners() {
    return List.copyOf(listeners);
  }

  private void heartbeat() {
    long upMillis = (System.nanoTime() - startedNanos) / 1_000_000;
    publish(
        event("HEARTBEAT", "switch_core.c", "send_heartbeat")
            .with("Event-Info", "System Ready")
            .with("Up-Time", upTime())
            .with("FreeSWITCH-Version", ApiCommands.VERSION)
            .with("Uptime-msec", Long.toString(upMillis))
            .with("Session-Count", Integer.toString(channels.size()))
            .with("Max-Sessions", "2000")
            .with("Session-Per-Sec", "1000")
            .with("Session-Per-Sec-Last", "0")
            .with("Session-Per-Sec-Max", "1")
            .with("Session-Per-Sec-FiveMin", "1")
            .with("Session-Since-Startup", Integer.toString(sessions))
            .with("Session-Peak-Max", Integer.toString(channels.size()))
            .with("Session-Peak-FiveMin", Integer.toString(channels.size()))
            .with("Idle-CPU", "95.966667"));
  }

  String upTime() {
    Duration up = Duration.ofNanos(System.nanoTime() - startedNanos);
    return "0 years, "
        + up.toDays()
        + " days, "
        + up.toHoursPart()
        + " hours, "
        + up.toMinutesPart()
        + " minutes, "
        + up.toSecondsPart()
        + " seconds, "
        + up.toMillisPart()
        + " milliseconds, 0 microseconds";
  }

  // Commands.

  CompletableFuture<String> api(String command) {
    return api.perform(command);
  }

  /** A command in the background: its result comes as BACKGROUND_JOB. */
  void job(String id, String command) {
    int space = command.indexOf(' ');
    var unused =
        api(command)
            .thenAccept(
                result ->
                    run(
                        () -> {
                          SwitchEvent event =
                              event("BACKGROUND_JOB", "mod_event_socket.c", "api_exec")
                                  .with("Job-UUID", id)
                                  .with(
                                      "Job-Command",
                                      space < 0 ? command : command.substring(0, space));
                          if (space > 0) {
                            event.with("Job-Command-Arg", command.substring(space + 1));
                          }
                          publish(event.withBody(result));
                        }));
  }

  /** As if the process had died and another had started: nothing is left, nothing is told. */
  void restart() {
    for (Channel channel : channels()) {
      channel.cause = Optional.of(Cause.NORMAL_CLEARING);
      channel.call.hangup();
    }
    channels.clear();
    conferences.clear();
    listeners.forEach(Listener::close);
    listeners.clear();
    coreUuid = UUID.randomUUID().toString();
    sequence = 0;
  }

  void close() {
    thread.shutdownNow();
    listeners.forEach(Listener::close);
  }
}

package org.rayo.media.freeswitch.eventsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.rayo.media.freeswitch.eventsocket.EventSocketException.Kind;

/** A switch of bytes, a loop, and what connects to it. */
final class Connected implements AutoCloseable {

  /** Short pauses between attempts; other times so long that they do not matter. */
  static final ConnectionSettings PATIENT =
      new ConnectionSettings(
          Duration.ofSeconds(20),
          Duration.ofSeconds(20),
          Duration.ofSeconds(60),
          Duration.ofMillis(5),
          Duration.ofMillis(20));

  final RawSwitch server = new RawSwitch();
  final EventSocketLoop loop = EventSocketLoop.start("test-event-sockets");
  final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  final Heard heard = new Heard();
  final SwitchConnection connection;

  Connected() {
    this(PATIENT);
  }

  Connected(ConnectionSettings settings) {
    connection = open(server.address(), settings, heard);
  }

  SwitchConnection open(
      Address address, ConnectionSettings settings, SwitchConnection.Listener listener) {
    return SwitchConnection.open(
        loop,
        address,
        settings,
        List.of("CHANNEL_HANGUP", "CUSTOM conference::maintenance", "HEARTBEAT"),
        List.of(Filter.eventName("HEARTBEAT")),
        listener,
        timers);
  }

  static ConnectionSettings with(Duration commandTimeout, Duration heartbeat) {
    return new ConnectionSettings(
        PATIENT.connectTimeout(),
        commandTimeout,
        heartbeat,
        PATIENT.firstRetry(),
        PATIENT.lastRetry());
  }

  /** The server's side of the connection once it is up. */
  RawSwitch.Visit up() {
    RawSwitch.Visit visit = server.acceptAndSetUp();
    heard.expectUp();
    return visit;
  }

  static Reply get(CompletionStage<Reply> stage) {
    try {
      return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  static EventSocketException failure(CompletionStage<Reply> stage) {
    Throwable thrown = catchThrowable(() -> stage.toCompletableFuture().get(20, TimeUnit.SECONDS));
    assertThat(thrown).isInstanceOf(ExecutionException.class);
    assertThat(thrown.getCause()).isInstanceOf(EventSocketException.class);
    return (EventSocketException) thrown.getCause();
  }

  static void expectFailure(CompletionStage<Reply> stage, Kind kind) {
    assertThat(failure(stage).kind()).isEqualTo(kind);
  }

  @Override
  public void close() {
    connection.close();
    loop.close();
    timers.shutdownNow();
    server.close();
  }
}

package org.rayo.testkit.freeswitch;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.rayo.testkit.phone.Answering;
import org.rayo.testkit.phone.SoftPhone;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A stand-in for a FreeSWITCH on loopback, at free ports: an event socket, and a SIP port with the
 * extensions {@code park} (and {@code in-…}), {@code parkans}, which answers first, and {@code
 * rayo…}, which connects to an outbound socket. Other extensions do not exist (404).
 *
 * <p>Any thread may use it.
 */
public final class ScriptedSwitch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(ScriptedSwitch.class);
  private static final long PATIENCE_SECONDS = 20;

  private final Faults faults = new Faults();
  private final SoftPhone phone = SoftPhone.answering(Answering.silently());
  private final ServerSocket server;
  private final SwitchCore core;
  private volatile boolean closed;

  private ScriptedSwitch(SwitchOptions options) throws IOException {
    server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    core = new SwitchCore(options, phone, faults);
    daemon("scripted-switch-calls", this::takeCalls);
    daemon("scripted-switch-accept", this::accept);
  }

  /** A switch that is up. */
  public static ScriptedSwitch start(SwitchOptions options) {
    try {
      return new ScriptedSwitch(options);
    } catch (IOException e) {
      throw new IllegalStateException("no port for an event socket", e);
    }
  }

  private static void daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  /** Where its event socket is. */
  public InetSocketAddress eventSocket() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  /** Where it can be called. */
  public InetSocketAddress sip() {
    return phone.address();
  }

  /** A SIP URI of one of its extensions. */
  public String uri(String extension) {
    return phone.uri(extension);
  }

  /** What goes wrong. */
  public Faults faults() {
    return faults;
  }

  /** The channels that there are now, the oldest first. */
  public List<String> channels() {
    return ask(() -> core.channels().stream().map(channel -> channel.uuid).toList());
  }

  /** The reply to an {@code api} command, as if a console had given it. */
  public String api(String command) {
    CompletableFuture<String> reply = new CompletableFuture<>();
    core.run(
        () -> {
          var unused = core.api(command).thenAccept(reply::complete);
        });
    return await(reply);
  }

  /** How many connections of the event socket there are. */
  public int connections() {
    return ask(() -> core.listeners().size());
  }

  /** Returns when so many connections have subscribed to events. */
  public void awaitSubscribers(int count) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (ask(() -> core.listeners().stream().filter(l -> l.subscription.any()).count()) < count) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException("nobody subscribes to events");
      }
      Thread.sleep(10);
    }
  }

  /** Publishes an event of the test's own: its name, and a header that it is filtered by. */
  public void publish(String name, String header, String value) {
    core.run(() -> core.publish(core.event(name, "test.c", "test").with(header, value)));
  }

  /** Writes bytes to all connections, as they are. */
  public void write(String garbage) {
    byte[] bytes = garbage.getBytes(StandardCharsets.UTF_8);
    core.run(() -> core.listeners().forEach(listener -> listener.sendRaw(bytes)));
  }

  /** Closes all connections of the event socket without a word; calls go on. */
  public void dropConnections() {
    core.run(() -> core.listeners().forEach(Listener::close));
  }

  /** Dies and starts anew: all calls are gone, nothing is told, the Core-UUID is another. */
  public void restart() {
    ask(
        () -> {
          core.restart();
          return true;
        });
  }

  private void accept() {
    while (!closed) {
      try {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        if (faults.refusing()) {
          reject(socket);
        } else {
          core.run(() -> core.add(new Listener(core, socket, faults, Optional.empty())));
        }
      } catch (IOException e) {
        LOG.debug("the event socket is closed: {}", e.toString());
      }
    }
  }

  private static void reject(Socket socket) throws IOException {
    try (socket) {
      String message = "Access Denied, go away.\n";
      String frame =
          "Content-Type: text/rude-rejection\nContent-Length: "
              + message.length()
              + "\n\n"
              + message;
      socket.getOutputStream().write(frame.getBytes(StandardCharsets.US_ASCII));
    }
  }

  private void takeCalls() {
    try {
      while (!closed) {
        var call = phone.incoming().take();
        core.run(() -> core.calls().arrived(call));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private <T> T ask(Supplier<T> question) {
    CompletableFuture<T> answer = new CompletableFuture<>();
    core.run(() -> answer.complete(question.get()));
    return await(answer);
  }

  private static <T> T await(CompletableFuture<T> answer) {
    try {
      return answer.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the switch does not answer", e);
    }
  }

  /** Ends everything without a word. */
  @Override
  public void close() {
    closed = true;
    core.close();
    try {
      server.close();
    } catch (IOException e) {
      LOG.debug("closing the event socket", e);
    }
    phone.close();
  }
}

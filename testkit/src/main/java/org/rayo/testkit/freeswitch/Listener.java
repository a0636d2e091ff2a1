package org.rayo.testkit.freeswitch;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection of the event socket, inbound or outbound: a thread that reads commands and one
 * that writes. What they mean is done on the switch's thread by {@link ListenerCommands}; events
 * wait until the command that is being done has its reply.
 */
final class Listener {

  private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
  private static final String GOODBYE =
      "Disconnected, goodbye.\nSee you at ClueCon! http://www.cluecon.com/\n";

  private final SwitchCore core;
  private final Socket socket;
  private final Faults faults;

  /** What is to be written; the empty one is the end of it. */
  private final BlockingQueue<Optional<byte[]>> output = new LinkedBlockingQueue<>();

  // Below: only on the switch's thread.
  final Subscription subscription = new Subscription();
  final Optional<Channel> controlled;
  boolean authenticated;
  Optional<Integer> lingerSeconds = Optional.empty();
  private final List<SwitchEvent> held = new ArrayList<>();
  private boolean busy;
  private boolean ended;

  Listener(SwitchCore core, Socket socket, Faults faults, Optional<Channel> controlled) {
    this.core = core;
    this.socket = socket;
    this.faults = faults;
    this.controlled = controlled;
    authenticated = controlled.isPresent();
  }

  void start() {
    daemon("event-socket-writer", this::write);
    daemon("event-socket-reader", this::read);
  }

  private static void daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  private void read() {
    try {
      // Not closed here: that would close the socket before the last reply is written.
      InputStream in = new BufferedInputStream(socket.getInputStream());
      while (true) {
        Command command = Command.read(in);
        if (faults.deaf()) {
          continue;
        }
        boolean more = new ListenerCommands(core, this).perform(command).join();
        if (!more) {
          return;
        }
      }
    } catch (IOException | RuntimeException e) {
      LOG.debug("event socket: {}", e.toString());
      core.run(() -> core.listenerGone(this));
      close();
    }
  }

  /** Begins a command: events are held back from now on. On the switch's thread. */
  void begin() {
    busy = true;
  }

  /** Ends it: its reply first, then the events that came meanwhile. On the switch's thread. */
  void finish(String reply) {
    send(reply);
    busy = false;
    held.forEach(event -> send(event.frame()));
    held.clear();
  }

  /** On the switch's thread. */
  void offer(SwitchEvent event) {
    if (ended || !authenticated || !subscription.wants(event)) {
      return;
    }
    if (busy) {
      held.add(event);
    } else {
      send(event.frame());
    }
  }

  void send(String frame) {
    output.add(Optional.of(frame.getBytes(StandardCharsets.UTF_8)));
  }

  void sendRaw(byte[] bytes) {
    output.add(Optional.of(bytes.clone()));
  }

  /** Says goodbye and closes. On the switch's thread. */
  void disconnect() {
    if (ended) {
      return;
    }
    ended = true;
    String about =
        controlled
            .map(
                channel ->
                    "Controlled-Session-UUID: "
                        + channel.uuid
                        + "\nContent-Disposition: disconnect\n")
            .orElse("");
    send(
        "Content-Type: text/disconnect-notice\n"
            + about
            + "Content-Length: "
            + GOODBYE.length()
            + "\n\n"
            + GOODBYE);
    output.add(Optional.empty());
  }

  /** The channel is gone: waits as long as it was asked to, then ends. On the switch's thread. */
  void channelGone(Channel channel) {
    if (ended) {
      return;
    }
    if (lingerSeconds.isEmpty()) {
      disconnect();
      return;
    }
    send(
        "Content-Type: text/disconnect-notice\nControlled-Session-UUID: "
            + channel.uuid
            + "\nContent-Disposition: linger\nChannel-Name: "
            + channel.name()
            + "\nLinger-Time: "
            + lingerSeconds.get()
            + "\nContent-Length: 0\n\n");
    if (lingerSeconds.get() >= 0) { // Else for ever.
      core.runIn(Duration.ofSeconds(lingerSeconds.get()), this::disconnect);
    }
  }

  void close() {
    try {
      socket.close();
    } catch (IOException e) {
      LOG.debug("closing an event socket", e);
    }
    output.add(Optional.empty());
  }

  private void write() {
    try (OutputStream out = socket.getOutputStream()) {
      for (var next = output.take(); next.isPresent(); next = output.take()) {
        write(out, next.get(), faults);
      }
    } catch (IOException e) {
      LOG.debug("event socket: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    close();
  }

  static void write(OutputStream out, byte[] bytes, Faults faults) throws IOException {
    int fragment = faults.fragmentBytes() > 0 ? faults.fragmentBytes() : bytes.length;
    for (int at = 0; at < bytes.length; at += fragment) {
      LockSupport.parkNanos(faults.delay().toNanos());
      if (!faults.silent()) {
        out.write(bytes, at, Math.min(fragment, bytes.length - at));
        out.flush();
      }
    }
  }
}

package org.rayo.testkit.freeswitch;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An event socket that speaks a {@link Transcript}: it waits for the requests of a section, in
 * order, gives the replies that were written down, and after the last of them the events. It holds
 * no state of a switch; one connection at a time.
 */
public final class TranscriptSwitch implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TranscriptSwitch.class);

  private final Faults faults = new Faults();
  private final ServerSocket server;
  private final List<String> unexpected = new CopyOnWriteArrayList<>();
  private final List<Transcript.Exchange> expected = new ArrayList<>();
  private final List<Map<String, String>> events = new ArrayList<>();
  private Optional<OutputStream> out = Optional.empty();

  private TranscriptSwitch() throws IOException {
    server = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::serve, "transcript-switch");
    thread.setDaemon(true);
    thread.start();
  }

  public static TranscriptSwitch open() {
    try {
      return new TranscriptSwitch();
    } catch (IOException e) {
      throw new IllegalStateException("no port for an event socket", e);
    }
  }

  public InetSocketAddress address() {
    return (InetSocketAddress) server.getLocalSocketAddress();
  }

  /** How it writes: in fragments, slowly, not at all. */
  public Faults faults() {
    return faults;
  }

  /** The requests that were not those of the transcript. */
  public List<String> unexpected() {
    return List.copyOf(unexpected);
  }

  /** Speaks this section from now on; one without requests at once. */
  public synchronized void play(Transcript.Section section) throws IOException {
    expected.addAll(section.exchanges());
    events.addAll(section.events());
    if (expected.isEmpty()) {
      tellEvents();
    }
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        socket.setTcpNoDelay(true);
        serve(socket);
      } catch (IOException e) {
        LOG.debug("the transcript's connection is over: {}", e.toString());
      }
    }
  }

  private void serve(Socket socket) throws IOException {
    InputStream in = new BufferedInputStream(socket.getInputStream());
    synchronized (this) {
      out = Optional.of(socket.getOutputStream());
      write("Content-Type: auth/request\n\n");
    }
    while (true) {
      Command command = Command.read(in);
      synchronized (this) {
        switch (command.verb()) {
          case "auth" -> reply("+OK accepted");
          case "event" -> reply("+OK event listener enabled plain");
          case "filter" -> reply("+OK filter added.");
          case "api" -> asked("api " + command.rest());
          default -> {
            unexpected.add(command.verb() + " " + command.rest());
            reply("-ERR command not found");
          }
        }
      }
    }
  }

  private void asked(String request) throws IOException {
    if (expected.isEmpty() || !expected.get(0).request().equals(request)) {
      // What belongs to no transcript, as a client's own questions, has no reply that is true.
      unexpected.add(request);
      respond("-ERR not in the transcript\n");
      return;
    }
    respond(expected.remove(0).reply() + "\n");
    if (expected.isEmpty()) {
      tellEvents();
    }
  }

  private void tellEvents() throws IOException {
    for (Map<String, String> headers : events) {
      write(new SwitchEvent().with(headers).frame());
    }
    events.clear();
  }

  private void reply(String text) throws IOException {
    write("Content-Type: command/reply\nReply-Text: " + text + "\n\n");
  }

  private void respond(String text) throws IOException {
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    write("Content-Type: api/response\nContent-Length: " + length + "\n\n" + text);
  }

  private void write(String text) throws IOException {
    if (out.isPresent()) {
      Listener.write(out.get(), text.getBytes(StandardCharsets.UTF_8), faults);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}

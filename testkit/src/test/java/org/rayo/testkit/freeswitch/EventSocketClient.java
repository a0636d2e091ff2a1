package org.rayo.testkit.freeswitch;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** The least that can talk to an event socket: it reads whole frames and knows nothing of them. */
final class EventSocketClient implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 20;

  private final Socket socket;
  private final BlockingQueue<Frame> replies = new LinkedBlockingQueue<>();
  private final BlockingQueue<Map<String, String>> events = new LinkedBlockingQueue<>();
  private final List<String> order = new ArrayList<>();

  /** A frame as it came. */
  record Frame(Map<String, String> headers, String body) {
    String header(String name) {
      return Optional.ofNullable(headers.get(name)).orElse("");
    }
  }

  EventSocketClient(Socket socket) {
    this.socket = socket;
    Thread reader = new Thread(this::read, "event-socket-client");
    reader.setDaemon(true);
    reader.start();
  }

  static EventSocketClient connect(InetSocketAddress address) throws IOException {
    return new EventSocketClient(new Socket(address.getAddress(), address.getPort()));
  }

  /** Connected, authenticated, and subscribed to these events. */
  static EventSocketClient open(ScriptedSwitch to, String events) throws Exception {
    EventSocketClient client = connect(to.eventSocket());
    client.reply();
    client.command("auth ClueCon");
    client.command("event plain " + events);
    return client;
  }

  Frame command(String text) throws Exception {
    write(text + "\n\n");
    return reply();
  }

  /** The body of the reply to an api command. */
  String api(String text) throws Exception {
    return command("api " + text).body();
  }

  void write(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
  }

  Frame reply() throws InterruptedException {
    return Optional.ofNullable(replies.poll(PATIENCE_SECONDS, TimeUnit.SECONDS))
        .orElseThrow(() -> new AssertionError("no reply"));
  }

  /** The next event of that name; those before it are passed over. */
  Map<String, String> event(String name) throws InterruptedException {
    while (true) {
      Map<String, String> event =
          Optional.ofNullable(events.poll(PATIENCE_SECONDS, TimeUnit.SECONDS))
              .orElseThrow(() -> new AssertionError("no " + name + " after " + seen()));
      if (name.equals(event.get("Event-Name")) || name.equals(event.get("Action"))) {
        return event;
      }
    }
  }

  /** The names of all events that came so far, and {@code reply} for replies. */
  synchronized List<String> seen() {
    return List.copyOf(order);
  }

  private synchronized void note(String what) {
    order.add(what);
  }

  private void read() {
    try (InputStream in = new BufferedInputStream(socket.getInputStream())) {
      while (true) {
        Map<String, String> headers = headers(in);
        int length = Integer.parseInt(headers.getOrDefault("Content-Length", "0"));
        String body = new String(in.readNBytes(length), StandardCharsets.UTF_8);
        if ("text/event-plain".equals(headers.get("Content-Type"))) {
          Map<String, String> event = decoded(body);
          note(event.getOrDefault("Event-Name", ""));
          events.add(event);
        } else {
          note("reply");
          replies.add(new Frame(headers, body));
        }
      }
    } catch (IOException e) {
      replies.add(new Frame(Map.of("Content-Type", "closed"), ""));
    }
  }

  private static Map<String, String> decoded(String body) {
    Map<String, String> event = new LinkedHashMap<>();
    int blank = body.indexOf("\n\n");
    for (String line : body.substring(0, blank).split("\n", -1)) {
      String[] pair = line.split(": ", 2);
      event.put(pair[0], URLDecoder.decode(pair[1].replace("+", "%2B"), StandardCharsets.UTF_8));
    }
    event.put("body", body.substring(blank + 2));
    return event;
  }

  private static Map<String, String> headers(InputStream in) throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    StringBuilder line = new StringBuilder();
    while (true) {
      int unit = in.read();
      if (unit < 0) {
        throw new EOFException();
      }
      if (unit != '\n') {
        line.append((char) unit);
      } else if (line.isEmpty()) {
        return headers;
      } else {
        String[] pair = line.toString().split(": ", 2);
        headers.put(pair[0], pair.length > 1 ? pair[1] : "");
        line.setLength(0);
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

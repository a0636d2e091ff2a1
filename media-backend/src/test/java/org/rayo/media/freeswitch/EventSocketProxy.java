package org.rayo.media.freeswitch;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands between the backend and a FreeSWITCH: keeps what is asked, holds it back, and loses,
 * doubles or alters what is told. Frames are text of one byte a character.
 */
final class EventSocketProxy implements AutoCloseable {

  private static final Pattern LENGTH = Pattern.compile("(?mi)^Content-Length: *([0-9]+) *$");

  private final ServerSocket listening;
  private final InetSocketAddress target;
  private final List<String> commands = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile Function<String, List<String>> told = List::of;
  private volatile Predicate<String> held = command -> false;
  private volatile boolean refusing;

  EventSocketProxy(InetSocketAddress target) throws IOException {
    this.target = target;
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    daemon(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Commands that came, in their order, whole. */
  List<String> commands() {
    return List.copyOf(commands);
  }

  /** What becomes of each frame that FreeSWITCH sends. */
  void tell(Function<String, List<String>> instead) {
    told = instead;
  }

  /** Loses events of this name. */
  void lose(String event) {
    tell(frame -> frame.contains("Event-Name: " + event + "\n") ? List.of() : List.of(frame));
  }

  /** Such a command waits, and all behind it, until this is told anew. */
  void hold(Predicate<String> which) {
    held = which;
  }

  /** Closes all connections, and for as long as this is on, those that come. */
  void refuse(boolean on) {
    refusing = on;
    sockets.forEach(EventSocketProxy::close);
    sockets.clear();
  }

  /** Closes all connections. */
  void drop() {
    refuse(false);
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket client = listening.accept();
        if (refusing) {
          client.close();
          continue;
        }
        Socket server = new Socket(target.getAddress(), target.getPort());
        client.setTcpNoDelay(true);
        server.setTcpNoDelay(true);
        sockets.add(client);
        sockets.add(server);
        daemon(() -> pass(client, server, this::asked));
        daemon(() -> pass(server, client, frame -> told.apply(frame)));
      } catch (IOException over) {
        // Of one connection, or of all: the loop says which.
      }
    }
  }

  private List<String> asked(String command) {
    commands.add(command);
    try {
      while (held.test(command)) {
        Thread.sleep(5);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return List.of(command);
  }

  private static void pass(Socket from, Socket to, Function<String, List<String>> through) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (String frame = read(in); !frame.isEmpty(); frame = read(in)) {
        for (String each : through.apply(frame)) {
          out.write(each.getBytes(StandardCharsets.ISO_8859_1));
        }
        out.flush();
      }
    } catch (IOException over) {
      // Either end has closed it.
    }
  }

  /** Headers up to the empty line, and as much of a body as they say; nothing at the end. */
  private static String read(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int last = 0;
    for (int next = in.read(); next >= 0; next = in.read()) {
      bytes.write(next);
      if (next == '\n' && last == '\n') {
        String headers = bytes.toString(StandardCharsets.ISO_8859_1);
        Matcher length = LENGTH.matcher(headers);
        int body = length.find() ? Integer.parseInt(length.group(1)) : 0;
        return headers + new String(in.readNBytes(body), StandardCharsets.ISO_8859_1);
      }
      last = next;
    }
    return "";
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "event-socket-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private static void close(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new IllegalStateException("a socket that cannot be closed", e);
    }
  }

  @Override
  public void close() {
    close(listening);
    drop();
  }
}

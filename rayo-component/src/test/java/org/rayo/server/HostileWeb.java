package org.rayo.server;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A web server that redirects anywhere, or answers in ways that never end. */
final class HostileWeb implements AutoCloseable {

  private final ServerSocket listening;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final AtomicInteger taken = new AtomicInteger();
  private volatile String location = "/loop";

  HostileWeb(InetAddress address) throws IOException {
    listening = new ServerSocket(0, 50, address);
    start("hostile-web", this::accept);
  }

  private static void start(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
  }

  int port() {
    return listening.getLocalPort();
  }

  String url(String path) {
    return "http://" + listening.getInetAddress().getHostAddress() + ":" + port() + path;
  }

  /** How many connections there were. */
  int taken() {
    return taken.get();
  }

  /** Where {@code /redirect} leads from now on. */
  void redirectTo(String next) {
    location = next;
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        taken.incrementAndGet();
        open.add(socket);
        start("hostile-web-connection", () -> serve(socket));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      BufferedReader in =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
      String[] request = String.valueOf(in.readLine()).split(" ", -1);
      answer(request.length > 1 ? request[1] : "/", socket.getOutputStream());
    } catch (IOException | InterruptedException hungUp) {
      // As it should.
    } finally {
      open.remove(socket);
    }
  }

  private void answer(String path, OutputStream out) throws IOException, InterruptedException {
    String ok = "HTTP/1.1 200 OK\r\n";
    switch (path) {
      case "/redirect" -> say(out, "HTTP/1.1 302 Found\r\nLocation: " + location + "\r\n\r\n");
      case "/loop" -> say(out, "HTTP/1.1 302 Found\r\nLocation: /loop\r\n\r\n");
      case "/silent" -> Thread.sleep(60_000);
      case "/headers" -> {
        say(out, ok);
        forEver(out, "X-More: of the same\r\n", 0);
      }
      case "/line" -> {
        say(out, ok + "X-Long: ");
        forEver(out, "long", 0);
      }
      case "/endless" -> {
        say(out, ok + "\r\n");
        forEver(out, "sound", 0);
      }
      case "/chunks" -> {
        say(out, ok + "Transfer-Encoding: chunked\r\n\r\n");
        forEver(out, "4;x=y\r\nfour\r\n", 0);
      }
      case "/drip" -> {
        say(out, ok + "Content-Length: 100000\r\n\r\n");
        forEver(out, ".", 50);
      }
      case "/huge-length" -> say(out, ok + "Content-Length: 9223372036854775807\r\n\r\nRIFF");
      case "/negative-length" -> say(out, ok + "Content-Length: -1\r\n\r\nRIFF");
      case "/huge-chunk" ->
          say(out, ok + "Transfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\nRIFF");
      default -> say(out, "\0\1\2 not HTTP at all\n\n\n");
    }
  }

  private static void say(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(ISO_8859_1));
    out.flush();
  }

  /** Until the other side has had enough. */
  private static void forEver(OutputStream out, String text, int pauseMillis)
      throws IOException, InterruptedException {
    byte[] bytes = (pauseMillis == 0 ? text.repeat(1000) : text).getBytes(ISO_8859_1);
    while (true) {
      out.write(bytes);
      out.flush();
      if (pauseMillis > 0) {
        Thread.sleep(pauseMillis);
      }
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    for (Socket socket : open) {
      socket.close();
    }
  }
}

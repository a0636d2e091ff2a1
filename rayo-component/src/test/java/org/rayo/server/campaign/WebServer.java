package org.rayo.server.campaign;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * As much of a web server as it takes to misbehave on every byte: one request for each connection,
 * with a {@code Content-Length}.
 */
final class WebServer implements AutoCloseable {

  private static final int BLOCK = 1024;

  /** Answers a request, or does not. */
  @FunctionalInterface
  interface Handler {
    void handle(Exchange exchange) throws IOException;
  }

  private final ServerSocket listener;
  private final Handler handler;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();

  WebServer(Handler handler) throws IOException {
    this.handler = handler;
    listener = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    thread(this::accept);
  }

  private static void thread(Runnable work) {
    Thread thread = new Thread(work, "web-server");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        thread(() -> serve(socket));
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void serve(Socket socket) {
    open.add(socket);
    try (socket) {
      handler.handle(new Exchange(socket));
    } catch (IOException e) {
      // The client has gone, as clients do.
    } finally {
      open.remove(socket);
    }
  }

  int port() {
    return listener.getLocalPort();
  }

  @Override
  public void close() {
    try {
      listener.close();
      for (Socket socket : open) {
        socket.close();
      }
    } catch (IOException e) {
      // They are closed all the same.
    }
  }

  /** A request, and the way to answer it; ends with the handler. */
  static final class Exchange {
    private final Socket socket;
    private final InputStream in;
    private final String method;
    private final String path;
    private final Map<String, String> headers = new HashMap<>();

    private Exchange(Socket socket) throws IOException {
      this.socket = socket;
      in = new BufferedInputStream(socket.getInputStream());
      String[] request = line().split(" ", 3);
      if (request.length < 2) {
        throw new EOFException();
      }
      method = request[0];
      path = request[1].replaceAll("\\?.*", "");
      for (String header = line(); !header.isEmpty(); header = line()) {
        String[] parts = header.split(":", 2);
        headers.put(parts[0].toLowerCase(Locale.ROOT), parts[1].strip());
      }
    }

    private String line() throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      for (int octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) {
        line.write(octet);
      }
      return line.toString(StandardCharsets.ISO_8859_1).strip();
    }

    String method() {
      return method;
    }

    String path() {
      return path;
    }

    private int length() {
      return Integer.parseInt(headers.getOrDefault("content-length", "0"));
    }

    /** Reads all of the body, and pauses after each KiB. */
    byte[] body(int pauseMillis) throws IOException {
      goOn();
      byte[] body = new byte[length()];
      for (int read = 0; read < body.length; ) {
        int count = in.readNBytes(body, read, Math.min(BLOCK, body.length - read));
        if (count == 0) {
          throw new EOFException();
        }
        read += count;
        pause(pauseMillis);
      }
      return body;
    }

    void halfOfBody() throws IOException {
      goOn();
      in.skipNBytes(length() / 2);
    }

    private void goOn() throws IOException {
      if (headers.containsKey("expect")) {
        write("HTTP/1.1 100 Continue\r\n\r\n");
      }
    }

    void answer(int status, String... more) throws IOException {
      write(
          "HTTP/1.1 %d Said\r\nContent-Length: 0\r\nConnection: close\r\n%s\r\n"
              .formatted(status, more.length == 0 ? "" : String.join("\r\n", more) + "\r\n"));
    }

    /** Answers a HEAD with this length. */
    void head(long length) throws IOException {
      write(
          "HTTP/1.1 200 Said\r\nContent-Length: %d\r\nConnection: close\r\n\r\n".formatted(length));
    }

    private void write(String text) throws IOException {
      socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
    }

    /** Waits until the other side has had enough. */
    void awaitEnd() throws IOException {
      while (in.read() >= 0) {
        // It should not say anything more.
      }
    }

    void reset() throws IOException {
      socket.setSoLinger(true, 0);
    }

    private static void pause(int millis) throws IOException {
      try {
        TimeUnit.MILLISECONDS.sleep(millis);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException(e);
      }
    }
  }
}

package org.rayo.media.freeswitch.capture;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The least of a client for FreeSWITCH's event socket: one command after the other. */
final class EventSocket implements AutoCloseable {

  private final Socket socket;
  private final InputStream in;

  EventSocket(String host, int port, String password) throws IOException {
    socket = new Socket(host, port);
    in = new BufferedInputStream(socket.getInputStream());
    read();
    String reply = command("auth " + password);
    if (!reply.startsWith("+OK")) {
      throw new IOException("the switch lets us not in: " + reply);
    }
  }

  /** As {@code RAYO_FREESWITCH=host:port:password} names it; empty without. */
  static Optional<EventSocket> ofEnvironment() throws IOException {
    String where = System.getenv("RAYO_FREESWITCH");
    if (where == null || where.isBlank()) {
      return Optional.empty();
    }
    String[] parts = where.split(":", 3);
    return Optional.of(new EventSocket(parts[0], Integer.parseInt(parts[1]), parts[2]));
  }

  synchronized String api(String command) {
    return command("api " + command);
  }

  private String command(String text) {
    try {
      socket.getOutputStream().write((text + "\n\n").getBytes(StandardCharsets.UTF_8));
      return read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String read() throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty() || headers.isEmpty(); line = line()) {
      int colon = line.indexOf(": ");
      if (colon > 0) {
        headers.put(line.substring(0, colon), line.substring(colon + 2));
      }
    }
    byte[] body = in.readNBytes(Integer.parseInt(headers.getOrDefault("Content-Length", "0")));
    String text = new String(body, StandardCharsets.UTF_8);
    return headers.getOrDefault("Reply-Text", text).trim();
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int octet = in.read(); octet != '\n'; octet = in.read()) {
      if (octet < 0) {
        throw new IOException("the switch closed the socket");
      }
      line.append((char) octet);
    }
    return line.toString();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}

package org.rayo.media.freeswitch.eventsocket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Listens as FreeSWITCH's event socket does and says what a test tells it to, byte by byte. */
final class RawSwitch implements AutoCloseable {

  static final String PASSWORD = "ClueCon";
  private static final int PATIENCE_MILLIS = 20_000;

  private final ServerSocket listener;
  private final List<Visit> visits = new ArrayList<>();

  RawSwitch() {
    try {
      listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
      listener.setSoTimeout(PATIENCE_MILLIS);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Address address() {
    return new Address("127.0.0.1", listener.getLocalPort(), PASSWORD);
  }

  /** The next connection. */
  Visit accept() {
    try {
      Visit visit = new Visit(listener.accept());
      visits.add(visit);
      return visit;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The next connection, which gets everything it asks for until it is up. */
  Visit acceptAndSetUp() {
    Visit visit = accept();
    visit.say("Content-Type: auth/request\n\n");
    visit.expect("auth " + PASSWORD);
    visit.say(Wire.commandReply("+OK accepted"));
    String command = visit.command();
    while (command.startsWith("filter ")) {
      visit.filters.add(command.substring("filter ".length()));
      visit.say(Wire.commandReply("+OK filter added. [x]=[y]"));
      command = visit.command();
    }
    assertThat(command).startsWith("event plain ");
    visit.events = command.substring("event plain ".length());
    visit.say(Wire.commandReply("+OK event listener enabled plain"));
    return visit;
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    visits.forEach(Visit::close);
  }

  /** One connection. */
  static final class Visit implements AutoCloseable {
    private final Socket socket;
    private final List<String> filters = new ArrayList<>();
    private String events = "";

    Visit(Socket socket) throws IOException {
      this.socket = socket;
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.setTcpNoDelay(true);
    }

    /** The filters that were set before events were asked for. */
    List<String> filters() {
      return filters;
    }

    /** What {@code event plain} was followed by. */
    String events() {
      return events;
    }

    /** The next command: all lines up to the empty one. */
    String command() {
      try {
        InputStream in = socket.getInputStream();
        StringBuilder command = new StringBuilder();
        while (command.length() < 2 || !command.substring(command.length() - 2).equals("\n\n")) {
          int next = in.read();
          if (next < 0) {
            throw new IOException("closed after '" + command + "'");
          }
          command.append((char) next);
        }
        return command.substring(0, command.length() - 2);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    void expect(String command) {
      assertThat(command()).isEqualTo(command);
    }

    void say(String text) {
      say(text.getBytes(StandardCharsets.UTF_8));
    }

    void say(byte[] bytes) {
      try {
        socket.getOutputStream().write(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    /** Says it, unless the other side goes meanwhile. */
    void sayOrBeCut(byte[] bytes) {
      try {
        socket.getOutputStream().write(bytes);
      } catch (IOException e) {
        // It has heard enough.
      }
    }

    /** Waits until the other side has closed. */
    void expectEnd() {
      try {
        InputStream in = socket.getInputStream();
        while (in.read() >= 0) {
          // What it said before it went.
        }
      } catch (SocketTimeoutException e) {
        throw new AssertionError("it was not closed", e);
      } catch (IOException e) {
        // A reset is an end too.
      }
    }

    @Override
    public void close() {
      try {
        socket.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}

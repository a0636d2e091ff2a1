package org.rayo.media.sip;

import java.io.IOException;
import java.io.InputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Where a caller says it can be reached: waits for requests there, and answers the last one. */
abstract sealed class ContactPhone implements AutoCloseable {

  private static final int PATIENCE_MILLIS = 10_000;

  private final String transport;
  private boolean namesTransport = true;
  private Optional<SipText> last = Optional.empty();

  private ContactPhone(String transport) {
    this.transport = transport;
  }

  static ContactPhone on(String transport) throws IOException {
    return transport.equals("udp") ? new Udp() : new Tcp();
  }

  ContactPhone namingNoTransport() {
    namesTransport = false;
    return this;
  }

  /** A request with this phone in Contact. */
  String asContact(String request) {
    String contact =
        "Contact: <sip:ann@127.0.0.1:"
            + port()
            + (namesTransport ? ";transport=" + transport : "")
            + ">";
    return request.replaceFirst("Contact: [^\r]*", contact);
  }

  SipText await() throws IOException {
    SipText request = receive();
    last = Optional.of(request);
    return request;
  }

  void answer(String status) throws IOException {
    SipText request = last.orElseThrow();
    StringBuilder text = new StringBuilder("SIP/2.0 " + status + "\r\n");
    for (String name : List.of("Via", "From", "To", "Call-ID", "CSeq")) {
      request.headers(name).forEach(v -> text.append(name).append(": ").append(v).append("\r\n"));
    }
    send(text.append("Content-Length: 0\r\n\r\n").toString().getBytes(StandardCharsets.UTF_8));
  }

  abstract int port();

  abstract SipText receive() throws IOException;

  /** As {@link #receive()}, but waits no longer than that. */
  abstract SipText receive(int millis) throws IOException;

  abstract void send(byte[] bytes) throws IOException;

  @Override
  public abstract void close() throws IOException;

  private static final class Udp extends ContactPhone {
    private final DatagramSocket socket =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    private Optional<SocketAddress> other = Optional.empty();

    Udp() throws IOException {
      super("udp");
      socket.setSoTimeout(PATIENCE_MILLIS);
    }

    @Override
    int port() {
      return socket.getLocalPort();
    }

    @Override
    SipText receive(int millis) throws IOException {
      socket.setSoTimeout(millis);
      try {
        return receive();
      } finally {
        socket.setSoTimeout(PATIENCE_MILLIS);
      }
    }

    @Override
    SipText receive() throws IOException {
      DatagramPacket packet = new DatagramPacket(new byte[65536], 65536);
      socket.receive(packet);
      other = Optional.of(packet.getSocketAddress());
      return new SipText(
          new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8));
    }

    @Override
    void send(byte[] bytes) throws IOException {
      socket.send(new DatagramPacket(bytes, bytes.length, other.orElseThrow()));
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  private static final class Tcp extends ContactPhone {
    private final ServerSocket listening = new ServerSocket(0, 5, InetAddress.getLoopbackAddress());
    private final List<Byte> received = new ArrayList<>();
    private Optional<Socket> connection = Optional.empty();

    Tcp() throws IOException {
      super("tcp");
      listening.setSoTimeout(PATIENCE_MILLIS);
    }

    @Override
    int port() {
      return listening.getLocalPort();
    }

    @Override
    SipText receive(int millis) throws IOException {
      connection.orElseThrow().setSoTimeout(millis);
      try {
        return receive();
      } finally {
        connection.orElseThrow().setSoTimeout(PATIENCE_MILLIS);
      }
    }

    @Override
    SipText receive() throws IOException {
      if (connection.isEmpty()) {
        Socket accepted = listening.accept();
        accepted.setSoTimeout(PATIENCE_MILLIS);
        connection = Optional.of(accepted);
      }
      InputStream in = connection.orElseThrow().getInputStream();
      while (true) {
        Optional<SipText> whole = SipText.takeFrom(received);
        if (whole.isPresent()) {
          return whole.get();
        }
        int octet = in.read();
        if (octet < 0) {
          throw new IOException("the connection was closed by the other side");
        }
        received.add((byte) octet);
      }
    }

    @Override
    void send(byte[] bytes) throws IOException {
      connection.orElseThrow().getOutputStream().write(bytes);
    }

    @Override
    public void close() throws IOException {
      if (connection.isPresent()) {
        connection.get().close();
      }
      listening.close();
    }
  }
}

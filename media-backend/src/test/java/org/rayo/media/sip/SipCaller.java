package org.rayo.media.sip;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.function.Predicate;

/**
 * A caller that writes SIP as text and reads it as text, so that a test can send whatever it likes.
 * One call; not for several threads.
 */
final class SipCaller implements AutoCloseable {

  static final Duration PATIENCE = Duration.ofSeconds(10);

  final String callId = UUID.randomUUID().toString();
  final String fromTag = "f" + UUID.randomUUID().toString().substring(0, 8);
  private final Wire wire;
  private final int serverPort;
  private final Deque<SipText> unread = new ArrayDeque<>();
  private int cseq = 1;
  private String inviteBranch = branch();
  private String toTag = "";

  private SipCaller(Wire wire, int serverPort) {
    this.wire = wire;
    this.serverPort = serverPort;
  }

  static SipCaller udp(int serverPort) throws IOException {
    return new SipCaller(new UdpWire(serverPort), serverPort);
  }

  static SipCaller tcp(int serverPort) throws IOException {
    return new SipCaller(new TcpWire(serverPort), serverPort);
  }

  static String branch() {
    return "z9hG4bK" + UUID.randomUUID().toString().replace("-", "");
  }

  /** An SDP offer of G.711, both laws, and telephone-event. */
  static String sdp(int port, String... attributes) {
    return sdp("127.0.0.1", port, attributes);
  }

  static String sdp(String address, int port, String... attributes) {
    StringBuilder text = new StringBuilder();
    text.append("v=0\r\no=caller 1 1 IN IP4 127.0.0.1\r\ns=call\r\nc=IN IP4 ").append(address);
    text.append("\r\nt=0 0\r\nm=audio ").append(port).append(" RTP/AVP 0 8 101\r\n");
    text.append("a=rtpmap:101 telephone-event/8000\r\n");
    for (String attribute : attributes) {
      text.append("a=").append(attribute).append("\r\n");
    }
    return text.toString();
  }

  /** Sends an INVITE with an offer. */
  void invite() {
    inviteWith(sdp(40000));
  }

  void inviteWith(String sdp, String... headers) {
    request("INVITE", inviteBranch, sdp, headers);
  }

  /** A new INVITE in the same dialog. */
  void reinvite(String sdp, String... headers) {
    cseq++;
    inviteBranch = branch();
    inviteWith(sdp, headers);
  }

  void ack(SipText response) {
    ackWith(response, "");
  }

  /** ACK: within the INVITE's transaction for a refusal, with a branch of its own after a 2xx. */
  void ackWith(SipText response, String sdp) {
    remember(response);
    request("ACK", response.status() < 300 ? branch() : inviteBranch, sdp);
  }

  void cancel(String... headers) {
    request("CANCEL", inviteBranch, "", headers);
  }

  void bye(String... headers) {
    inDialog("BYE", "", headers);
  }

  /** A request within the dialog, or outside of one that has not begun. */
  void inDialog(String method, String sdp, String... headers) {
    cseq++;
    request(method, branch(), sdp, headers);
  }

  /** The same with a branch that the test knows. */
  void inDialogWith(String method, String branch) {
    cseq++;
    request(method, branch, "");
  }

  /** Sends the last INVITE once more, as a retransmission. */
  void repeatInvite(String sdp, String... headers) {
    inviteWith(sdp, headers);
  }

  /** A request with its machinery. The CSeq of ACK and CANCEL is the INVITE's. */
  void request(String method, String branch, String sdp, String... headers) {
    raw(text(method, branch, sdp, headers));
  }

  String text(String method, String branch, String sdp, String... headers) {
    StringBuilder text = new StringBuilder();
    text.append(method).append(" sip:rayo@127.0.0.1:").append(serverPort).append(" SIP/2.0\r\n");
    text.append("Via: SIP/2.0/").append(wire.name()).append(" 127.0.0.1:").append(wire.port());
    text.append(";branch=").append(branch).append(";rport\r\nMax-Forwards: 70\r\n");
    text.append("From: \"Ann\" <sip:ann@example.net>;tag=").append(fromTag).append("\r\n");
    text.append("To: <sip:rayo@example.org>").append(toTag.isEmpty() ? "" : ";tag=" + toTag);
    text.append("\r\nCall-ID: ").append(callId).append("\r\nCSeq: ").append(cseq);
    text.append(' ').append(method).append("\r\nContact: <sip:ann@127.0.0.1:");
    text.append(wire.port()).append(";transport=").append(wire.name()).append(">\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    if (!sdp.isEmpty()) {
      text.append("Content-Type: application/sdp\r\n");
    }
    text.append("Content-Length: ").append(sdp.getBytes(StandardCharsets.UTF_8).length);
    return text.append("\r\n\r\n").append(sdp).toString();
  }

  void raw(String text) {
    wire.send(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Takes over the To tag of a response. */
  void remember(SipText response) {
    if (response.header("To").contains("tag=")) {
      toTag = response.header("To").replaceAll(".*tag=([^;>]*).*", "$1");
    }
  }

  /** Answers a request of the other side with 200. */
  void ok(SipText request) {
    respond(request, "200 OK");
  }

  void respond(SipText request, String status) {
    respondWith(request, status, "");
  }

  /** The same with a description. */
  void respondWith(SipText request, String status, String sdp) {
    StringBuilder text = new StringBuilder("SIP/2.0 " + status + "\r\n");
    for (String name : List.of("Via", "From", "To", "Call-ID", "CSeq")) {
      request.headers(name).forEach(v -> text.append(name).append(": ").append(v).append("\r\n"));
    }
    if (!sdp.isEmpty()) {
      text.append("Contact: <sip:ann@127.0.0.1:").append(wire.port()).append(";transport=");
      text.append(wire.name()).append(">\r\nContent-Type: application/sdp\r\n");
    }
    text.append("Content-Length: ").append(sdp.getBytes(StandardCharsets.UTF_8).length);
    raw(text.append("\r\n\r\n").append(sdp).toString());
  }

  /** The next response with this status, to whatever; others are passed over. */
  SipText awaitStatus(int status) {
    return await(m -> m.isResponse() && m.status() == status, "status " + status);
  }

  /** The next final response to this method. */
  SipText awaitFinal(String method) {
    return await(
        m -> m.isResponse() && m.status() >= 200 && m.header("CSeq").endsWith(" " + method),
        "final response to " + method);
  }

  SipText awaitRequest(String method) {
    return await(m -> !m.isResponse() && m.firstLine().startsWith(method + " "), method);
  }

  /** The next message of any kind. */
  SipText next() {
    return await(m -> true, "any message");
  }

  /** Whether nothing that matches comes for so long. What does not match is passed over. */
  boolean isQuiet(Duration time, Predicate<SipText> wanted) {
    return receive(wanted, time) == null;
  }

  private SipText await(Predicate<SipText> wanted, String what) {
    SipText found = receive(wanted, PATIENCE);
    if (found == null) {
      throw new AssertionError(what + " did not come within " + PATIENCE);
    }
    return found;
  }

  private SipText receive(Predicate<SipText> wanted, Duration time) {
    long end = System.nanoTime() + time.toNanos();
    while (true) {
      while (!unread.isEmpty()) {
        SipText message = unread.remove();
        if (wanted.test(message)) {
          return message;
        }
      }
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        return null;
      }
      wire.receive((int) left).ifPresent(unread::add);
    }
  }

  int port() {
    return wire.port();
  }

  /** Places the call and answers its 200. */
  SipText callAndConfirm() {
    invite();
    SipText ok = awaitStatus(200);
    ack(ok);
    return ok;
  }

  @Override
  public void close() {
    wire.close();
  }

  /** The other side ended the TCP connection. */
  static final class ConnectionClosed extends AssertionError {
    private static final long serialVersionUID = 1;

    ConnectionClosed() {
      super("the connection was closed by the other side");
    }
  }

  /** How text travels. */
  private interface Wire {
    String name();

    int port();

    void send(byte[] bytes);

    java.util.Optional<SipText> receive(int millis);

    void close();
  }

  private static final class UdpWire implements Wire {
    private final DatagramSocket socket;
    private final int serverPort;

    UdpWire(int serverPort) throws IOException {
      this.socket = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      this.serverPort = serverPort;
    }

    @Override
    public String name() {
      return "UDP";
    }

    @Override
    public int port() {
      return socket.getLocalPort();
    }

    @Override
    public void send(byte[] bytes) {
      try {
        socket.send(
            new DatagramPacket(bytes, bytes.length, InetAddress.getLoopbackAddress(), serverPort));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public java.util.Optional<SipText> receive(int millis) {
      try {
        socket.setSoTimeout(Math.max(1, millis));
        DatagramPacket packet = new DatagramPacket(new byte[65536], 65536);
        socket.receive(packet);
        return java.util.Optional.of(
            new SipText(
                new String(packet.getData(), 0, packet.getLength(), StandardCharsets.UTF_8)));
      } catch (java.net.SocketTimeoutException e) {
        return java.util.Optional.empty();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  private static final class TcpWire implements Wire {
    private final Socket socket;
    private final List<Byte> received = new ArrayList<>();

    TcpWire(int serverPort) throws IOException {
      this.socket = new Socket(InetAddress.getLoopbackAddress(), serverPort);
    }

    @Override
    public String name() {
      return "TCP";
    }

    @Override
    public int port() {
      return socket.getLocalPort();
    }

    @Override
    public void send(byte[] bytes) {
      try {
        socket.getOutputStream().write(bytes);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public java.util.Optional<SipText> receive(int millis) {
      try {
        socket.setSoTimeout(Math.max(1, millis));
        InputStream in = socket.getInputStream();
        while (true) {
          java.util.Optional<SipText> whole = SipText.takeFrom(received);
          if (whole.isPresent()) {
            return whole;
          }
          int octet = in.read();
          if (octet < 0) {
            throw new ConnectionClosed();
          }
          received.add((byte) octet);
        }
      } catch (java.net.SocketTimeoutException e) {
        return java.util.Optional.empty();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
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

package org.rayo.media.sip;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;

/** A phone that is called: what it answers, and when, is the test's to say. One call. */
final class CalledPhone implements AutoCloseable {

  final String tag = "t" + UUID.randomUUID().toString().substring(0, 8);
  private final String transport;
  private final ContactPhone wire;
  private int cseq = 10;

  private CalledPhone(String transport) throws IOException {
    this.transport = transport;
    this.wire = ContactPhone.on(transport);
  }

  static CalledPhone udp() throws IOException {
    return new CalledPhone("udp");
  }

  static CalledPhone tcp() throws IOException {
    return new CalledPhone("tcp");
  }

  int port() {
    return wire.port();
  }

  /** Where it is called. */
  URI uri() {
    return URI.create(
        "sip:bob@127.0.0.1:" + port() + (transport.equals("tcp") ? ";transport=tcp" : ""));
  }

  /** The next request of this method; repeated others are passed over. */
  SipText await(String method) throws IOException {
    while (true) {
      SipText next = wire.await();
      if (next.firstLine().startsWith(method + " ")) {
        return next;
      }
    }
  }

  /** The next final response to a request of its own. */
  SipText awaitResponse() throws IOException {
    while (true) {
      SipText next = wire.await();
      if (next.isResponse() && next.status() >= 200) {
        return next;
      }
    }
  }

  /** Whether no message that begins so comes for so long. */
  boolean isQuiet(int millis, String start) throws IOException {
    long end = System.nanoTime() + millis * 1_000_000L;
    while (true) {
      int left = (int) ((end - System.nanoTime()) / 1_000_000);
      if (left <= 0) {
        return true;
      }
      try {
        if (wire.receive(left).firstLine().startsWith(start)) {
          return false;
        }
      } catch (SocketTimeoutException nothing) {
        return true;
      }
    }
  }

  /** A response without a body. */
  void respond(SipText request, String status, String... headers) throws IOException {
    respondAs(tag, request, status, "", headers);
  }

  /** A response with a description of this port. */
  void respondWith(SipText request, String status, int rtpPort, String... headers)
      throws IOException {
    respondAs(tag, request, status, SipCaller.sdp(rtpPort), headers);
  }

  /** A response of a branch with another tag. */
  void respondAs(String toTag, SipText request, String status, String sdp, String... headers)
      throws IOException {
    StringBuilder text = new StringBuilder("SIP/2.0 " + status + "\r\n");
    for (String name : List.of("Via", "From", "Call-ID", "CSeq")) {
      request.headers(name).forEach(v -> text.append(name).append(": ").append(v).append("\r\n"));
    }
    String to = request.header("To");
    text.append("To: ").append(to);
    if (!to.contains(";tag=") && !status.startsWith("100")) {
      text.append(";tag=").append(toTag);
    }
    text.append("\r\n");
    if (!status.startsWith("3")) {
      text.append("Contact: <").append(uri()).append(">\r\n");
    }
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    if (!sdp.isEmpty()) {
      text.append("Content-Type: application/sdp\r\n");
    }
    text.append("Content-Length: ").append(sdp.length()).append("\r\n\r\n").append(sdp);
    wire.send(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  /** A request within the dialog that an INVITE began. */
  void request(SipText invite, String method, String type, String body, String... headers)
      throws IOException {
    StringBuilder text = new StringBuilder(method + " ");
    text.append(invite.header("Contact").replaceAll("[<>]", "")).append(" SIP/2.0\r\n");
    text.append("Via: SIP/2.0/").append(transport.toUpperCase(java.util.Locale.ROOT));
    text.append(" 127.0.0.1:").append(port()).append(";branch=").append(SipCaller.branch());
    text.append("\r\nMax-Forwards: 70\r\nFrom: ").append(invite.header("To"));
    text.append(";tag=").append(tag).append("\r\nTo: ").append(invite.header("From"));
    text.append("\r\nCall-ID: ").append(invite.header("Call-ID")).append("\r\nCSeq: ");
    text.append(++cseq).append(' ').append(method).append("\r\nContact: <").append(uri());
    text.append(">\r\n");
    for (String header : headers) {
      text.append(header).append("\r\n");
    }
    if (!body.isEmpty()) {
      text.append("Content-Type: ").append(type).append("\r\n");
    }
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    text.append("Content-Length: ").append(bytes.length).append("\r\n\r\n").append(body);
    wire.send(text.toString().getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public void close() throws IOException {
    wire.close();
  }
}

package org.rayo.media.sip;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.UUID;

/** Asks the SIP endpoint of this process for its options over UDP, to see whether it hears. */
final class SelfProbe {

  private final InetAddress target;
  private final int port;

  /**
   * A probe of an endpoint.
   *
   * @param bound its address; the unspecified one when it is bound to all
   */
  SelfProbe(InetAddress bound, int port) {
    this.target = bound.isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : bound;
    this.port = port;
  }

  /**
   * Asks until there is any answer, a refusal included. Blocks.
   *
   * @return false when there is none
   */
  boolean answers(int tries, Duration waitForEach) throws IOException {
    try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress(target, 0))) {
      socket.setSoTimeout(Math.toIntExact(waitForEach.toMillis()));
      for (int i = 0; i < tries; i++) {
        byte[] request = request(socket.getLocalPort());
        socket.send(new DatagramPacket(request, request.length, target, port));
        try {
          socket.receive(new DatagramPacket(new byte[1500], 1500));
          return true;
        } catch (SocketTimeoutException notYet) {
          // asked once more
        }
      }
      return false;
    }
  }

  private byte[] request(int fromPort) {
    String host = target.getHostAddress().contains(":") ? "[::1]" : target.getHostAddress();
    String text =
        String.format(
            Locale.ROOT,
            """
            OPTIONS sip:%1$s:%2$d SIP/2.0\r
            Via: SIP/2.0/UDP %1$s:%3$d;branch=z9hG4bK%4$s\r
            From: <sip:probe@%1$s>;tag=probe\r
            To: <sip:%1$s:%2$d>\r
            Call-ID: %4$s\r
            CSeq: 1 OPTIONS\r
            Max-Forwards: 1\r
            Content-Length: 0\r
            \r
            """,
            host,
            port,
            fromPort,
            UUID.randomUUID());
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}

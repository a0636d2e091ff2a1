package org.rayo.testkit.phone;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import javax.sip.InvalidArgumentException;
import javax.sip.SipException;
import javax.sip.SipProvider;
import javax.sip.SipStack;

/** Finds and opens the port that a phone listens on. */
final class SipPorts {

  private static final int PROBES = 40;
  private static final int PROBE_MILLIS = 50;

  private SipPorts() {}

  /** A port that just now is free for UDP and for TCP. */
  static int free() throws IOException {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (ServerSocket tcp = new ServerSocket(0, 1, loopback);
        DatagramSocket udp = new DatagramSocket(tcp.getLocalPort(), loopback)) {
      return udp.getLocalPort();
    }
  }

  /** Listens on UDP and TCP. */
  static SipProvider listen(SipStack stack, InetSocketAddress address)
      throws SipException, InvalidArgumentException {
    String host = address.getAddress().getHostAddress();
    try {
      SipProvider provider =
          stack.createSipProvider(stack.createListeningPoint(host, address.getPort(), "udp"));
      provider.addListeningPoint(stack.createListeningPoint(host, address.getPort(), "tcp"));
      return provider;
    } catch (javax.sip.ObjectInUseException e) {
      throw new SipException("the listening point belongs to another provider", e);
    }
  }

  /** Waits until the stack answers: only then can it be stopped safely. */
  static void awaitAnswer(InetSocketAddress address) throws IOException {
    try (DatagramSocket probe = new DatagramSocket(0, address.getAddress())) {
      probe.setSoTimeout(PROBE_MILLIS);
      String local = probe.getLocalAddress().getHostAddress() + ":" + probe.getLocalPort();
      for (int i = 0; i < PROBES; i++) {
        byte[] options =
            String.join(
                    "\r\n",
                    "OPTIONS sip:probe@" + local + " SIP/2.0",
                    "Via: SIP/2.0/UDP " + local + ";branch=z9hG4bK" + SipMessages.tag(),
                    "From: <sip:probe@" + local + ">;tag=" + SipMessages.tag(),
                    "To: <sip:probe@" + local + ">",
                    "Call-ID: " + SipMessages.tag(),
                    "CSeq: 1 OPTIONS",
                    "Max-Forwards: 1",
                    "Content-Length: 0",
                    "",
                    "")
                .getBytes(StandardCharsets.US_ASCII);
        probe.send(new DatagramPacket(options, options.length, address));
        try {
          probe.receive(new DatagramPacket(new byte[2048], 2048));
          return;
        } catch (SocketTimeoutException e) {
          // Not up yet: ask again.
        }
      }
    }
    throw new IOException("the SIP stack does not answer at " + address);
  }
}

package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.ConnectException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** SIPp, being called once. */
final class SippPhone implements AutoCloseable {

  /**
   * Challenges the first INVITE; the second is answered, or refused where SIPp finds it wrong. (It
   * looks for Authorization only, not for Proxy-Authorization.)
   */
  static final String CHALLENGE =
      """
      <?xml version="1.0" encoding="UTF-8"?>
      <!DOCTYPE scenario SYSTEM "sipp.dtd">
      <scenario name="challenges who calls">
        <recv request="INVITE" crlf="true"/>
        <send><![CDATA[
          SIP/2.0 401 Who are you
          [last_Via:]
          [last_From:]
          [last_To:];tag=[pid]first[call_number]
          [last_Call-ID:]
          [last_CSeq:]
          WWW-Authenticate: Digest realm="sipp.example", nonce="f00dcafe", algorithm=MD5, qop="auth"
          Content-Length: 0

        ]]></send>
        <recv request="ACK"/>
        <recv request="INVITE">
          <action><verifyauth assign_to="right" username="ann" password="hush"/></action>
        </recv>
        <nop hide="true" test="right" next="1"/>
        <send><![CDATA[
          SIP/2.0 403 Wrong
          [last_Via:]
          [last_From:]
          [last_To:];tag=[pid]second[call_number]
          [last_Call-ID:]
          [last_CSeq:]
          Content-Length: 0

        ]]></send>
        <recv request="ACK" next="2"/>
        <label id="1"/>
        <send retrans="500"><![CDATA[
          SIP/2.0 200 OK
          [last_Via:]
          [last_From:]
          [last_To:];tag=[pid]second[call_number]
          [last_Call-ID:]
          [last_CSeq:]
          Contact: <sip:[local_ip]:[local_port];transport=[transport]>
          Content-Type: application/sdp
          Content-Length: [len]

          v=0
          o=sipp 1 1 IN IP[local_ip_type] [local_ip]
          s=-
          c=IN IP[media_ip_type] [media_ip]
          t=0 0
          m=audio [media_port] RTP/AVP 8
          a=rtpmap:8 PCMA/8000

        ]]></send>
        <recv request="ACK"/>
        <recv request="BYE"/>
        <send><![CDATA[
          SIP/2.0 200 OK
          [last_Via:]
          [last_From:]
          [last_To:]
          [last_Call-ID:]
          [last_CSeq:]
          Content-Length: 0

        ]]></send>
        <label id="2"/>
        <nop hide="true"/>
      </scenario>
      """;

  private final Process process;
  private final Path output;
  private final int port;

  private SippPhone(Process process, Path output, int port) {
    this.process = process;
    this.output = output;
    this.port = port;
  }

  /** Starts it, or skips the test where it is not installed. */
  static SippPhone start(Path directory, String transport, String... scenario) throws Exception {
    Path sipp = Path.of("/usr/bin/sipp");
    assumeTrue(Files.isExecutable(sipp), "SIPp (sip-tester) is not installed");
    int port;
    int media;
    try (DatagramSocket free = new DatagramSocket(0, InetAddress.getLoopbackAddress());
        DatagramSocket other = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
      media = other.getLocalPort() & ~1;
    }
    List<String> command = new ArrayList<>(List.of(sipp.toString()));
    command.addAll(List.of(scenario));
    command.addAll(List.of("-i", "127.0.0.1", "-p", Integer.toString(port)));
    command.addAll(List.of("-mp", Integer.toString(media), "-m", "1", "-nostdin"));
    command.addAll(List.of("-t", transport.equals("tcp") ? "t1" : "u1", "-timeout", "30s"));
    Path output = directory.resolve("sipp.out");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    SippPhone phone = new SippPhone(process, output, port);
    if (transport.equals("tcp")) {
      phone.awaitListening();
    }
    return phone;
  }

  /** Until it takes connections, which is soon, unless the machine is busy. */
  private void awaitListening() throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (true) {
      try (Socket connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
        return;
      } catch (ConnectException e) {
        assertThat(process.isAlive()).as("SIPp listens: %s", Files.readString(output)).isTrue();
        if (System.nanoTime() > deadline) {
          throw e;
        }
        Thread.sleep(20);
      }
    }
  }

  int port() {
    return port;
  }

  /** Waits until it has gone through its scenario. */
  void awaitSuccess() throws Exception {
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(output)).isZero();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}

package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rayo.media.sip.Listening.done;

import java.net.BindException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException;

@Tag("slow")
class LifecycleTest {

  private static SipSettings at(String address, int port) {
    return new SipSettings(
        address,
        port,
        Optional.empty(),
        List.of(),
        Duration.ofSeconds(60),
        Duration.ofSeconds(60),
        10,
        "Rayo");
  }

  private static void assertRefused(SipSettings settings, String... words) {
    assertThatThrownBy(() -> Backend.start(settings).close())
        .isInstanceOfSatisfying(
            MediaException.class,
            e -> {
              assertThat(e.fault()).isEqualTo(MediaException.Fault.CONFIGURATION);
              assertThat(e.getMessage()).contains(words).doesNotContain("\n");
            });
  }

  private static void assertFree(int port) throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (DatagramSocket udp = new DatagramSocket(new InetSocketAddress(loopback, port));
        ServerSocket tcp = new ServerSocket(port, 1, loopback)) {
      assertThat(udp.getLocalPort()).isEqualTo(tcp.getLocalPort());
    }
  }

  /** What is free for UDP may belong to a TCP connection, and the other way round. */
  private static int portFreeForBoth() throws Exception {
    InetAddress loopback = InetAddress.getLoopbackAddress();
    for (int tries = 0; tries < 50; tries++) {
      try (ServerSocket tcp = new ServerSocket(0, 1, loopback);
          DatagramSocket udp =
              new DatagramSocket(new InetSocketAddress(loopback, tcp.getLocalPort()))) {
        return udp.getLocalPort();
      } catch (BindException takenForUdp) {
        // The next one.
      }
    }
    throw new IllegalStateException("no port is free for both UDP and TCP");
  }

  @Test
  void start_udpPortInUse_saysSoAndLeavesNothingOpen() throws Exception {
    int port = portFreeForBoth();
    try (DatagramSocket taken =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
      assertThat(taken.isBound()).isTrue();
      assertRefused(at("127.0.0.1", port), "SIP port 127.0.0.1:" + port + " (udp) is in use");
      try (ServerSocket tcp = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
        assertThat(tcp.isBound()).isTrue();
      }
    }
  }

  @Test
  void start_tcpPortInUse_saysSoAndLeavesNothingOpen() throws Exception {
    int port = portFreeForBoth();
    try (ServerSocket taken = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      assertThat(taken.isBound()).isTrue();
      assertRefused(at("127.0.0.1", port), "SIP port 127.0.0.1:" + port + " (tcp) is in use");
      new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)).close();
    }
  }

  @Test
  void start_addressOfAnotherMachine_saysSo() {
    assertRefused(at("192.0.2.55", 0), "192.0.2.55 is not an address of this machine");
    assertRefused(at("no.such.host.invalid", 0), "'no.such.host.invalid'");
  }

  @Test
  void close_withCallsUp_byeToEachAndThePortFree() throws Exception {
    Backend backend = Backend.start();
    int port = backend.port();
    try (SipCaller caller = SipCaller.udp(port);
        SipCaller ringing = SipCaller.udp(port)) {
      caller.invite();
      MediaCall call = backend.awaitCall();
      Listening heard = Listening.to(call);
      var answer = call.answer(List.of());
      caller.ack(caller.awaitStatus(200));
      done(answer);
      ringing.invite();
      backend.awaitCall();
      backend.close();
      caller.awaitRequest("BYE");
      ringing.awaitStatus(603);
      assertThat(heard.awaitEnd().reason()).isEqualTo(EndReason.HANGUP_COMMAND);
    }
    assertFree(port);
  }

  @Test
  void close_withoutAck_byeNevertheless() throws Exception {
    Backend backend = Backend.start();
    try (SipCaller answered = SipCaller.udp(backend.port());
        SipCaller left = SipCaller.udp(backend.port())) {
      answered.invite();
      MediaCall first = backend.awaitCall();
      var unused = first.answer(List.of());
      answered.awaitStatus(200);
      left.invite();
      MediaCall second = backend.awaitCall();
      unused = second.answer(List.of());
      left.awaitStatus(200);
      done(second.hangup(List.of()));
      assertThat(left.isQuiet(Duration.ofMillis(200), m -> !m.isResponse())).isTrue();
      backend.close();
      answered.awaitRequest("BYE");
      left.awaitRequest("BYE");
    }
  }

  @Test
  void close_atOnceAfterStart_noFailureAndThePortFree() throws Exception {
    for (int i = 0; i < 5; i++) {
      Backend backend = Backend.start();
      int port = backend.port();
      backend.close();
      assertFree(port);
    }
  }

  @Test
  void tcp_moreConnectionsInTurnThanAtOnce_allServed() throws Exception {
    try (Backend backend = Backend.start()) {
      for (int i = 0; i < 2 * SipEndpoint.MAX_TCP_CONNECTIONS; i++) {
        try (SipCaller caller = SipCaller.tcp(backend.port())) {
          caller.inDialog("OPTIONS", "");
          assertThat(caller.awaitFinal("OPTIONS").status()).isEqualTo(200);
        }
      }
    }
  }

  @Test
  void twoBackends_inOneProcess_serveTheirOwn() throws Exception {
    try (Backend one = Backend.start();
        Backend two = Backend.start();
        SipCaller toOne = SipCaller.udp(one.port());
        SipCaller toTwo = SipCaller.tcp(two.port())) {
      toOne.invite();
      toTwo.invite();
      assertThat(one.awaitCall().signallingId()).isEqualTo(toOne.callId);
      assertThat(two.awaitCall().signallingId()).isEqualTo(toTwo.callId);
    }
  }

  @Test
  void start_onAllAddresses_tellsTheInterfaceThatFacesTheCaller() throws Exception {
    try (Backend backend = Backend.start(at("0.0.0.0", 0));
        SipCaller caller = SipCaller.udp(backend.port())) {
      caller.invite();
      MediaCall call = backend.awaitCall();
      var answer = call.answer(List.of());
      SipText ok = caller.awaitStatus(200);
      assertThat(ok.body()).contains("c=IN IP4 127.0.0.1");
      assertThat(ok.header("Contact")).isEqualTo("<sip:127.0.0.1:" + backend.port() + ">");
      caller.ack(ok);
      done(answer);
      done(call.hangup(List.of()));
      SipText bye = caller.awaitRequest("BYE");
      assertThat(bye.header("Via")).contains("127.0.0.1:" + backend.port());
      caller.ok(bye);
    }
  }
}

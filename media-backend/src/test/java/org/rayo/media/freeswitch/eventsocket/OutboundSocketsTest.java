package org.rayo.media.freeswitch.eventsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rayo.media.freeswitch.eventsocket.OutboundSockets.Limits;

/** Calls that FreeSWITCH's application {@code socket} offers. */
final class OutboundSocketsTest {

  private static final Limits LIMITS = new Limits(50, Duration.ofSeconds(20));

  private final EventSocketLoop loop = EventSocketLoop.start("test-outbound");
  private final ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
  private final BlockingQueue<Offer> offers = new LinkedBlockingQueue<>();
  private final BlockingQueue<String> closed = new LinkedBlockingQueue<>();

  private record Offer(SwitchEvent data, OutboundSocket socket) {}

  private OutboundSockets listen(Limits limits, Predicate<InetAddress> allowed) throws IOException {
    return OutboundSockets.listen(
        loop,
        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
        limits,
        allowed,
        new OutboundSockets.Listener() {
          @Override
          public void offered(SwitchEvent channelData, OutboundSocket socket) {
            offers.add(new Offer(channelData, socket));
          }

          @Override
          public void closed(OutboundSocket socket, String why) {
            closed.add(socket.uniqueId() + " " + why);
          }
        },
        timers);
  }

  @AfterEach
  void close() {
    loop.close();
    timers.shutdownNow();
  }

  private static RawSwitch.Visit connect(OutboundSockets sockets) throws IOException {
    return new RawSwitch.Visit(
        new Socket(sockets.address().getAddress(), sockets.address().getPort()));
  }

  /** A channel's data as FreeSWITCH 1.10 answers to {@code connect}: a frame of headers only. */
  private static String channelData(String uuid, String mode) {
    StringBuilder data = new StringBuilder("Event-Name: CHANNEL_DATA\nUnique-ID: " + uuid + "\n");
    data.append("variable_sip_h_X-Note: ").append(Wire.encode("Zoë, 100% {x}")).append('\n');
    data.append("variable_switch_r_sdp: ")
        .append(Wire.encode("v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\n"));
    data.append("\nContent-Type: command/reply\nReply-Text: %2BOK%0A\nSocket-Mode: ");
    return data.append(mode).append("\nControl: full\n\n").toString();
  }

  private <T> T next(BlockingQueue<T> queue) throws InterruptedException {
    return Optional.ofNullable(queue.poll(20, TimeUnit.SECONDS)).orElseThrow();
  }

  @Test
  void call_isOfferedWithItsData_andItsEndIsTold() throws Exception {
    try (OutboundSockets sockets = listen(LIMITS, address -> true);
        RawSwitch.Visit visit = connect(sockets)) {
      visit.expect("connect");
      for (byte each : Wire.bytes(channelData("call-1", "async")).array()) {
        visit.say(new byte[] {each});
      }
      Offer offer = next(offers);
      assertThat(offer.socket.uniqueId()).isEqualTo("call-1");
      assertThat(offer.socket.remote().getAddress().isLoopbackAddress()).isTrue();
      assertThat(offer.data.variable("sip_h_X-Note")).contains("Zoë, 100% {x}");
      assertThat(offer.data.variable("switch_r_sdp").orElse("")).startsWith("v=0\r\no=- 1 1");
      assertThat(offer.data.header("Reply-Text")).contains("+OK\n");
      visit.say(
          """
          Content-Type: text/disconnect-notice
          Controlled-Session-UUID: call-1
          Content-Disposition: disconnect
          Content-Length: 67

          Disconnected, goodbye.
          See you at ClueCon! http://www.cluecon.com/
          """);
      assertThat(next(closed)).isEqualTo("call-1 the call is over");
      visit.expectEnd();
      assertThat(sockets.connections()).isZero();
    }
  }

  @Test
  void socket_closedByUs_isToldOnce() throws Exception {
    try (OutboundSockets sockets = listen(LIMITS, address -> true);
        RawSwitch.Visit visit = connect(sockets)) {
      visit.expect("connect");
      visit.say(channelData("call-1", "async"));
      OutboundSocket socket = next(offers).socket;
      socket.close();
      socket.close();
      visit.expectEnd();
      assertThat(next(closed)).isEqualTo("call-1 closed");
      loop.close();
      assertThat(closed).isEmpty();
    }
  }

  @Test
  void freeSwitchGone_isTold_forEveryCall() throws Exception {
    try (OutboundSockets sockets = listen(LIMITS, address -> true)) {
      List<RawSwitch.Visit> visits = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        visits.add(connect(sockets));
        visits.get(i).expect("connect");
        visits.get(i).say(channelData("call-" + i, "async"));
        assertThat(next(offers).socket.uniqueId()).isEqualTo("call-" + i);
      }
      assertThat(sockets.connections()).isEqualTo(20);
      visits.forEach(RawSwitch.Visit::close);
      for (int i = 0; i < 20; i++) {
        assertThat(next(closed)).contains("closed by the peer");
      }
      assertThat(sockets.connections()).isZero();
    }
  }

  @Test
  void junk_isDroppedAndNotOffered() throws Exception {
    List<String> junk =
        List.of(
            "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
            "Content-Type: auth/request\n\n",
            Wire.commandReply("+OK"),
            channelData("call-1", "static"),
            "x".repeat(FrameReader.HEAD_LIMIT + 1));
    try (LogLines log = new LogLines();
        OutboundSockets sockets = listen(LIMITS, address -> true)) {
      for (String text : junk) {
        try (RawSwitch.Visit visit = connect(sockets)) {
          visit.expect("connect");
          visit.say(text);
          visit.expectEnd();
        }
      }
      try (RawSwitch.Visit visit = connect(sockets)) {
        visit.expect("connect");
        visit.say(channelData("call-2", "async"));
        assertThat(next(offers).socket.uniqueId()).isEqualTo("call-2");
      }
      assertThat(next(closed)).startsWith("call-2 ");
      assertThat(offers).isEmpty();
      // Ten seconds pass until the next is logged as a warning.
      assertThat(log.about("was dropped")).hasSize(1);
    }
  }

  @Test
  void silence_isDropped() throws Exception {
    Limits quick = new Limits(50, Duration.ofMillis(200));
    try (LogLines log = new LogLines();
        OutboundSockets sockets = listen(quick, address -> true);
        RawSwitch.Visit visit = connect(sockets)) {
      visit.expect("connect");
      visit.say("Event-Name: CHANNEL_DATA\n");
      visit.expectEnd();
      loop.close();
      assertThat(log.about("it said nothing for 200 ms")).hasSize(1);
    }
  }

  @Test
  void tooMany_orNotAllowed_areClosedAtOnce_andRoomIsMadeAgain() throws Exception {
    try (OutboundSockets none = listen(LIMITS, address -> false);
        RawSwitch.Visit refused = connect(none)) {
      refused.expectEnd();
    }
    try (OutboundSockets sockets = listen(new Limits(2, Duration.ofSeconds(20)), a -> true);
        RawSwitch.Visit first = connect(sockets);
        RawSwitch.Visit second = connect(sockets)) {
      first.expect("connect");
      second.expect("connect");
      try (RawSwitch.Visit third = connect(sockets)) {
        third.expectEnd();
      }
      first.say(channelData("call-1", "async"));
      next(offers);
      first.close();
      next(closed);
      try (RawSwitch.Visit third = connect(sockets)) {
        third.expect("connect");
      }
    }
  }

  @Test
  void address_inUse_isAnError() throws Exception {
    try (OutboundSockets sockets = listen(LIMITS, address -> true)) {
      assertThatIOException()
          .isThrownBy(
              () ->
                  OutboundSockets.listen(
                      loop,
                      sockets.address(),
                      LIMITS,
                      address -> true,
                      new OutboundSockets.Listener() {
                        @Override
                        public void offered(SwitchEvent channelData, OutboundSocket socket) {}

                        @Override
                        public void closed(OutboundSocket socket, String why) {}
                      },
                      timers));
    }
  }

  @Test
  void close_closesAllAndListensNoMore() throws Exception {
    OutboundSockets sockets = listen(LIMITS, address -> true);
    try (RawSwitch.Visit visit = connect(sockets)) {
      visit.expect("connect");
      visit.say(channelData("call-1", "async"));
      next(offers);
      sockets.close();
      visit.expectEnd();
      assertThat(next(closed)).isEqualTo("call-1 closed");
      // A socket is closed for good when the loop has looked at it once more.
      assertThatIOException()
          .isThrownBy(
              () -> {
                for (int i = 0; i < 200; i++) {
                  connect(sockets).close();
                  Thread.sleep(10);
                }
              });
    }
  }
}

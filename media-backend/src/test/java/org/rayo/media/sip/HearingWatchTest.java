package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class HearingWatchTest {

  private static final Duration SOON = Duration.ofMillis(50);

  private static void await(BooleanSupplier wanted) {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (!wanted.getAsBoolean() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(wanted.getAsBoolean()).isTrue();
  }

  @Test
  void backend_started_hears() throws Exception {
    try (Backend backend = Backend.start()) {
      SelfProbe probe = new SelfProbe(InetAddress.getLoopbackAddress(), backend.port());
      assertThat(probe.answers(1, Duration.ofSeconds(5))).isTrue();
      assertThat(backend.backend.hears()).isTrue();
      backend.backend.close();
      assertThat(backend.backend.hears()).isFalse();
    }
  }

  @Test
  void endpoint_goesDeafAndHearsAgain_oneLineEach() throws Exception {
    Logger logger = (Logger) LoggerFactory.getLogger(HearingWatch.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    logger.setAdditive(false);
    InetAddress loopback = InetAddress.getLoopbackAddress();
    try (DatagramSocket endpoint = new DatagramSocket(new InetSocketAddress(loopback, 0));
        HearingWatch watch =
            new HearingWatch(new SelfProbe(loopback, endpoint.getLocalPort()), SOON, SOON)) {
      await(() -> !watch.hears());
      // Several looks go by, and only the first is told of.
      DatagramPacket asked = new DatagramPacket(new byte[1500], 1500);
      for (int i = 0; i < 10; i++) {
        endpoint.receive(asked);
      }
      assertThat(new String(asked.getData(), java.nio.charset.StandardCharsets.US_ASCII))
          .startsWith("OPTIONS sip:127.0.0.1:" + endpoint.getLocalPort());
      while (!watch.hears()) {
        endpoint.receive(asked);
        endpoint.send(new DatagramPacket(new byte[] {1}, 1, asked.getSocketAddress()));
      }
      await(() -> lines.list.size() == 2);
      assertThat(lines.list)
          .extracting(ILoggingEvent::getLevel)
          .containsExactly(Level.ERROR, Level.WARN);
    } finally {
      logger.detachAppender(lines);
      logger.setAdditive(true);
    }
  }
}

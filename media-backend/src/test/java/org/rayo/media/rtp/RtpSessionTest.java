package org.rayo.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rayo.media.audio.FrameTap;
import org.rayo.media.audio.G711;

class RtpSessionTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private final BlockingQueue<String> events = new LinkedBlockingQueue<>();
  private final RtpSession.Listener listener =
      new RtpSession.Listener() {
        @Override
        public void rtpSilent(Duration since) {
          events.add("silent");
        }

        @Override
        public void rtpBack() {
          events.add("back");
        }

        @Override
        public void dtmf(char digit, Duration duration) {
          events.add("dtmf " + digit + " " + duration.toMillis());
        }
      };
  private RtpEngine engine;

  @BeforeEach
  void start() {
    engine =
        new RtpEngine(
            RtpSettings.of(LOOPBACK, 20_000, 29_999)
                .withLoops(1)
                .withDeadAfter(Duration.ofMillis(300)));
    engine.start();
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private static RtpStreamParameters parameters(InetSocketAddress remote, StreamDirection way) {
    return new RtpStreamParameters(remote, G711.MU_LAW, 0, OptionalInt.of(101), way);
  }

  private static void attach(RtpSession session, FrameTap tap) {
    session.execute(() -> session.attach(tap));
  }

  /** Returns when everything asked of the session so far has happened. */
  private static void awaitMediaThread(RtpSession session) throws InterruptedException {
    CountDownLatch reached = new CountDownLatch(1);
    session.execute(reached::countDown);
    assertThat(reached.await(5, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void port_ofSession_isEvenAndInRange() throws Exception {
    RtpSession session = engine.open(listener);
    assertThat(session.localPort()).isBetween(20_000, 29_999).matches(port -> port % 2 == 0);
  }

  @Test
  void open_portTaken_isRefusedAndFreeAgainAfterClose() throws Exception {
    RtpSession first = engine.open(listener);
    int port = first.localPort();
    try (RtpEngine other = new RtpEngine(RtpSettings.of(LOOPBACK, port, port + 1))) {
      other.start();
      assertThatThrownBy(() -> other.open(listener))
          .isInstanceOf(RtpPortsExhaustedException.class)
          .hasMessageContaining(port + "-" + (port + 1));
      CountDownLatch closed = new CountDownLatch(1);
      first.close();
      first.execute(closed::countDown);
      assertThat(closed.await(5, TimeUnit.SECONDS)).isTrue();
      assertThat(other.open(listener).localPort()).isEqualTo(port);
    }
  }

  @Test
  void audio_received_reachesTapSampleExact() throws Exception {
    RtpSession session = engine.open(listener);
    Collector tap = new Collector(62);
    attach(session, tap);
    try (TestSender sender = new TestSender(session.localPort())) {
      session.start(parameters(sender.address(), StreamDirection.SENDRECV));
      awaitMediaThread(session);
      short[] spoken = Collector.ramp(8000);
      // All of it is there before any is read, however slowly this thread runs.
      CountDownLatch isThere = new CountDownLatch(1);
      session.execute(
          () -> {
            try {
              assertThat(isThere.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
              throw new AssertionError("nobody interrupts the loop", e);
            }
          });
      for (int at = 0; at < spoken.length; at += 160) {
        sender.send(spoken, at, 160);
      }
      isThere.countDown();
      tap.await();
      assertThat(Collector.find(tap.said(), spoken)).isNotNegative();
      assertThat(session.counters().received()).isEqualTo(50);
      assertThat(session.counters().lost()).isZero();
    }
  }

  /** On a busy machine news of the end can overtake what was said before it. */
  @Test
  void close_whatWasSaidLiesInTheSocketYet_reachesTheTap() throws Exception {
    RtpSession session = engine.open(listener);
    Collector tap = new Collector(1);
    attach(session, tap);
    try (TestSender sender = new TestSender(session.localPort())) {
      session.start(parameters(sender.address(), StreamDirection.SENDRECV));
      awaitMediaThread(session);
      short[] spoken = Collector.ramp(8000);
      CountDownLatch isThere = new CountDownLatch(1);
      session.execute(
          () -> {
            try {
              assertThat(isThere.await(20, TimeUnit.SECONDS)).isTrue();
            } catch (InterruptedException e) {
              throw new AssertionError("nobody interrupts the loop", e);
            }
          });
      for (int at = 0; at < spoken.length; at += 160) {
        sender.send(spoken, at, 160);
      }
      session.close();
      CountDownLatch closed = new CountDownLatch(1);
      session.execute(closed::countDown);
      isThere.countDown();
      assertThat(closed.await(20, TimeUnit.SECONDS)).isTrue();
      assertThat(Collector.find(tap.said(), spoken)).isNotNegative();
    }
  }

  @Test
  void key_ofAnEvent_reachesEveryTapBeforeItsFrameAndTheListenerAtRelease() throws Exception {
    RtpSession session = engine.open(listener);
    List<String> order = new ArrayList<>();
    CountDownLatch framesAfterKey = new CountDownLatch(2);
    FrameTap broken =
        new FrameTap() {
          @Override
          public void frame(short[] send, short[] recv, int length) {
            order.add("broken tap's frame");
          }

          @Override
          public void key(char digit, int offset) {
            order.clear();
            order.add("broken tap's key");
            throw new IllegalStateException("on purpose");
          }
        };
    FrameTap sound =
        new FrameTap() {
          @Override
          public void frame(short[] send, short[] recv, int length) {
            if (order.size() > 1) {
              order.add("frame");
              framesAfterKey.countDown();
            }
          }

          @Override
          public void key(char digit, int offset) {
            assertThat(offset).isBetween(0, 159);
            order.add("key " + digit);
          }
        };
    attach(session, broken);
    attach(session, sound);
    try (TestSender sender = new TestSender(session.localPort())) {
      session.start(parameters(sender.address(), StreamDirection.SENDRECV));
      awaitMediaThread(session);
      for (int i = 0; i < 3; i++) {
        ByteBuffer event = ByteBuffer.allocate(16);
        RtpPacket.writeHeader(event, i == 0, 101, i, 4000, 9);
        event.put(new byte[] {11, (byte) (i == 2 ? 0x8a : 10), 3, 32});
        sender.sendRaw(event.array());
      }
      assertThat(framesAfterKey.await(10, TimeUnit.SECONDS)).isTrue();
      String event = events.poll(10, TimeUnit.SECONDS);
      while (event != null && !event.startsWith("dtmf")) {
        event = events.poll(10, TimeUnit.SECONDS);
      }
      assertThat(event).isEqualTo("dtmf # 100");
    }
    session.close();
    awaitMediaThread(session);
    assertThat(order.subList(0, 4)).containsExactly("broken tap's key", "key #", "frame", "frame");
    assertThat(order).doesNotContain("broken tap's frame");
  }

  @Test
  void play_clips_areSentAndHeardSampleExactThenDone() throws Exception {
    RtpSession session = engine.open(listener);
    Collector tap = new Collector(50);
    try (TestSender sender = new TestSender(session.localPort())) {
      short[] played = Collector.ramp(1234);
      CountDownLatch done = new CountDownLatch(2);
      AtomicInteger heardAtDone = new AtomicInteger();
      session.execute(
          () -> {
            session.attach(tap);
            session.play(java.util.Arrays.copyOfRange(played, 0, 500), done::countDown);
            session.play(
                java.util.Arrays.copyOfRange(played, 500, 1234),
                () -> {
                  heardAtDone.set(tap.heard().length);
                  done.countDown();
                });
          });
      session.start(parameters(sender.address(), StreamDirection.SENDRECV));
      assertThat(done.await(5, TimeUnit.SECONDS)).isTrue();
      tap.await();
      int at = Collector.find(tap.heard(), played);
      assertThat(at).isNotNegative();
      assertThat(heardAtDone.get() - (at + played.length)).isBetween(0, 159);
      assertThat(Collector.find(received(sender), played)).isZero();
    }
  }

  @Test
  void session_closed_deliversTheRestThenNothingAndRunsDone() throws Exception {
    RtpSession session = engine.open(listener);
    Collector tap = new Collector(25);
    attach(session, tap);
    CountDownLatch done = new CountDownLatch(2);
    try (TestSender sender = new TestSender(session.localPort())) {
      session.start(parameters(sender.address(), StreamDirection.SENDRECV));
      awaitMediaThread(session);
      short[] spoken = Collector.ramp(640);
      for (int at = 0; at < spoken.length; at += 160) {
        sender.send(spoken, at, 160);
      }
      session.execute(() -> session.play(new short[80_000], done::countDown));
      while (session.counters().received() < 4) {
        Thread.onSpinWait();
      }
      session.close();
      session.close();
      session.execute(() -> session.play(new short[160], done::countDown));
      assertThat(done.await(5, TimeUnit.SECONDS)).isTrue();
      awaitMediaThread(session);
      short[] said = tap.said();
      assertThat(Collector.find(said, spoken)).isEqualTo(said.length - spoken.length);
    }
  }

  @Test
  void rtp_stops_isToldOnceAndSoIsItsReturn() throws Exception {
    RtpSession session = engine.open(listener);
    try (TestSender sender = new TestSender(session.localPort())) {
      session.start(parameters(sender.address(), StreamDirection.SENDRECV));
      assertThat(events.poll(5, TimeUnit.SECONDS)).isEqualTo("silent");
      assertThat(events.poll(700, TimeUnit.MILLISECONDS)).isNull();
      sender.send(Collector.ramp(160), 0, 160);
      assertThat(events.poll(5, TimeUnit.SECONDS)).isEqualTo("back");
      session.update(parameters(sender.address(), StreamDirection.SENDONLY));
      assertThat(events.poll(700, TimeUnit.MILLISECONDS)).isNull();
    }
  }

  @Test
  void source_unlikeSignalled_isLatchedAndStrangersAreCounted() throws Exception {
    RtpSession session = engine.open(listener);
    try (TestSender caller = new TestSender(session.localPort());
        TestSender stranger = new TestSender(session.localPort())) {
      stranger.ssrc(5);
      session.start(parameters(new InetSocketAddress(LOOPBACK, 9), StreamDirection.SENDRECV));
      awaitMediaThread(session);
      caller.send(Collector.ramp(160), 0, 160);
      while (session.counters().received() < 1) {
        Thread.onSpinWait();
      }
      stranger.send(Collector.ramp(160), 0, 160);
      stranger.sendRaw(new byte[] {1, 2, 3});
      while (session.counters().strangers() < 1 || session.counters().malformed() < 1) {
        Thread.onSpinWait();
      }
      assertThat(session.counters().received()).isEqualTo(1);
      ByteBuffer answer = caller.receive();
      while (!answer.hasRemaining()) {
        answer = caller.receive();
      }
      assertThat(answer.remaining()).isEqualTo(172);
      assertThat(stranger.receive().hasRemaining()).isFalse();
    }
  }

  @Test
  void source_notAllowed_isAStranger() throws Exception {
    RtpSession session = engine.open(listener, address -> false);
    try (TestSender sender = new TestSender(session.localPort())) {
      session.start(parameters(sender.address(), StreamDirection.SENDRECV));
      awaitMediaThread(session);
      sender.send(Collector.ramp(160), 0, 160);
      while (session.counters().strangers() < 1) {
        Thread.onSpinWait();
      }
      assertThat(session.counters().received()).isZero();
    }
  }

  @Test
  void engine_closed_runsTasksInlineAndRefusesSessions() throws Exception {
    RtpSession session = engine.open(listener);
    engine.close();
    Thread[] ran = new Thread[1];
    session.execute(() -> ran[0] = Thread.currentThread());
    assertThat(ran[0]).isSameAs(Thread.currentThread());
    session.close();
    assertThatThrownBy(() -> engine.open(listener)).isInstanceOf(IllegalStateException.class);
  }

  /** The samples of all packets that came, which must follow each other without a gap. */
  private static short[] received(TestSender sender) throws Exception {
    List<Short> samples = new ArrayList<>();
    RtpPacket packet = new RtpPacket();
    int sequence = -1;
    int timestamp = 0;
    for (ByteBuffer got = sender.receive(); got.hasRemaining(); got = sender.receive()) {
      assertThat(packet.parse(got)).isTrue();
      assertThat(packet.payloadLength()).isEqualTo(160);
      assertThat(packet.marker()).isEqualTo(sequence < 0);
      if (sequence >= 0) {
        assertThat(packet.sequence()).isEqualTo((sequence + 1) & 0xffff);
        assertThat(packet.timestamp()).isEqualTo(timestamp + 160);
      }
      sequence = packet.sequence();
      timestamp = packet.timestamp();
      for (int i = 0; i < 160; i++) {
        samples.add(G711.MU_LAW.decode(packet.payload(i)));
      }
    }
    return Collector.array(samples);
  }
}

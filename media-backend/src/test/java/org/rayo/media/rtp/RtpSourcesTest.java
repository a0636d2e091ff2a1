package org.rayo.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.rayo.media.rtp.Collector.find;
import static org.rayo.media.rtp.Collector.ramp;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rayo.media.audio.G711;

/** Callers that move, pause and come back, over real sockets; and a loop that stood still. */
class RtpSourcesTest {
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  private RtpEngine engine;
  private RtpSession session;

  @BeforeEach
  void start() throws Exception {
    engine = new RtpEngine(RtpSettings.of(LOOPBACK, 20_000, 29_999).withLoops(1));
    engine.start();
    session = engine.open(RtpEngineLoadTest.DEAF);
  }

  @AfterEach
  void stop() {
    engine.close();
  }

  private static RtpStreamParameters parameters(InetSocketAddress remote, StreamDirection way) {
    return new RtpStreamParameters(remote, G711.MU_LAW, 0, OptionalInt.of(101), way);
  }

  private static void await(BooleanSupplier wanted) {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (!wanted.getAsBoolean() && System.nanoTime() < deadline) {
      LockSupport.parkNanos(500_000);
    }
    assertThat(wanted.getAsBoolean()).isTrue();
  }

  /** Waits until packets come to this one. */
  private static void awaitHeardBy(TestSender sender) throws Exception {
    drain(sender);
    long deadline = System.nanoTime() + 10_000_000_000L;
    boolean came = false;
    while (!came && System.nanoTime() < deadline) {
      LockSupport.parkNanos(500_000);
      came = sender.receive().hasRemaining();
    }
    assertThat(came).isTrue();
  }

  private static int drain(TestSender sender) throws Exception {
    int packets = 0;
    while (sender.receive().hasRemaining()) {
      packets++;
    }
    return packets;
  }

  private void awaitMediaThread() throws InterruptedException {
    CountDownLatch reached = new CountDownLatch(1);
    session.execute(reached::countDown);
    assertThat(reached.await(10, TimeUnit.SECONDS)).isTrue();
  }

  /** One packet, and it has been received. */
  private void heard(TestSender from) throws Exception {
    long before = session.counters().received();
    from.send(ramp(160), 0, 160);
    await(() -> session.counters().received() == before + 1);
  }

  private void notHeard(TestSender from) throws Exception {
    long before = session.counters().strangers();
    from.send(ramp(160), 0, 160);
    await(() -> session.counters().strangers() == before + 1);
  }

  @Test
  void source_silentForHalfASecond_givesWayToAnother() throws Exception {
    try (TestSender first = new TestSender(session.localPort());
        TestSender second = new TestSender(session.localPort())) {
      second.ssrc(5);
      session.start(parameters(first.address(), StreamDirection.SENDRECV));
      awaitMediaThread();
      heard(first);
      notHeard(second);
      long silentSince = System.nanoTime();
      await(() -> System.nanoTime() - silentSince > 550_000_000L);
      heard(second);
      awaitHeardBy(second);
      notHeard(first);
    }
  }

  @Test
  void source_movesWithItsSsrc_isFollowedAtOnce() throws Exception {
    try (TestSender before = new TestSender(session.localPort());
        TestSender after = new TestSender(session.localPort())) {
      session.start(parameters(before.address(), StreamDirection.SENDRECV));
      awaitMediaThread();
      heard(before);
      heard(after);
      awaitHeardBy(after);
    }
  }

  @Test
  void update_toAnotherRemote_sendsThereAndHearsIt() throws Exception {
    try (TestSender before = new TestSender(session.localPort());
        TestSender after = new TestSender(session.localPort())) {
      after.ssrc(6);
      session.start(parameters(before.address(), StreamDirection.SENDRECV));
      awaitMediaThread();
      heard(before);
      session.update(parameters(after.address(), StreamDirection.SENDRECV));
      awaitMediaThread();
      awaitHeardBy(after);
      heard(after);
      drain(before);
      awaitHeardBy(after);
      assertThat(drain(before)).isZero();
    }
  }

  @Test
  void hold_noPacketsEitherWay_framesGoOnAndTheCallComesBack() throws Exception {
    Collector tap = new Collector(1);
    session.execute(() -> session.attach(tap));
    try (TestSender caller = new TestSender(session.localPort())) {
      session.start(parameters(caller.address(), StreamDirection.SENDRECV));
      awaitMediaThread();
      heard(caller);
      session.update(parameters(caller.address(), StreamDirection.INACTIVE));
      awaitMediaThread();
      drain(caller);
      int before = tap.said().length;
      // What is sent nevertheless is counted and not heard.
      short[] music = new short[160];
      Arrays.fill(music, (short) 20_000);
      for (int i = 0; i < 25; i++) {
        caller.send(music, 0, 160);
        LockSupport.parkNanos(20_000_000);
      }
      await(() -> tap.said().length > before + 20 * 160);
      assertThat(drain(caller)).isZero();
      session.update(parameters(caller.address(), StreamDirection.SENDRECV));
      awaitHeardBy(caller);
      short[] spoken = ramp(1600);
      long begun = System.nanoTime();
      for (int at = 0; at < spoken.length; at += 160) {
        caller.send(spoken, at, 160);
        LockSupport.parkNanos(begun + (at / 160 + 1) * 20_000_000L - System.nanoTime());
      }
      await(() -> find(tap.said(), spoken) >= 0);
      short[] said = tap.said();
      short[] heardMusic = new short[100];
      Arrays.fill(heardMusic, G711.MU_LAW.decode(G711.MU_LAW.encode((short) 20_000)));
      assertThat(find(said, heardMusic)).isNegative();
    }
  }

  @Test
  void loop_stoodStill_catchesUpAndLosesNothing() throws Exception {
    Collector tap = new Collector(150);
    session.execute(() -> session.attach(tap));
    try (TestSender caller = new TestSender(session.localPort())) {
      session.start(parameters(caller.address(), StreamDirection.SENDRECV));
      awaitMediaThread();
      long begun = System.nanoTime();
      short[] spoken = ramp(16_000);
      for (int at = 0; at < spoken.length; at += 160) {
        if (at == 4800) {
          session.execute(() -> LockSupport.parkNanos(700_000_000));
        }
        caller.send(spoken, at, 160);
        long due = begun + (at / 160 + 1) * 20_000_000L;
        while (System.nanoTime() < due) {
          LockSupport.parkNanos(due - System.nanoTime());
        }
      }
      tap.await();
      double millis = (System.nanoTime() - begun) / 1e6;
      double frames = tap.said().length / 8.0;
      System.out.printf(
          "loop stood still for 700 ms: %.0f ms of frames after %.0f ms, %d late ticks, %s%n",
          frames, millis, engine.counters().lateTicks(), session.counters());
      assertThat(find(tap.said(), spoken)).isNotNegative();
      assertThat(frames).isBetween(millis - 60, millis + 60);
      assertThat(session.counters().late()).isZero();
      assertThat(engine.counters().skippedTicks()).isZero();
      assertThat(engine.counters().lateTicks()).isPositive();
    }
  }

  @Test
  void ipv6_loopback_bothWays() throws Exception {
    InetAddress six =
        Inet6Address.getByAddress(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1});
    boolean there = NetworkInterface.getByInetAddress(six) != null;
    if (!there) {
      System.out.println("SKIPPED: there is no IPv6 loopback");
    }
    assumeTrue(there);
    try (RtpEngine other = new RtpEngine(RtpSettings.of(six, 20_000, 29_999).withLoops(1))) {
      other.start();
      RtpSession call = other.open(RtpEngineLoadTest.DEAF);
      Collector tap = new Collector(30);
      call.execute(() -> call.attach(tap));
      try (TestSender caller = new TestSender(six, call.localPort())) {
        call.start(parameters(caller.address(), StreamDirection.SENDRECV));
        short[] spoken = ramp(1600);
        awaitHeardBy(caller);
        for (int at = 0; at < spoken.length; at += 160) {
          caller.send(spoken, at, 160);
          LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        }
        tap.await();
        assertThat(find(tap.said(), spoken)).isNotNegative();
      }
    }
  }
}

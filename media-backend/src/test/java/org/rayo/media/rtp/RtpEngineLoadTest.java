package org.rayo.media.rtp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.OperatingSystemMXBean;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.rayo.media.audio.G711;

/** A hundred calls at once on one loop, in real time. */
@Tag("slow")
class RtpEngineLoadTest {
  private static final int CALLS = 100;
  private static final int WARM_UP = 150;
  private static final int PACKETS = 250;
  private static final InetAddress LOOPBACK = InetAddress.getLoopbackAddress();

  static final RtpSession.Listener DEAF =
      new RtpSession.Listener() {
        @Override
        public void rtpSilent(Duration since) {}

        @Override
        public void rtpBack() {}

        @Override
        public void dtmf(char digit, Duration duration) {}
      };

  @Test
  void hundredSessions_fiveSeconds_losePacketsNowhereAndAllocateNothing() throws Exception {
    AtomicLong frames = new AtomicLong();
    List<RtpSession> sessions = new ArrayList<>();
    List<TestSender> senders = new ArrayList<>();
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    try (RtpEngine engine = new RtpEngine(RtpSettings.of(LOOPBACK, 20_000, 29_999).withLoops(1))) {
      engine.start();
      long[] loop = new long[1];
      CountDownLatch ready = new CountDownLatch(CALLS);
      for (int i = 0; i < CALLS; i++) {
        RtpSession session = engine.open(DEAF);
        TestSender sender = new TestSender(session.localPort());
        session.execute(
            () -> session.attach((said, heard, length) -> frames.lazySet(frames.get() + 1)));
        session.start(
            new RtpStreamParameters(
                sender.address(), G711.MU_LAW, 0, OptionalInt.empty(), StreamDirection.SENDRECV));
        session.execute(
            () -> {
              loop[0] = Thread.currentThread().getId();
              ready.countDown();
            });
        sessions.add(session);
        senders.add(sender);
      }
      ready.await();
      send(senders, WARM_UP);
      RtpEngineCounters before = engine.counters();
      long framesBefore = frames.get();
      long bytes = threads.getThreadAllocatedBytes(loop[0]);
      long cpu = threads.getThreadCpuTime(loop[0]);
      long begun = System.nanoTime();
      send(senders, PACKETS);
      long wall = System.nanoTime() - begun;
      cpu = threads.getThreadCpuTime(loop[0]) - cpu;
      bytes = threads.getThreadAllocatedBytes(loop[0]) - bytes;
      long counted = frames.get() - framesBefore;
      RtpEngineCounters after = engine.counters();
      awaitReceived(sessions);
      long lateTicks = after.lateTicks() - before.lateTicks();
      System.out.printf(
          "%d calls for %.2f s on one loop: %d frames, %d late ticks, %.3f %% of a core a call, %.3f"
              + " bytes allocated a frame%n",
          CALLS,
          wall / 1e9,
          counted,
          lateTicks,
          100.0 * cpu / wall / CALLS,
          (double) bytes / counted);
      for (RtpSession session : sessions) {
        RtpCounters counters = session.counters();
        assertThat(counters.received()).isEqualTo(WARM_UP + PACKETS);
        assertThat(counters.lost() + counters.discarded() + counters.malformed()).isZero();
        assertThat(counters.unsent()).isZero();
      }
      assertThat(counted)
          .isBetween((long) (0.97 * wall / 2e7 * CALLS), (long) (wall / 2e7 * CALLS) + CALLS);
      // Ours is none: the JDK's epoll selector boxes the file descriptor of every ready channel, 16
      // bytes where it is above 127.
      assertThat((double) bytes / counted).as("bytes a frame").isLessThan(17);
      // A turn of the loop is 25 sessions, well under a millisecond, and a tick counts as late
      // after 20: what makes it late is a machine with more to do than cores.
      OperatingSystemMXBean machine = ManagementFactory.getOperatingSystemMXBean();
      double load = machine.getSystemLoadAverage() / machine.getAvailableProcessors();
      if (load < 2) {
        assertThat(lateTicks).isLessThan(counted / 20);
      } else {
        System.out.printf("late ticks are not judged: load of %.1f a core%n", load);
      }
      assertThat((double) cpu / wall).as("of a core").isLessThan(0.5);
    } finally {
      for (TestSender sender : senders) {
        sender.close();
      }
    }
  }

  private static void awaitReceived(List<RtpSession> sessions) {
    long deadline = System.nanoTime() + 2_000_000_000L;
    while (sessions.stream().anyMatch(s -> s.counters().received() < WARM_UP + PACKETS)
        && System.nanoTime() < deadline) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  /** Every sender's packets in real time, the senders spread over the 20 ms. */
  private static void send(List<TestSender> senders, int packets) throws Exception {
    short[] silence = new short[160];
    long begun = System.nanoTime();
    for (int packet = 0; packet < packets; packet++) {
      for (int i = 0; i < senders.size(); i++) {
        long due = begun + packet * 20_000_000L + i * 200_000L;
        for (long left = due - System.nanoTime(); left > 0; left = due - System.nanoTime()) {
          LockSupport.parkNanos(left);
        }
        senders.get(i).send(silence, 0, 160);
      }
    }
  }
}

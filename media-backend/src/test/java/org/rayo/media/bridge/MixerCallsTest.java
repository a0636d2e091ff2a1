package org.rayo.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.rayo.media.JoinRequest;
import org.rayo.media.JoinRequest.Direction;
import org.rayo.media.audio.FrameTap;
import org.rayo.media.rtp.RtpEngine;
import org.rayo.media.rtp.RtpEngineCounters;
import org.rayo.media.rtp.RtpSettings;

/** Mixers of calls over real RTP, on two loops; whose voice it is, the tone tells. */
class MixerCallsTest {

  private static final int[] TONES = {400, 900, 1500, 2400};
  private static final int WHISPER = 3000;

  private static RtpEngine engine() {
    RtpEngine engine =
        new RtpEngine(
            RtpSettings.of(InetAddress.getLoopbackAddress(), 20_000, 29_999).withLoops(2));
    engine.start();
    return engine;
  }

  private static final class Room implements AutoCloseable {
    final Joins joins = new Joins();
    final Queue<String> speaking = new ConcurrentLinkedQueue<>();
    final Mixer mixer;
    final List<Telephone> phones = new ArrayList<>();
    final List<Joins.Party> parties = new ArrayList<>();

    Room(RtpEngine engine) throws Exception {
      mixer =
          new Mixer(
              "room", 8000, engine.mediaThread(), (who, speaks) -> speaking.add(who + speaks));
      mixer.open();
      for (int hertz : TONES) {
        phones.add(new Telephone(engine, hertz));
        parties.add(new Joins.Party("p" + hertz));
      }
      for (int i = 0; i < TONES.length; i++) {
        join(i, Direction.DUPLEX);
      }
    }

    void join(int index, Direction direction) throws Exception {
      JoinRequest request =
          new JoinRequest(parties.get(index).toString(), direction, JoinRequest.Media.BRIDGE);
      joins
          .join(parties.get(index), phones.get(index).session, mixer, request)
          .toCompletableFuture()
          .get(10, TimeUnit.SECONDS);
    }

    /** Everybody hears those others whom he should, and never himself. */
    void check(boolean[] says, boolean[] hears) {
      for (int i = 0; i < TONES.length; i++) {
        for (int k = 0; k < TONES.length; k++) {
          double share = phones.get(i).hears(TONES[k]);
          if (i != k && says[k] && hears[i]) {
            assertThat(share).as("%d hears %d", i, k).isGreaterThan(0.6);
          } else {
            assertThat(share).as("%d does not hear %d", i, k).isLessThan(0.2);
          }
        }
      }
    }

    @Override
    public void close() throws Exception {
      for (Joins.Party party : parties) {
        joins.ended(party);
      }
      for (Telephone phone : phones) {
        phone.close();
      }
      mixer.close();
    }
  }

  private static void settleAndListen(List<Telephone> phones, int millis) throws Exception {
    Telephone.talk(phones, 300);
    for (Telephone phone : phones) {
      phone.listenAnew();
    }
    Telephone.talk(phones, millis);
  }

  private static boolean[] all() {
    boolean[] all = new boolean[TONES.length];
    Arrays.fill(all, true);
    return all;
  }

  @Test
  void mixer_ofFourCalls_eachHearsTheThreeOthersByDirectionAndTheAnnouncement() throws Exception {
    try (RtpEngine engine = engine();
        Room room = new Room(engine)) {
      settleAndListen(room.phones, 400);
      room.check(all(), all());
      assertThat(room.speaking)
          .containsExactlyInAnyOrder("p400true", "p900true", "p1500true", "p2400true");

      room.join(0, Direction.RECV);
      room.join(1, Direction.SEND);
      room.mixer.execute(() -> room.mixer.play(JoinsTest.tone(WHISPER), () -> {}));
      settleAndListen(room.phones, 400);
      boolean[] says = all();
      says[0] = false;
      boolean[] hears = all();
      hears[1] = false;
      room.check(says, hears);
      assertThat(room.phones.get(0).hears(WHISPER)).isGreaterThan(0.6);
      assertThat(room.phones.get(1).hears(WHISPER)).isLessThan(0.2);
    }
  }

  @Test
  void key_ofAParticipant_reachesTheTapsOfTheMixerOnce() throws Exception {
    try (RtpEngine engine = engine();
        Room room = new Room(engine)) {
      Queue<Character> keys = new ConcurrentLinkedQueue<>();
      room.mixer.execute(
          () ->
              room.mixer.attach(
                  new FrameTap() {
                    @Override
                    public void frame(short[] send, short[] recv, int length) {}

                    @Override
                    public void key(char digit, int offset) {
                      keys.add(digit);
                    }
                  }));
      Telephone.talk(room.phones, 200);
      room.phones.get(2).press(7);
      for (int i = 0; i < 100 && keys.isEmpty(); i++) {
        Telephone.talk(room.phones, 40);
      }
      Telephone.talk(room.phones, 200);
      assertThat(keys).containsExactly('7');
    }
  }

  /** In real time; what is late is judged only where nothing else needs the machine. */
  @Test
  @Tag("slow")
  void fiftyMixersOfFourCalls_onTwoLoops_areInTimeAndEachHearsTheThreeOthers() throws Exception {
    int rooms = Integer.getInteger("rayo.mixers", 50);
    int millis = Integer.getInteger("rayo.mixers.millis", 3000);
    List<Room> all = new ArrayList<>();
    List<Telephone> phones = new ArrayList<>();
    try (RtpEngine engine = engine()) {
      for (int i = 0; i < rooms; i++) {
        Room room = new Room(engine);
        all.add(room);
        phones.addAll(room.phones);
      }
      Telephone.talk(phones, 1000);
      RtpEngineCounters before = engine.counters();
      long[] cpuBefore = cpu(engine);
      long begun = System.nanoTime();
      settleAndListen(phones, millis);
      double wall = System.nanoTime() - begun;
      long[] cpuAfter = cpu(engine);
      RtpEngineCounters after = engine.counters();
      long ticks = after.ticks() - before.ticks();
      long late = after.lateTicks() - before.lateTicks();
      double cpu = cpuAfter[0] + cpuAfter[1] - cpuBefore[0] - cpuBefore[1];
      System.out.printf(
          "figure: %d mixers of 4 calls for %.1f s on two loops: %d ticks, %d late, %.3f %% of a"
              + " core a mixer with its calls%n",
          rooms, wall / 1e9, ticks, late, 100 * cpu / wall / rooms);
      for (Room room : all) {
        room.check(all(), all());
      }
      double load =
          ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getSystemLoadAverage()
              / Runtime.getRuntime().availableProcessors();
      if (load < 1) {
        assertThat(late).isZero();
      } else {
        System.out.printf("late ticks are not judged: load of %.1f a core%n", load);
      }
    } finally {
      for (Room room : all) {
        room.close();
      }
    }
  }

  /** What the two loops have used so far, in nanoseconds. */
  private static long[] cpu(RtpEngine engine) throws InterruptedException {
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long[] used = new long[2];
    CountDownLatch told = new CountDownLatch(2);
    for (int i = 0; i < 2; i++) {
      int loop = i;
      engine
          .mediaThread()
          .execute(
              () -> {
                used[loop] = threads.getThreadCpuTime(Thread.currentThread().getId());
                told.countDown();
              });
    }
    assertThat(told.await(10, TimeUnit.SECONDS)).isTrue();
    return used;
  }
}

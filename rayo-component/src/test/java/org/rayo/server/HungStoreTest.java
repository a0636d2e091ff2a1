package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.rtp.RtpCounters;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.client.Received.RecordingFacts;
import org.rayo.testkit.peers.TcpRelay;

/**
 * A store that takes connections and then says nothing, while many calls are recorded. The long
 * form: {@code -Drayo.hung.calls=200 -Drayo.hung.seconds=30}.
 */
class HungStoreTest {

  private static final int CALLS = Integer.getInteger("rayo.hung.calls", 50);
  private static final int SECONDS = Integer.getInteger("rayo.hung.seconds", 10);
  private static final int AT_ONCE = 25;

  /** Threads that command, each for its share of the calls. */
  private static final int COMMANDERS = 10;

  private static final double P99_MILLIS = 100;

  private final Map<String, Integer> stored = new ConcurrentHashMap<>();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private HttpServer receiver;
  private TcpRelay relay;

  @BeforeEach
  void startReceiver() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 200);
    receiver.setExecutor(threads);
    receiver.createContext("/calls", this::take);
    receiver.start();
    relay = new TcpRelay(receiver.getAddress().getPort());
  }

  @AfterEach
  void stopReceiver() {
    relay.close();
    receiver.stop(0);
    threads.shutdownNow();
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      int size = exchange.getRequestBody().readAllBytes().length;
      if (exchange.getRequestMethod().equals("PUT")) {
        stored.put(exchange.getRequestURI().getPath(), size);
      }
      exchange.sendResponseHeaders(201, -1);
    }
  }

  /** A call, its recording that lasts, and those that were stopped meanwhile. */
  private record Party(Site.Answered answered, String component, List<String> stopped) {}

  @Test
  void calls_whileTheStoreHangs_loseNoPacketAndAreAnsweredAtOnce(@TempDir Path directory)
      throws Exception {
    try (Site site =
        Site.embedded(
            directory,
            "rayo.storage.stores.far { type = http, timeout = 60s, url = \"http://127.0.0.1:"
                + relay.port()
                + "/calls\" }",
            "rayo.storage.default = [far]",
            "rayo.storage.complete-deadline = 2s")) {
      RayoClient client = site.availableClient("romeo", "balcony");
      site.warmUp(client);
      List<Party> parties = begin(site, client);
      final double healthy = p99(command(client, parties, 3));

      relay.fallSilent();
      final RtpCounters before = site.server().figures().rtp().packets();
      final long hangs = System.nanoTime();
      long[] nanos = command(client, parties, SECONDS);
      double p99 = p99(nanos);
      List<Received> completes = stopAll(client, parties);
      final double hungSeconds = (System.nanoTime() - hangs) / 1e9;
      nothingWasDropped(site, before);
      System.out.printf(
          Locale.ROOT,
          "figure: store hung for %.0f s with %d calls recording: %d commands, p50 %.1f ms, p99 %.1f"
              + " ms (%.1f ms before it hung), %d recordings complete%n",
          hungSeconds,
          CALLS,
          nanos.length,
          nanos[nanos.length / 2] / 1e6,
          p99,
          healthy,
          completes.size());
      // A machine that is slow without any hung store is not to blame the store.
      assertThat(p99).isLessThan(Math.max(P99_MILLIS, 2 * healthy));

      relay.recover();
      awaitStored(completes.size());
      assertThat(site.server().figures().recorder().framesDropped()).isZero();
    }
  }

  private static List<Party> begin(Site site, RayoClient client) throws Exception {
    List<Party> parties = new ArrayList<>();
    while (parties.size() < CALLS) {
      List<Callable<Party>> some = new ArrayList<>();
      for (int i = parties.size(); i < CALLS && some.size() < AT_ONCE; i++) {
        int number = i;
        some.add(
            () -> {
              Site.Answered answered =
                  site.answeredCall(
                      client,
                      "hung" + number,
                      options -> options.audio(AudioSource.tone(440, -12, 600_000)));
              String component =
                  Site.record(client, answered.address(), number % 2 == 0 ? "mp3" : "wav");
              return new Party(answered, component, new ArrayList<>());
            });
      }
      parties.addAll(AtOnce.all(some));
    }
    return parties;
  }

  /** Commands all calls in turn, and gives the times that the answers took, the shortest first. */
  private static long[] command(RayoClient client, List<Party> parties, int seconds)
      throws Exception {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    List<Callable<List<Long>>> commanders = new ArrayList<>();
    for (int i = 0; i < COMMANDERS; i++) {
      List<Party> mine = new ArrayList<>();
      for (int at = i; at < parties.size(); at += COMMANDERS) {
        mine.add(parties.get(at));
      }
      commanders.add(() -> command(client, mine, until));
    }
    return AtOnce.all(commanders).stream()
        .flatMap(List::stream)
        .mapToLong(Long::longValue)
        .sorted()
        .toArray();
  }

  private static List<Long> command(RayoClient client, List<Party> parties, long until)
      throws InterruptedException {
    List<Long> nanos = new ArrayList<>();
    for (int turn = 0; System.nanoTime() < until; turn++) {
      Party party = parties.get(turn % parties.size());
      Thread.sleep(100);
      timed(client, party.component(), Site.PAUSE, nanos);
      timed(client, party.component(), Site.RESUME, nanos);
      if (turn % 5 == 0) {
        // A second recording of the same call, which ends while the store hangs.
        String second =
            timed(
                    client,
                    party.answered().address(),
                    Site.recordCommand("format='wav' start-beep='false'"),
                    nanos)
                .ref();
        Thread.sleep(100);
        timed(client, second, Site.STOP, nanos);
        party.stopped().add(second);
      }
    }
    return nanos;
  }

  private static Received timed(RayoClient client, String to, String command, List<Long> nanos) {
    long began = System.nanoTime();
    Received answer = Site.expectResult(client.command(to, command));
    nanos.add(System.nanoTime() - began);
    return answer;
  }

  private static List<Received> stopAll(RayoClient client, List<Party> parties) throws Exception {
    for (Party party : parties) {
      Site.expectResult(client.command(party.component(), Site.STOP));
      party.stopped().add(party.component());
    }
    List<Received> completes = new ArrayList<>();
    for (Party party : parties) {
      for (String component : party.stopped()) {
        Received complete = client.awaitEvent(component, "complete");
        assertThat(complete.reason()).isEqualTo("stop");
        RecordingFacts facts = complete.recording().orElseThrow();
        if (facts.uri().startsWith("file:")) {
          assertThat(Files.size(Site.file(facts))).isEqualTo(facts.sizeBytes());
          assertThat(Site.decode(facts).durationMillis()).isEqualTo(facts.durationMillis());
        }
        completes.add(complete);
      }
      party.answered().call().hangup();
    }
    return completes;
  }

  private static void nothingWasDropped(Site site, RtpCounters before) {
    ServerFigures figures = site.server().figures();
    RtpCounters packets = figures.rtp().packets();
    assertThat(packets.received() - before.received()).isGreaterThan(CALLS * 50L * SECONDS / 2);
    assertThat(packets.lost()).isEqualTo(before.lost());
    assertThat(packets.discarded()).isEqualTo(before.discarded());
    assertThat(packets.unsent()).isEqualTo(before.unsent());
    assertThat(figures.rtp().skippedTicks()).isZero();
    assertThat(figures.recorder().framesDropped()).isZero();
  }

  private static double p99(long[] nanos) {
    return nanos[Math.min(nanos.length - 1, nanos.length * 99 / 100)] / 1e6;
  }

  /** Each under a name of its own; the one of the warming up too. */
  private void awaitStored(int recordings) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(150);
    while (stored.size() < recordings + 1 && System.nanoTime() < deadline) {
      Thread.sleep(50);
    }
    assertThat(stored).hasSize(recordings + 1);
    System.out.println(
        "figure: store hung and well again: all "
            + recordings
            + " recordings stored, the smallest of "
            + Arrays.stream(stored.values().toArray(Integer[]::new)).min(Integer::compare).get()
            + " bytes");
  }
}

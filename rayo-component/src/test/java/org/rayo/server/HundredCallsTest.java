package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.rtp.RtpCounters;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.Decoded;
import org.rayo.testkit.audio.ToneMeter;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.client.Received.RecordingFacts;
import org.rayo.testkit.peers.RequiresPeer;
import org.rayo.testkit.peers.Sipp;
import org.rayo.testkit.peers.SippCall;

/** A hundred calls at once, each recorded for ten seconds. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class HundredCallsTest {

  private static final int CALLS = 100;
  private static final int FEW = 10;
  private static final int RECORDED_MILLIS = 10_000;
  private static final double TONE_DBFS = -12;

  private static final Pattern OURS =
      Pattern.compile(
          "rayo-|rtp-|sip-|encoder-|recordings-|spool-|xmpp-(reader|writer|keepalive|queries)");

  private final AtomicInteger runs = new AtomicInteger();
  private Site site;
  private RayoClient client;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    site = Site.embedded(directory);
    client = site.availableClient("romeo", "balcony");
  }

  @AfterAll
  void close() {
    if (site != null) {
      site.close();
    }
  }

  /** One call's recording, and how long the server took. */
  private record Recorded(
      int number, RecordingFacts facts, long recordToRefNanos, long stopToCompleteNanos) {}

  @Test
  void calls_tenAndThenAHundredAtOnce_areRecordedWholeByTheSameThreads() throws Exception {
    threadsWhile(FEW, 200); // Every pool has had its first work then.
    Map<String, Long> ofFew = threadsWhile(FEW, 200);
    RtpCounters before = site.server().figures().rtp().packets();
    long cpuBefore = cpuNanos();
    long began = System.nanoTime();

    CyclicBarrier allRecording = new CyclicBarrier(CALLS);
    List<Callable<Recorded>> calls = new ArrayList<>();
    for (int number = 0; number < CALLS; number++) {
      int mine = number;
      calls.add(() -> recorded("hundred", mine, RECORDED_MILLIS, allRecording));
    }
    List<Recorded> recordings = AtOnce.all(calls);
    double seconds = (System.nanoTime() - began) / 1e9;
    double cpuSeconds = (cpuNanos() - cpuBefore) / 1e9;

    figure("record to ref", recordings.stream().mapToLong(Recorded::recordToRefNanos).toArray());
    figure(
        "stop to complete", recordings.stream().mapToLong(Recorded::stopToCompleteNanos).toArray());
    System.out.printf(
        Locale.ROOT,
        "figure: %d calls, %.1f s of CPU in %.1f s for server, callers and client together: %.2f %%"
            + " of a core per call%n",
        CALLS,
        cpuSeconds,
        seconds,
        100 * cpuSeconds / seconds / CALLS);
    for (Recorded recorded : recordings) {
      assertThat(recorded.facts().durationMillis()).isGreaterThan(RECORDED_MILLIS - 500);
      verifyFile(recorded.facts(), hertz(recorded.number()));
    }
    nothingWasDropped(before);
    Map<String, Long> ofMany = threadsWhile(CALLS, 200);
    System.out.printf("figure: threads with %d calls %s, with %d %s%n", FEW, ofFew, CALLS, ofMany);
    ofMany.forEach(
        (name, count) ->
            assertThat(count).as(name).isLessThanOrEqualTo(ofFew.getOrDefault(name, 0L)));
  }

  @Test
  @RequiresPeer("sipp")
  void sipp_aHundredCallsAtOnce_areAllRecorded(@TempDir Path directory) throws Exception {
    RtpCounters before = site.server().figures().rtp().packets();
    SippCall call =
        SippCall.to(
                "127.0.0.1",
                site.server().sipPort(),
                AudioSource.tone(1004, TONE_DBFS, RECORDED_MILLIS + 5000))
            .user("sipp-hundred")
            .calls(CALLS, 50)
            .hold(Duration.ofMillis(RECORDED_MILLIS + 4000));
    site.passOffers(client);
    try (Sipp sipp = Sipp.start(directory, call)) {
      List<Callable<Void>> calls = new ArrayList<>();
      for (int number = 0; number < CALLS; number++) {
        int mine = number;
        calls.add(() -> recordSipp(mine));
      }
      AtOnce.all(calls);
      Sipp.Result result = sipp.await();
      assertThat(result.successful()).as("%s", result).isEqualTo(CALLS);
    }
    nothingWasDropped(before);
    System.out.println("figure: " + CALLS + " calls of SIPp at once, all recorded and complete");
  }

  private Void recordSipp(int number) throws Exception {
    String address = site.newOffer(client).from();
    Site.expectResult(client.command(address, Site.ANSWER));
    String component =
        Site.expectResult(
                client.command(
                    address,
                    "<record xmlns='urn:xmpp:rayo:record:1' format='"
                        + (number % 2 == 0 ? "mp3" : "wav")
                        + "' max-duration='"
                        + RECORDED_MILLIS
                        + "'/>"))
            .ref();
    Received complete = client.awaitEvent(component, "complete");
    Received end = client.awaitEvent(address, "end");
    assertThat(complete.number()).isLessThan(end.number());
    RecordingFacts facts = complete.recording().orElseThrow();
    assertThat(facts.durationMillis()).isEqualTo(RECORDED_MILLIS);
    verifyFile(facts, 1004);
    return null;
  }

  /** Records a call whose tone is its own. */
  private Recorded recorded(String test, int number, int millis, CyclicBarrier allRecording)
      throws Exception {
    Site.Answered answered =
        site.answeredCall(
            client,
            test + number,
            options -> options.audio(AudioSource.tone(hertz(number), TONE_DBFS, 60_000)));
    long commanded = System.nanoTime();
    String component = Site.record(client, answered.address(), number % 2 == 0 ? "mp3" : "wav");
    long ref = System.nanoTime();
    allRecording.await(30, TimeUnit.SECONDS);
    // The audio is what takes the time here: there is no event to wait for.
    Thread.sleep(millis);
    long stopping = System.nanoTime();
    Site.expectResult(client.command(component, Site.STOP));
    Received complete = client.awaitEvent(component, "complete");
    long completed = System.nanoTime();
    answered.call().hangup();
    Received end = client.awaitEvent(answered.address(), "end");
    List<Received> all = Site.of(client, answered.address());
    assertThat(all.stream().filter(s -> s.isEvent("complete"))).hasSize(1);
    assertThat(complete.reason()).isEqualTo("stop");
    assertThat(complete.number()).isLessThan(end.number());
    return new Recorded(
        number, complete.recording().orElseThrow(), ref - commanded, completed - stopping);
  }

  private static double hertz(int number) {
    return 400 + 25 * number;
  }

  private static void verifyFile(RecordingFacts facts, double hertz) throws IOException {
    assertThat(Files.size(Site.file(facts))).isEqualTo(facts.sizeBytes());
    Decoded audio = Site.decode(facts);
    assertThat(audio.durationMillis()).isEqualTo(facts.durationMillis());
    short[] pcm = audio.channel(0);
    short[] middle = Arrays.copyOfRange(pcm, 8000, 8000 + (1 << 14));
    ToneMeter.Tone tone = ToneMeter.dominant(middle, 8000).orElseThrow();
    assertThat(tone.frequencyHz()).isBetween(hertz - 1, hertz + 1);
    assertThat(tone.snrDb()).isGreaterThan(20);
  }

  private void nothingWasDropped(RtpCounters before) {
    ServerFigures figures = site.server().figures();
    RtpCounters packets = figures.rtp().packets();
    System.out.println("figure: " + CALLS + " calls, RTP so far " + figures.rtp());
    assertThat(packets.received() - before.received()).isGreaterThan(CALLS * 50L * 10);
    assertThat(packets.lost()).isEqualTo(before.lost());
    assertThat(packets.discarded()).isEqualTo(before.discarded());
    assertThat(packets.unsent()).isEqualTo(before.unsent());
    assertThat(figures.rtp().skippedTicks()).isZero();
    assertThat(figures.recorder().framesDropped()).isZero();
  }

  /** The server's threads, by name without numbers, while so many calls are recorded. */
  private Map<String, Long> threadsWhile(int count, int millis) throws Exception {
    List<Map<String, Long>> seen = new ArrayList<>();
    CyclicBarrier all = new CyclicBarrier(count, () -> seen.add(threads()));
    String run = "run" + runs.incrementAndGet() + "-";
    AtOnce.all(
        IntStream.range(0, count)
            .<Callable<Recorded>>mapToObj(number -> () -> recorded(run, number, millis, all))
            .toList());
    return seen.get(0);
  }

  /** The threads of the server; those of the test, of phones and of clients are left out. */
  private static Map<String, Long> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .map(Thread::getName)
        .filter(name -> OURS.matcher(name).lookingAt())
        .map(name -> name.replaceAll("[0-9]+", "#"))
        .collect(Collectors.groupingBy(name -> name, TreeMap::new, Collectors.counting()));
  }

  private static long cpuNanos() {
    return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static void figure(String what, long... nanos) {
    long[] sorted = nanos.clone();
    Arrays.sort(sorted);
    System.out.printf(
        Locale.ROOT,
        "figure: %d calls, %s p50 %.1f ms p99 %.1f ms%n",
        nanos.length,
        what,
        sorted[sorted.length / 2] / 1e6,
        sorted[Math.min(sorted.length - 1, sorted.length * 99 / 100)] / 1e6);
  }
}

package org.rayo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jivesoftware.smack.packet.IQ;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.rayo.server.AtOnce;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.Mp3Decoder;
import org.rayo.testkit.audio.WavFile;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.client.Received.RecordingFacts;
import org.rayo.testkit.phone.CallOptions;
import org.rayo.testkit.phone.PhoneCall;
import org.rayo.testkit.phone.SoftPhone;
import org.rayo.xmpp.EmbeddedXmppServer;

/** What a crash costs: a second of audio, and no recording. */
final class RecoveryTest {

  private static final String SECRET = "hush-5347-hush";
  private static final String PASSWORD = "montague-5347-montague";
  private static final String DOMAIN = "rayo.localhost";
  private static final int MILLIS_PER_PACKET = 20;

  /** Calls that begin together. */
  private static final int AT_ONCE = 25;

  private static final AudioSource TONE =
      AudioSource.pcm(AudioSource.tone(440, -10, 1000).toPcm()).loop();

  /** A recording under way. */
  private record Take(PhoneCall call, String address, String component, long packetsBefore) {
    long spokenMillis() {
      return (call.packetsSent() - packetsBefore) * MILLIS_PER_PACKET;
    }
  }

  @TempDir Path directory;

  private EmbeddedXmppServer xmpp;
  private RayoClient client;
  private final SoftPhone phone = SoftPhone.create();

  @BeforeEach
  void open() throws Exception {
    xmpp =
        new EmbeddedXmppServer(
            new EmbeddedXmppServer.Settings(
                "localhost", Map.of(DOMAIN, SECRET), Map.of("romeo", PASSWORD), 0, 0));
    xmpp.start();
    client =
        RayoClient.connect(
            new RayoClient.Login(
                "127.0.0.1", xmpp.clientPort(), "localhost", "romeo", PASSWORD, "balcony"),
            DOMAIN);
  }

  @AfterEach
  void close() {
    client.close();
    phone.close();
    xmpp.close();
  }

  private RayoProcess serve() {
    return RayoProcess.serve(
        directory,
        """
        rayo.xmpp { port = %d, secret = "%s", reconnect { min-backoff = 50ms, max-backoff = 200ms } }
        rayo.media.embedded.sip { address = "127.0.0.1", port = 0 }
        """
            .formatted(xmpp.componentPort(), SECRET));
  }

  private List<Take> record(RayoProcess rayo, int calls) throws Exception {
    String uri = rayo.awaitLine("SIP").replaceAll(".*(sip:\\S+).*", "$1");
    rayo.awaitLog("connected");
    client.available();
    client.await(client.sendIq(IQ.Type.get, DOMAIN, "<ping xmlns='urn:xmpp:ping'/>"));
    List<Take> takes = new ArrayList<>();
    while (takes.size() < calls) {
      List<Callable<Take>> some = new ArrayList<>();
      for (int i = takes.size(); i < calls && some.size() < AT_ONCE; i++) {
        int number = i;
        some.add(() -> record(uri, number, calls > 100 ? 10 : 2));
      }
      takes.addAll(AtOnce.all(some));
    }
    return takes;
  }

  /**
   * @param mp3Every so many recordings have one of mp3 among them: two cores that also speak for
   *     hundreds of callers do not encode that many
   */
  private Take record(String uri, int number, int mp3Every) throws Exception {
    String caller = "caller-" + number;
    PhoneCall call = phone.call(CallOptions.to(uri).from(caller).build());
    String address =
        client
            .await(
                "the offer of " + caller,
                s -> s.isEvent("offer") && s.xml().contains(":" + caller + "@"))
            .from();
    client.command(address, "<answer xmlns='urn:xmpp:rayo:1'/>");
    await(call.answered());
    CompletionStage<Void> unused = call.send(TONE);
    String format = number % mp3Every == mp3Every - 1 ? "mp3" : "wav";
    String component =
        client
            .command(
                address,
                "<record xmlns='urn:xmpp:rayo:record:1' direction='send' start-beep='false'"
                    + " format='%s'/>".formatted(format))
            .ref();
    return new Take(call, address, component, call.packetsSent());
  }

  private static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  private static long decodedMillis(Path file) {
    return file.toString().endsWith(".wav")
        ? WavFile.read(file).audio().durationMillis()
        : Mp3Decoder.decode(file).audio().durationMillis();
  }

  private static void assertPlays(RecordingFacts recording) throws Exception {
    Path file = Path.of(URI.create(recording.uri()));
    assertThat(Files.size(file)).isEqualTo(recording.sizeBytes());
    assertThat(decodedMillis(file)).isEqualTo(recording.durationMillis());
  }

  private List<Received> completes(String component) {
    return client.received().stream()
        .filter(s -> s.isEvent("complete") && s.from().equals(component))
        .toList();
  }

  private void assertSpoolIsEmpty() throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
    while (!spooled().isEmpty() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(20);
    }
    assertThat(spooled()).isEmpty();
  }

  private List<Path> spooled() throws Exception {
    return Spooled.in(directory.resolve("var/spool"));
  }

  /** One recording, and many; with {@code -Drayo.kill.recordings=500} five hundred. */
  static IntStream counts() {
    return IntStream.of(1, Integer.getInteger("rayo.kill.recordings", 100));
  }

  @ParameterizedTest
  @MethodSource("counts")
  void killed_whileRecording_everyRecordingIsRecoveredAndTold(int calls) throws Exception {
    List<Take> takes;
    List<Long> spoken;
    try (RayoProcess rayo = serve()) {
      takes = record(rayo, calls);
      TimeUnit.SECONDS.sleep(2);
      rayo.signal("KILL");
      spoken = takes.stream().map(Take::spokenMillis).toList();
      rayo.exit();
    }
    assertThat(client.received()).noneMatch(s -> s.isEvent("complete"));

    long restarted = System.nanoTime();
    try (RayoProcess rayo = serve()) {
      long worst = 0;
      for (int i = 0; i < calls; i++) {
        Take take = takes.get(i);
        Received complete = client.awaitEvent(take.component(), "complete");
        assertThat(complete.reason()).isEqualTo("error");
        assertThat(complete.xml()).contains(">recovered after a restart</error>");
        RecordingFacts recording = complete.recording().orElseThrow();
        assertPlays(recording);
        worst = Math.max(worst, spoken.get(i) - recording.durationMillis());
        Received end = client.awaitEvent(take.address(), "end");
        assertThat(end.reason()).isEqualTo("error");
        assertThat(end.number()).isGreaterThan(complete.number());
        assertThat(completes(take.component())).hasSize(1);
      }
      System.out.printf(
          "figure: kill -9 with %d recordings: all recovered and told within %.1f s of the start, %d ms"
              + " lost at worst%n",
          calls, (System.nanoTime() - restarted) / 1e9, worst);
      assertThat(worst).as("ms lost at worst").isLessThanOrEqualTo(1000);
      assertSpoolIsEmpty();
      rayo.awaitLine("SIP");
      rayo.awaitLog("connected");
      rayo.terminate();
      assertThat(rayo.exit()).isZero();
      assertThat(rayo.stderr()).doesNotContain("ERROR");
    }
  }

  @Test
  void killed_amongCompletions_eachIsToldOnceAndTheSame() throws Exception {
    int calls = 30;
    List<Take> takes;
    try (RayoProcess rayo = serve()) {
      takes = record(rayo, calls);
      TimeUnit.SECONDS.sleep(1);
      for (Take take : takes) {
        client.sendCommand(take.component(), "<stop xmlns='urn:xmpp:rayo:ext:1'/>");
      }
      client.awaitEvent(takes.get(0).component(), "complete");
      rayo.signal("KILL");
      rayo.exit();
    }
    long before = client.received().stream().filter(s -> s.isEvent("complete")).count();
    try (RayoProcess rayo = serve()) {
      int repeated = 0;
      for (Take take : takes) {
        RecordingFacts recording =
            client.awaitEvent(take.component(), "complete").recording().orElseThrow();
        assertPlays(recording);
      }
      assertSpoolIsEmpty();
      for (Take take : takes) {
        List<Received> completes = completes(take.component());
        repeated += completes.size() - 1;
        assertThat(completes.stream().map(Received::xml).distinct()).hasSize(1);
      }
      System.out.printf(
          "figure: kill -9 among %d completions: %d were told before, %d of them again, the same%n",
          calls, before, repeated);
      rayo.awaitLine("SIP");
      rayo.awaitLog("connected");
      rayo.terminate();
      assertThat(rayo.exit()).isZero();
    }
  }
}

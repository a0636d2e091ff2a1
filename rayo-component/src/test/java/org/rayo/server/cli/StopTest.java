package org.rayo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jivesoftware.smack.packet.IQ;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.Decoded;
import org.rayo.testkit.audio.Mp3Decoder;
import org.rayo.testkit.audio.ToneMeter;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.client.Received.RecordingFacts;
import org.rayo.testkit.phone.CallOptions;
import org.rayo.testkit.phone.PhoneCall;
import org.rayo.testkit.phone.SoftPhone;

/** Signals while a call is being recorded. */
final class StopTest {

  private static final String PASSWORD = "montague-5347-montague";
  private static final Duration GRACE = Duration.ofSeconds(10);

  @TempDir Path directory;

  private RayoProcess rayo;
  private RayoClient client;
  private SoftPhone phone;
  private String call;
  private String component;

  /** A call that is being recorded and has said something. */
  @BeforeEach
  void record() throws Exception {
    rayo =
        RayoProcess.serve(
            directory,
            """
            rayo.xmpp { server = embedded, embedded.accounts { romeo = "%s" } }
            rayo.media.embedded.sip { address = "127.0.0.1", port = 0 }
            rayo.shutdown.grace = %ds
            rayo.log.level = debug
            """
                .formatted(PASSWORD, GRACE.toSeconds()));
    int port =
        Integer.parseInt(rayo.awaitLine("log in to").replaceAll(".*:(\\d+), domain.*", "$1"));
    RayoClient.Login login =
        new RayoClient.Login("127.0.0.1", port, "localhost", "romeo", PASSWORD, "balcony");
    client = RayoClient.connect(login, "rayo.localhost");
    phone = SoftPhone.create();
    client.available();
    client.await(client.sendIq(IQ.Type.get, "rayo.localhost", "<ping xmlns='urn:xmpp:ping'/>"));
    String uri = rayo.awaitLine("SIP").replaceAll(".*(sip:\\S+).*", "$1");
    PhoneCall caller = phone.call(CallOptions.to(uri).from("alice").build());
    call = client.await("an offer", stanza -> stanza.isEvent("offer")).from();
    client.command(call, "<answer xmlns='urn:xmpp:rayo:1'/>");
    caller.answered().toCompletableFuture().get(10, TimeUnit.SECONDS);
    component =
        client.command(call, "<record xmlns='urn:xmpp:rayo:record:1' start-beep='false'/>").ref();
    caller.send(AudioSource.tone(440, -10, 1000)).toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  @AfterEach
  void close() {
    client.close();
    phone.close();
    rayo.close();
  }

  @Test
  void sigterm_whileRecording_finishesStoresAndTells() throws Exception {
    long begin = System.nanoTime();
    rayo.terminate();
    assertFinished(begin);
  }

  @Test
  void sigint_whileRecording_finishesStoresAndTells() throws Exception {
    assumeFalse(rayo.ignoresInterrupts(), "SIGINT is ignored by whatever runs this test");
    long begin = System.nanoTime();
    rayo.signal("INT");
    assertFinished(begin);
  }

  private void assertFinished(long begin) throws IOException {
    Received complete = client.awaitEvent(component, "complete");
    Received end = client.awaitEvent(call, "end");
    assertThat(rayo.exit()).isZero();
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(GRACE);

    assertThat(complete.reason()).isEqualTo("hangup");
    assertThat(complete.number()).isLessThan(end.number());
    assertThat(end.reason()).isEqualTo("hangup-command");
    RecordingFacts recording = complete.recording().orElseThrow();
    Path file = Path.of(URI.create(recording.uri()));
    assertThat(file).startsWith(directory.toRealPath().resolve("var/recordings"));
    assertThat(Files.size(file)).isEqualTo(recording.sizeBytes());
    Decoded audio = Mp3Decoder.decode(file).audio();
    assertThat(audio.durationMillis()).isEqualTo(recording.durationMillis());
    assertThat(ToneMeter.find(audio.channel(0), 8000, 440, -20).orElseThrow().samples())
        .isBetween(7000, 8400);
    assertThat(Spooled.in(directory.resolve("var/spool"))).isEmpty();
    assertThat(rayo.stderr())
        .contains("DEBUG", "stopped", "recording=")
        .doesNotContain("ERROR", PASSWORD);
    assertThat(rayo.stdout()).doesNotContain(PASSWORD);
  }

  @Test
  void sigterm_twice_isGoneAtOnceAndKeepsTheSpool() throws Exception {
    rayo.terminate();
    rayo.awaitLog("stopping; calls up: 1");
    long begin = System.nanoTime();
    rayo.terminate();
    assertThat(rayo.exit()).isEqualTo(143);
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(1));
    assertThat(List.of(directory.resolve("var").toFile().list())).contains("spool");
  }
}

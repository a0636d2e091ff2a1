package org.rayo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.jivesoftware.smack.packet.IQ;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.Mp3Decoder;
import org.rayo.testkit.audio.WavFile;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.phone.CallOptions;
import org.rayo.testkit.phone.PhoneCall;
import org.rayo.testkit.phone.SoftPhone;
import org.rayo.testkit.phone.Transport;
import org.rayo.xmpp.EmbeddedXmppServer;

/** A phone, a client and its XMPP server, which outlive the Rayo server's process. */
final class CrashSite implements AutoCloseable {

  private static final String SECRET = "hush-5347-hush";
  private static final String PASSWORD = "montague-5347-montague";
  private static final String DOMAIN = "rayo.localhost";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  static final AudioSource TONE = AudioSource.pcm(AudioSource.tone(440, -10, 1000).toPcm()).loop();

  /** A call, and its address for the client. */
  record Up(PhoneCall call, String address) {}

  private final Path directory;
  private final EmbeddedXmppServer xmpp;
  final RayoClient client;
  final SoftPhone phone = SoftPhone.create();

  CrashSite(Path directory) throws Exception {
    this.directory = directory;
    xmpp =
        new EmbeddedXmppServer(
            new EmbeddedXmppServer.Settings(
                "localhost", Map.of(DOMAIN, SECRET), Map.of("romeo", PASSWORD), 0, 0));
    xmpp.start();
    client = client("balcony");
  }

  RayoClient client(String resource) {
    return RayoClient.connect(
        new RayoClient.Login(
            "127.0.0.1", xmpp.clientPort(), "localhost", "romeo", PASSWORD, resource),
        DOMAIN);
  }

  /** Starts the server; its spool and recordings are in {@code var}. */
  RayoProcess serve(String... config) {
    return RayoProcess.serveSoon(
        directory,
        """
        rayo.xmpp { port = %d, secret = "%s", reconnect { min-backoff = 50ms, max-backoff = 200ms } }
        rayo.media.embedded.sip { address = "127.0.0.1", port = 0 }
        """
                .formatted(xmpp.componentPort(), SECRET)
            + String.join("\n", config));
  }

  /** The client takes calls, and this server knows it. */
  void register(RayoProcess rayo) {
    rayo.awaitLog("connected");
    client.available();
    client.await(client.sendIq(IQ.Type.get, DOMAIN, "<ping xmlns='urn:xmpp:ping'/>"));
  }

  /** A call that has been offered, of which the spool knows. */
  Up ring(RayoProcess rayo, String caller, Transport transport) throws Exception {
    String uri = rayo.awaitLine("SIP").replaceAll(".*(sip:\\S+).*", "$1");
    PhoneCall call =
        phone.call(CallOptions.to(uri).from(caller).transport(transport).audio(TONE).build());
    String address =
        client
            .await(
                "the offer of " + caller,
                s -> s.isEvent("offer") && s.xml().contains(":" + caller + "@"))
            .from();
    awaitTrue("the spool knows of the call", () -> Files.exists(note(address)));
    return new Up(call, address);
  }

  /** What a run after this one finds of a call. */
  private Path note(String address) {
    return spool().resolve(".calls").resolve(address.substring(0, address.indexOf('@')) + ".json");
  }

  /** A call that has been answered, which the spool knows. */
  Up answered(RayoProcess rayo, String caller, Transport transport) throws Exception {
    Up up = ring(rayo, caller, transport);
    command(up.address(), "<answer xmlns='urn:xmpp:rayo:1'/>");
    await(up.call().answered());
    awaitTrue(
        "the spool knows how to hang up",
        () -> Files.readString(note(up.address())).contains("dialogState"));
    return up;
  }

  /** Starts a recording of what the caller says, and gives its address. */
  String record(Up up, String... hints) throws Exception {
    StringBuilder command =
        new StringBuilder(
            "<record xmlns='urn:xmpp:rayo:record:1' direction='send' start-beep='false'"
                + " format='wav'>");
    for (String hint : hints) {
      String[] parts = hint.split("=", 2);
      command.append("<hint name='%s' value='%s'/>".formatted(parts[0], parts[1]));
    }
    return command(up.address(), command.append("</record>").toString()).ref();
  }

  Received stop(String component) {
    command(component, "<stop xmlns='urn:xmpp:rayo:ext:1'/>");
    return client.awaitEvent(component, "complete");
  }

  Received command(String to, String xml) {
    Received answer = client.command(to, xml);
    assertThat(answer.type()).as(answer.xml()).isEqualTo("result");
    return answer;
  }

  /** What has come from an address. */
  List<Received> events(String from, String name) {
    return client.received().stream()
        .filter(s -> s.isEvent(name) && s.from().equals(from))
        .toList();
  }

  Path spool() {
    return directory.resolve("var/spool");
  }

  void awaitEmptySpool() throws Exception {
    awaitTrue("the spool holds nothing", () -> Spooled.in(spool()).isEmpty());
  }

  /** A recording's own id in the spool and on the command line. */
  static String idOf(String component) {
    return component.replaceAll("xmpp:", "").replaceAll("@[^/]*/", "-");
  }

  static long millis(Path file) {
    return file.toString().endsWith(".wav")
        ? WavFile.read(file).audio().durationMillis()
        : Mp3Decoder.decode(file).audio().durationMillis();
  }

  static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  static void awaitTrue(String what, Callable<Boolean> so) throws Exception {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!so.call()) {
      assertThat(System.nanoTime()).as(what).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  static void awaitFile(Path file) throws Exception {
    awaitTrue(file + " is there", () -> Files.exists(file));
  }

  @Override
  public void close() {
    client.close();
    phone.close();
    xmpp.close();
  }
}

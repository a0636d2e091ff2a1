package org.rayo.examples.demo;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jivesoftware.smack.packet.IQ;
import org.rayo.config.ConfigException;
import org.rayo.config.RayoConfig;
import org.rayo.server.EmbeddedXmpp;
import org.rayo.server.LogLevel;
import org.rayo.server.RayoServer;
import org.rayo.server.StartException;
import org.rayo.testkit.audio.Speech;
import org.rayo.testkit.audio.ToneMeter;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.client.Received.RecordingFacts;
import org.rayo.testkit.phone.CallOptions;
import org.rayo.testkit.phone.PhoneCall;
import org.rayo.testkit.phone.SoftPhone;
import org.slf4j.event.Level;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rayo demo}: one call, recorded and checked. */
@Command(
    name = "demo",
    mixinStandardHelpOptions = true,
    description = {
      "Shows a call being recorded, from the INVITE to a file that is checked by decoding it.",
      "Starts an XMPP server, the Rayo component and a SIP endpoint on loopback, and lets a Rayo "
          + "client take a call from a SIP caller who speaks for 5 seconds.",
      "Exits with 0 only if the recording is what the client is told. The directory with it is "
          + "printed and kept."
    })
public final class DemoCommand implements Callable<Integer> {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @Spec private CommandSpec spec;

  @Option(
      names = "--directory",
      paramLabel = "DIR",
      description = "Where the recording is kept; a temporary directory by default.")
  private Optional<Path> directory = Optional.empty();

  @Option(names = "--verbose", description = "Show the server's log too.")
  private boolean verbose;

  /** Picocli fills it. */
  public DemoCommand() {}

  @Override
  public Integer call()
      throws ConfigException,
          StartException,
          InterruptedException,
          ExecutionException,
          TimeoutException {
    LogLevel.set(verbose ? Level.INFO : Level.WARN);
    PrintWriter out = spec.commandLine().getOut();
    Dialogue dialogue = new Dialogue(out, "always".equals(System.getProperty("rayo.color")));
    Path kept = directory();
    RecordingCheck check;
    try (RayoServer server = RayoServer.start(config(kept), true)) {
      await(server.connection());
      EmbeddedXmpp xmpp = server.xmppServer().orElseThrow();
      dialogue.note(
          String.format(
              "XMPP server on %s:%d; component rayo.localhost connected; SIP on 127.0.0.1:%d",
              EmbeddedXmpp.HOST, xmpp.clientPort(), server.sipPort()));
      RecordingFacts facts = callAndRecord(server, xmpp, dialogue);
      check = RecordingCheck.of(facts);
      report(out, facts, check, kept);
    }
    return check.holds() ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private Path directory() throws StartException {
    try {
      return directory.isPresent()
          ? Files.createDirectories(directory.get()).toRealPath()
          : Files.createTempDirectory("rayo-demo-");
    } catch (IOException e) {
      String where = directory.map(Path::toString).orElse("a temporary directory");
      throw new StartException("cannot make " + where + " for the recording: " + e, e);
    }
  }

  private static RayoConfig config(Path directory) throws ConfigException {
    return RayoConfig.loadString(
        String.join(
            "\n",
            "rayo.xmpp.server = embedded",
            "rayo.media.embedded.sip { address = \"127.0.0.1\", port = 0 }",
            "rayo.spool.directory = " + quoted(directory.resolve("spool")),
            "rayo.storage.stores.local.directory = " + quoted(directory.resolve("recordings"))),
        Map.of());
  }

  private static String quoted(Path path) {
    return '"' + path.toString().replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static RecordingFacts callAndRecord(
      RayoServer server, EmbeddedXmpp xmpp, Dialogue dialogue)
      throws InterruptedException, ExecutionException, TimeoutException {
    RayoClient.Login login =
        new RayoClient.Login(
            EmbeddedXmpp.HOST,
            xmpp.clientPort(),
            EmbeddedXmpp.DOMAIN,
            "rayo",
            Objects.requireNonNull(xmpp.accounts().get("rayo")),
            Dialogue.RESOURCE);
    try (RayoClient client = RayoClient.connect(login, "rayo.localhost");
        SoftPhone phone = SoftPhone.create()) {
      client.watch(dialogue::stanza);
      client.available();
      // The presence has been routed when this is answered: the call will find the client.
      client.await(client.sendIq(IQ.Type.get, "rayo.localhost", PING));
      String called = "sip:demo@127.0.0.1:" + server.sipPort();
      dialogue.caller("calls " + called);
      PhoneCall call = phone.call(CallOptions.to(called).from("alice").build());

      String address = client.await("an offer", stanza -> stanza.isEvent("offer")).from();
      client.command(address, "<accept xmlns='urn:xmpp:rayo:1'/>");
      await(call.ringing());
      dialogue.caller("hears it ring");
      client.command(address, "<answer xmlns='urn:xmpp:rayo:1'/>");
      await(call.answered());
      dialogue.caller("is answered");
      String component = client.command(address, "<record xmlns='urn:xmpp:rayo:record:1'/>").ref();
      awaitBeep(call);
      dialogue.caller("hears the beep and speaks for 5 seconds");
      await(call.send(Speech.fiveSeconds()));
      dialogue.caller("has spoken");
      client.command(component, "<stop xmlns='urn:xmpp:rayo:ext:1'/>");
      Received complete = client.awaitEvent(component, "complete");
      dialogue.caller("hangs up");
      call.hangup();
      client.awaitEvent(address, "end");
      return complete
          .recording()
          .orElseThrow(() -> new IllegalStateException("no recording in " + complete.xml()));
    }
  }

  private static final String PING = "<ping xmlns='urn:xmpp:ping'/>";

  /** Waits as a caller does: until a tone was there and has gone. */
  private static void awaitBeep(PhoneCall call) throws InterruptedException, TimeoutException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (System.nanoTime() < deadline) {
      short[] heard = call.heard();
      Optional<ToneMeter.Span> beep = ToneMeter.find(heard, 8000, 1000, -30);
      if (beep.isPresent() && beep.get().end() < heard.length - 800) {
        return;
      }
      Thread.sleep(20);
    }
    throw new TimeoutException("the caller heard no beep");
  }

  private static <T> T await(CompletionStage<T> stage)
      throws InterruptedException, ExecutionException, TimeoutException {
    return stage.toCompletableFuture().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
  }

  private static void report(
      PrintWriter out, RecordingFacts facts, RecordingCheck check, Path kept) {
    out.println();
    out.println("uri       " + facts.uri());
    out.println("duration  " + facts.durationMillis() + " ms; decoded " + check.decodedMillis());
    out.println("size      " + facts.sizeBytes() + " bytes; on disk " + check.fileBytes());
    out.printf(Locale.ROOT, "speech    likeness %.3f to what was spoken%n", check.likeness());
    out.println("kept in   " + kept);
    check.faults().forEach(fault -> out.println("WRONG     " + fault));
    out.println(
        check.holds()
            ? "The recording is what it says: checked by decoding."
            : "The recording is NOT what it says.");
    out.flush();
  }
}

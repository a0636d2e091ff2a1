package org.rayo.examples.recordcalls;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.config.RayoConfig;
import org.rayo.server.RayoServer;
import org.rayo.testkit.audio.Speech;
import org.rayo.testkit.phone.CallOptions;
import org.rayo.testkit.phone.PhoneCall;
import org.rayo.testkit.phone.SoftPhone;

class RecordCallsTest {

  @Test
  @Timeout(60)
  void call_fromAPhone_isAnsweredRecordedAndTold(@TempDir Path directory) throws Exception {
    RayoConfig config =
        RayoConfig.loadString(
            String.join(
                "\n",
                "rayo.xmpp { server = embedded, embedded.accounts.app = \"pw\" }",
                "rayo.media.embedded.sip { address = \"127.0.0.1\", port = 0 }",
                "rayo.spool.directory = \"" + directory.resolve("spool") + "\"",
                "rayo.storage.stores.local.directory = \"" + directory.resolve("rec") + "\""),
            Map.of());
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    try (RayoServer server = RayoServer.start(config, true);
        SoftPhone phone = SoftPhone.create()) {
      server.connection().toCompletableFuture().get(20, TimeUnit.SECONDS);
      int port = server.xmppServer().orElseThrow().clientPort();
      try (RecordCalls client =
          RecordCalls.connect(
              "127.0.0.1",
              port,
              "app@localhost",
              "pw",
              "rayo.localhost",
              new PrintStream(said, true, StandardCharsets.UTF_8))) {
        client.start();
        PhoneCall call = callUntilTaken(phone, server.sipPort());
        call.send(Speech.fiveSeconds()).toCompletableFuture().get(20, TimeUnit.SECONDS);
        call.hangup();
        awaitText(said, "call ended");
      }
    }
    assertThat(said.toString(StandardCharsets.UTF_8))
        .matches(
            "(?s)waiting for calls at rayo\\.localhost\\Rcall from sip:alice@127\\.0\\.0\\.1\\R"
                + "recorded \\d{4} ms, \\d+ bytes: file:///\\S+\\.mp3\\Rcall ended\\R");
  }

  /** Until the client's presence has arrived, a call is refused: the caller tries again. */
  private static PhoneCall callUntilTaken(SoftPhone phone, int sipPort) throws Exception {
    for (int attempt = 0; ; attempt++) {
      PhoneCall call =
          phone.call(CallOptions.to("sip:app@127.0.0.1:" + sipPort).from("alice").build());
      try {
        call.answered().toCompletableFuture().get(20, TimeUnit.SECONDS);
        return call;
      } catch (ExecutionException refused) {
        assertThat(attempt).as("attempts, the last refused: %s", refused).isLessThan(20);
        Thread.sleep(50);
      }
    }
  }

  private static void awaitText(ByteArrayOutputStream said, String text) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!said.toString(StandardCharsets.UTF_8).contains(text)) {
      assertThat(System.nanoTime()).as("waiting for '%s' in: %s", text, said).isLessThan(deadline);
      Thread.sleep(20);
    }
  }
}

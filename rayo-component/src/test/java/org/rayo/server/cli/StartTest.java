package org.rayo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jivesoftware.smack.packet.IQ;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.phone.CallOptions;
import org.rayo.testkit.phone.PhoneCall;
import org.rayo.testkit.phone.SoftPhone;
import org.rayo.xmpp.EmbeddedXmppServer;

final class StartTest {

  private static final String SECRET = "hush-5347-hush";
  private static final int DEFAULT_SIP_PORT = 5060;
  private static final String EMBEDDED =
      """
      rayo.xmpp { server = embedded, secret = "%s", embedded.accounts { romeo = "%s" } }
      rayo.media.embedded.sip { address = "127.0.0.1", port = 0 }
      """
          .formatted(SECRET, SECRET);

  @TempDir Path directory;

  private static void assertOneLine(RayoProcess rayo, String problem) {
    assertThat(rayo.exit()).isEqualTo(1);
    assertThat(rayo.stderr()).startsWith("rayo: ").hasLineCount(1).contains(problem);
    assertThat(rayo.stdout()).isEmpty();
    assertThat(rayo.stderr()).doesNotContain(SECRET);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "rayo.spool.directory = \"FILE/spool\" | rayo.spool.directory = FILE/spool: FILE is no directory",
        "rayo.spool.directory = /proc/spool | rayo.spool.directory = /proc/spool: cannot be written",
        "rayo.storage.stores.local.directory = \"FILE/r\" | rayo.storage.stores.local.directory = \"FILE/r\": cannot be written",
        "rayo.storage.stores.local.directory = /proc/r | rayo.storage.stores.local.directory = \"/proc/r\": cannot be written",
        "rayo.media.embedded.rtp.address = \"203.0.113.9\" | rayo.media.embedded.rtp.address = 203.0.113.9: is no address of this machine",
        "rayo.media.embedded.sip.address = \"203.0.113.9\" | rayo.media.embedded.sip.address = 203.0.113.9: is no address of this machine",
      })
  void serve_whatTheMachineHasNot_isOneLineWithTheKey(String line, String problem)
      throws IOException {
    String file = Files.writeString(directory.resolve("plain"), "").toString();
    try (RayoProcess rayo =
        RayoProcess.serve(directory, EMBEDDED + line.replace("FILE", file) + "\n")) {
      assertOneLine(rayo, problem.replace("FILE", file));
    }
  }

  @Test
  void serve_sipPortInUse_isOneLineWithTheKey() throws IOException {
    try (ServerSocket tcp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String line = "rayo.media.embedded.sip.port = " + tcp.getLocalPort();
      try (RayoProcess rayo = RayoProcess.serve(directory, EMBEDDED + line)) {
        assertOneLine(
            rayo,
            "is in use or not allowed; rayo.media.embedded.sip.port is " + tcp.getLocalPort());
      }
    }
    try (DatagramSocket udp =
        new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      String line = "rayo.media.embedded.sip.port = " + udp.getLocalPort();
      try (RayoProcess rayo = RayoProcess.serve(directory, EMBEDDED + line)) {
        assertOneLine(rayo, "rayo.media.embedded.sip.port is " + udp.getLocalPort());
      }
    }
  }

  @Test
  void serve_clientPortInUse_isOneLineWithTheKey() throws IOException {
    try (ServerSocket tcp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String line = "rayo.xmpp.embedded.client-port = " + tcp.getLocalPort();
      try (RayoProcess rayo = RayoProcess.serve(directory, EMBEDDED + line)) {
        assertOneLine(rayo, line + ": the embedded XMPP server cannot listen on");
      }
    }
  }

  @Test
  void serve_wrongConfiguration_tellsAllAndExitsWith2() {
    String wrong = "rayo.xmpp.prot = 1\nrayo.storage.stores.local.colour = red\nrayo.log.level = x";
    try (RayoProcess rayo = RayoProcess.serve(directory, EMBEDDED + wrong)) {
      assertThat(rayo.exit()).isEqualTo(2);
      assertThat(rayo.stderr())
          .hasLineCount(3)
          .contains("rayo: rayo.xmpp.prot: unknown key; did you mean rayo.xmpp.port?")
          .contains("rayo: rayo.storage.stores.local.colour: unknown key; allowed: type, ")
          .contains("rayo: rayo.log.level = \"x\": must be error or warn")
          .doesNotContain(SECRET);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "serve --nope, Unknown option: '--nope'",
    "frobnicate, Unmatched argument at index 0: 'frobnicate'",
    "check-config, Missing required option: '--config=FILE'",
    "'', Usage: rayo"
  })
  void commandLine_wrong_showsTheUsageAndExitsWith2(String line, String complaint) {
    String[] arguments = line.isEmpty() ? new String[0] : line.split(" ");
    try (RayoProcess rayo = RayoProcess.start(directory, arguments)) {
      assertThat(rayo.exit()).isEqualTo(2);
      assertThat(rayo.stderr()).startsWith(complaint).contains("Usage: rayo");
    }
  }

  @Test
  void serve_noConfiguration_printsALoginThatIsOfferedCalls() throws Exception {
    assumeTrue(free(DEFAULT_SIP_PORT), "port 5060 of this machine is in use");
    try (RayoProcess rayo = RayoProcess.start(directory, "serve")) {
      rayo.awaitLine("Ctrl-C stops.");
      Matcher where =
          Pattern.compile("log in to ([0-9.]+):(\\d+), domain (\\S+), without TLS")
              .matcher(rayo.awaitLine("log in to"));
      Matcher who =
          Pattern.compile("(\\S+)@localhost {2}password (\\S+)")
              .matcher(rayo.awaitLine("password"));
      assertThat(where.find() && who.find()).isTrue();
      RayoClient.Login login =
          new RayoClient.Login(
              where.group(1),
              Integer.parseInt(where.group(2)),
              where.group(3),
              who.group(1),
              who.group(2),
              "test");
      try (RayoClient client = RayoClient.connect(login, "rayo.localhost");
          SoftPhone phone = SoftPhone.create()) {
        client.available();
        client.await(client.sendIq(IQ.Type.get, "rayo.localhost", "<ping xmlns='urn:xmpp:ping'/>"));
        String uri = rayo.awaitLine("SIP").replaceAll(".*(sip:\\S+).*", "$1");
        PhoneCall call = phone.call(CallOptions.to(uri).from("alice").build());
        assertThat(client.await("an offer", stanza -> stanza.isEvent("offer")).from())
            .endsWith("@rayo.localhost");
        call.hangup();
      }
      assertThat(rayo.stderr()).doesNotContain(who.group(2));
      rayo.terminate();
      assertThat(rayo.exit()).isZero();
    }
  }

  @Test
  void serve_noConfigurationAndDefaultPortTaken_namesTheKey() throws IOException {
    try (ServerSocket tcp = new ServerSocket()) {
      if (free(DEFAULT_SIP_PORT)) {
        tcp.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), DEFAULT_SIP_PORT));
      }
      try (RayoProcess rayo = RayoProcess.start(directory, "serve")) {
        assertOneLine(rayo, "rayo.media.embedded.sip.port is 5060, and 0 picks a free one");
      }
    }
  }

  private static boolean free(int port) {
    try (ServerSocket tcp = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
        DatagramSocket udp =
            new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))) {
      return tcp.isBound() && udp.isBound();
    } catch (IOException e) {
      return false; // Somebody has it, which is what was asked.
    }
  }

  private static EmbeddedXmppServer xmppServer(int componentPort) throws IOException {
    EmbeddedXmppServer server =
        new EmbeddedXmppServer(
            new EmbeddedXmppServer.Settings(
                "localhost",
                Map.of("rayo.localhost", SECRET),
                Map.of("romeo", "montague"),
                0,
                componentPort));
    server.start();
    return server;
  }

  private static String external(int port, String secret) {
    return """
    rayo.xmpp { port = %d, secret = "%s", reconnect.min-backoff = 100ms }
    rayo.media.embedded.sip { address = "127.0.0.1", port = 0 }
    """
        .formatted(port, secret);
  }

  @Test
  void serve_wrongSecret_isOneLineAndExitsWith1() throws IOException {
    try (EmbeddedXmppServer server = xmppServer(0);
        RayoProcess rayo =
            RayoProcess.serve(directory, external(server.componentPort(), "not-" + SECRET))) {
      assertThat(rayo.exit()).isEqualTo(1);
      assertThat(rayo.stderr().lines().filter(line -> line.startsWith("rayo: ")))
          .singleElement()
          .asString()
          .startsWith("rayo: refused by the XMPP server at 127.0.0.1:" + server.componentPort())
          .contains("not-authorized");
      assertThat(rayo.stderr()).doesNotContain("\tat ", "WARN", "ERROR", SECRET);
    }
  }

  @Test
  void serve_serverOutOfReachThenThere_triesAgainUntilConnected() throws IOException {
    int port = freePort();
    String debug = "rayo.log.level = debug";
    try (RayoProcess rayo = RayoProcess.serve(directory, external(port, SECRET) + debug)) {
      rayo.awaitLog("cannot reach the XMPP server at 127.0.0.1:" + port + ": Connection refused");
      rayo.awaitLog("next try in");
      try (EmbeddedXmppServer server = xmppServer(port)) {
        rayo.awaitLog("connected to the XMPP server at 127.0.0.1:" + server.componentPort());
        rayo.terminate();
        assertThat(rayo.exit()).isZero();
      }
      assertThat(rayo.stderr()).contains("DEBUG").doesNotContain("\tat ", "ERROR", SECRET);
      assertThat(rayo.stdout()).doesNotContain(SECRET);
    }
  }

  @Test
  void serve_serverOutOfReachAndStopped_exitsWith0() throws IOException {
    try (RayoProcess rayo = RayoProcess.serve(directory, external(freePort(), SECRET))) {
      rayo.awaitLog("next try in");
      rayo.terminate();
      assertThat(rayo.exit()).isZero();
      assertThat(rayo.stderr()).contains("stopped").doesNotContain("rayo: ");
    }
  }

  @Test
  void serve_serverOutOfReachAndFailFast_isOneLineAndExitsWith1() throws IOException {
    try (RayoProcess rayo =
        RayoProcess.serve(directory, external(freePort(), SECRET), "--fail-fast")) {
      assertThat(rayo.exit()).isEqualTo(1);
      assertThat(rayo.stderr().lines().filter(line -> line.startsWith("rayo: ")))
          .singleElement()
          .asString()
          .startsWith("rayo: cannot reach the XMPP server at 127.0.0.1:");
      assertThat(rayo.stderr()).doesNotContain("\tat ", "WARN", "ERROR", SECRET);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket tcp = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return tcp.getLocalPort();
    }
  }
}

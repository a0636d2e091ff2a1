package org.rayo.testkit.peers;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class XmppServerPeerTest {

  private static final XmppServerOptions OPTIONS =
      XmppServerOptions.withAccounts(Map.of("alice", "wonder", "bob", "builder"));

  @TempDir Path directory;

  @Test
  @RequiresPeer("prosody")
  void prosody_startedRestartedAndKilled_servesComponentAndClients() throws Exception {
    try (Prosody prosody = Prosody.start(directory, OPTIONS)) {
      exercise(prosody);
    }
  }

  @Test
  @RequiresPeer({"ejabberdctl", "erl"})
  void ejabberd_startedRestartedAndKilled_servesComponentAndClients() throws Exception {
    try (Ejabberd ejabberd = Ejabberd.start(directory, OPTIONS)) {
      exercise(ejabberd);
    }
  }

  private static void exercise(XmppServerPeer server) throws Exception {
    assertServes(server);
    server.restart();
    assertServes(server);
    server.kill();
    assertThat(server.running()).isFalse();
    server.start();
    assertServes(server);
    server.stop();
    assertThat(server.running()).isFalse();
    assertThat(server.log()).isNotEmpty();
  }

  private static void assertServes(XmppServerPeer server) throws Exception {
    assertThat(handshake(server, server.secret())).contains("<handshake");
    assertThat(handshake(server, "wrong")).contains("not-authorized");
    assertThat(login(server, "alice", "wonder")).contains("<success");
    assertThat(login(server, "bob", "builder")).contains("<success");
    assertThat(login(server, "bob", "wonder")).contains("<failure");
  }

  private static String handshake(XmppServerPeer server, String secret)
      throws IOException, NoSuchAlgorithmException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.componentPort())) {
      String header =
          exchange(
              socket,
              "<stream:stream xmlns='jabber:component:accept' to='%s' xmlns:stream='http://etherx.jabber.org/streams'>"
                  .formatted(server.componentDomain()),
              "<stream:stream[^>]*>");
      Matcher id = Pattern.compile(" id=['\"]([^'\"]+)").matcher(header);
      assertThat(id.find()).as(header).isTrue();
      byte[] hash =
          MessageDigest.getInstance("SHA-1")
              .digest((id.group(1) + secret).getBytes(StandardCharsets.UTF_8));
      return exchange(
          socket,
          "<handshake>" + HexFormat.of().formatHex(hash) + "</handshake>",
          "<handshake/>|<handshake></handshake>|</stream:stream>");
    }
  }

  private static String login(XmppServerPeer server, String user, String password)
      throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), server.clientPort())) {
      exchange(
          socket,
          "<stream:stream xmlns='jabber:client' to='%s' version='1.0' xmlns:stream='http://etherx.jabber.org/streams'>"
              .formatted(server.domain()),
          "</stream:features>");
      String plain =
          Base64.getEncoder()
              .encodeToString(("\0" + user + "\0" + password).getBytes(StandardCharsets.UTF_8));
      return exchange(
          socket,
          "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>" + plain + "</auth>",
          "<success|<failure");
    }
  }

  /** Sends, and reads until the pattern has come or the stream ends. */
  private static String exchange(Socket socket, String text, String until) throws IOException {
    socket.setSoTimeout(10_000);
    socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    InputStream in = socket.getInputStream();
    StringBuilder answer = new StringBuilder();
    Pattern end = Pattern.compile(until);
    byte[] bytes = new byte[4096];
    while (!end.matcher(answer).find()) {
      int read = in.read(bytes);
      if (read < 0) {
        break;
      }
      answer.append(new String(bytes, 0, read, StandardCharsets.UTF_8));
    }
    return answer.toString();
  }
}

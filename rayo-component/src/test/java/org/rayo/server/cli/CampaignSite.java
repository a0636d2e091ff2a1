package org.rayo.server.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jivesoftware.smack.packet.IQ;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.phone.SoftPhone;
import org.rayo.xmpp.EmbeddedXmppServer;

/**
 * The server as a process of its own, with an XMPP server and a store that can be taken away from
 * it.
 */
final class CampaignSite implements AutoCloseable {

  static final String DOMAIN = "rayo.localhost";
  private static final String SECRET = "hush-5347-hush";
  private static final String PASSWORD = "montague-5347-montague";

  private final Path directory;
  final SoftPhone phone = SoftPhone.create();
  private EmbeddedXmppServer xmpp;
  private RayoProcess rayo;

  CampaignSite(Path directory) throws IOException {
    this.directory = directory;
    xmpp = xmpp(0, 0);
    rayo = serve();
  }

  private static EmbeddedXmppServer xmpp(int clientPort, int componentPort) throws IOException {
    EmbeddedXmppServer server =
        new EmbeddedXmppServer(
            new EmbeddedXmppServer.Settings(
                "localhost",
                Map.of(DOMAIN, SECRET),
                Map.of("romeo", PASSWORD),
                clientPort,
                componentPort));
    server.start();
    return server;
  }

  private RayoProcess serve() {
    return RayoProcess.serve(
        directory,
        """
        rayo.xmpp { port = %d, secret = "%s", reconnect { min-backoff = 50ms, max-backoff = 200ms } }
        rayo.media.embedded.sip { address = "127.0.0.1", port = 0 }
        rayo.storage.complete-deadline = 1s
        rayo.control.controller-grace = 60s
        """
            .formatted(xmpp.componentPort(), SECRET));
  }

  /** A client of this resource that takes calls. */
  RayoClient client(String resource) {
    RayoClient client =
        RayoClient.connect(
            new RayoClient.Login(
                "127.0.0.1", xmpp.clientPort(), "localhost", "romeo", PASSWORD, resource),
            DOMAIN);
    register(client);
    return client;
  }

  private void register(RayoClient client) {
    rayo.awaitLog("connected");
    client.available();
    client.await(client.sendIq(IQ.Type.get, DOMAIN, "<ping xmlns='urn:xmpp:ping'/>"));
  }

  /** Where callers reach the server that runs now. */
  String sipUri() {
    return rayo.awaitLine("SIP").replaceAll(".*(sip:\\S+).*", "$1");
  }

  /** Ends the server without a word. */
  void kill() throws IOException, InterruptedException {
    rayo.signal("KILL");
    rayo.exit();
  }

  /** Starts it again. */
  void restart() {
    rayo = serve();
    rayo.awaitLog("connected");
  }

  /** Ends the XMPP server and starts it again, on the same ports; clients log in again. */
  void cutXmpp(RayoClient client) throws IOException {
    int clientPort = xmpp.clientPort();
    int componentPort = xmpp.componentPort();
    xmpp.close();
    xmpp = xmpp(clientPort, componentPort);
    client.reconnect();
    client.available();
  }

  /** Nothing can be stored any more. */
  void takeStoreAway() throws IOException {
    Files.move(recordings(), directory.resolve("var/away"));
    Files.writeString(recordings(), "in the way");
  }

  /** It can again. */
  void giveStoreBack() throws IOException {
    Files.delete(recordings());
    Files.move(directory.resolve("var/away"), recordings());
  }

  private Path recordings() {
    return directory.resolve("var/recordings");
  }

  /** Every file that the store or the spool holds under the id of this recording. */
  List<Path> filesOf(String recordingId) throws IOException {
    try (Stream<Path> files = Files.walk(recordings())) {
      return files.filter(file -> file.getFileName().toString().contains(recordingId)).toList();
    }
  }

  /** What it said, for a failure's message. */
  String log() {
    return rayo.stderr();
  }

  @Override
  public void close() {
    phone.close();
    rayo.close();
    xmpp.close();
  }
}

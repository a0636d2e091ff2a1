package org.rayo.examples.recordcalls;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.StandardExtensionElement;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jxmpp.jid.Jid;
import org.jxmpp.jid.impl.JidCreate;

/** Answers every call it is offered, records it until the caller hangs up, and says where it is. */
public final class RecordCalls implements AutoCloseable {

  private static final String RAYO = "urn:xmpp:rayo:1";
  private static final String EXT = "urn:xmpp:rayo:ext:1";
  private static final String RECORD = "urn:xmpp:rayo:record:1";
  private static final String RECORD_COMPLETE = "urn:xmpp:rayo:record:complete:1";

  static {
    // Smack takes whichever StAX parser is on the class path. Here that is Aalto, which the server
    // brings and which Smack cannot live with; a client of its own needs no such line.
    System.setProperty(
        "javax.xml.stream.XMLInputFactory", "com.sun.xml.internal.stream.XMLInputFactoryImpl");
  }

  private final XMPPTCPConnection connection;
  private final Jid rayoServer;
  private final PrintStream out;

  /**
   * @param rayoServer the domain of the Rayo component
   * @param out told of every call and recording
   */
  public RecordCalls(XMPPTCPConnection connection, Jid rayoServer, PrintStream out) {
    this.connection = connection;
    this.rayoServer = rayoServer;
    this.out = out;
  }

  /** Takes calls from now on. */
  public void start() throws SmackException.NotConnectedException, InterruptedException {
    connection.addSyncStanzaListener(this::onPresence, StanzaTypeFilter.PRESENCE);
    connection.sendStanza(
        connection
            .getStanzaFactory()
            .buildPresenceStanza()
            .to(rayoServer)
            .setMode(Presence.Mode.chat)
            .build());
    out.println("waiting for calls at " + rayoServer);
  }

  private void onPresence(Stanza presence)
      throws SmackException.NotConnectedException, InterruptedException {
    Jid from = presence.getFrom();
    Optional<StandardExtensionElement> offer = child(presence, "offer", RAYO);
    if (offer.isPresent()) {
      out.println("call from " + offer.get().getAttributeValue("from"));
      // Commands to one call are executed in order: the recording begins once it is answered.
      connection.sendIqRequestAsync(new RayoIq("answer", RAYO, from)).onError(this::failed);
      connection.sendIqRequestAsync(new RayoIq("record", RECORD, from)).onError(this::failed);
    }
    child(presence, "complete", EXT).ifPresent(this::recorded);
    if (child(presence, "end", RAYO).isPresent()) {
      out.println("call ended");
    }
  }

  private void recorded(StandardExtensionElement complete) {
    StandardExtensionElement recording = complete.getFirstElement("recording", RECORD_COMPLETE);
    if (recording == null) {
      out.println("the recording failed: " + complete.toXML());
      return;
    }
    out.println(
        "recorded "
            + recording.getAttributeValue("duration")
            + " ms, "
            + recording.getAttributeValue("size")
            + " bytes: "
            + recording.getAttributeValue("uri"));
  }

  private void failed(Exception failure) {
    out.println("refused: " + failure.getMessage());
  }

  private static Optional<StandardExtensionElement> child(
      Stanza stanza, String name, String namespace) {
    return stanza.getExtensionElement(name, namespace) instanceof StandardExtensionElement element
        ? Optional.of(element)
        : Optional.empty();
  }

  @Override
  public void close() {
    connection.disconnect();
  }

  /** Connects without TLS, so to loopback only. */
  public static RecordCalls connect(
      String host, int port, String user, String password, String rayoServer, PrintStream out)
      throws IOException, SmackException, XMPPException, InterruptedException {
    String[] account = user.split("@", 2);
    XMPPTCPConnection connection =
        new XMPPTCPConnection(
            XMPPTCPConnectionConfiguration.builder()
                .setHost(host)
                .setPort(port)
                .setXmppDomain(account[1])
                .setUsernameAndPassword(account[0], password)
                .setResource("record-calls")
                .setSecurityMode(SecurityMode.disabled)
                .build());
    connection.connect();
    connection.login();
    return new RecordCalls(connection, JidCreate.from(rayoServer), out);
  }

  /** The program: {@code HOST PORT USER@DOMAIN PASSWORD RAYO-DOMAIN}. */
  public static void main(String[] arguments) throws Exception {
    if (arguments.length != 5 || !arguments[2].contains("@")) {
      System.err.println("usage: record-calls HOST PORT USER@DOMAIN PASSWORD RAYO-DOMAIN");
      System.exit(2);
    }
    RecordCalls client =
        connect(
            arguments[0],
            Integer.parseInt(arguments[1]),
            arguments[2],
            arguments[3],
            arguments[4],
            System.out);
    client.start();
    new CountDownLatch(1).await();
  }
}

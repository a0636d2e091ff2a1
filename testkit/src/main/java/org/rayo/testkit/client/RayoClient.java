package org.rayo.testkit.client;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.packet.IQ;
import org.jivesoftware.smack.packet.Presence;
import org.jivesoftware.smack.packet.PresenceBuilder;
import org.jivesoftware.smack.packet.Stanza;
import org.jivesoftware.smack.packet.UnparsedIQ;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jivesoftware.smack.util.StringUtils;
import org.jxmpp.jid.Jid;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.jid.parts.Resourcepart;
import org.jxmpp.stringprep.XmppStringprepException;

/**
 * A Rayo client. Everything it receives is kept in order; waiting never misses what came before.
 */
public final class RayoClient implements AutoCloseable {

  private static final Duration PATIENCE = Duration.ofSeconds(20);

  static {
    // Smack takes whichever StAX parser is on the class path, and cannot live with Aalto's, which
    // gives an empty prefix for a default namespace: it is to use the JDK's.
    System.setProperty(
        "javax.xml.stream.XMLInputFactory", "com.sun.xml.internal.stream.XMLInputFactoryImpl");
  }

  private final Login login;
  private final String component;
  private final List<Received> received = new ArrayList<>();
  private final List<Consumer<String>> wire = new CopyOnWriteArrayList<>();
  private volatile XMPPTCPConnection connection;

  /** Where and as whom to log in; without TLS, so for loopback only. */
  public record Login(
      String host, int port, String domain, String user, String password, String resource) {

    /** The full JID that the client will have. */
    public String jid() {
      return user + "@" + domain + "/" + resource;
    }
  }

  private RayoClient(Login login, String component) {
    this.login = login;
    this.component = component;
    this.connection = connection();
  }

  /**
   * Logs in.
   *
   * @param component the Rayo server's domain
   */
  public static RayoClient connect(Login login, String component) {
    RayoClient client = new RayoClient(login, component);
    client.logIn(client.connection);
    return client;
  }

  private XMPPTCPConnection connection() {
    try {
      XMPPTCPConnection made =
          new XMPPTCPConnection(
              XMPPTCPConnectionConfiguration.builder()
                  .setHost(login.host())
                  .setPort(login.port())
                  .setXmppDomain(login.domain())
                  .setUsernameAndPassword(login.user(), login.password())
                  .setResource(Resourcepart.from(login.resource()))
                  .setSecurityMode(SecurityMode.disabled)
                  .setSendPresence(false)
                  .setCompressionEnabled(false)
                  .setConnectTimeout((int) PATIENCE.toMillis())
                  .build());
      made.setReplyTimeout(PATIENCE.toMillis());
      made.setUseStreamManagement(false);
      made.setUseStreamManagementResumption(false);
      made.addSyncStanzaListener(this::keep, stanza -> true);
      return made;
    } catch (XmppStringprepException e) {
      throw new IllegalArgumentException("no proper login: " + login.jid(), e);
    }
  }

  private void logIn(XMPPTCPConnection made) {
    try {
      made.connect();
      made.login();
    } catch (IOException | SmackException | XMPPException e) {
      throw new IllegalStateException("cannot log in as " + login.jid(), e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /**
   * Logs in again, on a new connection, after the old one was lost. What was received is kept;
   * until this returns nothing can be sent.
   */
  public void reconnect() {
    connection.instantShutdown();
    XMPPTCPConnection made = connection();
    logIn(made);
    connection = made;
  }

  /** The address of this client. */
  public String jid() {
    return login.jid();
  }

  /** Tells the listener of every stanza, {@code > …} for sent and {@code < …} for received. */
  public void watch(Consumer<String> listener) {
    wire.add(listener);
  }

  /** Tells the Rayo server that this client takes calls. */
  public void available() {
    presence(Presence.Type.available, "chat");
  }

  /** Tells the Rayo server that this client takes no calls for now. */
  public void doNotDisturb() {
    presence(Presence.Type.available, "dnd");
  }

  /** Tells the Rayo server that this client is gone. */
  public void unavailable() {
    presence(Presence.Type.unavailable, "");
  }

  private void presence(Presence.Type type, String show) {
    PresenceBuilder presence =
        connection.getStanzaFactory().buildPresenceStanza().ofType(type).to(jid(component));
    if (!show.isEmpty()) {
      presence.setMode(Presence.Mode.fromString(show));
    }
    send(presence.build());
  }

  /**
   * Sends a command and waits for its answer.
   *
   * @param to a call's or component's address
   * @param child the command, as XML with its namespace
   * @return a result or an error
   */
  public Received command(String to, String child) {
    return await(sendCommand(to, child));
  }

  /** Sends a command without waiting; the answer has the returned id. */
  public String sendCommand(String to, String child) {
    return sendIq(IQ.Type.set, to, child);
  }

  /** Sends an iq of any type; the answer has the returned id. */
  public String sendIq(IQ.Type type, String to, String child) {
    CommandIq iq = new CommandIq(Xml.parse(child));
    iq.setType(type);
    iq.setTo(jid(to));
    send(iq);
    return iq.getStanzaId();
  }

  /** Sends this text as it is, which should be a stanza, though perhaps a bad one. */
  public void sendText(String xml) {
    wire.forEach(listener -> listener.accept("> " + xml));
    try {
      connection.sendNonza(new StanzaText(xml));
    } catch (SmackException.NotConnectedException e) {
      throw new IllegalStateException(jid() + " is not connected", e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  /** Waits for the answer to the iq of this id. */
  public Received await(String id) {
    return await("the answer to " + id, stanza -> stanza.answers(id));
  }

  /** Waits for an event from one address. */
  public Received awaitEvent(String from, String name) {
    return await(
        name + " from " + from, stanza -> stanza.isEvent(name) && stanza.from().equals(from));
  }

  /** Waits for the first stanza that fits, if need be a later one. */
  public Received await(String what, Predicate<Received> wanted) {
    return await(wanted, PATIENCE)
        .orElseThrow(
            () ->
                new AssertionError(
                    "%s waited %d s for %s; it got %s"
                        .formatted(jid(), PATIENCE.toSeconds(), what, received())));
  }

  /** Waits for the first stanza that fits, if need be a later one, for so long at most. */
  public synchronized Optional<Received> await(Predicate<Received> wanted, Duration patience) {
    long deadline = System.nanoTime() + patience.toNanos();
    int looked = 0;
    while (true) {
      for (; looked < received.size(); looked++) {
        if (wanted.test(received.get(looked))) {
          return Optional.of(received.get(looked));
        }
      }
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return Optional.empty();
      }
      try {
        wait(left / 1_000_000 + 1);
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
  }

  /** All that has come so far. */
  public synchronized List<Received> received() {
    return List.copyOf(received);
  }

  private void keep(Stanza stanza) {
    String xml = stanza instanceof UnparsedIQ iq ? text(iq) : stanza.toXML().toString();
    wire.forEach(listener -> listener.accept("< " + xml));
    synchronized (this) {
      received.add(new Received(received.size(), xml, Xml.parse(xml)));
      notifyAll();
    }
  }

  /** Smack prints the child of an iq that it has no class for as if it were text. */
  private static String text(UnparsedIQ iq) {
    StringBuilder xml = new StringBuilder("<iq xmlns='jabber:client'");
    attribute(xml, "from", String.valueOf(iq.getFrom()));
    attribute(xml, "to", String.valueOf(iq.getTo()));
    attribute(xml, "id", iq.getStanzaId());
    attribute(xml, "type", iq.getType().toString());
    xml.append('>').append(iq.getContent());
    if (iq.getError() != null) {
      xml.append(iq.getError().toXML());
    }
    return xml.append("</iq>").toString();
  }

  private static void attribute(StringBuilder xml, String name, String value) {
    xml.append(' ').append(name).append("='");
    xml.append(StringUtils.escapeForXmlAttribute(value)).append('\'');
  }

  private void send(Stanza stanza) {
    wire.forEach(listener -> listener.accept("> " + stanza.toXML()));
    try {
      connection.sendStanza(stanza);
    } catch (SmackException.NotConnectedException e) {
      throw new IllegalStateException(jid() + " is not connected", e);
    } catch (InterruptedException e) {
      throw interrupted(e);
    }
  }

  private static Jid jid(String text) {
    try {
      return JidCreate.from(text);
    } catch (XmppStringprepException e) {
      throw new IllegalArgumentException("not an address: " + text, e);
    }
  }

  private static IllegalStateException interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new IllegalStateException("interrupted", e);
  }

  /** Cuts the connection without a word, as a crash does. */
  public void cut() {
    connection.instantShutdown();
  }

  @Override
  public void close() {
    connection.disconnect();
  }
}

package org.rayo.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jivesoftware.smack.ConnectionConfiguration.SecurityMode;
import org.jivesoftware.smack.ConnectionListener;
import org.jivesoftware.smack.ReconnectionManager;
import org.jivesoftware.smack.SASLAuthentication;
import org.jivesoftware.smack.XMPPConnection;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smack.filter.StanzaTypeFilter;
import org.jivesoftware.smack.packet.StanzaBuilder;
import org.jivesoftware.smack.sasl.SASLErrorException;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnectionConfiguration;
import org.jivesoftware.smackx.disco.ServiceDiscoveryManager;
import org.jivesoftware.smackx.ping.PingManager;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jxmpp.jid.impl.JidCreate;
import org.xmpp.packet.IQ;
import org.xmpp.packet.Presence;

/** The embedded server with real clients (Smack) and our own component. */
@Timeout(60)
class EmbeddedXmppServerTest {
  private static final String DOMAIN = "rayo.localhost";

  private final List<XMPPTCPConnection> clients = new ArrayList<>();
  private final BlockingQueue<Presence> presences = new LinkedBlockingQueue<>();
  private final BlockingQueue<IQ> commands = new LinkedBlockingQueue<>();
  private EmbeddedXmppServer server;
  private ComponentStream component;
  private StanzaRouter router;

  @BeforeEach
  void start() throws Exception {
    server = start(0, 0);
    component =
        new ComponentStream(
            ComponentSettings.of("127.0.0.1", server.componentPort(), DOMAIN, "s3cret"),
            stanza -> router.stanza(stanza));
    router =
        new StanzaRouter(
            DOMAIN,
            component,
            (address, asker) -> Optional.of(EntityKind.SERVER),
            iq -> {
              commands.add(iq);
              component.send(IQ.createResultIQ(iq));
            },
            presences::add);
    component.addListener(router.queries());
    component.start();
    component.firstConnection().toCompletableFuture().get(5, TimeUnit.SECONDS);
  }

  private static EmbeddedXmppServer start(int clientPort, int componentPort) throws IOException {
    EmbeddedXmppServer started =
        new EmbeddedXmppServer(
            new EmbeddedXmppServer.Settings(
                "localhost",
                Map.of(DOMAIN, "s3cret"),
                Map.of("juliet", "r0me0,=", "romeo", "jul1et"),
                clientPort,
                componentPort));
    started.start();
    return started;
  }

  @AfterEach
  void stop() {
    clients.forEach(XMPPTCPConnection::disconnect);
    component.close();
    router.queries().close();
    server.close();
  }

  private XMPPTCPConnection client(String resource) throws Exception {
    XMPPTCPConnectionConfiguration.Builder configuration =
        XMPPTCPConnectionConfiguration.builder()
            .setHostAddress(InetAddress.getLoopbackAddress())
            .setPort(server.clientPort())
            .setXmppDomain("localhost")
            .setSecurityMode(SecurityMode.disabled)
            .setSendPresence(false);
    if (!resource.isEmpty()) {
      configuration.setResource(resource);
    }
    XMPPTCPConnection connection = new XMPPTCPConnection(configuration.build());
    connection.setUseStreamManagement(false);
    clients.add(connection);
    connection.connect();
    return connection;
  }

  private XMPPTCPConnection juliet(String resource) throws Exception {
    XMPPTCPConnection connection = client(resource);
    connection.login("juliet", "r0me0,=");
    return connection;
  }

  @ParameterizedTest
  @ValueSource(strings = {"SCRAM-SHA-1", "PLAIN"})
  void login_rightPassword_bindsResource(String mechanism) throws Exception {
    String other = mechanism.equals("PLAIN") ? "SCRAM-SHA-1" : "PLAIN";
    SASLAuthentication.blacklistSASLMechanism(other);
    try {
      XMPPTCPConnection connection = juliet("balcony");
      assertThat(connection.getUsedSaslMechansism()).isEqualTo(mechanism);
      assertThat(connection.getUser().toString()).isEqualTo("juliet@localhost/balcony");
    } finally {
      SASLAuthentication.unBlacklistSASLMechanism(other);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"SCRAM-SHA-1", "PLAIN"})
  void login_wrongPasswordOrUser_isNotAuthorized(String mechanism) throws Exception {
    String other = mechanism.equals("PLAIN") ? "SCRAM-SHA-1" : "PLAIN";
    SASLAuthentication.blacklistSASLMechanism(other);
    try {
      for (String user : List.of("juliet", "nobody")) {
        XMPPTCPConnection connection = client("");
        assertThatThrownBy(() -> connection.login(user, "wrong"))
            .isInstanceOfSatisfying(
                SASLErrorException.class,
                e -> assertThat(e.getSASLFailure().toXML().toString()).contains("not-authorized"));
      }
    } finally {
      SASLAuthentication.unBlacklistSASLMechanism(other);
    }
  }

  @Test
  void bind_noResourceAsked_getsOne() throws Exception {
    assertThat(juliet("").getUser().getResourcepart().toString()).isNotEmpty();
  }

  @Test
  void bind_resourceInUse_oldConnectionGetsConflict() throws Exception {
    XMPPTCPConnection first = juliet("balcony");
    BlockingQueue<Exception> closed = new LinkedBlockingQueue<>();
    first.addConnectionListener(
        new ConnectionListener() {
          @Override
          public void connectionClosedOnError(Exception e) {
            closed.add(e);
          }
        });
    first.sendStanza(presenceTo(DOMAIN));
    assertThat(presences.poll(5, TimeUnit.SECONDS)).isNotNull();
    XMPPTCPConnection second = juliet("balcony");
    assertThat(closed.poll(5, TimeUnit.SECONDS))
        .isInstanceOf(XMPPException.StreamErrorException.class)
        .hasMessageContaining("conflict");
    assertThat(presences.poll(5, TimeUnit.SECONDS).getType()).isEqualTo(Presence.Type.unavailable);
    assertThat(second.isAuthenticated()).isTrue();
  }

  private static org.jivesoftware.smack.packet.Presence presenceTo(String to) throws Exception {
    return StanzaBuilder.buildPresence().to(JidCreate.from(to)).build();
  }

  @Test
  void iq_toTheComponent_isAnswered() throws Exception {
    XMPPTCPConnection juliet = juliet("balcony");
    assertThat(PingManager.getInstanceFor(juliet).ping(JidCreate.from(DOMAIN))).isTrue();
    assertThat(
            ServiceDiscoveryManager.getInstanceFor(juliet)
                .discoverInfo(JidCreate.from(DOMAIN))
                .containsFeature("urn:xmpp:rayo:record:1"))
        .isTrue();
    assertThat(
            ServiceDiscoveryManager.getInstanceFor(juliet)
                .discoverItems(JidCreate.from("localhost"))
                .getItems()
                .get(0)
                .getEntityID()
                .toString())
        .isEqualTo(DOMAIN);
  }

  @Test
  void iq_fromTheComponent_reachesTheClient() throws Exception {
    XMPPTCPConnection juliet = juliet("balcony");
    IQ pong =
        router
            .queries()
            .ping(new org.xmpp.packet.JID(juliet.getUser().toString()))
            .toCompletableFuture()
            .get(5, TimeUnit.SECONDS);
    assertThat(pong.getType()).isEqualTo(IQ.Type.result);
    IQ nobody =
        router
            .queries()
            .ping(new org.xmpp.packet.JID("juliet@localhost/attic"))
            .toCompletableFuture()
            .get(5, TimeUnit.SECONDS);
    assertThat(nobody.getError().getCondition())
        .isEqualTo(org.xmpp.packet.PacketError.Condition.service_unavailable);
  }

  @Test
  void presence_directed_arrivesFromTheFullAddress() throws Exception {
    juliet("balcony").sendStanza(presenceTo(DOMAIN));
    Presence presence = presences.poll(5, TimeUnit.SECONDS);
    assertThat(presence.getFrom().toString()).isEqualTo("juliet@localhost/balcony");
    assertThat(presence.getElement().getNamespaceURI()).isEmpty();
  }

  @Test
  void presence_clientVanishes_unavailableIsSent() throws Exception {
    XMPPTCPConnection juliet = juliet("balcony");
    juliet.sendStanza(presenceTo(DOMAIN));
    juliet.sendStanza(presenceTo("call@" + DOMAIN));
    presences.poll(5, TimeUnit.SECONDS);
    presences.poll(5, TimeUnit.SECONDS);
    juliet.instantShutdown();
    for (String to : List.of(DOMAIN, "call@" + DOMAIN)) {
      Presence gone = presences.poll(5, TimeUnit.SECONDS);
      assertThat(gone.getType()).isEqualTo(Presence.Type.unavailable);
      assertThat(gone.getTo().toString()).isEqualTo(to);
      assertThat(gone.getFrom().toString()).isEqualTo("juliet@localhost/balcony");
    }
    // To somebody who is gone, nothing comes back.
    Presence event = Stanzas.presence("e");
    component.send(event);
    juliet("attic").sendStanza(presenceTo(DOMAIN));
    assertThat(presences.poll(5, TimeUnit.SECONDS).getFrom().getResource()).isEqualTo("attic");
  }

  @Test
  void presence_unavailableBroadcast_isPassedOnOnce() throws Exception {
    XMPPTCPConnection juliet = juliet("balcony");
    juliet.sendStanza(presenceTo(DOMAIN));
    presences.poll(5, TimeUnit.SECONDS);
    juliet.disconnect();
    assertThat(presences.poll(5, TimeUnit.SECONDS).getType()).isEqualTo(Presence.Type.unavailable);
    juliet("attic").sendStanza(presenceTo(DOMAIN));
    assertThat(presences.poll(5, TimeUnit.SECONDS).getFrom().getResource()).isEqualTo("attic");
  }

  @Test
  void presence_burstToClient_arrivesInOrder() throws Exception {
    int count = 5_000;
    XMPPTCPConnection juliet = juliet("balcony");
    BlockingQueue<String> ids = new LinkedBlockingQueue<>();
    juliet.addSyncStanzaListener(
        stanza -> ids.add(stanza.getStanzaId()), StanzaTypeFilter.PRESENCE);
    for (int i = 0; i < count; i++) {
      Presence presence = Stanzas.presence("p" + i);
      presence.setTo(juliet.getUser().toString());
      assertThat(component.send(presence)).isTrue();
    }
    for (int i = 0; i < count; i++) {
      assertThat(ids.poll(10, TimeUnit.SECONDS)).isEqualTo("p" + i);
    }
  }

  @Test
  void message_betweenClients_arrives() throws Exception {
    XMPPTCPConnection romeo = client("garden");
    romeo.login("romeo", "jul1et");
    BlockingQueue<String> bodies = new LinkedBlockingQueue<>();
    romeo.addSyncStanzaListener(
        stanza -> bodies.add(((org.jivesoftware.smack.packet.Message) stanza).getBody()),
        StanzaTypeFilter.MESSAGE);
    juliet("balcony")
        .sendStanza(
            StanzaBuilder.buildMessage()
                .to(JidCreate.from("romeo@localhost/garden"))
                .setBody("O <Romeo> & \"Juliet\" €")
                .build());
    assertThat(bodies.poll(5, TimeUnit.SECONDS)).isEqualTo("O <Romeo> & \"Juliet\" €");
  }

  @Test
  void close_andRestart_clientAndComponentComeBack() throws Exception {
    XMPPTCPConnection juliet = juliet("balcony");
    ReconnectionManager reconnection = ReconnectionManager.getInstanceFor(juliet);
    reconnection.setFixedDelay(1);
    reconnection.enableAutomaticReconnection();
    CountDownLatch back = new CountDownLatch(1);
    juliet.addConnectionListener(
        new ConnectionListener() {
          @Override
          public void authenticated(XMPPConnection connection, boolean resumed) {
            back.countDown();
          }
        });
    int clientPort = server.clientPort();
    int componentPort = server.componentPort();
    server.close();
    server = start(clientPort, componentPort);
    assertThat(back.await(20, TimeUnit.SECONDS)).isTrue();
    juliet.sendStanza(presenceTo("localhost"));
    while (!component.isConnected()) {
      Thread.onSpinWait();
    }
    assertThat(PingManager.getInstanceFor(juliet).ping(JidCreate.from(DOMAIN))).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "x",
        "<?xml version='1.0'?><stream:stream xmlns='jabber:cl",
        "</a>",
        "\0\0\0",
        "<?xml version='1.0'?><stream:stream xmlns='jabber:client'"
            + " xmlns:stream='http://etherx.jabber.org/streams' to='localhost'><iq type='set'><b",
        "<?xml version='1.0'?><stream:stream xmlns='jabber:client'"
            + " xmlns:stream='http://etherx.jabber.org/streams' to='localhost'><auth"
            + " xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>!!!</auth>"
      })
  void connection_nonsenseThenCut_serverLives(String sent) throws Exception {
    for (int port : List.of(server.clientPort(), server.componentPort())) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        socket.getOutputStream().write(sent.getBytes(StandardCharsets.UTF_8));
      }
    }
    assertThat(juliet("balcony").isAuthenticated()).isTrue();
  }

  @Test
  void start_portInUse_isRefusedWithThePort() throws Exception {
    assertThatThrownBy(() -> start(server.clientPort(), 0))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("127.0.0.1:" + server.clientPort());
  }

  @Test
  void settings_toString_hasNoSecrets() {
    assertThat(
            new EmbeddedXmppServer.Settings("localhost", Map.of("a", "s3cret"), Map.of("b", "pw"))
                .toString())
        .doesNotContain("s3cret")
        .doesNotContain("pw");
  }
}

package org.rayo.server;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.rayo.config.RayoConfig;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.Decoded;
import org.rayo.testkit.audio.Mp3Decoder;
import org.rayo.testkit.audio.ToneMeter;
import org.rayo.testkit.audio.WavFile;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.client.Received.RecordingFacts;
import org.rayo.testkit.freeswitch.ScriptedSwitch;
import org.rayo.testkit.freeswitch.SwitchOptions;
import org.rayo.testkit.peers.XmppServerPeer;
import org.rayo.testkit.phone.CallOptions;
import org.rayo.testkit.phone.PhoneCall;
import org.rayo.testkit.phone.SoftPhone;

/** A whole site for tests: an XMPP server, the Rayo server, a phone, and clients as needed. */
final class Site implements AutoCloseable {

  static final Map<String, String> ACCOUNTS = Map.of("romeo", "montague", "juliet", "capulet");
  static final String RECORD = "<record xmlns='urn:xmpp:rayo:record:1'/>";
  static final String STOP = "<stop xmlns='urn:xmpp:rayo:ext:1'/>";
  static final String PAUSE = "<pause xmlns='urn:xmpp:rayo:record:1'/>";
  static final String RESUME = "<resume xmlns='urn:xmpp:rayo:record:1'/>";
  static final String ACCEPT = "<accept xmlns='urn:xmpp:rayo:1'/>";
  static final String ANSWER = "<answer xmlns='urn:xmpp:rayo:1'/>";
  static final String HANGUP = "<hangup xmlns='urn:xmpp:rayo:1'/>";

  /** What was said before these has left the jitter buffer. */
  private static final int PACKETS_UNTIL_HEARD = 20;

  /** In milliseconds; a beep has 250 of them. */
  private static final int ENOUGH_OF_A_TONE = 60;

  private final RayoServer server;
  private final String component;
  private final String host;
  private final int clientPort;
  final String domain;
  private final Optional<XmppServerPeer> peer;
  private final List<RayoClient> clients = new CopyOnWriteArrayList<>();
  final SoftPhone phone = SoftPhone.create();
  private Optional<ScriptedSwitch> freeSwitch = Optional.empty();
  private Optional<String> freeSwitchUri = Optional.empty();

  private Site(RayoServer server, Optional<XmppServerPeer> peer) {
    this.server = server;
    this.peer = peer;
    this.host = "127.0.0.1";
    this.component = peer.map(XmppServerPeer::componentDomain).orElse("rayo.localhost");
    this.domain = peer.map(XmppServerPeer::domain).orElse(EmbeddedXmpp.DOMAIN);
    this.clientPort =
        peer.map(XmppServerPeer::clientPort)
            .orElseGet(() -> server.xmppServer().orElseThrow().clientPort());
  }

  /** With the embedded XMPP server. */
  static Site embedded(Path directory, String... config) throws Exception {
    List<String> lines = new ArrayList<>(List.of("rayo.xmpp.server = embedded"));
    ACCOUNTS.forEach(
        (user, password) ->
            lines.add("rayo.xmpp.embedded.accounts." + user + " = \"" + password + "\""));
    return start(Optional.empty(), directory, lines, config);
  }

  /** Where two dialects are spoken: juliet the XEP's, all others the wiki's. */
  static Site bilingual(Path directory, String... config) throws Exception {
    List<String> lines = new ArrayList<>(List.of(config));
    lines.add("rayo.record.clients = [{ jid = \"juliet@*\", dialect = xep-0327 }]");
    return embedded(directory, lines.toArray(String[]::new));
  }

  /**
   * The same, where FreeSWITCH carries the calls: a real one that parks them, when {@code
   * RAYO_FREESWITCH=host:port:password} and {@code RAYO_FREESWITCH_URI} name it, else a scripted
   * one that offers them by its sockets.
   */
  static Site bilingualOnFreeSwitch(Path directory, String... config) throws Exception {
    Optional<String> real = Optional.ofNullable(System.getenv("RAYO_FREESWITCH"));
    return real.isPresent()
        ? bilingualOnRealFreeSwitch(real.get(), directory, config)
        : bilingualOnScriptedFreeSwitch(directory, config);
  }

  private static Site bilingualOnRealFreeSwitch(String address, Path directory, String... config)
      throws Exception {
    String[] parts = address.split(":", 3);
    List<String> lines = new ArrayList<>(List.of(config));
    lines.addAll(onFreeSwitch(parts[0], Integer.parseInt(parts[1]), parts[2]));
    lines.add("rayo.media.freeswitch.offers = park");
    Site site = bilingual(directory, lines.toArray(String[]::new));
    site.freeSwitchUri =
        Optional.of(
            Optional.ofNullable(System.getenv("RAYO_FREESWITCH_URI"))
                .orElse("sip:park@" + parts[0] + ":5080"));
    // Its filters are set a moment after the first connection.
    Thread.sleep(1000);
    return site;
  }

  private static Site bilingualOnScriptedFreeSwitch(Path directory, String... config)
      throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = free.getLocalPort();
    }
    ScriptedSwitch scripted =
        ScriptedSwitch.start(
            SwitchOptions.defaults()
                .outbound(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)));
    List<String> lines = new ArrayList<>(List.of(config));
    lines.addAll(onFreeSwitch("127.0.0.1", scripted.eventSocket().getPort(), "ClueCon"));
    lines.add("rayo.media.freeswitch.socket.port = " + port);
    Site site = bilingual(directory, lines.toArray(String[]::new));
    site.freeSwitch = Optional.of(scripted);
    site.freeSwitchUri = Optional.of(scripted.uri("rayo-service"));
    scripted.awaitSubscribers(1);
    return site;
  }

  private static List<String> onFreeSwitch(String host, int port, String password) {
    return List.of(
        "rayo.media.backend = freeswitch",
        "rayo.media.freeswitch.servers.main { host = \""
            + host
            + "\", password = \""
            + password
            + "\", port = "
            + port
            + " }",
        "rayo.media.freeswitch.capture.port = 0");
  }

  /** Makes a call, so that the next ones do not wait for classes to be loaded. */
  void warmUp(RayoClient client) throws Exception {
    Answered answered = talkingCall(client, "warm-up", AudioSource.silence(10));
    String component = record(client, answered.address(), "wav");
    expectResult(client.command(component, PAUSE));
    expectResult(client.command(component, RESUME));
    stop(client, component);
    answered.call().hangup();
    client.awaitEvent(answered.address(), "end");
  }

  /** With an XMPP server of another make, which is closed with the site. */
  static Site on(XmppServerPeer peer, Path directory, String... config) throws Exception {
    List<String> lines =
        List.of(
            "rayo.xmpp.port = " + peer.componentPort(),
            "rayo.xmpp.domain = \"" + peer.componentDomain() + "\"",
            "rayo.xmpp.secret = \"" + peer.secret() + "\"",
            "rayo.xmpp.reconnect { min-backoff = 100ms, max-backoff = 1s }");
    return start(Optional.of(peer), directory, lines, config);
  }

  private static Site start(
      Optional<XmppServerPeer> peer, Path directory, List<String> xmpp, String... config)
      throws Exception {
    List<String> lines = new ArrayList<>(xmpp);
    lines.add("rayo.media.embedded.sip { address = \"127.0.0.1\", port = 0 }");
    lines.add("rayo.spool.directory = \"" + directory.resolve("spool") + "\"");
    lines.add("rayo.storage.stores.local.directory = \"" + directory.resolve("recordings") + "\"");
    lines.addAll(List.of(config));
    RayoServer server;
    try {
      server = RayoServer.start(RayoConfig.loadString(String.join("\n", lines), Map.of()), false);
    } catch (StartException e) {
      peer.ifPresent(XmppServerPeer::close);
      throw e;
    }
    Site site = new Site(server, peer);
    try {
      await(server.connection());
    } catch (Exception e) {
      site.close();
      throw e;
    }
    return site;
  }

  RayoServer server() {
    return server;
  }

  String component() {
    return component;
  }

  /** Logs a client in that takes no calls yet. */
  RayoClient client(String user, String resource) {
    RayoClient client =
        RayoClient.connect(
            new RayoClient.Login(host, clientPort, domain, user, ACCOUNTS.get(user), resource),
            component);
    clients.add(client);
    return client;
  }

  /** Logs a client in that takes calls, and returns when the server knows it. */
  RayoClient availableClient(String user, String resource) {
    RayoClient client = client(user, resource);
    client.available();
    settle(client);
    return client;
  }

  /** Logs a client out and forgets what it has received. */
  void logOut(RayoClient client) {
    clients.remove(client);
    client.close();
  }

  /** Returns when the server has processed what this client sent before. */
  void settle(RayoClient client) {
    client.await(
        client.sendIq(
            org.jivesoftware.smack.packet.IQ.Type.get, component, "<ping xmlns='urn:xmpp:ping'/>"));
  }

  String sipUri() {
    return freeSwitchUri.orElseGet(() -> "sip:service@127.0.0.1:" + server.sipPort());
  }

  PhoneCall ring() {
    return ring("caller", options -> {});
  }

  /** A call whose offer {@link #offer} finds by its caller, whom nobody else may be. */
  PhoneCall ring(String caller, Consumer<CallOptions.Builder> more) {
    CallOptions.Builder options = CallOptions.to(sipUri()).from(caller);
    more.accept(options);
    return phone.call(options.build());
  }

  /** The offer of a call from or to this user. */
  Received offer(RayoClient client, String user) {
    String part = ":" + user + "@";
    return client.await(
        "the offer of the call of " + user,
        s ->
            s.isEvent("offer")
                && s.child("offer")
                    .filter(
                        offer ->
                            offer.getAttribute("from").contains(part)
                                || offer.getAttribute("to").contains(part))
                    .isPresent());
  }

  /** A call from a caller of its own that is answered; any number may be made at once. */
  Answered answeredCall(RayoClient client, String caller, Consumer<CallOptions.Builder> more)
      throws Exception {
    PhoneCall call = ring(caller, more);
    String address = offer(client, caller).from();
    expectResult(client.command(address, ANSWER));
    await(call.answered());
    return new Answered(call, address);
  }

  /**
   * A call whose caller has been saying this for a while, so that it is heard from the first sample
   * of a recording on.
   */
  Answered talkingCall(RayoClient client, String caller, AudioSource audio) throws Exception {
    Answered answered =
        answeredCall(client, caller, options -> options.telephoneEvent(true).audio(audio));
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (answered.call().packetsSent() < PACKETS_UNTIL_HEARD) {
      if (System.nanoTime() - deadline > 0) {
        throw new AssertionError(caller + " says nothing");
      }
      Thread.sleep(20);
    }
    return answered;
  }

  /**
   * Waits until the caller has heard a tone, though a stalled machine may have cost some of it.
   *
   * @return how much of it the caller has heard, in milliseconds
   */
  static int awaitTone(PhoneCall call, double hertz) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    int before = 0;
    while (System.nanoTime() - deadline < 0) {
      int heard = millisOf(hertz, call.heard());
      if (heard >= ENOUGH_OF_A_TONE && heard == before) {
        return heard;
      }
      before = heard;
      Thread.sleep(100);
    }
    throw new AssertionError("only " + before + " ms of " + hertz + " Hz");
  }

  private static int millisOf(double hertz, short[] pcm) {
    int millis = 0;
    for (int at = 0; at + 160 <= pcm.length; at += 160) {
      short[] frame = Arrays.copyOfRange(pcm, at, at + 160);
      millis += ToneMeter.levelAt(frame, 8000, hertz) > -20 ? 20 : 0;
    }
    return millis;
  }

  /**
   * Starts a recording without a beep.
   *
   * @return the component's address
   */
  static String record(RayoClient client, String call, String format) {
    return expectResult(
            client.command(
                call,
                "<record xmlns='urn:xmpp:rayo:record:1' format='"
                    + format
                    + "' start-beep='false'/>"))
        .ref();
  }

  /**
   * Starts a recording.
   *
   * @param attributes of the {@code record}, as XML
   * @param hints each as {@code name=value}
   * @return the answer, whose ref is the component's address
   */
  static Received start(RayoClient client, String call, String attributes, String... hints) {
    return expectResult(client.command(call, recordCommand(attributes, hints)));
  }

  /** The command of {@link #start}. */
  static String recordCommand(String attributes, String... hints) {
    StringBuilder record = new StringBuilder("<record xmlns='urn:xmpp:rayo:record:1' ");
    record.append(attributes).append('>');
    for (String hint : hints) {
      String[] parts = hint.split("=", 2);
      record.append("<hint name='").append(parts[0]).append("' value='");
      record.append(parts[1]).append("'/>");
    }
    return record.append("</record>").toString();
  }

  /** Stops a recording and returns its end. */
  static Received stop(RayoClient client, String component) {
    expectResult(client.command(component, STOP));
    return client.awaitEvent(component, "complete");
  }

  /** What of a client's stanzas came from a call or one of its components, in order. */
  static List<Received> of(RayoClient client, String call) {
    return client.received().stream()
        .filter(s -> s.from().equals(call) || s.from().startsWith(call + "/"))
        .toList();
  }

  /** A call that is answered. */
  Answered answeredCall(RayoClient client) throws Exception {
    PhoneCall call = ring();
    String address = newOffer(client).from();
    expectResult(client.command(address, ANSWER));
    await(call.answered());
    return new Answered(call, address);
  }

  record Answered(PhoneCall call, String address) {}

  private int offersSeen;

  /** Waits for an offer that no earlier call of this has returned. */
  synchronized Received newOffer(RayoClient client) {
    int after = offersSeen;
    Received offer = client.await("an offer", s -> s.isEvent("offer") && s.number() >= after);
    offersSeen = offer.number() + 1;
    return offer;
  }

  /** What has been offered so far is no concern of {@link #newOffer}. */
  synchronized void passOffers(RayoClient client) {
    offersSeen = client.received().size();
  }

  static Received expectResult(Received answer) {
    if (!answer.type().equals("result")) {
      throw new AssertionError("not a result: " + answer.xml());
    }
    return answer;
  }

  static Path file(RecordingFacts facts) {
    return Path.of(URI.create(facts.uri()));
  }

  static Decoded decode(RecordingFacts facts) {
    Path file = file(facts);
    return file.toString().endsWith(".wav")
        ? WavFile.read(file).audio()
        : Mp3Decoder.decode(file).audio();
  }

  static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    clients.forEach(RayoClient::close);
    phone.close();
    server.close();
    freeSwitch.ifPresent(ScriptedSwitch::close);
    peer.ifPresent(XmppServerPeer::close);
  }
}

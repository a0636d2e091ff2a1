package org.rayo.media.sip;

import gov.nist.javax.sip.EventScanner;
import gov.nist.javax.sip.EventWrapper;
import gov.nist.javax.sip.SipStackImpl;
import java.io.IOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import javax.sip.IOExceptionEvent;
import javax.sip.InvalidArgumentException;
import javax.sip.ListeningPoint;
import javax.sip.SipException;
import javax.sip.SipFactory;
import javax.sip.SipListener;
import javax.sip.SipProvider;
import javax.sip.header.CallIdHeader;
import javax.sip.header.FromHeader;
import javax.sip.header.ViaHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.rayo.media.MediaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The SIP stack, listening on one port for UDP and TCP.
 *
 * <p>{@link #open} returns when the stack really answers, because stopping one that is still
 * starting fails.
 */
final class SipEndpoint {

  private static final Logger log = LoggerFactory.getLogger(SipEndpoint.class);

  /** At once. */
  static final int MAX_TCP_CONNECTIONS = 500;

  private static final int PORT_TRIES = 20;
  private static final int STOP_TRIES = 20;
  private static final Duration STOP_WAIT = Duration.ofMillis(50);
  private static final int PROBE_TRIES = 20;
  private static final Duration PROBE_WAIT = Duration.ofMillis(250);

  private final SipStackImpl stack;
  private final SipProvider provider;
  private final SipMessages messages;
  private final InetAddress bound;
  private final int port;
  private final String secret = UUID.randomUUID().toString();

  private SipEndpoint(
      SipStackImpl stack, SipProvider provider, SipMessages messages, InetAddress bound, int port) {
    this.stack = stack;
    this.provider = provider;
    this.messages = messages;
    this.bound = bound;
    this.port = port;
  }

  /**
   * Opens the sockets.
   *
   * @throws MediaException fault {@code CONFIGURATION}, one line; nothing stays open then
   */
  static SipEndpoint open(SipSettings settings) throws MediaException {
    InetAddress address = localAddress(settings.address());
    int port = settings.port() == 0 ? freePort(address) : settings.port();
    requireFree(address, port);
    SipFactory factory = SipFactory.getInstance();
    SipStackImpl stack = null;
    try {
      stack = new SipStackImpl(properties(settings));
      ListeningPoint udp = stack.createListeningPoint(address.getHostAddress(), port, "udp");
      ListeningPoint tcp = stack.createListeningPoint(address.getHostAddress(), port, "tcp");
      SipProvider provider = stack.createSipProvider(udp);
      provider.addListeningPoint(tcp);
      return new SipEndpoint(
          stack, provider, new SipMessages(factory, settings.userAgent()), address, port);
    } catch (InvalidArgumentException | SipException e) {
      if (stack != null) {
        stop(stack);
      }
      throw new MediaException(
          MediaException.Fault.CONFIGURATION,
          "SIP cannot listen on " + at(address, port) + ": " + e.getMessage(),
          e);
    }
  }

  /** Begins to deliver requests. */
  void listen(SipListener listener) throws MediaException {
    try {
      provider.addSipListener(listener);
      stack.start();
    } catch (SipException | java.util.TooManyListenersException e) {
      throw new MediaException(MediaException.Fault.FAILED, "the SIP stack does not start", e);
    }
    awaitAnswer();
  }

  /**
   * Responds to a request that needs no transaction: sent again, it gets the same response again.
   *
   * @param more adds to the response
   */
  void refuse(Request request, int status, Consumer<Response> more) throws SipException {
    Response response = messages.response(status, request, tag(request));
    more.accept(response);
    provider.sendResponse(response);
  }

  /** Our tag for a request: the same whenever it comes again, another for every other. */
  String tag(Request request) {
    String callId = ((CallIdHeader) request.getHeader(CallIdHeader.NAME)).getCallId();
    String fromTag = ((FromHeader) request.getHeader(FromHeader.NAME)).getTag();
    ViaHeader via = (ViaHeader) request.getHeader(ViaHeader.NAME);
    return UUID.nameUUIDFromBytes(
            (secret + " " + callId + " " + fromTag + " " + via.getBranch())
                .getBytes(StandardCharsets.UTF_8))
        .toString()
        .substring(0, 13);
  }

  /** Whether there is a way back: a Via of an unknown transport has none. */
  boolean canAnswer(Request request) {
    ViaHeader via = (ViaHeader) request.getHeader(ViaHeader.NAME);
    return provider.getListeningPoint(via.getTransport()) != null;
  }

  SipProvider provider() {
    return provider;
  }

  SipMessages messages() {
    return messages;
  }

  int port() {
    return port;
  }

  /** The bound address; the unspecified one when bound to all. */
  InetAddress bound() {
    return bound;
  }

  void close() {
    EventScanner events = stack.getEventScanner();
    stop(stack);
    // Stopping sets a flag, which the thread that waits for events sees only with the next one.
    events.addEvent(new EventWrapper(new IOExceptionEvent(provider, "", port, "udp"), null));
  }

  /** The stack's own stop fails on a UDP reader whose thread has not run yet; then once more. */
  private static void stop(SipStackImpl stack) {
    for (int i = 0; i < STOP_TRIES; i++) {
      try {
        stack.stop();
        return;
      } catch (NullPointerException stillStarting) {
        log.debug("the SIP stack is still starting, and cannot stop yet", stillStarting);
        LockSupport.parkNanos(STOP_WAIT.toNanos());
      }
    }
    log.warn("the SIP stack could not be stopped; its sockets may stay open");
  }

  private static Properties properties(SipSettings settings) {
    Properties p = new Properties();
    p.setProperty("javax.sip.STACK_NAME", "rayo-" + UUID.randomUUID());
    p.setProperty("javax.sip.AUTOMATIC_DIALOG_SUPPORT", "on");
    String nist = "gov.nist.javax.sip.";
    p.setProperty(nist + "STACK_LOGGER", StackLog.class.getName());
    p.setProperty(nist + "SERVER_LOGGER", NoMessageLog.class.getName());
    p.setProperty(nist + "MESSAGE_PARSER_FACTORY", VersionParsers.class.getName());
    p.setProperty("javax.sip.ROUTER_PATH", SentHops.class.getName());
    // A thread each: enough for proxies and gateways, too few to be exhausted by strangers.
    p.setProperty(nist + "MAX_CONNECTIONS", Integer.toString(MAX_TCP_CONNECTIONS));
    // One reader keeps the order of what comes over UDP; listeners only hand over.
    p.setProperty(nist + "REENTRANT_LISTENER", "true");
    p.setProperty(nist + "THREAD_POOL_SIZE", "1");
    p.setProperty(nist + "MAX_MESSAGE_SIZE", Integer.toString(2 * SdpReader.MAX_BYTES));
    p.setProperty(nist + "RECEIVE_UDP_BUFFER_SIZE", Integer.toString(2 << 20));
    p.setProperty(nist + "SEND_UDP_BUFFER_SIZE", Integer.toString(1 << 20));
    p.setProperty(nist + "CONNECTION_TIMEOUT", "2000");
    p.setProperty(
        nist + "EARLY_DIALOG_TIMEOUT_SECONDS",
        Long.toString(settings.ringTimeout().toSeconds() + 60));
    return p;
  }

  private static InetAddress localAddress(String text) throws MediaException {
    try {
      InetAddress address = InetAddress.getByName(text);
      if (address.isAnyLocalAddress() || NetworkInterface.getByInetAddress(address) != null) {
        return address;
      }
      // The rest of 127.0.0.0/8 is ours too, though no interface lists it.
      if (address.isLoopbackAddress()) {
        return address;
      }
      throw configuration("SIP address " + text + " is not an address of this machine");
    } catch (UnknownHostException e) {
      throw configuration("SIP address '" + text + "' is neither an IP address nor a known host");
    } catch (SocketException e) {
      throw configuration("SIP address " + text + " cannot be looked up: " + e.getMessage());
    }
  }

  private static void requireFree(InetAddress address, int port) throws MediaException {
    try (DatagramSocket udp = new DatagramSocket(new InetSocketAddress(address, port))) {
      udp.getLocalPort();
    } catch (IOException e) {
      throw configuration("SIP port " + at(address, port) + " (udp) is in use or not allowed");
    }
    try (ServerSocket tcp = new ServerSocket(port, 1, address)) {
      tcp.getLocalPort();
    } catch (IOException e) {
      throw configuration("SIP port " + at(address, port) + " (tcp) is in use or not allowed");
    }
  }

  private static int freePort(InetAddress address) throws MediaException {
    for (int i = 0; i < PORT_TRIES; i++) {
      try (ServerSocket tcp = new ServerSocket(0, 1, address);
          DatagramSocket udp =
              new DatagramSocket(new InetSocketAddress(address, tcp.getLocalPort()))) {
        return udp.getLocalPort();
      } catch (IOException takenForUdp) {
        log.debug("a port is free for TCP but not for UDP", takenForUdp);
      }
    }
    throw configuration("no SIP port is free for both UDP and TCP on " + address.getHostAddress());
  }

  /** Asks this endpoint whether it hears. */
  SelfProbe probe() {
    return new SelfProbe(bound, port);
  }

  private void awaitAnswer() throws MediaException {
    try {
      if (probe().answers(PROBE_TRIES, PROBE_WAIT)) {
        return;
      }
    } catch (IOException e) {
      throw new MediaException(
          MediaException.Fault.FAILED, "SIP on " + at(bound, port) + " cannot be reached", e);
    }
    throw new MediaException(
        MediaException.Fault.FAILED,
        "SIP on "
            + at(bound, port)
            + " does not answer within "
            + PROBE_WAIT.multipliedBy(PROBE_TRIES));
  }

  private static MediaException configuration(String message) {
    return new MediaException(MediaException.Fault.CONFIGURATION, message);
  }

  private static String at(InetAddress address, int port) {
    String host = address.getHostAddress();
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}

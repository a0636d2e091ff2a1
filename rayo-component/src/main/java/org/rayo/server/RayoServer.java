package org.rayo.server;

import com.google.inject.Guice;
import com.google.inject.ProvisionException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.rayo.config.MediaConfig;
import org.rayo.config.RayoConfig;
import org.rayo.config.XmppConfig;
import org.rayo.media.MediaException;
import org.rayo.media.freeswitch.FreeSwitchMediaBackend;
import org.rayo.media.sip.EmbeddedMediaBackend;
import org.rayo.recording.JournalException;
import org.rayo.xmpp.ComponentSettings;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running server.
 *
 * <p>Thread safe. Several may run in one JVM, on ports and directories of their own.
 */
public final class RayoServer implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(RayoServer.class);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);

  private final RayoConfig config;
  private final ServerParts parts;
  private final Optional<EmbeddedXmpp> xmppServer;
  private final AtomicBoolean closed = new AtomicBoolean();

  private RayoServer(RayoConfig config, ServerParts parts, Optional<EmbeddedXmpp> xmppServer) {
    this.config = config;
    this.parts = parts;
    this.xmppServer = xmppServer;
  }

  /**
   * Starts everything. Returns when calls can come in; the connection to the XMPP server may still
   * be on its way: {@link #connection} tells.
   *
   * @param failFast the first failure to connect is final
   * @throws StartException a line for each problem, for whoever starts it; no socket stays open
   */
  public static RayoServer start(RayoConfig config, boolean failFast) throws StartException {
    List<String> problems = Preflight.hindrances(config);
    if (!problems.isEmpty()) {
      throw new StartException(problems);
    }
    Optional<EmbeddedXmpp> xmppServer =
        config.xmpp().server() == XmppConfig.Server.EMBEDDED
            ? Optional.of(EmbeddedXmpp.start(config.xmpp()))
            : Optional.empty();
    try {
      ServerModule module =
          new ServerModule(config, component(config.xmpp(), xmppServer, failFast));
      ServerParts parts = Guice.createInjector(module).getInstance(ServerParts.class);
      start(config, parts);
      return new RayoServer(config, parts, xmppServer);
    } catch (StartException e) {
      xmppServer.ifPresent(EmbeddedXmpp::close);
      throw e;
    } catch (ProvisionException e) {
      xmppServer.ifPresent(EmbeddedXmpp::close);
      throw new StartException(oneLine(e.getCause() == null ? e : e.getCause()), e);
    }
  }

  private static void start(RayoConfig config, ServerParts parts) throws StartException {
    try {
      parts.start();
    } catch (MediaException e) {
      parts.stop(Duration.ZERO);
      throw new StartException(oneLine(e) + "; " + ports(config.media()), e);
    } catch (JournalException e) {
      parts.stop(Duration.ZERO);
      throw new StartException(oneLine(e), e);
    }
  }

  /** Which keys say where calls are listened for. */
  private static String ports(MediaConfig media) {
    return switch (media.backend()) {
      case EMBEDDED ->
          "rayo.media.embedded.sip.port is "
              + media.embedded().sip().port()
              + ", and 0 picks a free one";
      case FREESWITCH ->
          "rayo.media.freeswitch.capture.port is "
              + media.freeswitch().capture().port()
              + ", socket.port "
              + media.freeswitch().socket().port()
              + ", and 0 picks a free one";
    };
  }

  private static ComponentSettings component(
      XmppConfig xmpp, Optional<EmbeddedXmpp> embedded, boolean failFast) {
    return new ComponentSettings(
        embedded.isPresent() ? EmbeddedXmpp.HOST : xmpp.host(),
        embedded.map(EmbeddedXmpp::componentPort).orElse(xmpp.port()),
        xmpp.domain(),
        embedded.map(EmbeddedXmpp::secret).orElse(xmpp.secret().reveal()),
        xmpp.queueLimit(),
        xmpp.maxStanzaSizeBytes(),
        CONNECT_TIMEOUT,
        xmpp.reconnect().minBackoff(),
        xmpp.reconnect().maxBackoff(),
        failFast);
  }

  /** What went wrong, and why, as far as the cause knows more. */
  private static String oneLine(Throwable failure) {
    Throwable cause = failure.getCause();
    String text = String.valueOf(failure.getMessage());
    return cause instanceof IOException && cause.getMessage() != null
        ? text + ": " + cause.getClass().getSimpleName() + ": " + cause.getMessage()
        : text;
  }

  /**
   * Completes with the first connection to the XMPP server; fails when that will never be, as with
   * a wrong secret.
   */
  public CompletionStage<Void> connection() {
    return parts.stream().firstConnection();
  }

  /**
   * Where callers reach it, on UDP and TCP.
   *
   * @throws IllegalStateException with another backend than the embedded one
   */
  public int sipPort() {
    if (parts.media() instanceof EmbeddedMediaBackend embedded) {
      return embedded.localPort();
    }
    throw new IllegalStateException("callers reach FreeSWITCH");
  }

  /** Where FreeSWITCH connects to with calls, when it does. */
  public Optional<InetSocketAddress> offerSocket() {
    return parts.media() instanceof FreeSwitchMediaBackend freeSwitch
        ? freeSwitch.socketAddress()
        : Optional.empty();
  }

  /** The embedded XMPP server, if it runs. */
  public Optional<EmbeddedXmpp> xmppServer() {
    return xmppServer;
  }

  /** How many calls are up. */
  public int calls() {
    return parts.calls().size();
  }

  /** What it does and has done. */
  public ServerFigures figures() {
    return new ServerFigures(
        calls(), parts.rtp().counters(), parts.recorders().counters(), parts.clients().resent());
  }

  /**
   * Stops: no new calls; those that are up are hung up, their recordings finished and stored and
   * their clients told, all within the configured grace; then everything is closed. A second time
   * does nothing.
   */
  @Override
  public void close() {
    if (!closed.compareAndSet(false, true)) {
      return;
    }
    LOG.info("stopping; calls up: {}", calls());
    parts.stop(config.shutdown().grace());
    xmppServer.ifPresent(EmbeddedXmpp::close);
    LOG.info("stopped");
  }
}

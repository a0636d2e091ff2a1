package org.rayo.server;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.rayo.config.ConfigException;
import org.rayo.config.RayoConfig;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rayo serve}: runs the server until it is told to stop. */
@Command(
    name = "serve",
    mixinStandardHelpOptions = true,
    description = {
      "Runs the server until SIGTERM or Ctrl-C; a second one stops it at once.",
      "Without a configuration file it brings its own XMPP server, on loopback.",
      "Exits with 0 after an orderly stop, 1 when it cannot run as configured, and 2 when the "
          + "configuration or the command line is wrong."
    })
final class ServeCommand implements Callable<Integer> {

  private static final Logger LOG = LoggerFactory.getLogger(ServeCommand.class);

  @Spec private CommandSpec spec;

  @Option(
      names = {"-c", "--config"},
      paramLabel = "FILE",
      description = "The configuration file; docs/configuration.md lists its keys.")
  private Optional<Path> file = Optional.empty();

  @Option(
      names = "--fail-fast",
      description = "Exit when the XMPP server cannot be reached, instead of trying again.")
  private boolean failFast;

  ServeCommand() {}

  /**
   * Waits on this thread for a signal or for the news that there will never be a connection, and
   * stops the server on it.
   */
  @Override
  public Integer call() throws ConfigException, StartException, InterruptedException {
    RayoConfig config =
        file.isPresent() ? RayoConfig.load(file.get(), Stores::complaint) : RayoConfig.defaults();
    LogLevel.set(config.log().level());
    Thread.setDefaultUncaughtExceptionHandler(ServeCommand::uncaught);
    CompletableFuture<Void> end = new CompletableFuture<>();
    CountDownLatch stopped = new CountDownLatch(1);
    Signals.onTermination(() -> end.complete(null), stopped);
    try (RayoServer server = RayoServer.start(config, failFast)) {
      announce(config, server);
      server
          .connection()
          .whenComplete(
              (connected, failure) -> {
                if (failure != null) {
                  end.completeExceptionally(failure);
                }
              });
      end.get();
      return CommandLine.ExitCode.OK;
    } catch (ExecutionException e) {
      Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
      throw new StartException(String.valueOf(cause.getMessage()), e);
    } finally {
      stopped.countDown();
    }
  }

  /** A line in the log. The SIP stack's readers end so on what it does not take. */
  private static void uncaught(Thread thread, Throwable failure) {
    if (thread.getName().startsWith("PipelineThread")) {
      LOG.warn("a SIP connection over TCP ends: {}", failure.getMessage());
    } else {
      LOG.error("the thread {} has ended", thread.getName(), failure);
    }
  }

  private void announce(RayoConfig config, RayoServer server) {
    PrintWriter out = spec.commandLine().getOut();
    switch (config.media().backend()) {
      case EMBEDDED ->
          out.printf(
              "SIP    sip:%s:%d (UDP and TCP)%n",
              config.media().embedded().sip().address().getHostAddress(), server.sipPort());
      case FREESWITCH ->
          out.printf("MEDIA  FreeSWITCH %s%n", Summary.servers(config.media().freeswitch()));
    }
    server
        .xmppServer()
        .ifPresentOrElse(
            embedded -> announce(out, config, embedded),
            () ->
                out.printf(
                    "XMPP   component %s of the server at %s:%d%n",
                    config.xmpp().domain(), config.xmpp().host(), config.xmpp().port()));
    out.println("Ctrl-C stops.");
    out.flush();
  }

  /** A password that was made up has to be printed; one from the configuration must not be. */
  private static void announce(PrintWriter out, RayoConfig config, EmbeddedXmpp embedded) {
    boolean madeUp = config.xmpp().embedded().accounts().isEmpty();
    out.printf(
        "XMPP   embedded server; log in to %s:%d, domain %s, without TLS, as:%n",
        EmbeddedXmpp.HOST, embedded.clientPort(), EmbeddedXmpp.DOMAIN);
    embedded
        .accounts()
        .forEach(
            (user, password) ->
                out.printf(
                    "         %s@%s  password %s%n",
                    user, EmbeddedXmpp.DOMAIN, madeUp ? password : "as configured"));
    out.printf("       and send presence to %s to be offered calls%n", config.xmpp().domain());
  }
}

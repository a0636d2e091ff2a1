package org.rayo.server;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import org.rayo.config.ConfigException;
import org.rayo.config.RayoConfig;
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
      "Without a configuration file it brings its own XMPP server, on loopback."
    })
final class ServeCommand implements Callable<Integer> {

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

  @Override
  public Integer call() throws ConfigException, StartException, InterruptedException {
    RayoConfig config = file.isPresent() ? RayoConfig.load(file.get()) : RayoConfig.defaults();
    ((Logger) LoggerFactory.getLogger("org.rayo"))
        .setLevel(Level.toLevel(config.log().level().name()));
    RayoServer server = RayoServer.start(config, failFast);
    CountDownLatch stopped = new CountDownLatch(1);
    Signals.onTermination(
        () -> {
          server.close();
          stopped.countDown();
        });
    announce(config, server);
    try {
      server.connection().toCompletableFuture().get();
    } catch (ExecutionException e) {
      server.close();
      Throwable cause = Optional.ofNullable(e.getCause()).orElse(e);
      throw new StartException(String.valueOf(cause.getMessage()), e);
    }
    stopped.await();
    return CommandLine.ExitCode.OK;
  }

  private void announce(RayoConfig config, RayoServer server) {
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "SIP    sip:%s:%d (UDP and TCP)%n",
        config.media().embedded().sip().address().getHostAddress(), server.sipPort());
    server
        .xmppServer()
        .ifPresentOrElse(
            embedded -> {
              out.printf(
                  "XMPP   embedded server; log in to %s:%d, domain %s, without TLS, as:%n",
                  EmbeddedXmpp.HOST, embedded.clientPort(), EmbeddedXmpp.DOMAIN);
              embedded
                  .accounts()
                  .forEach(
                      (user, password) ->
                          out.printf(
                              "         %s@%s  password %s%n",
                              user,
                              EmbeddedXmpp.DOMAIN,
                              config.xmpp().embedded().accounts().isEmpty()
                                  ? password
                                  : "as configured"));
              out.printf("       and send presence to %s to be offered calls%n", domain(config));
            },
            () ->
                out.printf(
                    "XMPP   component %s at %s:%d%n",
                    domain(config), config.xmpp().host(), config.xmpp().port()));
    out.println("Ctrl-C stops.");
    out.flush();
  }

  private static String domain(RayoConfig config) {
    return config.xmpp().domain();
  }
}

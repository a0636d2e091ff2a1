package org.rayo.testkit.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What Prosody and ejabberd have in common: a directory, two ports and a process that comes and
 * goes.
 */
abstract sealed class ServerProcess implements XmppServerPeer permits Prosody, Ejabberd {

  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final XmppServerOptions options;
  private final Path directory;
  private final int clientPort;
  private final int componentPort;
  private Optional<PeerProcess> process = Optional.empty();

  ServerProcess(XmppServerOptions options, Path directory) {
    this.options = options;
    this.directory = directory.toAbsolutePath();
    int[] ports = Ports.twoFree();
    clientPort = ports[0];
    componentPort = ports[1];
  }

  /** The command that runs the server in the foreground. */
  abstract List<String> command();

  abstract Map<String, String> environment();

  /** Whether the server, whose ports accept connections, is ready for logins too. */
  abstract boolean readyForLogins();

  @Override
  public final void start() {
    if (running()) {
      throw new IllegalStateException(name() + " runs already");
    }
    PeerProcess started =
        PeerProcess.start(command(), directory, environment(), directory.resolve("server.log"));
    process = Optional.of(started);
    started.await(
        () -> Ports.accepts(clientPort) && Ports.accepts(componentPort) && readyForLogins(),
        START_LIMIT);
  }

  @Override
  public final void stop() {
    process.ifPresent(PeerProcess::close);
    process = Optional.empty();
  }

  @Override
  public final void kill() {
    process.ifPresent(PeerProcess::kill);
    process = Optional.empty();
  }

  @Override
  public final void close() {
    stop();
  }

  @Override
  public final boolean running() {
    return process.map(PeerProcess::alive).orElse(false);
  }

  @Override
  public final int clientPort() {
    return clientPort;
  }

  @Override
  public final int componentPort() {
    return componentPort;
  }

  @Override
  public final String domain() {
    return options.domain();
  }

  @Override
  public final String componentDomain() {
    return options.componentDomain();
  }

  @Override
  public final String secret() {
    return options.secret();
  }

  @Override
  public final String log() {
    try {
      Path log = directory.resolve("server.log");
      return Files.exists(log) ? Files.readString(log) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public final Path directory() {
    return directory;
  }

  final XmppServerOptions options() {
    return options;
  }

  /** Writes a file below the directory. */
  final void write(String name, String text) {
    Path file = directory.resolve(name);
    try {
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException("can not write " + file, e);
    }
  }
}

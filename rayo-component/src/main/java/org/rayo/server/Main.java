package org.rayo.server;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.util.concurrent.Callable;
import org.rayo.config.ConfigException;
import org.rayo.server.recordings.RecordingsCommand;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The command line: {@code rayo serve}, {@code rayo check-config}. */
@Command(
    name = "rayo",
    description = "Call control and call recording over XMPP (XEP-0327).",
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class,
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      ServeCommand.class,
      CheckConfigCommand.class,
      RecordingsCommand.class,
      CommandLine.HelpCommand.class
    })
public final class Main implements Callable<Integer> {

  @Spec private CommandSpec spec;

  /** Picocli makes it. */
  Main() {}

  /** The command line, to which a launcher may add commands of its own. */
  public static CommandLine commandLine() {
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    return new CommandLine(new Main())
        .setExecutionExceptionHandler(Main::explain)
        .setUsageHelpAutoWidth(true);
  }

  /** The program. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  /** Without a command: how to use it. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return CommandLine.ExitCode.USAGE;
  }

  /**
   * What the user can mend is told in a line; anything else is ours and shows where it happened.
   */
  private static int explain(
      Exception failure, CommandLine commandLine, CommandLine.ParseResult parsed) throws Exception {
    boolean mendable =
        failure instanceof StartException
            || failure instanceof ConfigException
            || failure instanceof IOException;
    if (!mendable) {
      throw failure;
    }
    PrintWriter err = commandLine.getErr();
    // Of a file that may not be read the message is but its name.
    String text =
        failure instanceof FileSystemException
            ? failure.getMessage() + ": " + failure.getClass().getSimpleName()
            : String.valueOf(failure.getMessage());
    text.lines().forEach(line -> err.println("rayo: " + line));
    err.flush();
    return failure instanceof ConfigException
        ? CommandLine.ExitCode.USAGE
        : CommandLine.ExitCode.SOFTWARE;
  }

  /** The version from the jar's manifest. */
  static final class Version implements CommandLine.IVersionProvider {
    Version() {}

    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"rayo " + (version == null ? "(unpackaged)" : version)};
    }
  }
}

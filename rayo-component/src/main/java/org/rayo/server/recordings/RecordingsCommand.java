package org.rayo.server.recordings;

import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code rayo recordings}: looks after recordings. */
@Command(
    name = "recordings",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    description = {
      "Shows and looks after recordings, while a server runs and while none does.",
      "The spool holds those that are being recorded, are on their way to a store, or that a "
          + "store does not take. Those that every store has are no longer in it."
    },
    subcommands = {
      ListCommand.class,
      ShowCommand.class,
      RedeliverCommand.class,
      VerifyCommand.class,
      DecryptCommand.class
    })
public final class RecordingsCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  /** Picocli makes it. */
  public RecordingsCommand() {}

  /** Without a command: how to use it. */
  @Override
  public Integer call() {
    spec.commandLine().usage(spec.commandLine().getErr());
    return CommandLine.ExitCode.USAGE;
  }
}

package org.rayo.server;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.rayo.config.ConfigException;
import org.rayo.config.RayoConfig;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rayo check-config}: what {@code serve} would complain of, all at once, and no start. */
@Command(
    name = "check-config",
    mixinStandardHelpOptions = true,
    description = {
      "Checks a configuration file and says all that is wrong with it.",
      "Also tries its addresses, directories and stores, and leaves nothing behind.",
      "Exits with 0 if all is well, 2 if the file is wrong, and 1 if what it names is."
    })
final class CheckConfigCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "The file to check.")
  private Path file = Path.of("rayo.conf");

  CheckConfigCommand() {}

  @Override
  public Integer call() throws ConfigException, StartException {
    RayoConfig config = RayoConfig.load(file, Stores::complaint);
    List<String> problems = Preflight.problems(config);
    if (!problems.isEmpty()) {
      throw new StartException(problems);
    }
    PrintWriter out = spec.commandLine().getOut();
    out.println(file + " is in order:");
    Summary.of(config).forEach(line -> out.println("  " + line));
    out.flush();
    return CommandLine.ExitCode.OK;
  }
}

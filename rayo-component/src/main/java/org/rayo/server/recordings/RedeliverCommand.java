package org.rayo.server.recordings;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.rayo.config.ConfigException;
import org.rayo.recording.Manifest;
import org.rayo.recording.Manifest.Delivery.Status;
import org.rayo.recording.SpoolRequests;
import org.rayo.recording.SpoolView;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rayo recordings redeliver}: has stores asked again that did not take a recording. */
@Command(
    name = "redeliver",
    mixinStandardHelpOptions = true,
    description = {
      "Has stores asked again that did not take a recording.",
      "The running server does it at once; where none runs, the next does."
    })
final class RedeliverCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config = new ConfigOption();

  @Parameters(arity = "0..*", paramLabel = "RECORDING", description = "Their ids.")
  private List<String> ids = new ArrayList<>();

  @Option(names = "--all", description = "All that a store does not take.")
  private boolean all;

  RedeliverCommand() {}

  @Override
  public Integer call() throws ConfigException, IOException {
    if (all != ids.isEmpty()) {
      throw new CommandLine.ParameterException(
          spec.commandLine(), "either the ids of recordings or --all is needed");
    }
    Path spool = config.read().spool().directory();
    SpoolView view = new SpoolView(spool);
    SpoolRequests requests = new SpoolRequests(spool);
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    List<Manifest> wanted = new ArrayList<>();
    int exit = CommandLine.ExitCode.OK;
    for (String id : ids) {
      Manifest manifest = view.recording(id).orElse(null);
      if (manifest == null) {
        err.println("rayo: the spool holds no recording " + id);
        exit = CommandLine.ExitCode.SOFTWARE;
      } else if (isDead(manifest)) {
        wanted.add(manifest);
      } else {
        err.println("rayo: no store has given up on " + id + ": " + Words.stores(manifest));
        exit = CommandLine.ExitCode.SOFTWARE;
      }
    }
    if (all) {
      view.contents().recordings().stream().filter(RedeliverCommand::isDead).forEach(wanted::add);
    }
    for (Manifest manifest : wanted) {
      requests.redeliver(manifest.recordingId());
    }
    if (wanted.isEmpty() && !all) {
      err.flush();
      return exit;
    }
    out.println(
        wanted.size()
            + (wanted.size() == 1 ? " recording is" : " recordings are")
            + " to be delivered again, by "
            + (view.server().isPresent() ? "the server that runs" : "the next server that starts"));
    out.flush();
    err.flush();
    return exit;
  }

  private static boolean isDead(Manifest manifest) {
    return manifest.deliveries().values().stream()
        .anyMatch(delivery -> delivery.status() == Status.DEAD);
  }
}

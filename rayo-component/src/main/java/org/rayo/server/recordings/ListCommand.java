package org.rayo.server.recordings;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.rayo.config.ConfigException;
import org.rayo.recording.Manifest;
import org.rayo.recording.Manifest.Delivery.Status;
import org.rayo.recording.SpoolView;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code rayo recordings list}: what the spool holds. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists what the spool holds, the oldest first.")
final class ListCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config = new ConfigOption();

  @Option(names = "--dead", description = "Only recordings that a store does not take.")
  private boolean dead;

  @Option(names = "--json", description = "The manifests, as a JSON array.")
  private boolean json;

  ListCommand() {}

  @Override
  public Integer call() throws ConfigException, IOException {
    Path spool = config.read().spool().directory();
    SpoolView view = new SpoolView(spool);
    SpoolView.Contents contents = view.contents();
    List<Manifest> recordings =
        contents.recordings().stream().filter(manifest -> !dead || isDead(manifest)).toList();
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(SpoolView.json(recordings));
    } else {
      print(out, view, recordings);
      contents
          .unreadable()
          .forEach(name -> out.println(name + "  has no readable manifest and is left as it is"));
      out.println(summary(spool, view, recordings));
    }
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  private static boolean isDead(Manifest manifest) {
    return manifest.deliveries().values().stream()
        .anyMatch(delivery -> delivery.status() == Status.DEAD);
  }

  private static void print(PrintWriter out, SpoolView view, List<Manifest> recordings) {
    if (recordings.isEmpty()) {
      return;
    }
    Table table = new Table("RECORDING", "STARTED", "STATE", "LENGTH", "SIZE", "STORES");
    for (Manifest manifest : recordings) {
      table.row(
          manifest.recordingId(),
          Words.time(manifest.startedAt()),
          Words.state(manifest),
          manifest.captured().map(facts -> Words.length(facts.duration())).orElse("-"),
          Words.size(
              manifest
                  .captured()
                  .map(Manifest.Captured::sizeBytes)
                  .orElseGet(() -> view.audioBytes(manifest))),
          Words.stores(manifest));
    }
    table.print(out);
  }

  private static String summary(Path spool, SpoolView view, List<Manifest> recordings) {
    String states =
        recordings.stream()
            .collect(Collectors.groupingBy(Words::state, Collectors.counting()))
            .entrySet()
            .stream()
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .collect(Collectors.joining(", "));
    long dead = recordings.stream().filter(ListCommand::isDead).count();
    return String.format(
        Locale.ROOT,
        "%d in %s%s%s; %s",
        recordings.size(),
        spool.toAbsolutePath().normalize(),
        states.isEmpty() ? "" : ": " + states,
        dead == 0 ? "" : "; not taken by a store: " + dead,
        view.server().map(pid -> "a server runs (" + pid + ")").orElse("no server runs"));
  }
}

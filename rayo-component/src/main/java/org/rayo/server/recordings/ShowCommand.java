package org.rayo.server.recordings;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.rayo.config.ConfigException;
import org.rayo.recording.Manifest;
import org.rayo.recording.SpoolView;
import org.rayo.storage.StoredRecording;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rayo recordings show}: all that is known of one recording. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Shows all that is known of one recording in the spool.")
final class ShowCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config = new ConfigOption();

  @Parameters(paramLabel = "RECORDING", description = "Its id, as `rayo recordings list` tells it.")
  private String id = "";

  ShowCommand() {}

  @Override
  public Integer call() throws ConfigException, IOException {
    SpoolView view = new SpoolView(config.read().spool().directory());
    Optional<Manifest> found = view.recording(id);
    if (found.isEmpty()) {
      spec.commandLine()
          .getErr()
          .println("rayo: the spool holds no recording " + id + "; `rayo recordings list`");
      return CommandLine.ExitCode.SOFTWARE;
    }
    PrintWriter out = spec.commandLine().getOut();
    show(found.get(), view, out);
    out.flush();
    return CommandLine.ExitCode.OK;
  }

  private static void show(Manifest manifest, SpoolView view, PrintWriter out) {
    Manifest.Origin origin = manifest.origin();
    line(out, "recording", manifest.recordingId());
    line(out, "call", origin.callId() + ", from " + origin.from() + " to " + origin.to());
    line(out, "client", origin.client() + ", " + origin.dialect());
    line(out, "started", Words.time(manifest.startedAt()));
    line(out, "kind", manifest.format().token() + ", " + Words.token(manifest.direction()));
    line(out, "state", Words.state(manifest));
    manifest
        .captured()
        .ifPresentOrElse(
            facts -> {
              line(out, "ended", Words.time(facts.at()) + ", " + Words.token(facts.cause()));
              facts.failure().ifPresent(failure -> line(out, "failure", failure));
              line(
                  out,
                  "length",
                  facts.duration().toMillis()
                      + " ms, "
                      + facts.samples()
                      + " samples of "
                      + facts.sampleRateHz()
                      + " Hz, channels: "
                      + facts.channels());
              line(out, "size", facts.sizeBytes() + " bytes");
            },
            () -> line(out, "so far", view.audioBytes(manifest) + " bytes"));
    line(out, "audio", view.audio(manifest).toString());
    for (Map.Entry<String, Manifest.Delivery> entry : manifest.deliveries().entrySet()) {
      Manifest.Delivery part = entry.getValue();
      line(
          out,
          "store " + entry.getKey(),
          Words.token(part.status())
              + ", "
              + part.stored().map(StoredRecording::uri).map(Object::toString).orElse(part.key())
              + part.problem().map(problem -> "; " + problem).orElse(""));
    }
    manifest
        .announcement()
        .ifPresent(
            told ->
                line(
                    out,
                    "told",
                    Words.time(told.at())
                        + ", "
                        + told.uri().map(Object::toString).orElse("that there is nothing")));
    manifest.meta().forEach((name, value) -> line(out, "meta." + name, value));
  }

  private static void line(PrintWriter out, String name, String value) {
    // Part of it is whatever a caller or a client has written.
    out.printf("%-12s %s%n", Words.plain(name), Words.plain(value));
  }
}

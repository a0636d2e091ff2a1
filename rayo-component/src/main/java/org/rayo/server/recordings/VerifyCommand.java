package org.rayo.server.recordings;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.rayo.config.ConfigException;
import org.rayo.config.RayoConfig;
import org.rayo.notice.Notice;
import org.rayo.notice.NoticeJson;
import org.rayo.recording.Checksums;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.StoreSettings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rayo recordings verify}: compares recordings with the documents beside them. */
@Command(
    name = "verify",
    mixinStandardHelpOptions = true,
    description = {
      "Compares recordings with the documents beside them: their size and SHA-256.",
      "Without a directory it looks at those of all stores of the type file. Recordings of other "
          + "stores can be fetched, with their documents, and verified in a directory.",
      "Exits with 0 if all are as they were stored, else 1."
    })
final class VerifyCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;
  @Mixin private ConfigOption config = new ConfigOption();

  @Parameters(arity = "0..*", paramLabel = "DIRECTORY", description = "Where recordings are.")
  private List<Path> directories = new ArrayList<>();

  @Option(
      names = {"-v", "--verbose"},
      description = "Also names those that are in order.")
  private boolean verbose;

  private int inOrder;
  private int damaged;
  private int missing;
  private int unknown;

  VerifyCommand() {}

  @Override
  public Integer call() throws ConfigException, IOException {
    PrintWriter out = spec.commandLine().getOut();
    for (Path directory : directories) {
      if (!Files.isDirectory(directory)) {
        throw new CommandLine.ParameterException(
            spec.commandLine(), directory + " is no directory");
      }
    }
    for (Path directory : directories.isEmpty() ? ofTheStores() : directories) {
      verify(directory, out);
    }
    out.printf(
        "%d in order, %d damaged, %d missing, %d without a document%n",
        inOrder, damaged, missing, unknown);
    out.flush();
    return damaged + missing == 0 ? CommandLine.ExitCode.OK : CommandLine.ExitCode.SOFTWARE;
  }

  private List<Path> ofTheStores() throws ConfigException {
    RayoConfig read = config.read();
    List<Path> found = new ArrayList<>();
    for (StoreSettings store : read.storage().stores().values()) {
      if (store.optional("type").filter("file"::equals).isPresent()) {
        store.optional("directory").map(Path::of).ifPresent(found::add);
      }
    }
    return found;
  }

  private void verify(Path directory, PrintWriter out) throws IOException {
    if (!Files.isDirectory(directory)) {
      out.println(directory + ": not there (yet)");
      return;
    }
    List<Path> files;
    try (Stream<Path> walk = Files.walk(directory)) {
      files =
          walk.filter(Files::isRegularFile)
              .filter(file -> !directory.relativize(file).startsWith(".parts"))
              .sorted()
              .toList();
    }
    for (Path file : files) {
      if (file.toString().endsWith(RecordingFile.SIDECAR_END)) {
        document(file, out);
      } else if (!Files.exists(Path.of(file + RecordingFile.SIDECAR_END))) {
        unknown++;
        out.println(file + ": no document beside it");
      }
    }
  }

  private void document(Path document, PrintWriter out) throws IOException {
    String name = document.toString();
    Path recording = Path.of(name.substring(0, name.length() - RecordingFile.SIDECAR_END.length()));
    Optional<Notice.Finished> facts;
    try {
      facts = NoticeJson.read(Files.readAllBytes(document)).finished();
    } catch (IOException e) {
      damaged++;
      out.println(document + ": is no document of a recording");
      return;
    }
    if (!Files.exists(recording)) {
      missing++;
      out.println(recording + ": missing");
      return;
    }
    Optional<String> difference = difference(recording, facts);
    if (difference.isPresent()) {
      damaged++;
      out.println(recording + ": " + difference.get());
    } else {
      inOrder++;
      if (verbose) {
        out.println(recording + ": in order");
      }
    }
  }

  private static Optional<String> difference(Path recording, Optional<Notice.Finished> facts)
      throws IOException {
    if (facts.isEmpty() || facts.get().sha256().isEmpty()) {
      return Optional.of("its document has no checksum");
    }
    long size = Files.size(recording);
    if (size != facts.get().sizeBytes()) {
      return Optional.of(size + " bytes instead of " + facts.get().sizeBytes());
    }
    return Checksums.sha256(recording).equals(facts.get().sha256().get())
        ? Optional.empty()
        : Optional.of("another SHA-256 than when it was stored");
  }
}

package org.rayo.server.recordings;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.rayo.recording.EncryptedSealing;
import org.rayo.storage.StorageException;
import org.rayo.storage.encryption.RecordingCipher;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code rayo recordings decrypt}: opens encrypted recordings. */
@Command(
    name = "decrypt",
    mixinStandardHelpOptions = true,
    description = {
      "Decrypts recordings: NAME" + EncryptedSealing.SUFFIX + " becomes NAME.",
      "Nothing is overwritten, and what is damaged is not written at all."
    })
final class DecryptCommand implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Option(
      names = {"-k", "--key"},
      required = true,
      paramLabel = "FILE",
      description = "The private key, in PEM.")
  private Path key = Path.of("");

  @Option(
      names = {"-o", "--out"},
      paramLabel = "DIRECTORY",
      description = "Where they go; without it, beside the encrypted ones.")
  private Optional<Path> out = Optional.empty();

  @Parameters(arity = "1..*", paramLabel = "FILE", description = "Encrypted recordings.")
  private List<Path> files = new ArrayList<>();

  DecryptCommand() {}

  @Override
  public Integer call() {
    int exit = CommandLine.ExitCode.OK;
    PrintWriter err = spec.commandLine().getErr();
    for (Path file : files) {
      Optional<String> problem = decrypt(file);
      if (problem.isPresent()) {
        err.println("rayo: " + problem.get());
        exit = CommandLine.ExitCode.SOFTWARE;
      }
    }
    err.flush();
    return exit;
  }

  /** What is wrong, if anything. */
  private Optional<String> decrypt(Path file) {
    String name = String.valueOf(file.getFileName());
    if (!name.endsWith(EncryptedSealing.SUFFIX)) {
      return Optional.of(file + " does not end with " + EncryptedSealing.SUFFIX);
    }
    String plain = name.substring(0, name.length() - EncryptedSealing.SUFFIX.length());
    Path target = out.map(directory -> directory.resolve(plain)).orElse(file.resolveSibling(plain));
    if (Files.exists(target)) {
      return Optional.of(target + " is there already");
    }
    try {
      RecordingCipher.decrypt(file, target, key);
      spec.commandLine().getOut().println(target);
      spec.commandLine().getOut().flush();
      return Optional.empty();
    } catch (StorageException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }
}

package org.rayo.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.EOFException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.storage.StorageException.Fault;

final class StorageExceptionTest {

  @TempDir Path spool;

  private static Fault unreadable(Path path, IOException cause) {
    return StorageException.unreadable(path, cause).fault();
  }

  @Test
  void unreadable_fileThatIsNotThere_isTheSourcesFault() {
    Path gone = spool.resolve("gone");
    assertThat(unreadable(gone, new FileNotFoundException("gone"))).isEqualTo(Fault.SOURCE);
    assertThat(unreadable(spool, new IOException("Is a directory"))).isEqualTo(Fault.SOURCE);
  }

  @Test
  void unreadable_anythingElse_mayPass() throws IOException {
    Path there = Files.createFile(spool.resolve("audio"));
    String name = there.toString();
    for (IOException cause :
        new IOException[] {
          // As Java tells it when there are too many open files.
          new FileNotFoundException(name + " (Too many open files)"),
          new FileSystemException(name, null, "Too many open files"),
          new IOException("Input/output error"),
          new FileSystemException(name, null, "Stale file handle"),
          new AccessDeniedException(name)
        }) {
      assertThat(unreadable(there, cause)).as("%s", cause).isEqualTo(Fault.UNAVAILABLE);
    }
  }

  @Test
  void unreadable_fileThatEndsTooEarly_isWorthANewUpload() throws IOException {
    Path there = Files.createFile(spool.resolve("audio"));
    assertThat(unreadable(there, new EOFException("ends"))).isEqualTo(Fault.CORRUPTED);
  }
}

package org.rayo.media.recorder;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Creates a spool file, for reading and writing. */
@FunctionalInterface
interface FileOpener {

  /** A file that was not there before. */
  FileOpener CREATE =
      path ->
          FileChannel.open(
              path,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);

  FileChannel open(Path path) throws IOException;
}

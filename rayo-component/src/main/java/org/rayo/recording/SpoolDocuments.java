package org.rayo.recording;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The JSON documents of the spool: read, and replaced as a whole. Blocks; thread safe. */
final class SpoolDocuments {

  private static final Logger LOG = LoggerFactory.getLogger(SpoolDocuments.class);

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .registerModule(new Jdk8Module())
          .registerModule(new JavaTimeModule())
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .setSerializationInclusion(JsonInclude.Include.NON_ABSENT)
          .enable(SerializationFeature.INDENT_OUTPUT);

  /** What one document may need at most, as disks give it. */
  private static final int PIECE_BYTES = 8 * 1024;

  /** For three documents: captured, stored and told, confirmed. */
  private static final int RESERVED_BYTES = 3 * PIECE_BYTES;

  /** Whether a document has to outlive a power failure, or only the death of this process. */
  enum Lasting {
    POWER_FAILURE,
    PROCESS
  }

  private SpoolDocuments() {}

  /** Has ready what writes these, so that the first of them is not slower than the others. */
  static void prepare(Class<?>... types) {
    for (Class<?> type : types) {
      ObjectWriter ready = JSON.writerFor(type);
      LOG.debug("{} are written by {}", type, ready.version());
    }
  }

  /**
   * Reads a document.
   *
   * @throws IOException also when it is torn, or is nothing that was written here
   */
  static <T> T read(Path file, Class<T> type) throws IOException {
    // The word null is a JSON document too.
    return Optional.ofNullable(JSON.readValue(file.toFile(), type))
        .orElseThrow(() -> new IOException(file + " holds nothing"));
  }

  /** A document as text. */
  static String text(Object document) throws IOException {
    return JSON.writeValueAsString(document);
  }

  /** Writes a document of which nobody knows yet. */
  static void create(Path file, Object document) throws IOException {
    write(file, document, Lasting.POWER_FAILURE);
    syncNames(file.resolveSibling("."));
  }

  /**
   * Keeps room for documents to come, which a full disk would have no room for.
   *
   * @param file in their directory; given up piece by piece
   */
  static void reserve(Path file) throws IOException {
    Files.write(file, new byte[RESERVED_BYTES]);
  }

  /**
   * As {@link #replace}; where the disk is full, in the room that was kept for it.
   *
   * @param reserve that was reserved; may be gone
   */
  static void replace(Path file, Object document, Lasting lasting, Path reserve)
      throws IOException {
    try {
      replace(file, document, lasting);
    } catch (IOException full) {
      if (!giveUpPieceOf(reserve)) {
        throw full;
      }
      LOG.warn("{} is written in the room that was kept for it: {}", file, full.toString());
      replace(file, document, lasting, reserve);
    }
  }

  private static boolean giveUpPieceOf(Path reserve) throws IOException {
    if (!Files.exists(reserve)) {
      return false;
    }
    try (FileChannel channel = FileChannel.open(reserve, StandardOpenOption.WRITE)) {
      long left = channel.size() - PIECE_BYTES;
      channel.truncate(Math.max(0, left));
      return left >= 0;
    }
  }

  /** Puts a document in the place of the old one: at any time one of the two is there, whole. */
  static void replace(Path file, Object document, Lasting lasting) throws IOException {
    Path next = file.resolveSibling(file.getFileName() + ".next");
    write(next, document, lasting);
    Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    if (lasting == Lasting.POWER_FAILURE) {
      syncNames(file.resolveSibling("."));
    }
  }

  private static void write(Path file, Object document, Lasting lasting) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(JSON.writeValueAsBytes(document));
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      while (bytes.hasRemaining()) {
        channel.write(bytes);
      }
      if (lasting == Lasting.POWER_FAILURE) {
        channel.force(true);
      }
    }
  }

  /** Makes names in a directory last, where the system lets a directory be opened. */
  static void syncNames(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (NoSuchFileException e) {
      throw e;
    } catch (IOException e) {
      LOG.debug("{} cannot be synced as a directory here", directory, e);
    }
  }
}

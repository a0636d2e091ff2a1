package org.rayo.storage.s3;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import org.rayo.storage.StorageException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.ContentStreamProvider;

/**
 * Some bytes of a recording as the body of a request. The SDK reads them more than once, to sign
 * and to try again, so they come from the file each time and are never in memory as a whole.
 *
 * @param length of the slice; the file has to have as much
 */
record FileSlice(Path path, long from, long length) {

  private static final Logger log = LoggerFactory.getLogger(FileSlice.class);
  private static final int BUFFER_BYTES = 64 * 1024;

  /** The local file is at fault, not the server. */
  static final class SourceException extends IOException {
    private static final long serialVersionUID = 1L;

    private final transient Path path;
    private final IOException reason;

    SourceException(Path path, IOException reason) {
      super("cannot read " + path, reason);
      this.path = path;
      this.reason = reason;
    }

    StorageException told() {
      return StorageException.unreadable(path, reason);
    }
  }

  /** The checksum in Base64. */
  String checksum(S3Checksum checksum) throws StorageException {
    S3Checksum.Sum sum = checksum.begin();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream in = open()) {
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        sum.add(buffer, read);
      }
    } catch (IOException e) {
      throw StorageException.unreadable(path, e);
    }
    return Base64.getEncoder().encodeToString(sum.value());
  }

  RequestBody body(String mediaType) {
    return RequestBody.fromContentProvider(provider(), length, mediaType);
  }

  /** Closes what it gave before when it is asked again, as the SDK does not. */
  private ContentStreamProvider provider() {
    return new ContentStreamProvider() {
      private @Nullable InputStream last;

      @Override
      public InputStream newStream() {
        InputStream before = last;
        if (before != null) {
          try {
            before.close();
          } catch (IOException e) {
            log.debug("cannot close {}", path, e);
          }
        }
        InputStream next = open();
        last = next;
        return next;
      }
    };
  }

  private InputStream open() {
    return new Reading();
  }

  /**
   * Opens the file when it is first read from, and closes it at the slice's end. Reads with what an
   * interrupt of the thread does not close: that would look as if the file could not be read.
   */
  private final class Reading extends InputStream {
    private long left = length;
    private @Nullable RandomAccessFile file;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int wanted) throws IOException {
      if (left == 0) {
        close();
        return -1;
      }
      try {
        int read = opened().read(buffer, offset, (int) Math.min(wanted, left));
        if (read < 0) {
          throw new EOFException("ends " + left + " bytes too early");
        }
        left -= read;
        return read;
      } catch (IOException e) {
        throw new SourceException(path, e);
      }
    }

    private RandomAccessFile opened() throws IOException {
      RandomAccessFile opened = file;
      if (opened == null) {
        opened = new RandomAccessFile(path.toFile(), "r");
        file = opened;
        opened.seek(from + length - left);
      }
      return opened;
    }

    @Override
    public void close() throws IOException {
      RandomAccessFile opened = file;
      if (opened != null) {
        file = null;
        opened.close();
      }
    }
  }
}

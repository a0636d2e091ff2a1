package org.rayo.storage.http;

import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rayo.storage.StorageException;

/**
 * A recording as the body of requests: read from the file as the receiver takes it, never as a
 * whole into memory. Remembers when it was last read from, and whether that failed. The file is
 * complete and does not change any more.
 */
final class SpoolBody implements AutoCloseable {

  private static final int BUFFER_BYTES = 64 * 1024;

  private final Path path;
  private final long sizeBytes;
  private final byte[] sha256;
  private final List<InputStream> streams = new ArrayList<>();
  private volatile long lastReadNanos = System.nanoTime();
  private volatile @Nullable IOException failure;

  private SpoolBody(Path path, long sizeBytes, byte[] sha256) {
    this.path = path;
    this.sizeBytes = sizeBytes;
    this.sha256 = sha256;
  }

  /** Reads the file once, for its size and checksum. */
  static SpoolBody of(Path path) throws StorageException {
    try (InputStream in = open(path)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[BUFFER_BYTES];
      long size = 0;
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        digest.update(buffer, 0, read);
        size += read;
      }
      return new SpoolBody(path, size, digest.digest());
    } catch (IOException e) {
      throw StorageException.unreadable(path, e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** Not by a channel: an interrupt would close that, as if the file could not be read. */
  private static InputStream open(Path path) throws IOException {
    return new FileInputStream(path.toFile());
  }

  Path path() {
    return path;
  }

  long sizeBytes() {
    return sizeBytes;
  }

  byte[] sha256() {
    return sha256.clone();
  }

  /** For one request; may be called again for the next. */
  BodyPublisher publisher() {
    if (sizeBytes == 0) {
      return BodyPublishers.noBody();
    }
    return BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(this::stream), sizeBytes);
  }

  private InputStream stream() {
    InputStream stream = new Reading();
    synchronized (streams) {
      streams.add(stream);
    }
    return stream;
  }

  /** When the transport last took bytes, by {@link System#nanoTime}. */
  long lastReadNanos() {
    return lastReadNanos;
  }

  /** Why the file could not be read to its end. */
  Optional<IOException> failure() {
    return Optional.ofNullable(failure);
  }

  /** Closes what broken requests have left open. */
  @Override
  public void close() throws IOException {
    synchronized (streams) {
      for (InputStream stream : streams) {
        stream.close();
      }
    }
  }

  /** Exactly as many bytes as were announced, or an exception. Opened when first read from. */
  private final class Reading extends InputStream {
    private @Nullable InputStream in;
    private long left = sizeBytes;
    private boolean closed;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      lastReadNanos = System.nanoTime();
      if (left == 0) {
        return -1;
      }
      try {
        int read = opened().read(buffer, offset, (int) Math.min(length, left));
        if (read < 0) {
          throw new EOFException("has become shorter while it was sent");
        }
        left -= read;
        return read;
      } catch (IOException e) {
        failure = e;
        throw e;
      }
    }

    private synchronized InputStream opened() throws IOException {
      InputStream opened = in;
      if (opened == null) {
        if (closed) {
          throw new IOException("the request has ended");
        }
        opened = SpoolBody.open(path);
        in = opened;
      }
      return opened;
    }

    @Override
    public synchronized void close() throws IOException {
      closed = true;
      InputStream opened = in;
      if (opened != null) {
        opened.close();
      }
    }
  }
}

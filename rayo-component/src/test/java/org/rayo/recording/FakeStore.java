package org.rayo.recording;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.StorageException;
import org.rayo.storage.StoredRecording;
import org.rayo.storage.Upload;

/** A store that fails as told, hangs as told, and otherwise takes everything. */
final class FakeStore implements RecordingStore {

  private final String address;

  FakeStore() {
    this("https://store.example.org/");
  }

  FakeStore(String address) {
    this.address = address;
  }

  /** Names of what it has. */
  final Queue<String> keys = new ConcurrentLinkedQueue<>();

  /** What has been sent ahead of the end, by key. */
  final Map<String, Long> advanced = new ConcurrentHashMap<>();

  /** What the next attempts do; when empty, they succeed. */
  final Queue<StorageException.Fault> faults = new ConcurrentLinkedQueue<>();

  /** Sizes that the next attempts report; when empty, the right one. */
  final Queue<Long> sizes = new ConcurrentLinkedQueue<>();

  final AtomicInteger attempts = new AtomicInteger();
  final Queue<Long> attemptedAt = new ConcurrentLinkedQueue<>();
  final Queue<Map<String, String>> metadata = new ConcurrentLinkedQueue<>();
  final AtomicInteger aborted = new AtomicInteger();
  volatile CountDownLatch gate = new CountDownLatch(0);
  volatile boolean closed;

  @Override
  public void check() {
    // Always usable.
  }

  @Override
  public Upload begin(RecordingFile file) throws StorageException {
    attempts.incrementAndGet();
    attemptedAt.add(System.nanoTime());
    metadata.add(file.metadata());
    return new Upload() {
      @Override
      public void advance(long finalBytes) {
        advanced.put(file.key(), finalBytes);
      }

      @Override
      public StoredRecording finish() throws StorageException {
        hang();
        StorageException.Fault fault = faults.poll();
        if (fault != null) {
          throw new StorageException(fault, "told to fail");
        }
        Long size = sizes.poll();
        keys.add(file.key());
        return new StoredRecording(
            URI.create(address + file.key()), size == null ? sizeOf(file) : size);
      }

      @Override
      public void abort() {
        aborted.incrementAndGet();
      }
    };
  }

  private static long sizeOf(RecordingFile file) throws StorageException {
    try {
      return Files.size(file.path());
    } catch (IOException e) {
      throw new StorageException(StorageException.Fault.SOURCE, "cannot read it", e);
    }
  }

  private void hang() throws StorageException {
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException(StorageException.Fault.UNAVAILABLE, "interrupted", e);
    }
  }

  @Override
  public void close() {
    closed = true;
  }
}

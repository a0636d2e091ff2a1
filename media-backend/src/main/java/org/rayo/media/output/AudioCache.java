package org.rayo.media.output;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Decoded sound, the least recently used of it forgotten first. Thread safe. */
final class AudioCache {

  /** What was fetched, and for which rate it was decoded. */
  record Key(String uri, int sampleRateHz) {}

  /**
   * A file's sound.
   *
   * @param version of the file: what its server, or its file system, calls it
   * @param freshUntil a {@link System#nanoTime} until which nobody need ask for the version
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Entry(short[] samples, HttpVersion version, long freshUntil) {
    boolean isFresh() {
      return System.nanoTime() - freshUntil < 0;
    }

    private long sizeBytes() {
      return OVERHEAD_BYTES + 2L * samples.length;
    }
  }

  private static final int OVERHEAD_BYTES = 500;

  private final Map<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
  private final long maxBytes;
  private long bytes;

  AudioCache(long maxBytes) {
    this.maxBytes = maxBytes;
  }

  synchronized Optional<Entry> get(Key key) {
    return Optional.ofNullable(entries.get(key));
  }

  /** Keeps it, unless it alone is larger than all that may be kept. */
  synchronized void put(Key key, Entry entry) {
    remove(key);
    if (entry.sizeBytes() > maxBytes) {
      return;
    }
    entries.put(key, entry);
    bytes += entry.sizeBytes();
    Iterator<Entry> eldest = entries.values().iterator();
    while (bytes > maxBytes) {
      bytes -= eldest.next().sizeBytes();
      eldest.remove();
    }
  }

  synchronized void remove(Key key) {
    Entry old = entries.remove(key);
    if (old != null) {
      bytes -= old.sizeBytes();
    }
  }

  synchronized long sizeBytes() {
    return bytes;
  }
}

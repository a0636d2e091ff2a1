package org.rayo.media.encode;

/**
 * Bytes that replace what was written before, at the same place.
 *
 * @param offset from the start of the file
 * @param bytes never reach beyond what has been appended; not changed by anybody
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record Patch(long offset, byte[] bytes) {

  public Patch {
    if (offset < 0) {
      throw new IllegalArgumentException("offset is " + offset);
    }
  }
}

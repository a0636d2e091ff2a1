package org.rayo.media.encode;

import java.util.List;

/**
 * What makes the bytes of a recording a finished file.
 *
 * @param samples per channel that the file then plays
 * @param sizeBytes to which the file is cut
 * @param patches to be applied, in this order
 */
public record Ending(long samples, long sizeBytes, List<Patch> patches) {

  public Ending {
    if (samples < 0 || sizeBytes < 0) {
      throw new IllegalArgumentException("samples=" + samples + " sizeBytes=" + sizeBytes);
    }
    patches = List.copyOf(patches);
  }
}

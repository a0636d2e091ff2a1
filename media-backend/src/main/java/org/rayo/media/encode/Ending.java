package org.rayo.media.encode;

import java.util.ArrayList;
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

  /** With one patch more, applied before the others. */
  Ending with(Patch patch) {
    List<Patch> all = new ArrayList<>();
    all.add(patch);
    all.addAll(patches);
    return new Ending(samples, sizeBytes, all);
  }
}

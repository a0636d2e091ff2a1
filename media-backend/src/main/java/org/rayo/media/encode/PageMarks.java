package org.rayo.media.encode;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Where the pages of an Ogg file lie, for cutting it: of the last {@value #RECENT} all, of older
 * ones every {@value #RECENT}th, so that it does not grow with the length of the recording.
 */
final class PageMarks {

  static final int RECENT = 1024;

  /**
   * One page.
   *
   * @param granule of the stream at its end
   */
  record Mark(long offset, int length, int flags, int checksum, long granule) {
    long end() {
      return offset + length;
    }
  }

  private final List<Mark> older = new ArrayList<>();
  private final Mark[] recent = new Mark[RECENT];
  private int count;

  void add(Mark mark) {
    int slot = count % RECENT;
    if (slot == 0 && count > 0) {
      older.add(recent[RECENT - 1]);
    }
    recent[slot] = mark;
    count++;
  }

  /** The last page known to lie within the first bytes of the file. */
  Optional<Mark> lastWithin(long sizeBytes) {
    return last(mark -> mark.end() <= sizeBytes);
  }

  /** The last page known to end before the stream is at this granule position. */
  Optional<Mark> lastBefore(long granule) {
    return last(mark -> mark.granule() < granule);
  }

  private Optional<Mark> last(Predicate<Mark> wanted) {
    for (int i = count - 1; i >= Math.max(0, count - RECENT); i--) {
      if (wanted.test(recent[i % RECENT])) {
        return Optional.of(recent[i % RECENT]);
      }
    }
    for (int i = older.size() - 1; i >= 0; i--) {
      if (wanted.test(older.get(i))) {
        return Optional.of(older.get(i));
      }
    }
    return Optional.empty();
  }
}

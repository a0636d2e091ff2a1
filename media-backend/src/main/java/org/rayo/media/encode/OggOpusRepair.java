package org.rayo.media.encode;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Optional;

/**
 * Finds what can be saved of an Ogg Opus file: all pages that are whole and follow each other. The
 * last of them is marked as such.
 */
final class OggOpusRepair {

  private static final int HEADER_PAGES = 2;

  private OggOpusRepair() {}

  static Optional<AudioRepair.Saved> save(FileChannel file) throws IOException {
    Optional<OggPage> first = OggPage.read(file, 0);
    Optional<OpusHeaders.Head> head = first.flatMap(page -> OpusHeaders.Head.read(page.contents()));
    if (head.isEmpty()) {
      return Optional.empty();
    }
    OggPage last = first.get();
    boolean more = true;
    while (more) {
      Optional<OggPage> next = OggPage.read(file, last.mark().end());
      more = next.isPresent() && follows(last, next.get());
      last = more ? next.get() : last;
      more = more && (last.mark().flags() & OggPages.END) == 0;
    }
    if (last.sequence() < HEADER_PAGES) {
      return Optional.empty();
    }
    PageMarks.Mark mark = last.mark();
    Ending ending =
        new Ending(
            head.get().samplesAt(mark.granule()),
            mark.end(),
            OggPages.makeLast(mark.offset(), mark.length(), mark.flags(), mark.checksum()));
    return Optional.of(
        new AudioRepair.Saved(head.get().sampleRateHz(), head.get().channels(), ending));
  }

  private static boolean follows(OggPage last, OggPage next) {
    return next.serial() == last.serial()
        && next.sequence() == last.sequence() + 1
        && (next.sequence() != 1 || OpusHeaders.areTags(next.contents()));
  }
}

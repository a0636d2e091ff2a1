package org.rayo.media.encode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds what can be saved of an Ogg Opus file: all pages that are whole and follow each other. The
 * last of them is marked as such.
 */
final class OggOpusRepair {

  private static final int HEADER_PAGES = 2;

  /**
   * A page that was read.
   *
   * @param contents of all its packets
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Page(PageMarks.Mark mark, int serial, int sequence, byte[] contents) {}

  private OggOpusRepair() {}

  static Optional<AudioRepair.Saved> save(FileChannel file) throws IOException {
    Optional<Page> first = page(file, 0);
    Optional<OpusHeaders.Head> head = first.flatMap(page -> OpusHeaders.Head.read(page.contents()));
    if (head.isEmpty()) {
      return Optional.empty();
    }
    Page last = first.get();
    boolean more = true;
    while (more) {
      Optional<Page> next = page(file, last.mark().end());
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

  private static boolean follows(Page last, Page next) {
    return next.serial() == last.serial()
        && next.sequence() == last.sequence() + 1
        && (next.sequence() != 1 || OpusHeaders.areTags(next.contents()));
  }

  private static Optional<Page> page(FileChannel file, long offset) throws IOException {
    byte[] header = AudioRepair.read(file, offset, OggPages.HEADER_BYTES + OggPages.MAX_SEGMENTS);
    if (header.length < OggPages.HEADER_BYTES || !OggPages.begins(header, 0)) {
      return Optional.empty();
    }
    int segments = header[OggPages.SEGMENTS_OFFSET] & 0xff;
    int contentsAt = OggPages.HEADER_BYTES + segments;
    if (header.length < contentsAt) {
      return Optional.empty();
    }
    int length = contentsAt;
    for (int i = OggPages.HEADER_BYTES; i < contentsAt; i++) {
      length += header[i] & 0xff;
    }
    byte[] bytes = AudioRepair.read(file, offset, length);
    ByteBuffer page = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    int checksum = page.getInt(OggPages.CHECKSUM_OFFSET);
    page.putInt(OggPages.CHECKSUM_OFFSET, 0);
    if (bytes.length < length || OggCrc.of(bytes, 0, length) != checksum) {
      return Optional.empty();
    }
    PageMarks.Mark mark =
        new PageMarks.Mark(
            offset,
            length,
            bytes[OggPages.FLAGS_OFFSET],
            checksum,
            page.getLong(OggPages.GRANULE_OFFSET));
    return Optional.of(
        new Page(
            mark,
            page.getInt(OggPages.SERIAL_OFFSET),
            page.getInt(OggPages.SEQUENCE_OFFSET),
            Arrays.copyOfRange(bytes, contentsAt, length)));
  }
}

package org.rayo.media.encode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Optional;

/**
 * A page that was read back from a file, whole and unharmed, of the kind that {@link OggPages}
 * makes: all its packets end on it.
 *
 * @param bytes of the page, its checksum's taken as zero
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record OggPage(PageMarks.Mark mark, byte[] bytes) {

  /** The page that begins there; empty when none does. */
  static Optional<OggPage> read(FileChannel file, long offset) throws IOException {
    byte[] header = AudioRepair.read(file, offset, OggPages.HEADER_BYTES + OggPages.MAX_SEGMENTS);
    if (header.length < OggPages.HEADER_BYTES || !OggPages.begins(header, 0)) {
      return Optional.empty();
    }
    int contentsAt = contentsAt(header);
    if (header.length < contentsAt) {
      return Optional.empty();
    }
    int length = contentsAt;
    for (int i = OggPages.HEADER_BYTES; i < contentsAt; i++) {
      length += header[i] & 0xff;
    }
    byte[] bytes = AudioRepair.read(file, offset, length);
    ByteBuffer page = little(bytes);
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
    return Optional.of(new OggPage(mark, bytes));
  }

  int serial() {
    return little(bytes).getInt(OggPages.SERIAL_OFFSET);
  }

  int sequence() {
    return little(bytes).getInt(OggPages.SEQUENCE_OFFSET);
  }

  /** Of all its packets. */
  byte[] contents() {
    return Arrays.copyOfRange(bytes, contentsAt(bytes), bytes.length);
  }

  /**
   * The page as the stream's last one, of its first packets alone.
   *
   * @param packets as many as it has, at most
   * @param granule of the stream at its new end
   */
  byte[] last(int packets, long granule) {
    int segments = 0;
    int contents = 0;
    int rest = packets;
    while (rest > 0) {
      int segment = bytes[OggPages.HEADER_BYTES + segments++] & 0xff;
      contents += segment;
      rest -= segment < OggPages.MAX_SEGMENT_BYTES ? 1 : 0;
    }
    int head = OggPages.HEADER_BYTES + segments;
    ByteBuffer page = ByteBuffer.allocate(head + contents).order(ByteOrder.LITTLE_ENDIAN);
    page.put(bytes, 0, head).put(bytes, contentsAt(bytes), contents);
    page.put(OggPages.FLAGS_OFFSET, (byte) (bytes[OggPages.FLAGS_OFFSET] | OggPages.END));
    page.putLong(OggPages.GRANULE_OFFSET, granule).put(OggPages.SEGMENTS_OFFSET, (byte) segments);
    page.putInt(OggPages.CHECKSUM_OFFSET, OggCrc.of(page.array(), 0, page.capacity()));
    return page.array();
  }

  private static int contentsAt(byte[] page) {
    return OggPages.HEADER_BYTES + (page[OggPages.SEGMENTS_OFFSET] & 0xff);
  }

  private static ByteBuffer little(byte[] bytes) {
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}

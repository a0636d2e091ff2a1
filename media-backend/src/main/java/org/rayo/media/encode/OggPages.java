package org.rayo.media.encode;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;

/**
 * Makes the pages of one logical Ogg stream: whole packets only, none continued on the next page.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3533#section-6">RFC 3533 §6, the Ogg page
 *     format</a>
 */
final class OggPages {

  /** On the stream's first page. */
  static final int BEGINNING = 2;

  /** On the stream's last page. */
  static final int END = 4;

  static final int HEADER_BYTES = 27;
  static final int FLAGS_OFFSET = 5;
  static final int GRANULE_OFFSET = 6;
  static final int SERIAL_OFFSET = 14;
  static final int SEQUENCE_OFFSET = 18;
  static final int CHECKSUM_OFFSET = 22;
  static final int SEGMENTS_OFFSET = 26;
  static final int MAX_SEGMENTS = 255;

  /** A packet ends with the first segment that is shorter. */
  static final int MAX_SEGMENT_BYTES = 255;

  private static final byte[] CAPTURE_PATTERN = "OggS".getBytes(US_ASCII);

  private final int serial;
  private final byte[] lacing = new byte[MAX_SEGMENTS];
  private byte[] body = new byte[2048];
  private int segments;
  private int bodyBytes;
  private int sequence;
  private int checksum;

  /**
   * @param serial tells this stream from others in one file
   */
  OggPages(int serial) {
    this.serial = serial;
  }

  /** Puts a packet onto the page, which has room for 255 segments of 255 bytes. */
  void add(byte[] packet, int length) {
    if (body.length < bodyBytes + length) {
      body = Arrays.copyOf(body, Math.max(2 * body.length, bodyBytes + length));
    }
    System.arraycopy(packet, 0, body, bodyBytes, length);
    bodyBytes += length;
    for (int rest = length; rest >= 255; rest -= 255) {
      lacing[segments++] = (byte) 255;
    }
    lacing[segments++] = (byte) (length % 255);
  }

  /**
   * Ends the page.
   *
   * @param flags {@link #BEGINNING}, {@link #END}, both or 0
   * @param granule of the stream at the page's end
   * @return its bytes
   */
  byte[] page(int flags, long granule) {
    ByteBuffer page =
        ByteBuffer.allocate(HEADER_BYTES + segments + bodyBytes).order(ByteOrder.LITTLE_ENDIAN);
    page.put(CAPTURE_PATTERN).put((byte) 0).put((byte) flags).putLong(granule);
    page.putInt(serial).putInt(sequence++).putInt(0).put((byte) segments);
    page.put(lacing, 0, segments).put(body, 0, bodyBytes);
    checksum = OggCrc.of(page.array(), 0, page.capacity());
    page.putInt(CHECKSUM_OFFSET, checksum);
    segments = 0;
    bodyBytes = 0;
    return page.array();
  }

  /** The checksum of the last page. */
  int checksum() {
    return checksum;
  }

  /** Whether an Ogg page can begin with these bytes. */
  static boolean begins(byte[] bytes, int offset) {
    for (int i = 0; i < CAPTURE_PATTERN.length; i++) {
      if (bytes[offset + i] != CAPTURE_PATTERN[i]) {
        return false;
      }
    }
    return bytes[offset + CAPTURE_PATTERN.length] == 0;
  }

  /**
   * What makes a page that has been written the stream's last one.
   *
   * @param offset of the page in the file
   * @param length of the page
   * @param flags that it has
   * @param checksum that it has
   */
  static List<Patch> makeLast(long offset, int length, int flags, int checksum) {
    if ((flags & END) != 0) {
      return List.of();
    }
    // The checksum is linear: what one bit changes in it does not depend on the other bits.
    byte[] difference = new byte[length];
    difference[FLAGS_OFFSET] = END;
    int changed = checksum ^ OggCrc.of(difference, 0, length);
    ByteBuffer bytes = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(changed);
    return List.of(
        new Patch(offset + FLAGS_OFFSET, new byte[] {(byte) (flags | END)}),
        new Patch(offset + CHECKSUM_OFFSET, bytes.array()));
  }
}

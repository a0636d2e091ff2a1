package org.rayo.media.rtp;

import java.nio.ByteBuffer;

/**
 * A view of one RTP packet in a buffer; reused for every packet.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3550#section-5.1">RFC 3550, section 5.1</a>
 */
final class RtpPacket {
  static final int HEADER_BYTES = 12;

  private ByteBuffer bytes = ByteBuffer.allocate(0);
  private boolean marker;
  private int payloadType;
  private int sequence;
  private int timestamp;
  private int ssrc;
  private int payloadOffset;
  private int payloadLength;

  /**
   * Reads the packet between the buffer's position and limit; leaves the buffer as it was.
   *
   * @return false if it is no RTP packet of version 2 whose parts fit into its length
   */
  boolean parse(ByteBuffer datagram) {
    int start = datagram.position();
    int end = datagram.limit();
    if (end - start < HEADER_BYTES) {
      return false;
    }
    int first = datagram.get(start) & 0xff;
    int second = datagram.get(start + 1) & 0xff;
    if (first >> 6 != 2) {
      return false;
    }
    int offset = start + HEADER_BYTES + 4 * (first & 0x0f);
    if ((first & 0x10) != 0) {
      if (offset + 4 > end) {
        return false;
      }
      offset += 4 + 4 * (datagram.getShort(offset + 2) & 0xffff);
    }
    if (offset > end) {
      return false;
    }
    int padding = 0;
    if ((first & 0x20) != 0) {
      padding = datagram.get(end - 1) & 0xff;
      if (padding == 0 || offset + padding > end) {
        return false;
      }
    }
    bytes = datagram;
    marker = (second & 0x80) != 0;
    payloadType = second & 0x7f;
    sequence = datagram.getShort(start + 2) & 0xffff;
    timestamp = datagram.getInt(start + 4);
    ssrc = datagram.getInt(start + 8);
    payloadOffset = offset;
    payloadLength = end - offset - padding;
    return true;
  }

  /** Writes a header without CSRCs or extension at the buffer's position. */
  static void writeHeader(
      ByteBuffer to, boolean marker, int payloadType, int sequence, int timestamp, int ssrc) {
    to.put((byte) 0x80);
    to.put((byte) ((marker ? 0x80 : 0) | payloadType));
    to.putShort((short) sequence);
    to.putInt(timestamp);
    to.putInt(ssrc);
  }

  boolean marker() {
    return marker;
  }

  int payloadType() {
    return payloadType;
  }

  /** 0 to 65535. */
  int sequence() {
    return sequence;
  }

  /** 32 bits, unsigned. */
  int timestamp() {
    return timestamp;
  }

  int ssrc() {
    return ssrc;
  }

  int payloadLength() {
    return payloadLength;
  }

  /** The payload's byte number {@code index}. */
  byte payload(int index) {
    return bytes.get(payloadOffset + index);
  }

  /** The payload's two bytes from {@code index} on, unsigned. */
  int payloadShort(int index) {
    return bytes.getShort(payloadOffset + index) & 0xffff;
  }
}

package org.rayo.media.encode;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;

/**
 * The two packets that begin an Opus stream in Ogg.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7845#section-5">RFC 7845 §5, header packets</a>
 */
final class OpusHeaders {

  /** Of granule positions and of the pre-skip, whatever the rate of the input. */
  static final int GRANULE_RATE_HZ = 48_000;

  private static final String HEAD = "OpusHead";
  private static final String TAGS = "OpusTags";
  private static final int HEAD_BYTES = 19;
  private static final String VENDOR = "concentus 1.0.2";
  private static final String ENCODER = "ENCODER=Rayo server";

  private OpusHeaders() {}

  /**
   * The identification header.
   *
   * @param preSkip samples at 48 kHz that a decoder drops at the beginning
   * @param sampleRateHz of the input
   */
  record Head(int channels, int preSkip, int sampleRateHz) {

    byte[] packet() {
      ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
      head.put(HEAD.getBytes(UTF_8)).put((byte) 1).put((byte) channels);
      head.putShort((short) preSkip).putInt(sampleRateHz);
      head.putShort((short) 0); // output gain
      head.put((byte) 0); // channel mapping family: mono or stereo
      return head.array();
    }

    /** Samples of the input that are played when the stream is at this granule position. */
    long samplesAt(long granule) {
      return Math.max(0, (granule - preSkip) / (GRANULE_RATE_HZ / sampleRateHz));
    }

    /** Reads what {@link #packet} wrote; empty of anything else. */
    static Optional<Head> read(byte[] packet) {
      if (packet.length != HEAD_BYTES || !new String(packet, 0, 8, UTF_8).equals(HEAD)) {
        return Optional.empty();
      }
      ByteBuffer head = ByteBuffer.wrap(packet).order(ByteOrder.LITTLE_ENDIAN);
      Head read = new Head(head.get(9), head.getShort(10) & 0xffff, head.getInt(12));
      boolean known =
          read.sampleRateHz > 0
              && GRANULE_RATE_HZ % read.sampleRateHz == 0
              && (read.channels == 1 || read.channels == 2);
      return known ? Optional.of(read) : Optional.empty();
    }
  }

  /** The comment header. */
  static byte[] tags() {
    byte[] vendor = VENDOR.getBytes(UTF_8);
    byte[] encoder = ENCODER.getBytes(UTF_8);
    ByteBuffer tags =
        ByteBuffer.allocate(8 + 4 + vendor.length + 4 + 4 + encoder.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    tags.put(TAGS.getBytes(UTF_8)).putInt(vendor.length).put(vendor);
    tags.putInt(1).putInt(encoder.length).put(encoder);
    return tags.array();
  }

  /** Whether this can be a comment header. */
  static boolean areTags(byte[] packet) {
    return packet.length > 8 && new String(packet, 0, 8, UTF_8).equals(TAGS);
  }
}

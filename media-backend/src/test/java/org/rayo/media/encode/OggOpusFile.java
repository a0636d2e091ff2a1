package org.rayo.media.encode;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.jaredmdobson.concentus.OpusDecoder;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An Ogg Opus file, read as strictly as RFC 3533 and RFC 7845 allow, and decoded at the rate of its
 * input.
 *
 * @param pages all of them, the two of the headers first
 * @param samples channels interleaved
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record OggOpusFile(int channels, int preSkip, int rate, List<Page> pages, short[] samples) {

  /** One page. */
  public record Page(int flags, long granule, int sequence, List<byte[]> packets) {}

  private static final int MAX_PACKET_SAMPLES = 5760;

  /** Reads, decodes, and fails at anything that is not as it should be. */
  public static OggOpusFile read(byte[] file) throws Exception {
    List<Page> pages = pages(file);
    assertThat(pages).hasSizeGreaterThanOrEqualTo(3);
    ByteBuffer head = ByteBuffer.wrap(pages.get(0).packets().get(0)).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(new String(head.array(), 0, 8, US_ASCII)).isEqualTo("OpusHead");
    assertThat(head.capacity()).isEqualTo(19);
    assertThat(head.get(8)).as("version").isEqualTo((byte) 1);
    assertThat(pages.get(0).granule() | pages.get(1).granule()).isZero();
    byte[] tags = pages.get(1).packets().get(0);
    assertThat(new String(tags, 0, 8, US_ASCII)).isEqualTo("OpusTags");
    int channels = head.get(9);
    int preSkip = head.getShort(10);
    int rate = head.getInt(12);
    return new OggOpusFile(channels, preSkip, rate, pages, decode(pages, channels, preSkip, rate));
  }

  /** How many samples a player shows, read from the pages alone. */
  static long length(byte[] file) {
    List<Page> pages = pages(file);
    ByteBuffer head = ByteBuffer.wrap(pages.get(0).packets().get(0)).order(ByteOrder.LITTLE_ENDIAN);
    long played = pages.get(pages.size() - 1).granule() - head.getShort(10);
    return played * head.getInt(12) / 48_000;
  }

  private static short[] decode(List<Page> pages, int channels, int preSkip, int rate)
      throws Exception {
    OpusDecoder decoder = new OpusDecoder(rate, channels);
    short[] block = new short[MAX_PACKET_SAMPLES * channels];
    ByteBuffer decoded = ByteBuffer.allocate(64 << 20);
    long position = 0;
    for (Page page : pages.subList(2, pages.size())) {
      for (byte[] packet : page.packets()) {
        int count = decoder.decode(packet, 0, packet.length, block, 0, MAX_PACKET_SAMPLES, false);
        position += (long) count * 48_000 / rate;
        for (int i = 0; i < count * channels; i++) {
          decoded.putShort(block[i]);
        }
      }
      boolean last = page.sequence() == pages.size() - 1;
      if (last) {
        assertThat(page.granule()).isGreaterThan(position - page.packets().size() * 960L);
        assertThat(page.granule()).isLessThanOrEqualTo(position);
      } else {
        assertThat(page.granule()).isEqualTo(position);
      }
    }
    short[] all = new short[decoded.position() / 2];
    decoded.flip().asShortBuffer().get(all);
    long end = pages.get(pages.size() - 1).granule() * rate / 48_000;
    return Arrays.copyOfRange(all, preSkip * rate / 48_000 * channels, (int) end * channels);
  }

  private static List<Page> pages(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    List<Page> pages = new ArrayList<>();
    int serial = in.getInt(14);
    while (in.hasRemaining()) {
      int start = in.position();
      assertThat(new String(file, start, 4, US_ASCII)).isEqualTo("OggS");
      assertThat(file[start + 4]).as("version").isZero();
      assertThat(in.getInt(start + 14)).isEqualTo(serial);
      assertThat(in.getInt(start + 18)).as("sequence").isEqualTo(pages.size());
      List<byte[]> packets = new ArrayList<>();
      int segments = file[start + 26] & 0xff;
      int at = start + 27 + segments;
      ByteArrayOutputStream packet = new ByteArrayOutputStream();
      for (int i = 0; i < segments; i++) {
        int length = file[start + 27 + i] & 0xff;
        packet.write(file, at, length);
        at += length;
        if (length < 255) {
          packets.add(packet.toByteArray());
          packet.reset();
        }
      }
      assertThat(packet.size()).as("bytes of a packet continued elsewhere").isZero();
      assertThat(in.getInt(start + 22)).as("checksum").isEqualTo(checksum(file, start, at));
      Page page = new Page(file[start + 5], in.getLong(start + 6), pages.size(), packets);
      boolean last = at == file.length;
      assertThat(page.flags()).isEqualTo((pages.isEmpty() ? 2 : 0) | (last ? 4 : 0));
      pages.add(page);
      in.position(at);
    }
    return pages;
  }

  /** Bit by bit, as RFC 3533 defines it, with the field itself taken as zero. */
  private static int checksum(byte[] file, int from, int to) {
    int crc = 0;
    for (int i = from; i < to; i++) {
      int octet = i >= from + 22 && i < from + 26 ? 0 : file[i] & 0xff;
      for (int bit = 7; bit >= 0; bit--) {
        boolean carry = crc < 0;
        crc = crc << 1 | (octet >> bit & 1);
        if (carry) {
          crc ^= 0x04c11db7;
        }
      }
    }
    for (int bit = 0; bit < 32; bit++) {
      crc = crc < 0 ? crc << 1 ^ 0x04c11db7 : crc << 1;
    }
    return crc;
  }
}

package org.rayo.media.encode;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;

/**
 * Linear PCM of 16 bits in a RIFF file.
 *
 * <p>The head is 80 bytes and keeps room in a {@code JUNK} chunk, so that a file which outgrows the
 * 32 bit sizes of RIFF becomes an RF64 file by rewriting the head alone.
 *
 * @see <a href="https://tech.ebu.ch/docs/tech/tech3306.pdf">EBU Tech 3306, RF64</a>
 */
final class WavEncoder implements AudioEncoder {

  /** Bytes before the first sample. */
  static final int HEAD_BYTES = 80;

  private static final long RIFF_LIMIT_BYTES = 0xffff_ffffL;
  private static final int DS64_BYTES = 28;
  private static final int FORMAT_BYTES = 16;
  private static final int PCM = 1;
  private static final int BYTES_PER_SAMPLE = 2;

  private final int sampleRateHz;
  private final int channels;
  private final long riffLimitBytes;
  private byte[] block = new byte[8192];
  private long samples;

  WavEncoder(int sampleRateHz, int channels) {
    this(sampleRateHz, channels, RIFF_LIMIT_BYTES);
  }

  /**
   * @param riffLimitBytes the largest file that is still RIFF
   */
  WavEncoder(int sampleRateHz, int channels, long riffLimitBytes) {
    this.sampleRateHz = sampleRateHz;
    this.channels = channels;
    this.riffLimitBytes = riffLimitBytes;
  }

  @Override
  public void begin(ByteSink sink) {
    byte[] head = head(0);
    sink.append(head, 0, head.length);
  }

  @Override
  public void encode(short[] pcm, int offset, int count, ByteSink sink) {
    int values = count * channels;
    if (block.length < values * BYTES_PER_SAMPLE) {
      block = new byte[values * BYTES_PER_SAMPLE];
    }
    for (int i = 0, at = 0; i < values; i++) {
      int value = pcm[offset + i];
      block[at++] = (byte) value;
      block[at++] = (byte) (value >> 8);
    }
    sink.append(block, 0, values * BYTES_PER_SAMPLE);
    samples += count;
  }

  @Override
  public Optional<Patch> refresh() {
    return Optional.of(new Patch(0, head(samples)));
  }

  @Override
  public Ending finish(ByteSink sink) {
    return ending(samples);
  }

  @Override
  public Ending cutAt(long sizeBytes) {
    if (sizeBytes < HEAD_BYTES) {
      return new Ending(0, 0, List.of());
    }
    return ending(Math.min(samples, (sizeBytes - HEAD_BYTES) / frameBytes()));
  }

  @Override
  public long samples() {
    return samples;
  }

  private Ending ending(long played) {
    long size = HEAD_BYTES + played * frameBytes();
    return new Ending(played, size, List.of(new Patch(0, head(played))));
  }

  private int frameBytes() {
    return channels * BYTES_PER_SAMPLE;
  }

  private byte[] head(long played) {
    long dataBytes = played * frameBytes();
    long riffBytes = HEAD_BYTES - 8 + dataBytes;
    boolean large = riffBytes + 8 > riffLimitBytes;
    ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    head.put(ascii(large ? "RF64" : "RIFF")).putInt(large ? -1 : (int) riffBytes);
    head.put(ascii("WAVE"));
    head.put(ascii(large ? "ds64" : "JUNK")).putInt(DS64_BYTES);
    if (large) {
      head.putLong(riffBytes).putLong(dataBytes).putLong(played).putInt(0);
    } else {
      head.put(new byte[DS64_BYTES]);
    }
    head.put(ascii("fmt ")).putInt(FORMAT_BYTES);
    head.putShort((short) PCM).putShort((short) channels).putInt(sampleRateHz);
    head.putInt(sampleRateHz * frameBytes()).putShort((short) frameBytes());
    head.putShort((short) (8 * BYTES_PER_SAMPLE));
    head.put(ascii("data")).putInt(large ? -1 : (int) dataBytes);
    return head.array();
  }

  private static byte[] ascii(String fourCc) {
    return fourCc.getBytes(US_ASCII);
  }
}

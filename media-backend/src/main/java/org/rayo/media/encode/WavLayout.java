package org.rayo.media.encode;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.rayo.media.RecordingRequest;
import org.rayo.media.SampleCoding;

/**
 * What a wav file of ours looks like: a head whose size does not change, then the samples, then a
 * byte of zero if they are odd in number. With more than two channels it has the extensible format,
 * which says that no channel belongs to a loudspeaker.
 *
 * <p>The head keeps room in a {@code JUNK} chunk, so that a file which outgrows the 32 bit sizes of
 * RIFF becomes an RF64 file by rewriting the head alone.
 *
 * <p>An empty one ends with the head of its data. ffprobe says of it that it cannot check for
 * SPDIF, for want of a byte; a chunk behind would silence that, but be taken for audio.
 *
 * @param coding of the samples
 * @param riffLimitBytes the largest file that is still RIFF
 * @see <a href="https://tech.ebu.ch/docs/tech/tech3306.pdf">EBU Tech 3306, RF64</a>
 */
record WavLayout(int sampleRateHz, int channels, SampleCoding coding, long riffLimitBytes) {

  /** What 32 bits hold. */
  static final long RIFF_LIMIT_BYTES = 0xffff_ffffL;

  /** The longest head that there is. */
  static final int MAX_HEAD_BYTES = 116;

  /** More than the recorder ever writes; in a head it is a sign that it is not ours. */
  private static final int MAX_CHANNELS = RecordingRequest.MAX_PARTICIPANT_CHANNELS;

  private static final int DS64_BYTES = 28;
  private static final int FORMAT_AT = 12 + 8 + DS64_BYTES;
  private static final int PCM_FORMAT_BYTES = 16;
  private static final int CODED_FORMAT_BYTES = 18;
  private static final int EXTENSIBLE_FORMAT_BYTES = 40;
  private static final int FACT_BYTES = 4;

  private static final int EXTENSIBLE = 0xfffe;

  /** What follows the tag of the coding in the id of an extensible format. */
  private static final byte[] SUBFORMAT_END = {
    0, 0, 0, 0, 0x10, 0, (byte) 0x80, 0, 0, (byte) 0xaa, 0, 0x38, (byte) 0x9b, 0x71
  };

  /** Bytes before the first sample. */
  int headBytes() {
    int fact = coding == SampleCoding.PCM ? 0 : 8 + FACT_BYTES;
    return FORMAT_AT + 8 + formatBytes() + fact + 8;
  }

  private int formatBytes() {
    if (isExtensible()) {
      return EXTENSIBLE_FORMAT_BYTES;
    }
    return coding == SampleCoding.PCM ? PCM_FORMAT_BYTES : CODED_FORMAT_BYTES;
  }

  /** The plain format has one channel, or left and right; it cannot say that others are neither. */
  private boolean isExtensible() {
    return channels > 2;
  }

  /** Bytes of a sample of all channels. */
  int frameBytes() {
    return channels * sampleBytes();
  }

  /** Of the whole file with this many samples. */
  long fileBytes(long samples) {
    long data = samples * frameBytes();
    return headBytes() + data + (data & 1);
  }

  /** Whether a byte has to follow the last of so many samples. */
  boolean padded(long samples) {
    return (samples * frameBytes() & 1) != 0;
  }

  /** The samples that a file of this size holds, with the byte that may have to follow them. */
  long samplesIn(long sizeBytes) {
    long samples = (sizeBytes - headBytes()) / frameBytes();
    return fileBytes(samples) <= sizeBytes ? samples : samples - 1;
  }

  /** What makes a file that holds at least so many samples, and room for the byte behind them. */
  Ending ending(long samples) {
    Patch head = new Patch(0, head(samples));
    return new Ending(
        samples,
        fileBytes(samples),
        padded(samples)
            ? List.of(head, new Patch(fileBytes(samples) - 1, new byte[1]))
            : List.of(head));
  }

  /** The head when so many samples follow. */
  byte[] head(long samples) {
    long dataBytes = samples * frameBytes();
    long riffBytes = fileBytes(samples) - 8;
    boolean large = riffBytes + 8 > riffLimitBytes;
    ByteBuffer head = ByteBuffer.allocate(headBytes()).order(ByteOrder.LITTLE_ENDIAN);
    head.put(ascii(large ? "RF64" : "RIFF")).putInt(large ? -1 : (int) riffBytes);
    head.put(ascii("WAVE"));
    head.put(ascii(large ? "ds64" : "JUNK")).putInt(DS64_BYTES);
    if (large) {
      head.putLong(riffBytes).putLong(dataBytes).putLong(samples).putInt(0);
    } else {
      head.put(new byte[DS64_BYTES]);
    }
    putFormat(head);
    if (coding != SampleCoding.PCM) {
      head.put(ascii("fact")).putInt(FACT_BYTES).putInt(large ? -1 : (int) samples);
    }
    head.put(ascii("data")).putInt(large ? -1 : (int) dataBytes);
    return head.array();
  }

  private void putFormat(ByteBuffer head) {
    head.put(ascii("fmt ")).putInt(formatBytes());
    head.putShort((short) (isExtensible() ? EXTENSIBLE : tag(coding)));
    head.putShort((short) channels).putInt(sampleRateHz);
    head.putInt(sampleRateHz * frameBytes()).putShort((short) frameBytes());
    head.putShort((short) (8 * sampleBytes()));
    if (isExtensible()) {
      head.putShort((short) (EXTENSIBLE_FORMAT_BYTES - CODED_FORMAT_BYTES));
      head.putShort((short) (8 * sampleBytes()));
      head.putInt(0); // no channel belongs to any loudspeaker
      head.putShort((short) tag(coding)).put(SUBFORMAT_END);
    } else if (coding != SampleCoding.PCM) {
      head.putShort((short) 0); // nothing more is said of the format
    }
  }

  /** Reads a head that {@link #head} made, whatever sizes stand in it; empty of anything else. */
  static Optional<WavLayout> read(byte[] bytes) {
    ByteBuffer head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (bytes.length < FORMAT_AT + 8 + PCM_FORMAT_BYTES) {
      return Optional.empty();
    }
    int tag = Short.toUnsignedInt(head.getShort(FORMAT_AT + 8));
    if (tag == EXTENSIBLE && bytes.length >= FORMAT_AT + 8 + EXTENSIBLE_FORMAT_BYTES) {
      tag = head.getShort(FORMAT_AT + 8 + 24);
    }
    int channels = head.getShort(FORMAT_AT + 10);
    int rate = head.getInt(FORMAT_AT + 12);
    for (SampleCoding coding : SampleCoding.values()) {
      if (tag == tag(coding) && channels >= 1 && channels <= MAX_CHANNELS && rate > 0) {
        WavLayout layout = new WavLayout(rate, channels, coding, RIFF_LIMIT_BYTES);
        return layout.made(bytes) ? Optional.of(layout) : Optional.empty();
      }
    }
    return Optional.empty();
  }

  /** How many samples a head says that there are; −1 when it is no such head. */
  long samplesSaidBy(byte[] bytes) {
    if (bytes.length < headBytes()) {
      return -1;
    }
    ByteBuffer head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    boolean large = head.getInt(headBytes() - 4) == -1;
    long dataBytes =
        large ? head.getLong(20 + 8) : Integer.toUnsignedLong(head.getInt(headBytes() - 4));
    long samples = dataBytes < 0 ? -1 : dataBytes / frameBytes();
    return Arrays.equals(head(Math.max(0, samples)), Arrays.copyOf(bytes, headBytes()))
        ? samples
        : -1;
  }

  /** Whether these bytes begin with a head of this layout, sizes apart. */
  private boolean made(byte[] bytes) {
    if (bytes.length < headBytes()) {
      return false;
    }
    byte[] expected = head(0);
    for (int i = FORMAT_AT; i < headBytes() - 4; i++) {
      boolean size = coding != SampleCoding.PCM && i >= headBytes() - 12 && i < headBytes() - 8;
      if (!size && bytes[i] != expected[i]) {
        return false;
      }
    }
    return true;
  }

  private int sampleBytes() {
    return coding == SampleCoding.PCM ? 2 : 1;
  }

  private static int tag(SampleCoding coding) {
    return switch (coding) {
      case PCM -> 1;
      case ALAW -> 6;
      case ULAW -> 7;
    };
  }

  private static byte[] ascii(String fourCc) {
    return fourCc.getBytes(US_ASCII);
  }
}

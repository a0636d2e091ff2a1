package org.rayo.media.output;

import io.github.jaredmdobson.concentus.OpusDecoder;
import io.github.jaredmdobson.concentus.OpusException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.rayo.media.encode.OggCrc;

/**
 * Reads Opus in Ogg: the first Opus stream of a file, one or two channels.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7845">RFC 7845</a>
 */
final class OggOpusReader {

  private static final List<Integer> DECODER_RATES = List.of(8000, 12000, 16000, 24000, 48000);
  private static final int GRANULE_HZ = 48_000;
  private static final int LONGEST_PACKET_MILLIS = 120;
  private static final int MAX_PACKET_BYTES = 64 * 1024;
  private static final int HEAD_BYTES = 27;
  private static final int CHECKSUM_AT = 22;
  private static final int BEGINS = 2;
  private static final int ENDS = 4;
  private static final int NO_STREAM = -1;

  private final byte[] file;
  private final int rateHz;
  private final int sampleRateHz;
  private final long maxSamples;
  private final ByteArrayOutputStream packet = new ByteArrayOutputStream();
  private final short[] block;
  private long serial = NO_STREAM;
  private int packets;
  private OpusDecoder decoder;
  private short[] decoded = new short[0];
  private int count;
  private int preSkip;

  private OggOpusReader(byte[] file, int sampleRateHz, long maxSamples) throws OpusException {
    this.file = file;
    this.sampleRateHz = sampleRateHz;
    this.maxSamples = maxSamples;
    this.rateHz = DECODER_RATES.contains(sampleRateHz) ? sampleRateHz : GRANULE_HZ;
    this.block = new short[rateHz * LONGEST_PACKET_MILLIS / 1000];
    this.decoder = new OpusDecoder(rateHz, 1);
  }

  static short[] read(byte[] file, int sampleRateHz, long maxSamples) throws BadAudioException {
    try {
      return new OggOpusReader(file, sampleRateHz, maxSamples).read();
    } catch (OpusException | RuntimeException e) { // nonsense makes the decoder leave its tables
      throw new BadAudioException("is Opus that cannot be decoded");
    }
  }

  private short[] read() throws BadAudioException, OpusException {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    long end = Long.MAX_VALUE;
    int at = 0;
    while (at + HEAD_BYTES <= file.length) {
      int size = pageSize(at);
      int flags = file[at + 5];
      long pageSerial = in.getInt(at + 14) & 0xffffffffL;
      boolean ours = serial == NO_STREAM ? beginsOpus(at, flags) : pageSerial == serial;
      if (ours) {
        serial = pageSerial;
        takePackets(at);
        long granule = in.getLong(at + 6);
        if ((flags & ENDS) != 0 && granule >= 0) {
          end = granule;
          break;
        }
      }
      at += size;
    }
    if (packets < 2) {
      throw new BadAudioException("is Ogg without Opus");
    }
    return trimmed(end);
  }

  private int pageSize(int at) throws BadAudioException {
    int segments = file[at + 26] & 0xff;
    int size = HEAD_BYTES + segments;
    for (int i = 0; i < segments && at + HEAD_BYTES + i < file.length; i++) {
      size += file[at + HEAD_BYTES + i] & 0xff;
    }
    if (!SoundFiles.starts(file, "OggS", at) || file.length - at < size) {
      throw new BadAudioException("is Ogg that is damaged or ends early");
    }
    byte[] page = Arrays.copyOfRange(file, at, at + size);
    Arrays.fill(page, CHECKSUM_AT, CHECKSUM_AT + 4, (byte) 0);
    int checksum = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(at + CHECKSUM_AT);
    if (OggCrc.of(page, 0, size) != checksum) {
      throw new BadAudioException("is Ogg that is damaged");
    }
    return size;
  }

  private boolean beginsOpus(int at, int flags) {
    int body = at + HEAD_BYTES + (file[at + 26] & 0xff);
    return (flags & BEGINS) != 0 && SoundFiles.starts(file, "OpusHead", body);
  }

  private void takePackets(int at) throws BadAudioException, OpusException {
    int segments = file[at + 26] & 0xff;
    int from = at + HEAD_BYTES + segments;
    for (int i = 0; i < segments; i++) {
      int length = file[at + HEAD_BYTES + i] & 0xff;
      packet.write(file, from, length);
      from += length;
      if (packet.size() > MAX_PACKET_BYTES && packets != 1) {
        throw new BadAudioException("is Ogg with a packet that is too large");
      }
      if (length < 255) {
        take(packet.toByteArray());
        packet.reset();
      }
    }
  }

  private void take(byte[] bytes) throws BadAudioException, OpusException {
    packets++;
    if (packets == 1) {
      head(bytes);
    } else if (packets > 2 && bytes.length > 0) {
      int got = decoder.decode(bytes, 0, bytes.length, block, 0, block.length, false);
      keep(got);
    }
  }

  private void head(byte[] bytes) throws BadAudioException {
    if (bytes.length < 19 || (bytes[8] & 0xf0) != 0 || bytes[18] != 0) {
      throw new BadAudioException("is Opus of a layout that is not supported");
    }
    ByteBuffer head = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    preSkip = head.getShort(10) & 0xffff;
    decoder.setGain(head.getShort(16));
  }

  private void keep(int samples) throws BadAudioException {
    long most = maxSamples * rateHz / sampleRateHz + rateHz;
    if (count + (long) samples > most) {
      throw new BadAudioException("is longer than can be played");
    }
    if (count + samples > decoded.length) {
      decoded = Arrays.copyOf(decoded, 2 * (count + samples));
    }
    System.arraycopy(block, 0, decoded, count, samples);
    count += samples;
  }

  private short[] trimmed(long end) throws BadAudioException {
    int from = (int) Math.min(count, (long) preSkip * rateHz / GRANULE_HZ);
    int to = end > (1L << 40) ? count : (int) Math.min(count, end * rateHz / GRANULE_HZ);
    short[] all = Arrays.copyOfRange(decoded, from, Math.max(from, to));
    MonoSink sink = new MonoSink(rateHz, 1, sampleRateHz, maxSamples);
    sink.add(all, all.length);
    return sink.finish();
  }
}

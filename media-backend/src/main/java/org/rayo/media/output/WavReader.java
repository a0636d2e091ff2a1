package org.rayo.media.output;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.rayo.media.audio.G711;

/**
 * Reads RIFF files of linear PCM of 8 to 32 bits, of floats, and of the two laws of G.711. One
 * whose header says more than there is, as of a program that wrote into a pipe, is read to its end.
 */
final class WavReader {

  private static final int BLOCK = 4096;
  private static final int PCM = 1;
  private static final int FLOAT = 3;
  private static final int A_LAW = 6;
  private static final int MU_LAW = 7;
  private static final int EXTENSIBLE = 0xfffe;
  private static final int MAX_CHANNELS = 8;
  private static final int MIN_HZ = 1000;
  private static final int MAX_HZ = 192_000;

  private WavReader() {}

  private record Format(int coding, int channels, int rateHz, int bytes) {}

  static short[] read(byte[] file, int sampleRateHz, long maxSamples) throws BadAudioException {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    in.position(12);
    while (in.remaining() >= 8) {
      int name = in.getInt();
      long size = in.getInt() & 0xffffffffL;
      int length = (int) Math.min(size, in.remaining());
      if (name == 0x20746d66) { // "fmt "
        Format format = format(in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN));
        in.position(in.position() + padded(length, in));
        return samples(in, format, sampleRateHz, maxSamples);
      }
      in.position(in.position() + padded(length, in));
    }
    throw new BadAudioException("is a wav without a format");
  }

  private static int padded(int length, ByteBuffer in) {
    return Math.min(length + (length & 1), in.remaining());
  }

  private static Format format(ByteBuffer fmt) throws BadAudioException {
    if (fmt.remaining() < 16) {
      throw new BadAudioException("is a wav whose format is too short");
    }
    int coding = fmt.getShort(0) & 0xffff;
    if (coding == EXTENSIBLE && fmt.remaining() >= 26) {
      coding = fmt.getShort(24) & 0xffff;
    }
    int channels = fmt.getShort(2) & 0xffff;
    int rateHz = fmt.getInt(4);
    int bits = fmt.getShort(14) & 0xffff;
    boolean linear = coding == PCM && bits >= 8 && bits <= 32 && bits % 8 == 0;
    boolean real = coding == FLOAT && bits == 32;
    boolean law = (coding == A_LAW || coding == MU_LAW) && bits == 8;
    if (!linear && !real && !law) {
      throw new BadAudioException(
          "is a wav of a coding that is not supported, " + coding + " of " + bits + " bits");
    }
    if (channels < 1 || channels > MAX_CHANNELS || rateHz < MIN_HZ || rateHz > MAX_HZ) {
      throw new BadAudioException("is a wav of " + channels + " channels at " + rateHz + " Hz");
    }
    return new Format(coding, channels, rateHz, bits / 8);
  }

  private static short[] samples(ByteBuffer in, Format format, int sampleRateHz, long maxSamples)
      throws BadAudioException {
    while (in.remaining() >= 8) {
      int name = in.getInt();
      long size = in.getInt() & 0xffffffffL;
      int length = (int) Math.min(size, in.remaining());
      if (name == 0x61746164) { // "data"
        MonoSink sink = new MonoSink(format.rateHz(), format.channels(), sampleRateHz, maxSamples);
        ByteBuffer data = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        short[] block = new short[BLOCK * format.channels()];
        int left = length / (format.bytes() * format.channels());
        while (left > 0) {
          int count = Math.min(BLOCK, left);
          for (int i = 0; i < count * format.channels(); i++) {
            block[i] = sample(data, format);
          }
          sink.add(block, count);
          left -= count;
        }
        return sink.finish();
      }
      in.position(in.position() + padded(length, in));
    }
    throw new BadAudioException("is a wav without sound");
  }

  private static short sample(ByteBuffer data, Format format) {
    return switch (format.coding()) {
      case A_LAW -> G711.A_LAW.decode(data.get());
      case MU_LAW -> G711.MU_LAW.decode(data.get());
      case FLOAT ->
          (short) Math.max(Short.MIN_VALUE, Math.min(Short.MAX_VALUE, data.getFloat() * 32768f));
      default -> linear(data, format.bytes());
    };
  }

  /** The upper 16 bits; 8 bits are unsigned. */
  private static short linear(ByteBuffer data, int bytes) {
    if (bytes == 1) {
      return (short) (((data.get() & 0xff) - 128) << 8);
    }
    data.position(data.position() + bytes - 2);
    return data.getShort();
  }
}

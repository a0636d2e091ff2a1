package org.rayo.media.recorder;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads a wav file chunk by chunk, trusting nothing of how it was written. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record WavFile(int channels, int sampleRateHz, int bits, short[] samples) {

  static WavFile read(Path path) throws IOException {
    return parse(Files.readAllBytes(path));
  }

  static WavFile parse(byte[] bytes) {
    ByteBuffer file = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    String riff = fourCc(file);
    long riffSize = Integer.toUnsignedLong(file.getInt());
    require(fourCc(file).equals("WAVE"), "no WAVE");
    long dataSize = -1;
    int channels = 0;
    int rate = 0;
    int bits = 0;
    while (file.hasRemaining()) {
      String id = fourCc(file);
      long size = Integer.toUnsignedLong(file.getInt());
      ByteBuffer body = file.slice().order(ByteOrder.LITTLE_ENDIAN);
      if (id.equals("ds64")) {
        require(riff.equals("RF64") && riffSize == 0xffff_ffffL, "ds64 in a " + riff);
        riffSize = body.getLong();
        dataSize = body.getLong();
      } else if (id.equals("fmt ")) {
        int tag = Short.toUnsignedInt(body.getShort());
        channels = body.getShort();
        rate = body.getInt();
        int bytesPerSecond = body.getInt();
        int align = body.getShort();
        bits = body.getShort();
        require(align == channels * bits / 8 && bytesPerSecond == align * rate, "wrong format");
        require((tag == 0xfffe) == channels > 2, "wrong kind of format");
        if (tag == 0xfffe) {
          require(size == 40 && body.getShort() == 22 && body.getShort() == bits, "wrong size");
          require(body.getInt() == 0, "channels with loudspeakers");
          tag = Short.toUnsignedInt(body.getShort());
        }
        require(tag == 1, "not PCM");
      } else if (id.equals("data")) {
        size = size == 0xffff_ffffL ? dataSize : size;
        require(riffSize + 8 == file.position() + size, "RIFF size does not end with the data");
        require(size <= file.remaining(), "data size beyond the end");
        short[] samples = new short[(int) size / 2];
        body.asShortBuffer().get(samples);
        return new WavFile(channels, rate, bits, samples);
      }
      file.position(file.position() + (int) size);
    }
    throw new AssertionError("no data chunk");
  }

  /** Of one channel. */
  short[] channel(int index) {
    short[] one = new short[samples.length / channels];
    for (int i = 0; i < one.length; i++) {
      one[i] = samples[i * channels + index];
    }
    return one;
  }

  private static String fourCc(ByteBuffer file) {
    byte[] id = new byte[4];
    file.get(id);
    return new String(id, US_ASCII);
  }

  private static void require(boolean condition, String otherwise) {
    if (!condition) {
      throw new AssertionError(otherwise);
    }
  }
}

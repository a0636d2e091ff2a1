package org.rayo.media.freeswitch.capture;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A stereo wav file as FreeSWITCH writes one: sizes of 0 until it is closed. Left it counts up,
 * right it counts down.
 */
final class GrowingWav {

  final Path path;
  private final FileChannel file;
  private int written;

  GrowingWav(Path path, int sampleRateHz) {
    this.path = path;
    try {
      file = FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      header(sampleRateHz, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void header(int rate, int bytes) throws IOException {
    ByteBuffer header = ByteBuffer.allocate(44).order(ByteOrder.LITTLE_ENDIAN);
    header.put("RIFF".getBytes(StandardCharsets.US_ASCII)).putInt(bytes == 0 ? 8 : 36 + bytes);
    header.put("WAVEfmt ".getBytes(StandardCharsets.US_ASCII)).putInt(16);
    header.putShort((short) 1).putShort((short) 2).putInt(rate).putInt(rate * 4);
    header.putShort((short) 4).putShort((short) 16);
    header.put("data".getBytes(StandardCharsets.US_ASCII)).putInt(bytes).flip();
    file.write(header, 0);
  }

  static short left(int sample) {
    return (short) (1 + sample % 20_000);
  }

  int written() {
    return written;
  }

  /** Writes frames of 20 ms. */
  void frames(int count) {
    ByteBuffer bytes = ByteBuffer.allocate(count * 640).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < count * 160; i++) {
      bytes.putShort(left(written + i)).putShort((short) -left(written + i));
    }
    append(bytes.flip());
    written += count * 160;
  }

  /** Writes part of a sample. */
  void torn() {
    append(ByteBuffer.wrap(new byte[] {77, 77, 77}));
  }

  private void append(ByteBuffer bytes) {
    try {
      file.write(bytes, 44 + written * 4L);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Closes it: its sizes are right then. Something else may follow the samples. */
  void close() {
    try {
      header(8000, written * 4);
      append(ByteBuffer.wrap("LIST\2\0\0\0hi".getBytes(StandardCharsets.US_ASCII)));
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

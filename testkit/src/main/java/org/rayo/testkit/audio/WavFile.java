package org.rayo.testkit.audio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A RIFF or RF64 WAVE file of 16-bit PCM, µ-law or A-law, as it was found.
 *
 * @param encoding how the samples were coded
 * @param audio the samples, decoded
 * @param faults what is wrong with the header though the samples could be read; empty for a file
 *     that any player accepts
 */
public record WavFile(Encoding encoding, Decoded audio, List<String> faults) {

  /** How a WAV file codes its samples; {@link #tag} is the number of the format in the header. */
  public enum Encoding {
    PCM16(1, 2),
    ALAW(6, 1),
    ULAW(7, 1);

    final int tag;
    final int bytes;

    Encoding(int tag, int bytes) {
      this.tag = tag;
      this.bytes = bytes;
    }

    private static Encoding ofTag(int tag, int bitsPerSample) {
      for (Encoding encoding : values()) {
        if (encoding.tag == tag && bitsPerSample == encoding.bytes * 8) {
          return encoding;
        }
      }
      throw new IllegalArgumentException("format " + tag + " with " + bitsPerSample + " bits");
    }
  }

  private static final int EXTENSIBLE = 0xFFFE;
  private static final long SIZE_IN_DS64 = 0xFFFFFFFFL;

  public WavFile {
    faults = List.copyOf(faults);
  }

  /**
   * Reads a file.
   *
   * @throws IllegalArgumentException if it is no WAV file of a kind we know
   */
  public static WavFile read(Path file) {
    try {
      return parse(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException("can not read " + file, e);
    }
  }

  /** As {@link #read}, from the bytes of a file. */
  public static WavFile parse(byte[] bytes) {
    return new Reader(bytes).read();
  }

  /** Writes 16-bit PCM. */
  public static void write(Path file, Decoded audio) {
    int channels = audio.channels().length;
    int dataBytes = audio.samples() * channels * 2;
    ByteBuffer out = ByteBuffer.allocate(44 + dataBytes).order(ByteOrder.LITTLE_ENDIAN);
    out.put(ascii("RIFF")).putInt(36 + dataBytes).put(ascii("WAVE"));
    out.put(ascii("fmt ")).putInt(16).putShort((short) 1).putShort((short) channels);
    out.putInt(audio.sampleRateHz()).putInt(audio.sampleRateHz() * channels * 2);
    out.putShort((short) (channels * 2)).putShort((short) 16);
    out.put(ascii("data")).putInt(dataBytes);
    for (int i = 0; i < audio.samples(); i++) {
      for (short[] channel : audio.channels()) {
        out.putShort(channel[i]);
      }
    }
    try {
      Files.write(file, out.array());
    } catch (IOException e) {
      throw new UncheckedIOException("can not write " + file, e);
    }
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  /** Walks the chunks of one file. */
  private static final class Reader {

    private final ByteBuffer in;
    private final List<String> faults = new ArrayList<>();
    private long ds64DataSize = -1;

    Reader(byte[] bytes) {
      in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    WavFile read() {
      if (in.remaining() < 12) {
        throw new IllegalArgumentException("no WAV file: only " + in.remaining() + " bytes");
      }
      String riff = fourCc();
      long riffSize = Integer.toUnsignedLong(in.getInt());
      if (!(riff.equals("RIFF") || riff.equals("RF64")) || !fourCc().equals("WAVE")) {
        throw new IllegalArgumentException("no WAV file: starts with " + riff);
      }
      if (riff.equals("RIFF") && riffSize != in.limit() - 8L) {
        faults.add("RIFF size " + riffSize + ", but " + (in.limit() - 8L) + " bytes follow");
      }
      ByteBuffer format = null;
      while (in.remaining() >= 8) {
        String id = fourCc();
        long size = Integer.toUnsignedLong(in.getInt());
        switch (id) {
          case "ds64" -> ds64DataSize = chunk(size).getLong(8);
          case "fmt " -> format = chunk(size);
          case "data" -> {
            if (format == null) {
              throw new IllegalArgumentException("data before fmt");
            }
            return withData(format, chunk(size == SIZE_IN_DS64 ? ds64DataSize : size));
          }
          default -> chunk(size);
        }
      }
      throw new IllegalArgumentException("no data chunk");
    }

    private WavFile withData(ByteBuffer format, ByteBuffer data) {
      int tag = format.getShort(0) & 0xFFFF;
      int channels = format.getShort(2);
      int rate = format.getInt(4);
      int bits = format.getShort(14);
      Encoding encoding =
          Encoding.ofTag(tag == EXTENSIBLE ? format.getShort(24) & 0xFFFF : tag, bits);
      int frameBytes = channels * encoding.bytes;
      expect("block align", frameBytes, format.getShort(12));
      expect("bytes a second", (long) frameBytes * rate, format.getInt(8));
      expect("bytes after the last frame", 0, data.remaining() % frameBytes);
      short[][] samples = new short[channels][data.remaining() / frameBytes];
      for (int i = 0; i < samples[0].length; i++) {
        for (short[] channel : samples) {
          channel[i] =
              switch (encoding) {
                case PCM16 -> data.getShort();
                case ULAW -> G711.fromUlaw(data.get());
                case ALAW -> G711.fromAlaw(data.get());
              };
        }
      }
      return new WavFile(encoding, new Decoded(samples, rate), faults);
    }

    private void expect(String what, long right, long found) {
      if (right != found) {
        faults.add(what + " is " + found + " instead of " + right);
      }
    }

    private ByteBuffer chunk(long size) {
      if (size < 0 || size > in.remaining()) {
        faults.add("a chunk of " + size + " bytes where " + in.remaining() + " are left");
      }
      int bytes = size < 0 ? in.remaining() : (int) Math.min(size, in.remaining());
      ByteBuffer chunk = in.slice(in.position(), bytes).order(ByteOrder.LITTLE_ENDIAN);
      // Chunks are padded to even lengths.
      in.position(Math.min(in.limit(), in.position() + bytes + (bytes & 1)));
      return chunk;
    }

    private String fourCc() {
      byte[] id = new byte[4];
      in.get(id);
      return new String(id, StandardCharsets.US_ASCII);
    }
  }
}

package org.rayo.testkit.audio;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javazoom.jl.decoder.Bitstream;
import javazoom.jl.decoder.Decoder;
import javazoom.jl.decoder.Header;
import javazoom.jl.decoder.JavaLayerException;
import javazoom.jl.decoder.SampleBuffer;

/**
 * Decodes MP3 files (MPEG-1, -2 and -2.5, mono and stereo), to the sample where the file's Info tag
 * says what the encoder added.
 */
public final class Mp3Decoder {

  /** What every layer III decoder adds at the start. */
  static final int DECODER_DELAY = 529;

  /**
   * A decoded file.
   *
   * @param audio without the encoder's delay and padding where the tag tells them; else all that
   *     comes out of the decoder
   * @param tag the Info tag, if the first frame is one
   * @param frames audio frames in the file, the tag's not counted
   * @param samplesPerFrame 1152 for MPEG-1, else 576
   * @param firstFrameKbps the bitrate of the first audio frame
   * @param missingSamples how many samples the tag promises that the file does not hold
   */
  public record Mp3File(
      Decoded audio,
      Optional<InfoTag> tag,
      int frames,
      int samplesPerFrame,
      int firstFrameKbps,
      int missingSamples) {}

  private Mp3Decoder() {}

  /**
   * Decodes a file.
   *
   * @throws IllegalArgumentException if it is no MP3, or a frame can not be decoded
   */
  public static Mp3File decode(Path file) {
    try {
      return decode(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException("can not read " + file, e);
    }
  }

  /**
   * Decodes a file of which some was torn: a frame that makes no sense is silent, as players have
   * it.
   *
   * @throws IllegalArgumentException if it is no MP3
   */
  public static Mp3File decodeTorn(Path file) {
    try {
      return decode(Files.readAllBytes(file), Damage.SILENT);
    } catch (IOException e) {
      throw new UncheckedIOException("can not read " + file, e);
    }
  }

  /** As {@link #decode(Path)}, from the bytes of a file. */
  public static Mp3File decode(byte[] bytes) {
    return decode(bytes, Damage.REFUSED);
  }

  /** What is made of a frame that cannot be decoded. */
  private enum Damage {
    REFUSED,
    SILENT
  }

  private static Mp3File decode(byte[] bytes, Damage damage) {
    ByteBuffer file = ByteBuffer.wrap(bytes);
    List<Mp3Frame> all = Mp3Frame.all(file);
    if (all.isEmpty()) {
      throw new IllegalArgumentException("no MP3 frame in " + bytes.length + " bytes");
    }
    Optional<InfoTag> tag = InfoTag.in(file, all.get(0));
    List<Mp3Frame> audio = tag.isPresent() ? all.subList(1, all.size()) : all;
    if (audio.isEmpty()) {
      throw new IllegalArgumentException("only an Info tag, and no audio");
    }
    Mp3Frame first = audio.get(0);
    short[][] raw = decodeAll(bytes, audio, damage);
    int delay = tag.map(t -> t.encoderDelay().orElse(-1)).orElse(-1);
    int padding = tag.map(t -> t.encoderPadding().orElse(0)).orElse(0);
    int from = delay < 0 ? 0 : delay + DECODER_DELAY;
    int length = delay < 0 ? raw[0].length : raw[0].length - delay - padding;
    int missing = Math.max(0, from + length - raw[0].length);
    short[][] trimmed = new short[raw.length][Math.max(0, length)];
    for (int channel = 0; channel < raw.length; channel++) {
      int there = Math.max(0, Math.min(length, raw[channel].length - from));
      System.arraycopy(
          raw[channel], Math.min(from, raw[channel].length), trimmed[channel], 0, there);
    }
    return new Mp3File(
        new Decoded(trimmed, first.sampleRateHz()),
        tag,
        audio.size(),
        first.samples(),
        first.bitrateKbps(),
        missing);
  }

  /**
   * One at a time: JLayer fills its tables on first use, and not in a way that threads can share.
   */
  private static synchronized short[][] decodeAll(
      byte[] bytes, List<Mp3Frame> frames, Damage damage) {
    Mp3Frame first = frames.get(0);
    int channels = first.channels();
    short[][] out = new short[channels][frames.size() * first.samples()];
    Bitstream bitstream =
        new Bitstream(
            new ByteArrayInputStream(bytes, first.offset(), bytes.length - first.offset()));
    Decoder decoder = new Decoder();
    try {
      for (int frame = 0; frame < frames.size(); frame++) {
        Header header = bitstream.readFrame();
        if (header == null) {
          throw new IllegalArgumentException("the decoder saw " + frame + " of " + frames.size());
        }
        SampleBuffer samples;
        try {
          samples = (SampleBuffer) decoder.decodeFrame(header, bitstream);
        } catch (JavaLayerException | ArrayIndexOutOfBoundsException e) {
          // JLayer finds out about nonsense by running out of its tables.
          if (damage == Damage.REFUSED) {
            throw new IllegalArgumentException("frame " + frame + " can not be decoded", e);
          }
          decoder = new Decoder();
          bitstream.closeFrame();
          continue;
        }
        bitstream.closeFrame();
        if (samples.getBufferLength() != channels * first.samples()) {
          throw new IllegalArgumentException(
              "frame " + frame + " gave " + samples.getBufferLength() + " samples");
        }
        for (int i = 0; i < samples.getBufferLength(); i++) {
          out[i % channels][frame * first.samples() + i / channels] = samples.getBuffer()[i];
        }
      }
      bitstream.close();
    } catch (JavaLayerException e) {
      throw new IllegalArgumentException("not decodable", e);
    }
    return out;
  }
}

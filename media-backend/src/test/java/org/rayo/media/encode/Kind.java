package org.rayo.media.encode;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalInt;
import org.rayo.media.AudioFormat;
import org.rayo.media.MediaException;
import org.rayo.media.RecordingRequest.Encoding;
import org.rayo.media.SampleCoding;
import org.rayo.media.audio.G711;

/** Every way to make a file, with the decoder that gives the samples back. */
@SuppressWarnings("ImmutableEnumChecker") // both are immutable, but do not say so
enum Kind {
  WAV_PCM(AudioFormat.WAV, SampleCoding.PCM, AudioEncoders.PORTABLE),
  WAV_ULAW(AudioFormat.WAV, SampleCoding.ULAW, AudioEncoders.PORTABLE),
  WAV_ALAW(AudioFormat.WAV, SampleCoding.ALAW, AudioEncoders.PORTABLE),
  MP3_JAVA(AudioFormat.MP3, SampleCoding.PCM, AudioEncoders.PORTABLE),
  MP3_NATIVE(
      AudioFormat.MP3, SampleCoding.PCM, new AudioEncoders(AudioEncoders.NativeMp3.REQUIRED)),
  OPUS(AudioFormat.OPUS, SampleCoding.PCM, AudioEncoders.PORTABLE);

  final AudioFormat format;
  final Encoding encoding;
  private final AudioEncoders encoders;

  Kind(AudioFormat format, SampleCoding coding, AudioEncoders encoders) {
    this.format = format;
    this.encoders = encoders;
    encoding = new Encoding(OptionalInt.empty(), OptionalInt.empty(), Optional.of(coding));
  }

  /** Skips the test, and says so, when this machine has not what it takes. */
  void assumePossible() {
    if (this == MP3_NATIVE && !LameLibrary.isThere()) {
      System.out.println("SKIPPED: " + LameLibrary.whyNot());
    }
    assumeTrue(this != MP3_NATIVE || LameLibrary.isThere());
    assumeTrue(format != AudioFormat.MP3 || Decoded.available());
  }

  AudioEncoder open(int rate, int channels) throws MediaException {
    return encoders.open(format, rate, channels, encoding);
  }

  /** A finished file, fed in blocks of 20 ms. */
  byte[] encode(short[] pcm, int channels) throws MediaException {
    return encode(pcm, channels, open(8000, channels));
  }

  static byte[] encode(short[] pcm, int channels, AudioEncoder encoder) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    encoder.begin(out::write);
    int total = pcm.length / channels;
    for (int at = 0; at < total; at += 160) {
      encoder.encode(pcm, at * channels, Math.min(160, total - at), out::write);
    }
    Ending ending = encoder.finish(out::write);
    assertThat(ending.samples()).isEqualTo(total);
    assertThat(ending.sizeBytes()).isEqualTo(out.size());
    return apply(out.toByteArray(), ending);
  }

  static byte[] apply(byte[] bytes, Ending ending) {
    byte[] file = Arrays.copyOf(bytes, (int) ending.sizeBytes());
    for (Patch patch : ending.patches()) {
      System.arraycopy(patch.bytes(), 0, file, (int) patch.offset(), patch.bytes().length);
    }
    return file;
  }

  /** The samples, channels interleaved; fails when anything in the file is not as it should be. */
  short[] decode(byte[] file, Path directory) throws Exception {
    return switch (format) {
      case WAV -> wav(file);
      case OPUS -> OggOpusFile.read(file).samples();
      case MP3 -> {
        Path mp3 = Files.createTempFile(directory, "test", ".mp3");
        Files.write(mp3, file);
        short[] samples = Decoded.samples(mp3);
        Files.delete(mp3);
        yield samples;
      }
    };
  }

  /** Fails when a program that is installed warns of anything. */
  void programsAccept(Path file, long samples) throws Exception {
    Path directory = file.toAbsolutePath().getParent();
    if (format == AudioFormat.OPUS && Program.isThere("opusinfo")) {
      Program.Result result = Program.run(directory, "opusinfo", file.toString());
      assertThat(result.said()).doesNotContainIgnoringCase("warning").doesNotContain("ERROR");
      assertThat(result.status()).isZero();
    }
    if (samples > 0 && Program.isThere("ffprobe")) {
      Program.acceptsSilently(directory, "ffprobe", "-v", "warning", file.toString());
    }
    if (samples > 0 && format != AudioFormat.OPUS && Program.isThere("sox")) {
      Program.acceptsSilently(directory, "sox", file.toString(), "-n");
    }
  }

  /** Chunk by chunk, nothing left over. */
  private short[] wav(byte[] file) {
    ByteBuffer in = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(fourCc(in)).isEqualTo("RIFF");
    assertThat(in.getInt()).isEqualTo(file.length - 8);
    assertThat(fourCc(in)).isEqualTo("WAVE");
    int fact = -1;
    short[] samples = new short[0];
    int bytesPerSample = encoding.coding().orElseThrow() == SampleCoding.PCM ? 2 : 1;
    int frameBytes = 0;
    while (in.hasRemaining()) {
      String id = fourCc(in);
      int size = in.getInt();
      ByteBuffer chunk = in.slice(in.position(), size).order(ByteOrder.LITTLE_ENDIAN);
      in.position(in.position() + size);
      if ((size & 1) != 0) {
        assertThat(in.get()).as("padding").isZero();
      }
      switch (id) {
        case "JUNK" -> assertThat(size).isEqualTo(28);
        case "fact" -> fact = chunk.getInt();
        case "fmt " -> {
          int channels = chunk.getShort(2);
          int tag = Short.toUnsignedInt(chunk.getShort());
          if (channels > 2) {
            assertThat(tag).isEqualTo(0xfffe);
            assertThat(size).isEqualTo(40);
            assertThat((int) chunk.getShort(16)).isEqualTo(22);
            assertThat(chunk.getShort(18)).isEqualTo(chunk.getShort(14));
            assertThat(chunk.getInt(20)).as("channel mask").isZero();
            tag = chunk.getShort(24);
          }
          assertThat(tag).isEqualTo(formatTag());
          frameBytes = chunk.getShort(2) * bytesPerSample;
          assertThat((int) chunk.getShort(12)).isEqualTo(frameBytes);
          assertThat(chunk.getInt(8)).isEqualTo(chunk.getInt(4) * frameBytes);
          assertThat((int) chunk.getShort(14)).isEqualTo(8 * bytesPerSample);
        }
        case "data" -> {
          samples = new short[size / bytesPerSample];
          for (int i = 0; i < samples.length; i++) {
            samples[i] = sample(chunk);
          }
        }
        default -> throw new AssertionError("chunk " + id);
      }
    }
    if (bytesPerSample == 1) {
      assertThat(fact).isEqualTo(samples.length / frameBytes);
    }
    return samples;
  }

  private int formatTag() {
    return switch (encoding.coding().orElseThrow()) {
      case PCM -> 1;
      case ALAW -> 6;
      case ULAW -> 7;
    };
  }

  private short sample(ByteBuffer in) {
    return switch (encoding.coding().orElseThrow()) {
      case PCM -> in.getShort();
      case ULAW -> G711.MU_LAW.decode(in.get());
      case ALAW -> G711.A_LAW.decode(in.get());
    };
  }

  private static String fourCc(ByteBuffer in) {
    byte[] id = new byte[4];
    in.get(id);
    return new String(id, US_ASCII);
  }
}

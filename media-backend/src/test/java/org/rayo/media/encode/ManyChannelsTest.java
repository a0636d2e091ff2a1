package org.rayo.media.encode;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.rayo.media.AudioFormat;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.RecordingRequest.Encoding;
import org.rayo.media.SampleCoding;

/** Wav files of more than two channels: other programs read them, and a crash costs no more. */
class ManyChannelsTest {

  private static final int SAMPLES = 8001;

  @TempDir Path directory;
  private final Random random = new Random(5);

  @ParameterizedTest
  @CsvSource({
    "WAV_PCM, 3",
    "WAV_PCM, 8",
    "WAV_PCM, 32",
    "WAV_ULAW, 3",
    "WAV_ULAW, 8",
    "WAV_ALAW, 31"
  })
  void file_everyChannel_isWhatWasWritten(Kind kind, int channels) throws Exception {
    short[] pcm = noise(kind, channels);
    byte[] bytes = kind.encode(pcm, channels);
    assertThat(kind.decode(bytes, directory)).isEqualTo(pcm);

    Path file = Files.write(directory.resolve("many.wav"), bytes);
    kind.programsAccept(file, SAMPLES);
    if (Program.isThere("ffprobe")) {
      Program.Result probe =
          Program.run(
              directory,
              ("ffprobe -v warning -show_entries stream=sample_rate,channels,duration_ts"
                      + " -of csv=p=0 "
                      + file)
                  .split(" "));
      assertThat(probe.said().strip()).isEqualTo("8000," + channels + "," + SAMPLES);
    }
    for (int channel : new int[] {1, channels / 2, channels}) {
      short[] one = channel(pcm, channels, channel - 1);
      if (Program.isThere("sox")) {
        // Without dither, which would be added when a law is made linear.
        assertThat(heard("sox -D %s -t raw -e signed -b 16 %s remix " + channel, file))
            .as("channel %d by sox", channel)
            .isEqualTo(one);
      }
      if (Program.isThere("ffmpeg")) {
        // It would guess which loudspeakers are meant, and say so.
        String pan = "-af pan=mono|c0=c" + (channel - 1);
        assertThat(
                heard(
                    "ffmpeg -v warning -guess_layout_max 0 -i %s " + pan + " -f s16le -y %s", file))
            .as("channel %d by ffmpeg", channel)
            .isEqualTo(one);
      }
    }
  }

  private short[] heard(String command, Path file) throws Exception {
    Path raw = directory.resolve("heard.raw");
    Program.acceptsSilently(directory, command.formatted(file, raw).split(" "));
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(raw)).order(ByteOrder.LITTLE_ENDIAN);
    short[] samples = new short[bytes.remaining() / 2];
    bytes.asShortBuffer().get(samples);
    return samples;
  }

  /** The plain format is what everybody reads: two channels keep it. */
  @Test
  void twoChannels_haveThePlainFormat() throws Exception {
    byte[] bytes = Kind.WAV_PCM.encode(new short[20], 2);
    assertThat(bytes[56]).isEqualTo((byte) 1);
    assertThat(bytes).hasSize(80 + 40);
  }

  @ParameterizedTest
  @EnumSource(names = {"WAV_PCM", "WAV_ULAW", "WAV_ALAW"})
  void unfinished_cutAnywhere_losesAtMostOneSample(Kind kind) throws Exception {
    int channels = kind == Kind.WAV_ALAW ? 7 : 8;
    int head = kind == Kind.WAV_PCM ? 104 : 116;
    int frame = kind == Kind.WAV_PCM ? 2 * channels : channels;
    short[] pcm = noise(kind, channels);
    byte[] written = unfinished(kind, pcm, channels);
    assertThat(written).hasSize(head + frame * SAMPLES);
    for (int i = 0; i < head + 300; i++) {
      int size = i < head + 100 ? i : head + random.nextInt(written.length - head);
      Path file = Files.write(directory.resolve("cut.wav"), Arrays.copyOf(written, size));
      // The file itself says how many channels it has, once its head is there.
      AudioRepair.Repaired repaired = repair(file, kind, size < head ? channels : 1);
      byte[] once = Files.readAllBytes(file);
      assertThat(repaired.channels()).isEqualTo(channels);
      assertThat(repaired.sizeBytes()).isEqualTo(once.length);
      long whole = Math.max(0, (size - head) / frame);
      assertThat(repaired.samples()).as("of %d bytes", size).isBetween(whole - 1, whole);
      assertThat(kind.decode(once, directory))
          .isEqualTo(Arrays.copyOf(pcm, (int) repaired.samples() * channels));
      if (i % 100 == 99) {
        kind.programsAccept(file, repaired.samples());
      }
      assertThat(repair(file, kind, 1)).isEqualTo(repaired);
      assertThat(Files.readAllBytes(file)).isEqualTo(once);
    }
  }

  @Test
  void finished_isLeftAsItIs() throws Exception {
    for (int count : new int[] {0, 1, 2, 801}) {
      byte[] finished = Kind.WAV_ULAW.encode(new short[5 * count], 5);
      Path file = Files.write(directory.resolve("whole.wav"), finished);
      assertThat(repair(file, Kind.WAV_ULAW, 1).samples()).isEqualTo(count);
      assertThat(Files.readAllBytes(file)).isEqualTo(finished);
    }
  }

  @Test
  void beyondTheLimitOfRiff_becomesRf64_andRiffAgain() throws Exception {
    WavEncoder encoder = new WavEncoder(new WavLayout(8000, 6, SampleCoding.PCM, 1000));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    encoder.begin(out::write);
    encoder.encode(new short[6 * 100], 0, 100, out::write);
    Path file = Files.write(directory.resolve("large.wav"), out.toByteArray());
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      Ending large = encoder.finish(out::write);
      byte[] head = large.patches().get(0).bytes();
      assertThat(head).startsWith('R', 'F', '6', '4').hasSize(104);
      Files.write(file, Kind.apply(out.toByteArray(), large));
      if (Program.isThere("ffprobe")) {
        Program.acceptsSilently(directory, "ffprobe", "-v", "warning", file.toString());
      }
      Ending cut = encoder.cutTo(70, large, channel);
      assertThat(cut.sizeBytes()).isEqualTo(104 + 12 * 70);
      assertThat(cut.patches().get(0).bytes()).startsWith('R', 'I', 'F', 'F');
    }
  }

  @Test
  void otherFormats_thanWav_areRefused() {
    for (AudioFormat format : new AudioFormat[] {AudioFormat.MP3, AudioFormat.OPUS}) {
      MediaException refused =
          catchThrowableOfType(
              MediaException.class,
              () -> AudioEncoders.PORTABLE.open(format, 8000, 3, Encoding.DEFAULT));
      assertThat(refused.fault()).isEqualTo(Fault.UNSUPPORTED);
      assertThat(refused)
          .hasMessage(format.token() + " is not made of 3 channels; wav is possible");
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> AudioEncoders.PORTABLE.open(AudioFormat.WAV, 8000, 33, Encoding.DEFAULT))
        .withMessageContaining("33");
  }

  private static AudioRepair.Repaired repair(Path file, Kind kind, int channels) throws Exception {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      return AudioRepair.repair(
          channel, new AudioRepair.Expected(kind.format, 8000, channels, kind.encoding));
    }
  }

  private static byte[] unfinished(Kind kind, short[] pcm, int channels) throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (AudioEncoder encoder = kind.open(8000, channels)) {
      encoder.begin(out::write);
      encoder.encode(pcm, 0, pcm.length / channels, out::write);
    }
    return out.toByteArray();
  }

  /** Of values that the coding can hold. */
  private short[] noise(Kind kind, int channels) throws Exception {
    short[] noise = new short[SAMPLES * channels];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (short) (random.nextGaussian() * 3000);
    }
    return kind == Kind.WAV_PCM ? noise : kind.decode(kind.encode(noise, channels), directory);
  }

  private static short[] channel(short[] pcm, int channels, int index) {
    short[] one = new short[pcm.length / channels];
    for (int i = 0; i < one.length; i++) {
      one[i] = pcm[i * channels + index];
    }
    return one;
  }
}

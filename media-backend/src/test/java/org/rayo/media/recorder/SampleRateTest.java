package org.rayo.media.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.media.AudioFormat;
import org.rayo.media.CapturedRecording;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.audio.Levels;
import org.rayo.media.encode.Decoded;
import org.rayo.media.encode.OggOpusFile;
import org.rayo.media.recorder.Studio.Ask;
import org.rayo.media.recorder.Studio.Take;
import org.rayo.media.recorder.VirtualCallAudio.Voice;

/** Files whose sample rate is not the call's. */
class SampleRateTest {

  private static final Voice TONE = Voice.sine(1000, 8231, Studio.RATE);

  @TempDir Path directory;
  private Studio studio;

  @BeforeEach
  void open() {
    studio = new Studio(directory);
  }

  @AfterEach
  void close() {
    studio.close();
  }

  @ParameterizedTest
  @CsvSource({
    "WAV, 8000",
    "WAV, 11025",
    "WAV, 12000",
    "WAV, 16000",
    "WAV, 22050",
    "WAV, 24000",
    "WAV, 32000",
    "WAV, 44100",
    "WAV, 48000",
    "MP3, 11025",
    "MP3, 12000",
    "MP3, 16000",
    "MP3, 22050",
    "MP3, 24000",
    "MP3, 32000",
    "MP3, 44100",
    "MP3, 48000",
    "OPUS, 12000",
    "OPUS, 16000",
    "OPUS, 24000",
    "OPUS, 48000"
  })
  void maxDuration_anyRate_isASecondOfTheFile(AudioFormat format, int rate) throws Exception {
    assumeTrue(format != AudioFormat.MP3 || Decoded.available());
    Take take = studio.start(new Ask().format(format).rate(rate).max(1000));
    take.call.caller(TONE).millis(1200);
    CapturedRecording captured = take.ended();
    assertThat(captured.cause()).isEqualTo(Cause.MAX_DURATION);
    assertThat(captured.samples()).isEqualTo(rate);
    assertThat(captured.sampleRateHz()).isEqualTo(rate);
    assertThat(captured.duration()).hasMillis(1000);
    assertThat(captured.sizeBytes()).isEqualTo(Files.size(captured.file()));
    short[] decoded = decoded(captured);
    assertThat(decoded).hasSize(rate);
    assertThat(Levels.dbfs(decoded, rate / 5, rate / 2)).isBetween(-15.01 - 1.5, -15.01 + 1.5);
  }

  @Test
  void stereo_mp3At44100_isReadByTheDecoder() throws Exception {
    assumeTrue(Decoded.available());
    Take take = studio.start(new Ask().format(AudioFormat.MP3).duplex(false).rate(44_100));
    take.call.caller(TONE).millis(2500);
    CapturedRecording captured = take.stopped();
    short[] decoded = decoded(captured);
    assertThat(decoded).hasSize(2 * 110_250);
    for (int i = 1; i < decoded.length; i += 2) {
      assertThat(Math.abs(decoded[i])).as("silent side").isLessThan((short) 20);
    }
  }

  @Test
  void anyLength_durationIsTheCallsToTheMillisecond() throws Exception {
    for (int millis : new int[] {20, 300, 1020, 4980}) {
      for (int rate : new int[] {11_025, 44_100, 48_000}) {
        Take take = studio.start(new Ask().rate(rate));
        take.call.millis(millis);
        assertThat(take.stopped().duration()).hasMillis(millis);
      }
    }
  }

  @Test
  void keyAndTrim_cutAtTheCallsTime() throws Exception {
    Take key = studio.start(new Ask().rate(44_100).stopKeys("5"));
    key.call.caller(TONE).millis(1000);
    key.call.key('5', 80);
    key.call.millis(40);
    assertThat(key.ended().samples()).isEqualTo(44_541);
    assertThat(WavFile.read(key.file).samples()).hasSize(44_541);

    Take trimmed = studio.start(new Ask().rate(48_000).last(1000).trim());
    trimmed.call.caller(TONE).millis(400);
    trimmed.call.caller(Voice.SILENCE).millis(1200);
    CapturedRecording captured = trimmed.ended();
    assertThat(captured.cause()).isEqualTo(Cause.FINAL_TIMEOUT);
    assertThat(captured.samples()).isBetween(19_200L, 19_200L + 960);
    short[] samples = WavFile.read(captured.file()).samples();
    assertThat(samples).hasSize((int) captured.samples());
    assertThat(Levels.dbfs(samples, 0, 19_200)).isBetween(-15.5, -14.5);
  }

  @Test
  void ratesThatAFormatHasNot_areRefusedBeforeAnythingStarts() {
    refused(AudioFormat.WAV, 96_000, "8000, 11025");
    refused(AudioFormat.WAV, 8001, "44100, 48000");
    refused(AudioFormat.MP3, 96_000, "11025");
    refused(AudioFormat.OPUS, 44_100, "8000, 12000, 16000, 24000, 48000");
    assertThat(directory).isEmptyDirectory();
    assertThat(studio.recorders.counters().active()).isZero();
  }

  private void refused(AudioFormat format, int rate, String allowed) {
    assertThatThrownBy(() -> studio.start(new Ask().format(format).rate(rate)))
        .cause()
        .isInstanceOfSatisfying(
            MediaException.class,
            e -> {
              assertThat(e.fault()).isEqualTo(Fault.UNSUPPORTED);
              assertThat(e.getMessage()).contains(String.valueOf(rate), allowed);
            });
  }

  private short[] decoded(CapturedRecording captured) throws Exception {
    return switch (captured.format()) {
      case WAV -> {
        WavFile wav = WavFile.read(captured.file());
        assertThat(wav.sampleRateHz()).isEqualTo(captured.sampleRateHz());
        yield wav.samples();
      }
      case OPUS -> {
        OggOpusFile opus = OggOpusFile.read(Files.readAllBytes(captured.file()));
        assertThat(opus.rate()).isEqualTo(captured.sampleRateHz());
        yield opus.samples();
      }
      case MP3 -> {
        Path mp3 = Files.copy(captured.file(), directory.resolve("decoded.mp3"));
        yield Decoded.samples(mp3);
      }
    };
  }
}

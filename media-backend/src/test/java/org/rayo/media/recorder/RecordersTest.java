package org.rayo.media.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.CapturedRecording;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.recorder.Studio.Ask;
import org.rayo.media.recorder.Studio.Take;
import org.rayo.media.recorder.VirtualCallAudio.Voice;

/** Recordings from the first frame to the finished wav file, to the sample. */
class RecordersTest {

  private static final int RATE = Studio.RATE;

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

  /** Every sample of a call is another number, so that none can be lost or moved unseen. */
  private static final Voice COUNTING = sample -> (short) (sample % 30_011 + 1);

  @Test
  void wav_stopped_holdsEverySample() throws Exception {
    Take take = studio.start(new Ask());
    take.call.caller(COUNTING).millis(300);
    CapturedRecording captured = take.stopped();

    WavFile wav = WavFile.read(take.file);
    assertThat(wav.sampleRateHz()).isEqualTo(RATE);
    assertThat(wav.channels()).isEqualTo(1);
    assertThat(wav.samples()).isEqualTo(counting(0, 2400));
    assertThat(captured.cause()).isEqualTo(Cause.STOP);
    assertThat(captured.samples()).isEqualTo(2400);
    assertThat(captured.duration()).hasMillis(300);
    assertTrue(captured);
    assertThat(take.endings).hasSize(1);
    assertThat(take.call.taps()).isZero();
  }

  private static void assertTrue(CapturedRecording captured) throws Exception {
    byte[] bytes = Files.readAllBytes(captured.file());
    assertThat(captured.sizeBytes()).isEqualTo(bytes.length);
    assertThat(captured.sha256())
        .isEqualTo(HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
  }

  private static short[] counting(long from, int count) {
    short[] samples = new short[count];
    for (int i = 0; i < count; i++) {
      samples[i] = COUNTING.at(from + i);
    }
    return samples;
  }
}

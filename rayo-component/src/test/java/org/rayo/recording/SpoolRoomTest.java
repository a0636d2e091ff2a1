package org.rayo.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatNoException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.AudioFormat;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingRequest.Direction;
import org.rayo.media.RecordingRequest.Encoding;
import org.rayo.media.SampleCoding;

/** How much room a recording must find in the spool. */
class SpoolRoomTest {

  private static final long MIB = 1 << 20;
  private static final Path SPOOL = Path.of("/spool");
  private static final Path AUDIO = Path.of("/spool/r1/audio.wav");
  private static final Duration HOUR = Duration.ofHours(1);

  private static RecordingRequest request(
      AudioFormat format, boolean mix, Optional<Duration> maxDuration, Encoding encoding) {
    return new RecordingRequest(
        format,
        Direction.DUPLEX,
        mix,
        false,
        false,
        false,
        maxDuration,
        Optional.empty(),
        Optional.empty(),
        encoding);
  }

  private static RecordingRequest hourOf(AudioFormat format, Encoding encoding) {
    return request(format, true, Optional.of(HOUR), encoding);
  }

  private static SpoolRoom withFree(long bytes) {
    return new SpoolRoom(100 * MIB, Duration.ofHours(3), path -> bytes);
  }

  @Test
  void reserve_belowTheWatermark_isRefusedInWords() {
    RecordingRequest open = request(AudioFormat.WAV, true, Optional.empty(), Encoding.DEFAULT);
    assertThatThrownBy(() -> withFree(100 * MIB - 1).reserve(SPOOL, "r1", AUDIO, open))
        .isInstanceOf(SpoolRoom.NoRoomException.class)
        .hasMessage("the spool has 100.0 MiB free, less than the 100.0 MiB that are kept free");
    assertThatNoException().isThrownBy(() -> withFree(100 * MIB).reserve(SPOOL, "r1", AUDIO, open));
  }

  @Test
  void reserve_askedDurationDoesNotFitAboveTheWatermark_isRefusedInWords() {
    RecordingRequest hour = hourOf(AudioFormat.WAV, Encoding.DEFAULT);
    long needed = 3600L * 8000 * 2;
    assertThatThrownBy(() -> withFree(100 * MIB + needed - 1).reserve(SPOOL, "r1", AUDIO, hour))
        .hasMessage(
            "the spool has 54.9 MiB free, and a recording of that length may need 54.9 MiB");
    assertThatNoException()
        .isThrownBy(() -> withFree(100 * MIB + needed).reserve(SPOOL, "r1", AUDIO, hour));
  }

  @Test
  void mostBytes_ofEveryFormat_isWhatItsEncodingNeeds() {
    SpoolRoom room = withFree(0);
    Encoding ulaw =
        new Encoding(OptionalInt.empty(), OptionalInt.empty(), Optional.of(SampleCoding.ULAW));
    Encoding wide =
        new Encoding(
            OptionalInt.empty(), OptionalInt.empty(), Optional.empty(), OptionalInt.of(16_000));
    Encoding slim = new Encoding(OptionalInt.empty(), OptionalInt.of(16));
    assertThat(room.mostBytes(hourOf(AudioFormat.WAV, Encoding.DEFAULT))).isEqualTo(57_600_000);
    assertThat(room.mostBytes(hourOf(AudioFormat.WAV, ulaw))).isEqualTo(28_800_000);
    assertThat(room.mostBytes(hourOf(AudioFormat.WAV, wide))).isEqualTo(115_200_000);
    assertThat(room.mostBytes(request(AudioFormat.WAV, false, Optional.of(HOUR), Encoding.DEFAULT)))
        .isEqualTo(115_200_000);
    assertThat(room.mostBytes(hourOf(AudioFormat.MP3, Encoding.DEFAULT))).isEqualTo(28_800_000);
    assertThat(room.mostBytes(hourOf(AudioFormat.OPUS, slim))).isEqualTo(7_200_000);
  }

  @Test
  void mostBytes_durationBeyondTheServersOwn_countsAsTheServers() {
    RecordingRequest forever =
        request(
            AudioFormat.WAV,
            true,
            Optional.of(Duration.ofMillis(Long.MAX_VALUE)),
            Encoding.DEFAULT);
    assertThat(withFree(0).mostBytes(forever)).isEqualTo(3 * 57_600_000L);
    assertThat(
            withFree(0)
                .mostBytes(request(AudioFormat.WAV, true, Optional.empty(), Encoding.DEFAULT)))
        .isZero();
  }

  @Test
  void reserve_aRealDisk_isAsked(@TempDir Path spool) {
    RecordingRequest open = Captures.request();
    assertThatNoException()
        .isThrownBy(() -> new SpoolRoom(1, Duration.ofHours(3)).reserve(spool, "r1", AUDIO, open));
    assertThatThrownBy(
            () ->
                new SpoolRoom(Long.MAX_VALUE, Duration.ofHours(3))
                    .reserve(spool, "r1", AUDIO, open))
        .isInstanceOf(SpoolRoom.NoRoomException.class);
  }

  @Test
  void reserve_whatOthersWereAllowed_isKeptForThem(@TempDir Path directory) throws Exception {
    RecordingRequest hour = hourOf(AudioFormat.WAV, Encoding.DEFAULT);
    long needed = 3600L * 8000 * 2;
    SpoolRoom room = withFree(100 * MIB + needed * 2);
    Path first = directory.resolve("first");
    room.reserve(SPOOL, "r1", first, hour);
    room.reserve(SPOOL, "r2", directory.resolve("second"), hour);
    assertThatThrownBy(() -> room.reserve(SPOOL, "r3", AUDIO, hour))
        .isInstanceOf(SpoolRoom.NoRoomException.class);
    try (RandomAccessFile file = new RandomAccessFile(first.toFile(), "rw")) {
      file.setLength(needed); // The disk would have less free by now; this one is made to grow.
    }
    assertThatNoException().isThrownBy(() -> room.reserve(SPOOL, "r3", AUDIO, hour));
    room.release("r2");
    assertThatNoException().isThrownBy(() -> room.reserve(SPOOL, "r4", AUDIO, hour));
  }
}

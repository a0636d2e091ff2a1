package org.rayo.media.freeswitch.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.MediaException;

class FileAudioTest {

  private static final Set<Side> BOTH = EnumSet.allOf(Side.class);
  private static final Set<Side> SAID = EnumSet.of(Side.SAID);

  @TempDir Path directory;
  private final Bench bench = new Bench();
  private final ScheduledExecutorService readers = Executors.newScheduledThreadPool(1);
  private final Switch writer = new Switch();
  private final FileAudio audio = new FileAudio("call-1", bench, readers, writer);
  private final Heard tap = new Heard();

  /** Writes the files. */
  private final class Switch implements Recordings {
    final List<GrowingWav> files = new ArrayList<>();
    final List<Path> stopped = new ArrayList<>();
    final List<Runnable> beeps = new ArrayList<>();
    Optional<String> refusal = Optional.empty();
    int rate = 8000;
    int starts;

    @Override
    public CompletionStage<Path> start() {
      starts++;
      if (refusal.isPresent()) {
        return CompletableFuture.failedStage(
            new MediaException(MediaException.Fault.FAILED, refusal.get()));
      }
      GrowingWav file = new GrowingWav(directory.resolve("r" + starts + ".wav"), rate);
      files.add(file);
      return CompletableFuture.completedStage(file.path);
    }

    @Override
    public void stop(Path file) {
      stopped.add(file);
    }

    @Override
    public void beep(Runnable done) {
      beeps.add(done);
    }

    GrowingWav newest() {
      return files.get(files.size() - 1);
    }
  }

  @AfterEach
  void end() {
    readers.shutdownNow();
  }

  /** Ticks until it is so; what is written comes in its own time. */
  private void tickUntil(BooleanSupplier done) throws InterruptedException {
    for (int i = 0; i < 1000 && !done.getAsBoolean(); i++) {
      bench.ticks(1);
      Thread.sleep(10);
    }
    assertThat(done.getAsBoolean()).isTrue();
  }

  private GrowingWav flowing(Set<Side> sides) throws InterruptedException {
    CompletableFuture<Void> opened = audio.open(sides).toCompletableFuture();
    CompletionStage<Void> unused = opened.thenRun(() -> audio.attach(tap));
    bench.settle();
    writer.newest().frames(1);
    tickUntil(opened::isDone);
    assertThat(opened).isCompleted();
    return writer.newest();
  }

  private void assertWhole(int samples) {
    short[] said = tap.said();
    short[] heard = tap.heard();
    assertThat(said.length).isEqualTo(samples);
    for (int i = 0; i < samples; i++) {
      assertThat(said[i]).as("said at %d", i).isEqualTo(GrowingWav.left(i));
      assertThat(heard[i]).as("heard at %d", i).isEqualTo((short) -GrowingWav.left(i));
    }
  }

  @Test
  void frames_areWhatIsWrittenToTheLastSample() throws Exception {
    GrowingWav file = flowing(BOTH);
    for (int i = 0; i < 30; i++) {
      file.frames(i % 4);
      bench.ticks(1);
      Thread.sleep(1);
    }
    file.torn();
    tickUntil(() -> tap.length() == file.written());
    file.frames(7);
    AtomicInteger drained = new AtomicInteger();
    audio.callEnded(drained::incrementAndGet);
    file.close();
    tickUntil(() -> drained.get() == 1);
    assertWhole(file.written());
    assertThat(tap.longest()).isLessThanOrEqualTo(320);
    assertThat(file.path).doesNotExist();
    assertThat(writer.stopped).containsExactly(file.path);
    assertThat(bench.isTicking()).isFalse();
  }

  @Test
  void callEnded_fileThatIsNeverClosed_isReadForHalfASecond() throws Exception {
    GrowingWav file = flowing(SAID);
    file.frames(3);
    AtomicInteger drained = new AtomicInteger();
    audio.callEnded(drained::incrementAndGet);
    tickUntil(() -> drained.get() == 1);
    assertWhole(file.written());
    assertThat(file.path).doesNotExist();
  }

  @Test
  void frames_writerThatPausesAndCatchesUp_areNotMoreThanWereWritten() throws Exception {
    GrowingWav file = flowing(BOTH);
    tickUntil(() -> tap.length() == file.written());
    bench.ticks(200);
    file.frames(200);
    tickUntil(() -> tap.length() == file.written());
    assertWhole(201 * 160);
  }

  @Test
  void file_thatStopsGrowing_isGivenUpForAnotherAndTimeGoesOn() throws Exception {
    GrowingWav file = flowing(BOTH);
    tickUntil(() -> tap.length() == file.written());
    int before = tap.length();
    bench.ticks(252);
    assertThat(tap.length()).isBetween(before + 250 * 160, before + 252 * 160);
    assertThat(writer.stopped).containsExactly(file.path);
    bench.ticks(60);
    assertThat(writer.starts).isEqualTo(2);
    writer.newest().frames(5);
    tickUntil(() -> tap.length() > 0 && tap.said()[tap.length() - 1] == GrowingWav.left(799));
    assertThat(Files.exists(file.path)).isFalse();
  }

  @Test
  void file_thatIsClosedWhileTheCallLives_isFollowedByAnother() throws Exception {
    GrowingWav file = flowing(BOTH);
    file.frames(4);
    file.close();
    tickUntil(() -> writer.stopped.contains(file.path));
    assertThat(tap.length()).isEqualTo(file.written());
    tickUntil(() -> writer.starts == 2);
    writer.newest().frames(6);
    tickUntil(() -> tap.said()[tap.length() - 1] == GrowingWav.left(959));
    // The time between the two is silence.
    assertThat(tap.length()).isGreaterThan(file.written() + 50 * 160);
  }

  @Test
  void open_formatThatIsAnother_failsAndIsStopped() throws Exception {
    writer.rate = 16_000;
    CompletableFuture<Void> opened = audio.open(SAID).toCompletableFuture();
    tickUntil(opened::isDone);
    assertThatThrownBy(opened::join).hasMessageContaining("16000 Hz");
    assertThat(writer.stopped).hasSize(1);
    bench.ticks(200);
    assertThat(writer.starts).isEqualTo(1);
    assertThat(bench.isTicking()).isFalse();
  }

  @Test
  void open_switchRefuses_fails() throws Exception {
    writer.refusal = Optional.of("-ERR Cannot record session!");
    CompletableFuture<Void> opened = audio.open(SAID).toCompletableFuture();
    bench.settle();
    assertThatThrownBy(opened::join).hasMessageContaining("Cannot record session");
    writer.refusal = Optional.empty();
    GrowingWav unused = flowing(SAID);
  }

  @Test
  void release_byAll_stopsAfterTwoSeconds() throws Exception {
    GrowingWav file = flowing(BOTH);
    audio.detach(tap);
    audio.release(BOTH);
    bench.ticks(90);
    assertThat(writer.stopped).isEmpty();
    bench.ticks(20);
    assertThat(writer.stopped).containsExactly(file.path);
    assertThat(bench.isTicking()).isFalse();
    for (int i = 0; i < 1000 && Files.exists(file.path); i++) {
      Thread.sleep(10);
    }
    assertThat(file.path).doesNotExist();
  }

  @Test
  void beep_isDoneWhenItHasBeenRead() throws Exception {
    GrowingWav unused = flowing(BOTH);
    AtomicInteger done = new AtomicInteger();
    audio.beep(done::incrementAndGet);
    writer.beeps.get(0).run();
    bench.ticks(4);
    assertThat(done).hasValue(0);
    bench.ticks(4);
    assertThat(done).hasValue(1);
  }

  @Test
  void key_isTold() throws Exception {
    GrowingWav unused = flowing(BOTH);
    audio.key('5');
    bench.settle();
    assertThat(tap.keys()).startsWith("5@");
  }
}

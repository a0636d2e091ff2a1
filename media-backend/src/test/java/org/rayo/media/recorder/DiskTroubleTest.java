package org.rayo.media.recorder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rayo.media.AudioFormat;
import org.rayo.media.CapturedRecording;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.encode.Decoded;
import org.rayo.media.encode.OggOpusFile;
import org.rayo.media.recorder.Studio.Ask;
import org.rayo.media.recorder.Studio.Take;
import org.rayo.media.recorder.VirtualCallAudio.Voice;

/** A disk that is full, fails or stands still costs the recording its rest, and nobody else. */
class DiskTroubleTest {

  @TempDir Path directory;

  @Test
  void fullDevice_startIsRefused() throws Exception {
    Path full = Path.of("/dev/full");
    boolean there = Files.isWritable(full);
    if (!there) {
      System.out.println("SKIPPED: there is no /dev/full");
    }
    assumeTrue(there);
    FileOpener opener =
        path -> FileChannel.open(full, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try (Studio studio = studio(opener)) {
      assertThatThrownBy(() -> studio.start(new Ask()))
          .cause()
          .isInstanceOfSatisfying(
              MediaException.class, e -> assertThat(e.fault()).isEqualTo(Fault.NO_RESOURCES))
          .hasMessageContaining("cannot write");
      awaitNoneActive(studio);
    }
  }

  @Test
  void diskFullBehindTheHead_leavesAnEmptyRecordingThatPlays() throws Exception {
    try (Studio studio = studio(path -> new SmallDisk(FileOpener.CREATE.open(path), 512))) {
      Take take = studio.start(new Ask());
      CapturedRecording captured = waitWithFrames(take);
      assertThat(captured.cause()).isEqualTo(Cause.ERROR);
      assertThat(WavFile.read(captured.file()).samples()).hasSize((int) captured.samples());
      assertThat(captured.sizeBytes()).isPositive().isEqualTo(Files.size(captured.file()));
    }
  }

  @ParameterizedTest
  @EnumSource(AudioFormat.class)
  void diskFullAfterAWhile_leavesAPlayablePart(AudioFormat format) throws Exception {
    long room = format == AudioFormat.WAV ? 20_001 : 5_000;
    try (Studio studio = studio(path -> new SmallDisk(FileOpener.CREATE.open(path), room))) {
      Take take = studio.start(new Ask().format(format));
      take.call.caller(Voice.sine(500, 8000, Studio.RATE));
      CapturedRecording captured = waitWithFrames(take);

      assertThat(captured.cause()).isEqualTo(Cause.ERROR);
      assertThat(captured.samples()).isGreaterThan(1600);
      assertThat(captured.sizeBytes()).isEqualTo(Files.size(captured.file()));
      assertThat(take.endings).hasSize(1);
      if (format == AudioFormat.WAV) {
        assertThat(WavFile.read(captured.file()).samples()).hasSize((int) captured.samples());
      } else if (format == AudioFormat.OPUS) {
        byte[] part = Files.readAllBytes(captured.file());
        assertThat(OggOpusFile.read(part).samples()).hasSize((int) captured.samples());
      } else if (Decoded.available()) {
        Path mp3 = Files.copy(captured.file(), directory.resolve("part.mp3"));
        assertThat(Decoded.samples(mp3)).hasSize((int) captured.samples());
      }
    }
  }

  @Test
  void hungDisk_endsWithErrorAndOthersAreServedAfterwards() throws Exception {
    CountDownLatch hangs = new CountDownLatch(1);
    AtomicInteger opened = new AtomicInteger();
    FileOpener opener =
        path -> {
          FileChannel file = FileOpener.CREATE.open(path);
          return opened.incrementAndGet() == 1 ? new HangingDisk(file, hangs) : file;
        };
    try (Studio studio = studio(opener)) {
      Take take = studio.startOnAnyDisk(new Ask());
      take.call.caller(Voice.sine(500, 8000, Studio.RATE)).millis(30_000);
      assertThat(take.endings).isEmpty();
      hangs.countDown();
      CapturedRecording captured = take.ended();
      assertThat(captured.cause()).isEqualTo(Cause.ERROR);
      assertThat(captured.failure().orElseThrow()).contains("too slow");
      assertThat(WavFile.read(captured.file()).samples()).hasSize((int) captured.samples());

      Take next = studio.start(new Ask());
      next.call.millis(300);
      assertThat(next.stopped().samples()).isEqualTo(2400);
    }
  }

  @Test
  void hungDisk_startFailsWithinTwoSecondsAndLeavesNoFile() throws Exception {
    CountDownLatch hangs = new CountDownLatch(1);
    CompletableFuture<FileChannel> late = new CompletableFuture<>();
    FileOpener opener =
        path -> {
          awaitRelease(hangs);
          FileChannel file = FileOpener.CREATE.open(path);
          late.complete(file);
          return file;
        };
    try (Studio studio = studio(opener)) {
      long begun = System.nanoTime();
      assertThatThrownBy(() -> studio.start(new Ask()))
          .cause()
          .isInstanceOfSatisfying(
              MediaException.class, e -> assertThat(e.fault()).isEqualTo(Fault.NO_RESOURCES))
          .hasMessageContaining("the disk does not answer");
      long millis = (System.nanoTime() - begun) / 1_000_000;
      System.out.printf("figure: start on a hung disk is refused after %d ms%n", millis);
      assertThat(millis).isLessThan(2000);
      hangs.countDown();
      FileChannel file = late.get(10, TimeUnit.SECONDS);
      Take next = studio.start(new Ask());
      next.call.millis(300);
      assertThat(next.stopped().samples()).isEqualTo(2400);
      assertThat(file.isOpen()).isFalse();
      assertThat(directory).isDirectoryContaining(path -> path.equals(next.file));
      assertThat(directory.toFile().list()).hasSize(1);
      awaitNoneActive(studio);
    }
  }

  @Test
  void diskThatStallsForSeconds_costsNothing() throws Exception {
    CountDownLatch hangs = new CountDownLatch(1);
    try (Studio studio = studio(path -> new HangingDisk(FileOpener.CREATE.open(path), hangs))) {
      Take take = studio.startOnAnyDisk(new Ask().duplex(false).rate(48_000));
      take.call.caller(Voice.sine(500, 8000, Studio.RATE)).millis(6000);
      take.recording.stop();
      take.call.settle();
      hangs.countDown();
      CapturedRecording captured = take.ended();
      assertThat(captured.cause()).isEqualTo(Cause.STOP);
      assertThat(captured.duration()).hasMillis(6000);
      assertThat(WavFile.read(captured.file()).channel(0)).hasSize(6 * 48_000);
    }
  }

  @Test
  void diskThatTakesLongToFinish_endIsToldWhenTheFileIsThere() throws Exception {
    CountDownLatch hangs = new CountDownLatch(1);
    Recorders recorders =
        new Recorders(
            closingWithin(Duration.ofMillis(200)),
            new Unsynced(),
            path -> new HangingDisk(FileOpener.CREATE.open(path), hangs));
    try (Studio studio = new Studio(directory, recorders)) {
      Take take = studio.startOnAnyDisk(new Ask());
      take.call.caller(Voice.sine(500, 8000, Studio.RATE)).millis(1000);
      take.recording.stop();
      take.call.settle();
      assertThatThrownBy(() -> take.first.get(600, TimeUnit.MILLISECONDS))
          .isInstanceOf(TimeoutException.class);
      hangs.countDown();
      CapturedRecording captured = take.ended();
      assertThat(captured.finished()).isTrue();
      assertThat(captured.cause()).isEqualTo(Cause.STOP);
      assertThat(captured.samples()).isEqualTo(8000);
      assertThat(captured.sizeBytes()).isEqualTo(Files.size(take.file));
      awaitNoneActive(studio);
      assertThat(take.endings).hasSize(1);
    }
  }

  @Test
  void shutDownWhileTheDiskHangs_endIsToldOnceAsNotFinished() throws Exception {
    CountDownLatch hangs = new CountDownLatch(1);
    Recorders recorders =
        new Recorders(
            closingWithin(Duration.ofMillis(500)),
            new Unsynced(),
            path -> new HangingDisk(FileOpener.CREATE.open(path), hangs));
    Studio studio = new Studio(directory, recorders);
    Take take = studio.startOnAnyDisk(new Ask());
    take.call.caller(Voice.sine(500, 8000, Studio.RATE)).millis(1000);
    take.recording.stop();
    take.call.settle();
    studio.close();
    CapturedRecording captured = take.ended();
    assertThat(captured.finished()).isFalse();
    assertThat(captured.cause()).isEqualTo(Cause.ERROR);
    assertThat(captured.failure().orElseThrow()).contains("shut down before");
    assertThat(captured.sizeBytes()).isZero();
    assertThat(take.file).exists();
    hangs.countDown();
    assertThat(take.endings).hasSize(1);
  }

  @Test
  void fileThatWasToldAsNotFinished_isLeftAloneWhenTheDiskComesBack() throws Exception {
    CountDownLatch hangs = new CountDownLatch(1);
    CountDownLatch closed = new CountDownLatch(1);
    Recorders recorders =
        new Recorders(
            closingWithin(Duration.ofMillis(500)),
            new Unsynced(),
            path -> new LateDisk(FileOpener.CREATE.open(path), hangs, closed));
    Studio studio = new Studio(directory, recorders);
    Take take = studio.start(new Ask());
    take.call.caller(Voice.sine(500, 8000, Studio.RATE)).millis(1300);
    take.recording.stop();
    take.call.settle();
    studio.close();
    assertThat(take.ended().finished()).isFalse();
    byte[] told = Files.readAllBytes(take.file);
    hangs.countDown();
    assertThat(closed.await(10, TimeUnit.SECONDS)).isTrue();
    assertThat(take.file).hasBinaryContent(told);
    assertThat(take.endings).hasSize(1);
  }

  @Test
  void fileThatCannotBeFinished_endIsToldAndItsPlaceIsFree() throws Exception {
    try (Studio studio = studio(path -> new OddDisk(FileOpener.CREATE.open(path)))) {
      Take take = studio.start(new Ask());
      take.call.millis(1000);
      CapturedRecording captured = take.stopped();
      assertThat(captured.finished()).isFalse();
      assertThat(captured.cause()).isEqualTo(Cause.ERROR);
      assertThat(captured.failure()).contains("cannot finish the file");
      awaitNoneActive(studio);
      assertThat(take.endings).hasSize(1);
    }
  }

  private static RecorderSettings closingWithin(Duration closing) {
    RecorderSettings usual = RecorderSettings.DEFAULT;
    return new RecorderSettings(
        usual.maxRecordings(),
        usual.encoderThreads(),
        usual.ring(),
        usual.longestRecording(),
        closing);
  }

  private static void awaitNoneActive(Studio studio) {
    long deadline = System.nanoTime() + 10_000_000_000L;
    while (studio.recorders.counters().active() > 0 && System.nanoTime() < deadline) {
      LockSupport.parkNanos(1_000_000);
    }
    assertThat(studio.recorders.counters().active()).isZero();
  }

  private static void awaitRelease(CountDownLatch latch) throws IOException {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IOException(e);
    }
  }

  @Test
  void encoderThatStandsStill_endsWithErrorAndIsCounted() throws Exception {
    EncoderPool encoders = new EncoderPool(1);
    CountDownLatch stands = new CountDownLatch(1);
    encoders.assign().add(() -> stood(stands));
    try (Studio studio =
        new Studio(
            directory,
            new Recorders(RecorderSettings.DEFAULT, new Unsynced(), FileOpener.CREATE, encoders))) {
      Take take = studio.start(new Ask().duplex(false), new VirtualCallAudio(Studio.RATE));
      while (studio.recorders.counters().framesDropped() == 0) {
        take.call.tick(4000);
      }
      stands.countDown();
      CapturedRecording captured = take.ended();
      assertThat(captured.cause()).isEqualTo(Cause.ERROR);
      assertThat(captured.failure().orElseThrow()).contains("fell too far behind");
      assertThat(captured.samples()).isGreaterThan(4 * Studio.RATE);
      assertThat(WavFile.read(captured.file()).channel(0)).hasSize((int) captured.samples());
      assertThat(take.endings).hasSize(1);
    }
  }

  private static boolean stood(CountDownLatch latch) {
    try {
      return latch.await(20, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private Studio studio(FileOpener opener) {
    return new Studio(directory, new Recorders(RecorderSettings.DEFAULT, new Unsynced(), opener));
  }

  /** Time goes on until it has ended. */
  private static CapturedRecording waitWithFrames(Take take) throws Exception {
    while (!take.first.isDone()) {
      take.call.millis(20);
    }
    return take.ended();
  }

  /** Takes only so many bytes; like a real one it writes what still fits. */
  private static final class SmallDisk extends ForwardingChannel {
    private final long room;

    SmallDisk(FileChannel file, long room) {
      super(file);
      this.room = room;
    }

    @Override
    public int write(ByteBuffer from, long position) throws IOException {
      long fits = Math.min(from.remaining(), room - position);
      if (fits <= 0) {
        throw new IOException("No space left on device");
      }
      ByteBuffer part = from.slice().limit((int) fits);
      int count = super.write(part, position);
      from.position(from.position() + count);
      return count;
    }
  }

  /** Does not cut the file before it is let go. */
  private static final class LateDisk extends ForwardingChannel {
    private final CountDownLatch hangs;
    private final CountDownLatch closed;

    LateDisk(FileChannel file, CountDownLatch hangs, CountDownLatch closed) {
      super(file);
      this.hangs = hangs;
      this.closed = closed;
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      awaitRelease(hangs);
      return super.truncate(size);
    }

    @Override
    protected void implCloseChannel() throws IOException {
      super.implCloseChannel();
      closed.countDown();
    }
  }

  /** Fails in a way that nothing is prepared for. */
  private static final class OddDisk extends ForwardingChannel {
    OddDisk(FileChannel file) {
      super(file);
    }

    @Override
    public FileChannel truncate(long size) {
      throw new IllegalStateException("odd");
    }
  }

  /** Writes nothing but the head until it is let go. */
  private static final class HangingDisk extends ForwardingChannel {
    private final CountDownLatch hangs;

    HangingDisk(FileChannel file, CountDownLatch hangs) {
      super(file);
      this.hangs = hangs;
    }

    @Override
    public int write(ByteBuffer from, long position) throws IOException {
      if (position > 0) {
        awaitRelease(hangs);
      }
      return super.write(from, position);
    }
  }
}

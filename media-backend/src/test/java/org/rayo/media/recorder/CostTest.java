package org.rayo.media.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.AudioFormat;
import org.rayo.media.CapturedRecording;
import org.rayo.media.RecordingRequest;
import org.rayo.media.audio.CallAudio;
import org.rayo.media.audio.FrameTap;
import org.rayo.media.encode.AudioEncoder;
import org.rayo.media.encode.AudioEncoders;
import org.rayo.media.recorder.Studio.Ask;
import org.rayo.media.recorder.Studio.Take;

/** What recording costs, and many at once. Prints figures; asserts only what must hold anywhere. */
@Tag("slow")
class CostTest {

  private static final int ROUNDS = 4;

  @TempDir Path directory;

  private static final EncodingJob.End NOBODY = (outcome, file) -> {};

  @ParameterizedTest
  @ValueSource(strings = {"", "#*0"})
  void frames_onTheMediaThread_allocateNothing(String stopKeys) {
    Capture capture = new Capture(1 << 24, new AtomicLong(), () -> {});
    Recorder recorder =
        new Recorder(
            new Ask()
                .duplex(false)
                .initial(3_600_000)
                .last(3_600_000)
                .stopKeys(stopKeys)
                .beepEvery(3_600_000)
                .trim()
                .request(),
            Limits.of(new Ask().request(), Duration.ofHours(3), 8000),
            new NoCall(),
            capture);
    recorder.start();
    short[] send = noise();
    short[] recv = noise();
    for (int i = 0; i < 20_000; i++) {
      recorder.frame(send, recv, 160);
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long self = Thread.currentThread().getId();
    threads.getCurrentThreadCpuTime();
    threads.getThreadAllocatedBytes(self);
    long nanos = Long.MAX_VALUE;
    long allocated = Long.MAX_VALUE;
    // What frames allocate they allocate in every round; what the JVM does now and then, it does
    // not.
    for (int round = 0; round < ROUNDS; round++) {
      long before = threads.getThreadAllocatedBytes(self);
      long started = threads.getCurrentThreadCpuTime();
      for (int i = 0; i < 5000; i++) {
        recorder.frame(send, recv, 160);
      }
      nanos = Math.min(nanos, threads.getCurrentThreadCpuTime() - started);
      allocated = Math.min(allocated, threads.getThreadAllocatedBytes(self) - before);
    }
    System.out.println(
        "figure: media thread: "
            + (nanos / 5000)
            + (stopKeys.isEmpty()
                ? " ns per stereo frame, "
                : " ns per stereo frame with stop keys, ")
            + allocated
            + " bytes allocated in 5,000 frames");
    assertThat(capture.outcome()).isEmpty();
    assertThat(allocated).isZero();
  }

  /** Media thread, encoder and writer, one after the other on this thread. */
  @ParameterizedTest
  @EnumSource(AudioFormat.class)
  void oneMinute_wholePath_figures(AudioFormat format) throws Exception {
    short[] noise = noise();
    wholePath(format, noise, 1500);
    long nanos = wholePath(format, noise, 3000) / 3000;
    System.out.printf(
        "figure: %s, whole path: %,d ns of CPU per 20 ms frame, %.3f %% of a core per call%n",
        format, nanos, nanos / 200_000.0);
  }

  private long wholePath(AudioFormat format, short[] noise, int frames) throws Exception {
    Path file = Files.createTempFile(directory, "cost", "." + format.token());
    Files.delete(file);
    RecordingRequest request = new Ask().format(format).request();
    Capture capture = new Capture(16_000, new AtomicLong(), () -> {});
    Recorder recorder =
        new Recorder(request, Limits.of(request, Duration.ofHours(3), 8000), new NoCall(), capture);
    SpoolFile spool =
        SpoolFile.create(
            file,
            new SpoolFile.Shared(
                FileOpener.CREATE,
                new Unsynced(),
                Runnable::run,
                Runnable::run,
                new AtomicLong(),
                new AtomicLong()),
            Integer.MAX_VALUE,
            failure -> {});
    AudioEncoder encoder = AudioEncoders.PORTABLE.open(format, 8000, 1, request.encoding());
    EncodingJob job = new EncodingJob(capture, encoder, spool, 1, 8000, NOBODY);
    job.begin();
    recorder.start();
    long before = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    short[] frame = new short[160];
    for (int i = 0; i < frames; i++) {
      System.arraycopy(noise, i % 50 * 160, frame, 0, 160);
      recorder.frame(frame, frame, 160);
      if (i % 10 == 9) {
        job.advance();
      }
    }
    recorder.end(Outcome.of(CapturedRecording.Cause.STOP));
    assertThat(job.advance()).isTrue();
    assertThat(encoder.samples()).isEqualTo(frames * 160L);
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - before;
  }

  @Test
  void hundredInRealTime_allComplete() throws Exception {
    OperatingSystemMXBean process =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    short[] noise = noise();
    try (Studio studio = new Studio(directory)) {
      List<Take> takes = new ArrayList<>();
      for (int i = 0; i < 100; i++) {
        AudioFormat format = i % 2 == 0 ? AudioFormat.WAV : AudioFormat.MP3;
        Take take = studio.start(new Ask().format(format), new VirtualCallAudio(Studio.RATE));
        take.call.caller(sample -> noise[(int) (sample % noise.length)]);
        takes.add(take);
      }
      long cpu = process.getProcessCpuTime();
      long start = System.nanoTime();
      for (int frame = 1; frame <= 400; frame++) {
        if (frame == 201) {
          cpu = process.getProcessCpuTime();
        }
        takes.forEach(take -> take.call.millis(20));
        long rest = start + frame * 20_000_000L - System.nanoTime();
        if (rest > 0) {
          TimeUnit.NANOSECONDS.sleep(rest); // real time is what is being tested
        }
      }
      long cpuPerFrame = (process.getProcessCpuTime() - cpu) / 20_000;
      List<CapturedRecording> ended = new ArrayList<>();
      takes.forEach(take -> take.recording.stop());
      takes.forEach(take -> take.call.settle());
      long stopped = System.nanoTime();
      for (Take take : takes) {
        ended.add(take.ended());
      }
      System.out.printf(
          "figure: 100 at once in real time, half of them mp3, after 4 s of warming up: %,d ns of CPU per frame with the test's own, "
              + "all finished %d ms after the stop%n",
          cpuPerFrame, TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - stopped));
      assertThat(ended).allMatch(captured -> captured.samples() == 64_000);
      assertThat(ended).allMatch(captured -> captured.cause() == CapturedRecording.Cause.STOP);
      assertThat(studio.recorders.counters().framesDropped()).isZero();
      for (CapturedRecording captured : ended) {
        assertThat(Files.size(captured.file())).isEqualTo(captured.sizeBytes());
      }
    }
  }

  private static short[] noise() {
    Random random = new Random(3);
    short[] samples = new short[8000];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = (short) (random.nextGaussian() * 2000);
    }
    return samples;
  }

  /** A call of which only the frames matter. */
  private static final class NoCall implements CallAudio {
    private Optional<FrameTap> tap = Optional.empty();

    @Override
    public int sampleRateHz() {
      return 8000;
    }

    @Override
    public void execute(Runnable task) {
      task.run();
    }

    @Override
    public void attach(FrameTap attached) {
      tap = Optional.of(attached);
    }

    @Override
    public void detach(FrameTap detached) {
      tap = tap.filter(attached -> !attached.equals(detached));
    }

    @Override
    public void play(short[] samples, Runnable done) {
      done.run();
    }
  }
}

package org.rayo.media.recorder;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.rayo.media.CapturedRecording;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingTarget;
import org.rayo.media.audio.CallAudio;
import org.rayo.media.encode.AudioEncoder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that records: starts recordings, and owns the threads that all of them share.
 *
 * <p>The way of the samples: {@link CallAudio} → {@code Recorder} (media thread) → {@code Capture}
 * → {@code EncodingJob} (encoder thread) → {@code SpoolFile} (spool writer, at the end the pool) →
 * {@link CapturedRecording}.
 */
public final class Recorders implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Recorders.class);

  /** With the encoders' rhythm of 200 ms, a crash costs less than a second of a wav file. */
  private static final int REFRESHES_PER_SECOND = 2;

  /** They mostly wait for the disk: syncs that wait together share one commit of its journal. */
  private static final int POOL_THREADS = 8;

  /** A disk that has not made a file after so long is not there. */
  private static final Duration LONGEST_START = Duration.ofMillis(1900);

  /** For so long a disk may take nothing of what is recorded; then it is a failed one. */
  private static final Duration LONGEST_STALL = Duration.ofSeconds(10);

  private static final long LEAST_PENDING_BYTES = 256 * 1024;

  private final RecorderSettings settings;
  private final ScheduledThreadPoolExecutor timer;
  private final ExecutorService pool;
  private final SpoolWriter spool;
  private final EncoderPool encoders;
  private final Semaphore free;
  private final AtomicLong framesDropped = new AtomicLong();
  private final Set<Start> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closing;

  public Recorders(RecorderSettings settings, SpoolSync sync) {
    this(settings, sync, FileOpener.CREATE);
  }

  Recorders(RecorderSettings settings, SpoolSync sync, FileOpener opener) {
    this(settings, sync, opener, new EncoderPool(settings.encoderThreads()));
  }

  Recorders(RecorderSettings settings, SpoolSync sync, FileOpener opener, EncoderPool encoders) {
    this.settings = settings;
    this.encoders = encoders;
    timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "recordings-timer");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    AtomicInteger count = new AtomicInteger();
    pool =
        Executors.newFixedThreadPool(
            POOL_THREADS, task -> new Thread(task, "recordings-" + count.incrementAndGet()));
    spool = new SpoolWriter(sync, opener, pool);
    free = new Semaphore(settings.maxRecordings());
  }

  /**
   * Starts a recording. Never blocks; completes within 2 s, also when the disk hangs.
   *
   * <p>Whoever owns the call says {@link RunningRecording#callEnded} when it is over, also when
   * that happened before the stage completed.
   *
   * @param ended called exactly once for every recording that was started, on a thread of this
   *     object's that it must not block, or on the one that closes it, after the stage has
   *     completed; the file is then complete, synced and closed, however long the disk took for it.
   *     What {@link #close} cannot wait for is told as not {@link CapturedRecording#finished}
   * @return fails with {@link Fault#NO_RESOURCES}, {@link Fault#UNSUPPORTED} or {@link
   *     Fault#CONFIGURATION}; then {@code ended} is never called, and the file does not exist or,
   *     if the disk hung while it was created, is removed when the disk comes back
   */
  public CompletionStage<RunningRecording> start(
      RecordingRequest request,
      RecordingTarget target,
      CallAudio audio,
      Consumer<CapturedRecording> ended) {
    CompletableFuture<RunningRecording> started = new CompletableFuture<>();
    if (closing) {
      started.completeExceptionally(
          new MediaException(Fault.NO_RESOURCES, "the server is shutting down"));
    } else if (!free.tryAcquire()) {
      started.completeExceptionally(
          new MediaException(
              Fault.NO_RESOURCES,
              "all of the " + settings.maxRecordings() + " recordings at once are in use"));
    } else {
      Future<?> limit =
          timer.schedule(
              () -> started.completeExceptionally(diskHangs(target)),
              LONGEST_START.toMillis(),
              TimeUnit.MILLISECONDS);
      CompletionStage<?> unused = started.whenComplete((done, failure) -> limit.cancel(false));
      pool.execute(() -> open(request, target, audio, ended, started));
    }
    return started;
  }

  private static MediaException diskHangs(RecordingTarget target) {
    log.warn("The disk does not answer: cannot create {}", target.file());
    return new MediaException(
        Fault.NO_RESOURCES, "the disk does not answer: the file cannot be created");
  }

  /** What runs now, and what was done since the start. */
  public RecorderCounters counters() {
    long buffered = running.stream().mapToLong(start -> start.recording.buffered()).sum();
    return new RecorderCounters(
        settings.maxRecordings() - free.availablePermits(),
        framesDropped.get(),
        spool.bytesWritten(),
        buffered);
  }

  /** Encoded, and waiting for the disk. */
  long bytesWaiting() {
    return spool.bytesWaiting();
  }

  /**
   * Ends what runs with {@link Cause#ERROR} and waits, for a time, until the files are finished.
   * What is not finished then is told as not {@link CapturedRecording#finished}. Recordings whose
   * calls should end first are best ended by whoever owns the calls.
   */
  @Override
  public void close() {
    closing = true;
    running.forEach(start -> start.recording.fail("the server was shut down"));
    try {
      long half = settings.closing().toMillis() / 2;
      if (!free.tryAcquire(settings.maxRecordings(), half, TimeUnit.MILLISECONDS)) {
        running.forEach(start -> start.recording.abandon("the server was shut down"));
        if (!free.tryAcquire(settings.maxRecordings(), half, TimeUnit.MILLISECONDS)) {
          log.error("{} recordings are not finished", counters().active());
          running.forEach(Start::leaveUnfinished);
        }
      }
      encoders.close();
      spool.close(half);
      pool.shutdown();
      timer.shutdownNow();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      log.error("Interrupted with {} recordings not finished", counters().active());
      pool.shutdownNow();
    }
  }

  private void open(
      RecordingRequest request,
      RecordingTarget target,
      CallAudio audio,
      Consumer<CapturedRecording> ended,
      CompletableFuture<RunningRecording> started) {
    try {
      AudioEncoder encoder =
          settings
              .encoders()
              .open(request.format(), audio.sampleRateHz(), request.channels(), request.encoding());
      new Start(request, target, audio, ended, encoder, started).run();
    } catch (MediaException e) {
      free.release();
      started.completeExceptionally(e);
    } catch (RuntimeException | Error e) {
      free.release();
      started.completeExceptionally(
          new MediaException(Fault.FAILED, "the recording could not be set up", e));
    }
  }

  /** One start, after its encoder: the file, then everything that runs. */
  private final class Start implements EncodingJob.End {
    private final RecordingRequest request;
    private final RecordingTarget target;
    private final CallAudio audio;
    private final Consumer<CapturedRecording> ended;
    private final AudioEncoder encoder;
    private final CompletableFuture<RunningRecording> started;
    private final EncoderPool.Worker worker = encoders.assign();
    private final Recorder recorder;
    private final RunningRecording recording;
    private final Capture capture;
    private final AtomicBoolean told = new AtomicBoolean();
    private volatile Optional<SpoolFile> spoolFile = Optional.empty();

    Start(
        RecordingRequest request,
        RecordingTarget target,
        CallAudio audio,
        Consumer<CapturedRecording> ended,
        AudioEncoder encoder,
        CompletableFuture<RunningRecording> started) {
      this.request = request;
      this.target = target;
      this.audio = audio;
      this.ended = ended;
      this.encoder = encoder;
      this.started = started;
      int rate = audio.sampleRateHz();
      long ringSamples = settings.ring().toMillis() * rate / 1000 * request.channels();
      capture = new Capture(Math.toIntExact(ringSamples), framesDropped, worker::wake);
      recorder =
          new Recorder(
              request, Limits.of(request, settings.longestRecording(), rate), audio, capture);
      recording = new RunningRecording(audio, recorder, capture);
    }

    private int fileRateHz() {
      return request.encoding().sampleRateHz().orElse(audio.sampleRateHz());
    }

    /** No format writes more than the samples themselves have. */
    private int mostPendingBytes() {
      long bytesPerSecond = 2L * fileRateHz() * request.channels();
      return (int) Math.max(LEAST_PENDING_BYTES, LONGEST_STALL.toSeconds() * bytesPerSecond);
    }

    void run() {
      spool
          .open(target.file(), mostPendingBytes(), recording::fail)
          .whenCompleteAsync(
              (file, failure) -> {
                if (failure != null) {
                  encoder.close();
                  free.release();
                  started.completeExceptionally(failure);
                } else {
                  tryToBegin(file);
                }
              },
              pool);
    }

    private void tryToBegin(SpoolFile file) {
      try {
        begin(file);
      } catch (RuntimeException | Error e) {
        log.error("Recording {} could not be set up", target.recordingId(), e);
        String text = "the recording could not be set up";
        if (started.completeExceptionally(new MediaException(Fault.FAILED, text, e))) {
          discard(file);
        } else {
          recording.fail(text);
        }
      }
    }

    private void discard(SpoolFile file) {
      file.discard();
      encoder.close();
      free.release();
    }

    private void begin(SpoolFile file) {
      spoolFile = Optional.of(file);
      EncodingJob job =
          new EncodingJob(
              capture,
              encoder,
              file,
              request.channels(),
              audio.sampleRateHz() / REFRESHES_PER_SECOND,
              this);
      job.begin();
      // A file without its head plays nothing, so whoever asked hears first whether there is one.
      file.whenWritten(failure -> headWritten(file, job, failure));
    }

    private void headWritten(SpoolFile file, EncodingJob job, Optional<String> failure) {
      if (failure.isPresent()) {
        started.completeExceptionally(new MediaException(Fault.NO_RESOURCES, failure.get()));
        discard(file);
        return;
      }
      if (!started.complete(recording)) {
        // Nobody waits for it any more.
        discard(file);
        return;
      }
      running.add(this);
      worker.add(job::advance);
      audio.execute(recorder::start);
      if (closing) {
        recording.fail("the server was shut down");
      }
    }

    @Override
    public void finished(Outcome outcome, SpoolFile.Finished file) {
      try {
        tell(outcome, file);
      } finally {
        free.release();
      }
    }

    /** Nobody can wait any more: what becomes of the file is for the next start to see. */
    private void leaveUnfinished() {
      spoolFile.ifPresent(SpoolFile::abandon);
      String failure = "the server was shut down before the file was finished";
      tell(Outcome.failed(failure), SpoolFile.Finished.broken(failure));
    }

    private CapturedRecording withParticipants(CapturedRecording captured) {
      return captured.finished()
          ? captured.with(recorder.participants(captured.duration().toMillis()))
          : captured;
    }

    private void tell(Outcome outcome, SpoolFile.Finished file) {
      if (!told.compareAndSet(false, true)) {
        log.warn("Recording {}: its file is finished, too late", target.recordingId());
        return;
      }
      // What could not be written is an error, whatever else ended the recording.
      boolean failed = file.failure().isPresent();
      CapturedRecording captured =
          new CapturedRecording(
              target.recordingId(),
              target.file(),
              request.format(),
              failed ? Cause.ERROR : outcome.cause(),
              file.samples(),
              fileRateHz(),
              request.channels(),
              file.sizeBytes(),
              failed ? file.failure() : outcome.failure(),
              file.whole());
      try {
        ended.accept(withParticipants(captured));
      } catch (RuntimeException | Error e) {
        log.error("The end of recording {} could not be told", target.recordingId(), e);
      } finally {
        running.remove(this);
      }
    }
  }
}

package org.rayo.media.output;

import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.net.ssl.SSLSocketFactory;
import org.rayo.media.MediaEvent.OutputEnded;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.OutputRequest;
import org.rayo.media.OutputRequest.Segment;
import org.rayo.media.audio.CallAudio;

/**
 * Starts outputs, of calls and of mixers. One for a backend; owns the threads that fetch, decode
 * and speak, and the sounds that are kept. Thread safe.
 */
public final class Outputs implements AutoCloseable {

  private static final int MAX_WAITING = 1000;
  private static final Duration DECODING = Duration.ofSeconds(60);

  private final OutputSettings settings;
  private final Watchdog watchdog = new Watchdog();
  private final SegmentLoader loader;
  private final ThreadPoolExecutor threads;

  public Outputs(OutputSettings settings) {
    this(settings, (SSLSocketFactory) SSLSocketFactory.getDefault(), InetAddress::getAllByName);
  }

  Outputs(OutputSettings settings, SSLSocketFactory tls, HttpFiles.Resolver resolver) {
    this.settings = settings;
    this.loader =
        new SegmentLoader(
            new LocalFiles(settings.directories(), settings.maxFileBytes()),
            new HttpFiles(
                new AddressRules(settings.openedAddresses()),
                new HttpFiles.Limits(
                    settings.maxFileBytes(), settings.connectTimeout(), settings.fetchTimeout()),
                watchdog,
                tls,
                resolver),
            settings
                .speech()
                .<SpeechEngine>map(
                    speech ->
                        new EspeakNg(
                            speech.command(), speech.timeout(), watchdog, settings.maxFileBytes()))
                .orElse(SpeechEngine.NONE),
            new SoundFiles(settings.maxLength()),
            new AudioCache(settings.cacheBytes()),
            settings.fetchTimeout().plus(DECODING));
    AtomicInteger number = new AtomicInteger();
    this.threads =
        new ThreadPoolExecutor(
            settings.threads(),
            settings.threads(),
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(MAX_WAITING),
            task -> {
              Thread thread = new Thread(task, "output-" + number.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Starts one, when all its segments are there.
   *
   * @param answers runs what tells of its commands and its end; does not block, and keeps its order
   * @param ended hears of the end, once, if it began
   * @return completes on any thread when it begins; fails with a {@link MediaException} as {@link
   *     org.rayo.media.MediaParty#output} does
   */
  public CompletionStage<RunningOutput> start(
      OutputRequest request, CallAudio audio, Executor answers, Consumer<OutputEnded> ended) {
    AtomicBoolean givenUp = new AtomicBoolean();
    List<Load> loads = new ArrayList<>();
    for (Segment segment : request.segments()) {
      loads.add(new Load(loader, segment, audio.sampleRateHz(), givenUp));
    }
    CompletableFuture<RunningOutput> started = new CompletableFuture<>();
    CompletableFuture<Void> all =
        CompletableFuture.allOf(
            loads.stream().map(Load::done).toArray(CompletableFuture<?>[]::new));
    CompletableFuture<Void> unused =
        all.whenComplete(
            (nothing, failure) -> {
              try {
                Timeline timeline = timeline(request, loads, audio.sampleRateHz());
                Player player = new Player(timeline, request, audio.sampleRateHz());
                RunningOutput output =
                    new RunningOutput(request.outputId(), audio, player, answers, ended);
                output.begin();
                started.complete(output);
              } catch (MediaException e) {
                started.completeExceptionally(e);
              } catch (RuntimeException e) { // whoever waits for it must hear of it
                started.completeExceptionally(
                    new MediaException(Fault.FAILED, "unexpected: " + e, e));
              }
            });
    for (Load load : loads) {
      // Whoever asked need not wait for the others when one cannot be had.
      CompletableFuture<Void> unusedToo =
          load.done().thenRun(() -> load.failure().ifPresent(started::completeExceptionally));
      submit(load);
    }
    return started.minimalCompletionStage();
  }

  private void submit(Load load) {
    try {
      threads.execute(load);
    } catch (RejectedExecutionException e) {
      load.fail(
          threads.isShutdown()
              ? new MediaException(Fault.GONE, "outputs are closed", e)
              : new MediaException(
                  Fault.NO_RESOURCES, "too many sounds are being loaded at once", e));
    }
  }

  private Timeline timeline(OutputRequest request, List<Load> loads, int sampleRateHz)
      throws MediaException {
    List<Timeline.Piece> pieces = new ArrayList<>();
    for (Load load : loads) {
      Optional<MediaException> failure = load.failure();
      if (failure.isPresent()) {
        throw failure.get();
      }
      pieces.addAll(load.pieces());
    }
    long samples = pieces.stream().mapToLong(piece -> piece.samples().length).sum();
    if (samples > Timeline.samples(settings.maxLength(), sampleRateHz)) {
      throw new MediaException(
          Fault.REFUSED, "what is to be played is longer than " + settings.maxLength());
    }
    return new Timeline(
        pieces, Timeline.samples(request.repeatInterval(), sampleRateHz), request.repeatTimes());
  }

  /** Breaks off what is being loaded; it fails. Outputs that play are their calls' to end. */
  @Override
  public void close() {
    List<Runnable> waiting = threads.shutdownNow();
    watchdog.close();
    for (Runnable task : waiting) {
      if (task instanceof Load load) {
        load.fail(new MediaException(Fault.GONE, "outputs are closed"));
      }
    }
  }
}

package org.rayo.media.sip;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.rayo.media.DialRequest;
import org.rayo.media.MediaBackend;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaException;
import org.rayo.media.MediaMixer;
import org.rayo.media.bridge.Joins;
import org.rayo.media.call.BackendThreads;
import org.rayo.media.call.Calls;
import org.rayo.media.output.OutputSettings;
import org.rayo.media.output.Outputs;
import org.rayo.media.recorder.Recorders;
import org.rayo.media.rtp.RtpEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Carries calls itself: SIP over UDP and TCP, G.711 over RTP. */
public final class EmbeddedMediaBackend implements MediaBackend {

  private static final Logger log = LoggerFactory.getLogger(EmbeddedMediaBackend.class);

  private static final int WORKERS = 2;
  private static final int DEPARTURES = 2;
  private static final int DIALING = 4;

  /** For BYEs that are sent without having seen an ACK. */
  private static final Duration LAST_WORDS = Duration.ofMillis(300);

  private final SipSettings settings;
  private final MediaPort.Source ports;
  private final Recorders recorders;
  private final Outputs outputs;
  private final ExpectedCalls expected;
  private final Patience patience;
  private Optional<Running> running = Optional.empty();

  /**
   * A backend on this engine, these recorders and outputs, which stay the caller's: started before
   * it, closed after it.
   */
  public EmbeddedMediaBackend(
      SipSettings sip, RtpEngine rtp, Recorders recorders, Outputs outputs) {
    this(sip, rtp, recorders, outputs, ExpectedCalls.ANY);
  }

  /** The same, where not every call may ring in. */
  public EmbeddedMediaBackend(
      SipSettings sip,
      RtpEngine rtp,
      Recorders recorders,
      Outputs outputs,
      ExpectedCalls expected) {
    this(
        sip,
        RtpPort.source(rtp, sip::allows, expected),
        recorders,
        outputs,
        expected,
        Patience.NORMAL);
  }

  /** The same, playing no files. */
  public EmbeddedMediaBackend(SipSettings sip, RtpEngine rtp, Recorders recorders) {
    this(sip, rtp, recorders, new Outputs(OutputSettings.DEFAULT));
  }

  EmbeddedMediaBackend(
      SipSettings settings, MediaPort.Source ports, Recorders recorders, Patience patience) {
    this(
        settings,
        ports,
        recorders,
        new Outputs(OutputSettings.DEFAULT),
        ExpectedCalls.ANY,
        patience);
  }

  EmbeddedMediaBackend(
      SipSettings settings,
      MediaPort.Source ports,
      Recorders recorders,
      Outputs outputs,
      ExpectedCalls expected,
      Patience patience) {
    this.expected = expected;
    this.settings = settings;
    this.ports = ports;
    this.recorders = recorders;
    this.outputs = outputs;
    this.patience = patience;
  }

  @Override
  public synchronized void start(IncomingCallListener listener) throws MediaException {
    if (running.isPresent()) {
      throw new IllegalStateException("already started");
    }
    SipEndpoint endpoint = SipEndpoint.open(settings);
    ScheduledThreadPoolExecutor timers = BackendThreads.timer("sip-timer");
    ThreadPoolExecutor departures = BackendThreads.pool(DEPARTURES, "sip-bye");
    CallEnvironment environment =
        new CallEnvironment(
            endpoint,
            settings,
            ports,
            recorders,
            outputs,
            new Joins(),
            BackendThreads.pool(WORKERS, "sip-call"),
            departures,
            timers,
            patience.ack(),
            expected.logged());
    Calls<EmbeddedCall> calls = new Calls<>(settings.maxCalls(), listener);
    try {
      endpoint.listen(
          new RequestDispatcher(
              endpoint, settings, new CallAdmission(environment, calls, expected), calls));
    } catch (MediaException e) {
      timers.shutdownNow();
      endpoint.close();
      throw e;
    }
    ThreadPoolExecutor dialing = BackendThreads.pool(DIALING, "sip-dial");
    HearingWatch watch = new HearingWatch(endpoint.probe());
    ForgottenDialogs forgotten = new ForgottenDialogs(endpoint, departures, timers);
    running =
        Optional.of(
            new Running(
                endpoint,
                calls,
                timers,
                departures,
                dialing,
                new Dialer(environment, calls, dialing),
                new Mixers(environment),
                watch,
                forgotten));
    log.info("SIP on {}:{} (udp, tcp)", endpoint.bound().getHostAddress(), endpoint.port());
  }

  /** The port that SIP really listens on. */
  public synchronized int localPort() {
    return running.orElseThrow(() -> new IllegalStateException("not started")).endpoint().port();
  }

  /**
   * Whether SIP answered when it was last asked, which is every 30 s; when it does not, no call can
   * come in over UDP any more. For whoever watches over the server.
   */
  public synchronized boolean hears() {
    return running.map(now -> now.watch().hears()).orElse(false);
  }

  @Override
  public CompletionStage<MediaCall> dial(DialRequest request) {
    Optional<Running> now;
    synchronized (this) {
      now = running;
    }
    return now.map(up -> up.dialer().dial(request))
        .orElseGet(
            () ->
                CompletableFuture.failedStage(
                    new MediaException(MediaException.Fault.WRONG_STATE, "dial: SIP is not up")));
  }

  @Override
  public CompletionStage<MediaMixer> createMixer(String name) {
    Optional<Running> now;
    synchronized (this) {
      now = running;
    }
    return now.map(up -> up.mixers().create(name))
        .orElseGet(
            () ->
                CompletableFuture.failedStage(
                    new MediaException(
                        MediaException.Fault.WRONG_STATE, "createMixer: SIP is not up")));
  }

  @Override
  public synchronized void drain() {
    running.ifPresent(now -> now.calls().drain());
  }

  @Override
  public CompletionStage<Void> endForgotten(String dialogState) {
    Optional<Running> now;
    synchronized (this) {
      now = running;
    }
    return now.map(up -> up.forgotten().end(dialogState))
        .orElseGet(
            () ->
                CompletableFuture.failedStage(
                    new MediaException(
                        MediaException.Fault.WRONG_STATE, "endForgotten: SIP is not up")));
  }

  @Override
  public void close() {
    Optional<Running> ending;
    synchronized (this) {
      ending = running;
      running = Optional.empty();
    }
    ending.ifPresent(
        now -> {
          now.hangUpAll(patience.departure());
          now.stop();
        });
  }

  /** What there is between start and close. */
  private record Running(
      SipEndpoint endpoint,
      Calls<EmbeddedCall> calls,
      ScheduledThreadPoolExecutor timers,
      ThreadPoolExecutor departures,
      ThreadPoolExecutor dialing,
      Dialer dialer,
      Mixers mixers,
      HearingWatch watch,
      ForgottenDialogs forgotten) {

    void hangUpAll(Duration wait) {
      calls.drain();
      List<EmbeddedCall> up = calls.all();
      List<EmbeddedMixer> mixing = mixers.all();
      CountDownLatch left = new CountDownLatch(up.size() + mixing.size());
      for (EmbeddedCall call : up) {
        log.debug("closing with {}", call.debugState());
        call.hangup(List.of());
        call.whenDeparted(left::countDown);
      }
      for (EmbeddedMixer mixer : mixing) {
        CompletionStage<Void> unused = mixer.close();
        mixer.whenDeparted(left::countDown);
      }
      try {
        if (left.await(wait.toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
        // The ACK that a BYE should wait for will not be seen any more.
        up.forEach(call -> call.network(CallState::closing));
        if (!left.await(LAST_WORDS.toMillis(), TimeUnit.MILLISECONDS)) {
          log.info("{} calls or mixers had not ended when SIP was closed", left.getCount());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }

    void stop() {
      watch.close();
      forgotten.close();
      dialing.shutdown();
      departures.shutdown();
      timers.shutdownNow();
      endpoint.close();
    }
  }

  /**
   * How long to wait for the other side.
   *
   * @param ack from a 2xx to giving up on its ACK
   * @param departure for the confirmation of the last BYEs when closing
   */
  record Patience(Duration ack, Duration departure) {
    /** 64 × T1 (RFC 3261, section 13.3.1.4), and 3 s. */
    static final Patience NORMAL = new Patience(Duration.ofSeconds(32), Duration.ofSeconds(3));
  }
}

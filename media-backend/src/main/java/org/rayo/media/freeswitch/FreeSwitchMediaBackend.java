package org.rayo.media.freeswitch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.rayo.media.DialRequest;
import org.rayo.media.MediaBackend;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.MediaMixer;
import org.rayo.media.call.BackendThreads;
import org.rayo.media.call.CallQueue;
import org.rayo.media.call.Caller;
import org.rayo.media.call.Calls;
import org.rayo.media.freeswitch.capture.CaptureEndpoint;
import org.rayo.media.freeswitch.capture.FileCapture;
import org.rayo.media.freeswitch.eventsocket.ApiCommand;
import org.rayo.media.freeswitch.eventsocket.EventSocketLoop;
import org.rayo.media.freeswitch.eventsocket.OutboundSocket;
import org.rayo.media.freeswitch.eventsocket.OutboundSockets;
import org.rayo.media.freeswitch.eventsocket.SwitchEvent;
import org.rayo.media.recorder.Recorders;
import org.rayo.media.rtp.RtpEngine;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets FreeSWITCH carry the calls, one server or several, and records them itself. */
public final class FreeSwitchMediaBackend implements MediaBackend {

  private static final Logger log = LoggerFactory.getLogger(FreeSwitchMediaBackend.class);

  private static final int WORKERS = 2;

  /** Connections beside those of the calls that there may be: of calls that are being refused. */
  private static final int REFUSED_AT_ONCE = 1000;

  /** For the last words of FreeSWITCH when closing. */
  private static final Duration DEPARTURE = Duration.ofSeconds(3);

  private final FreeSwitchSettings settings;
  private final Recorders recorders;
  private final RtpEngine rtp;
  private Optional<Running> running = Optional.empty();

  /**
   * A backend on this engine and these recorders, which stay the caller's: started before it,
   * closed after it.
   */
  public FreeSwitchMediaBackend(FreeSwitchSettings settings, RtpEngine rtp, Recorders recorders) {
    this.settings = settings;
    this.rtp = rtp;
    this.recorders = recorders;
  }

  @Override
  public synchronized void start(IncomingCallListener listener) throws MediaException {
    if (running.isPresent()) {
      throw new IllegalStateException("already started");
    }
    CaptureEndpoint capture = new CaptureEndpoint(settings.capture().sip(), rtp, recorders);
    capture.start();
    ScheduledThreadPoolExecutor timers = BackendThreads.timer("freeswitch-timer");
    EventSocketLoop loop = EventSocketLoop.start("freeswitch-events");
    ThreadPoolExecutor workers = BackendThreads.pool(WORKERS, "freeswitch-call");
    Environment environment =
        new Environment(
            settings,
            recorders,
            capture,
            new FileCapture(rtp),
            new Bridges(timers),
            workers,
            timers);
    Calls<FreeSwitchCall> calls = new Calls<>(settings.limits().maxCalls(), listener);
    Offers offers = new Offers(environment, calls);
    Optional<Consumer<SwitchEvent>> none = Optional.empty();
    List<Switch> switches = new ArrayList<>();
    boolean parked = settings.offering().socket().isEmpty();
    for (FreeSwitchSettings.Server server : settings.servers()) {
      Switch[] itself = new Switch[1];
      itself[0] =
          new Switch(
              server,
              settings.limits(),
              loop,
              new CallQueue(workers),
              timers,
              parked ? Optional.of(event -> offers.parked(itself[0], event)) : none);
      switches.add(itself[0]);
    }
    Optional<OutboundSockets> sockets = Optional.empty();
    try {
      sockets = listen(loop, timers, offers, switches);
    } catch (IOException e) {
      loop.close();
      timers.shutdownNow();
      capture.close();
      throw new MediaException(
          Fault.CONFIGURATION,
          "the outbound sockets of FreeSWITCH cannot be listened for on "
              + settings.offering().socket().orElseThrow()
              + ": "
              + e.getMessage(),
          e);
    }
    running =
        Optional.of(
            new Running(environment, loop, calls, List.copyOf(switches), sockets, new MixerList()));
    log.info(
        "FreeSWITCH {}, calls come {}, audio to {}",
        settings.servers(),
        sockets.map(s -> "by socket to " + s.address()).orElse("when they are parked"),
        capture.address());
  }

  private Optional<OutboundSockets> listen(
      EventSocketLoop loop,
      ScheduledThreadPoolExecutor timers,
      Offers offers,
      List<Switch> switches)
      throws IOException {
    if (settings.offering().socket().isEmpty()) {
      return Optional.empty();
    }
    FreeSwitchSettings.Offering.Socket socket = settings.offering().socket().get();
    return Optional.of(
        OutboundSockets.listen(
            loop,
            new InetSocketAddress(socket.address(), socket.port()),
            new OutboundSockets.Limits(
                settings.limits().maxCalls() + REFUSED_AT_ONCE,
                OutboundSockets.Limits.DEFAULT.silence()),
            from -> socket.allowed().stream().anyMatch(range -> range.contains(from)),
            new OutboundSockets.Listener() {
              @Override
              public void offered(SwitchEvent channelData, OutboundSocket offering) {
                offers.offered(switches, channelData, offering);
              }

              @Override
              public void closed(OutboundSocket offering, String why) {
                offers.closed(offering);
              }
            },
            timers));
  }

  /** Where FreeSWITCH connects to for each call, when it does. */
  public synchronized Optional<InetSocketAddress> socketAddress() {
    return running.flatMap(Running::sockets).map(OutboundSockets::address);
  }

  /** Servers that can be commanded now. */
  public synchronized long serversUp() {
    return running.map(now -> now.switches().stream().filter(Switch::isReady).count()).orElse(0L);
  }

  /** What there is now, on one line; nothing but zeros when nobody calls. */
  synchronized String debugState() {
    return running.map(Running::debugState).orElse("not started");
  }

  @Override
  public CompletionStage<MediaCall> dial(DialRequest request) {
    return up("dial", now -> now.dial(request));
  }

  @Override
  public CompletionStage<MediaMixer> createMixer(String name) {
    return up("createMixer", now -> now.createMixer(name));
  }

  @Override
  public CompletionStage<Void> endForgotten(String dialogState) {
    return up("endForgotten", now -> now.endForgotten(dialogState));
  }

  private <T> CompletionStage<T> up(String command, Function<Running, CompletionStage<T>> then) {
    Optional<Running> now;
    synchronized (this) {
      now = running;
    }
    return now.map(then)
        .orElseGet(
            () -> Stages.failed(Fault.WRONG_STATE, command + ": the backend is not started"));
  }

  @Override
  public synchronized void drain() {
    running.ifPresent(now -> now.calls().drain());
  }

  @Override
  public void close() {
    Optional<Running> ending;
    synchronized (this) {
      ending = running;
      running = Optional.empty();
    }
    ending.ifPresent(Running::end);
  }

  /** What there is between start and close. */
  private record Running(
      Environment environment,
      EventSocketLoop loop,
      Calls<FreeSwitchCall> calls,
      List<Switch> switches,
      Optional<OutboundSockets> sockets,
      MixerList mixers) {

    CompletionStage<MediaCall> dial(DialRequest request) {
      Duration patience =
          request
              .timeout()
              .filter(asked -> asked.compareTo(ringTimeout()) < 0)
              .orElse(ringTimeout());
      Optional<Switch> server = leastOccupied();
      if (server.isEmpty()) {
        return noServer("dial");
      }
      String uuid = Dialing.newUuid();
      ApiCommand originate;
      try {
        originate =
            new Dialing(environment.settings().dialing()).originate(request, uuid, patience);
      } catch (MediaException e) {
        return CompletableFuture.failedStage(e);
      }
      if (!calls.reserve()) {
        return Stages.failed(Fault.NO_RESOURCES, "dial: there are as many calls as may be");
      }
      Channel channel = new Channel(server.get(), uuid);
      FreeSwitchCall call =
          FreeSwitchCall.placed(
              environment,
              channel,
              new Caller(uuid, request.to(), request.from().orElse(request.to()), List.of()),
              patience);
      server.get().follow(uuid, call);
      calls.add(call);
      return new Origination(call).start(originate, patience);
    }

    private Duration ringTimeout() {
      return environment.settings().limits().ringTimeout();
    }

    CompletionStage<MediaMixer> createMixer(String name) {
      Optional<Switch> server = leastOccupied();
      if (server.isEmpty()) {
        return noServer("createMixer");
      }
      Switch first = server.get();
      return first
          .hasModule("mod_conference")
          .thenCompose(
              has -> {
                if (!has) {
                  return Stages.failed(
                      Fault.UNSUPPORTED,
                      "createMixer: " + first.name() + " has no mod_conference loaded");
                }
                FreeSwitchMixer mixer = new FreeSwitchMixer(name, environment, first);
                mixers.add(mixer);
                return CompletableFuture.completedStage(mixer);
              });
    }

    CompletionStage<Void> endForgotten(String dialogState) {
      Optional<ForgottenChannel> forgotten = ForgottenChannel.read(dialogState);
      Optional<Switch> server =
          forgotten.flatMap(
              channel ->
                  switches.stream()
                      .filter(each -> each.name().equals(channel.server()))
                      .findFirst());
      if (server.isEmpty()) {
        return Stages.failed(
            Fault.FAILED, "'" + dialogState + "' names no call of a server that is configured");
      }
      return new Forgotten(
              server.get(), forgotten.get().uuid(), sockets.isPresent(), environment.timers())
          .end();
    }

    private <T> CompletionStage<T> noServer(String command) {
      return Stages.failed(
          Fault.NO_RESOURCES, command + ": no FreeSWITCH server can be reached now");
    }

    private Optional<Switch> leastOccupied() {
      return switches.stream()
          .filter(Switch::isReady)
          .min(Comparator.comparingDouble(Switch::occupied));
    }

    String debugState() {
      return "calls %d, mixers %d, joined %d, followed %d"
          .formatted(
              calls.all().size(),
              mixers.all().size(),
              environment.bridges().count(),
              switches.stream().mapToInt(Switch::followed).sum());
    }

    void end() {
      calls.drain();
      List<FreeSwitchCall> up = calls.all();
      List<FreeSwitchMixer> mixing = mixers.all();
      CountDownLatch left = new CountDownLatch(up.size() + mixing.size());
      for (FreeSwitchCall call : up) {
        log.debug("closing with {}", call.debugState());
        CompletionStage<Void> unused = call.hangup(List.of());
        call.whenDeparted(left::countDown);
      }
      for (FreeSwitchMixer mixer : mixing) {
        CompletionStage<Void> unused = mixer.close();
        mixer.whenDeparted(left::countDown);
      }
      try {
        if (!left.await(DEPARTURE.toMillis(), TimeUnit.MILLISECONDS)) {
          up.forEach(call -> call.serverLost("the backend is closed"));
          if (!left.await(1, TimeUnit.SECONDS)) {
            log.info("{} calls or mixers had not ended when FreeSWITCH was left", left.getCount());
          }
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      sockets.ifPresent(OutboundSockets::close);
      environment.capture().close();
      environment.fileCapture().close();
      switches.forEach(Switch::close);
      loop.close();
      environment.timers().shutdownNow();
    }
  }
}

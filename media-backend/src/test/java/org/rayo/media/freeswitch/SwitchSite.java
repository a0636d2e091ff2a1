package org.rayo.media.freeswitch;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.rayo.media.AudioFormat;
import org.rayo.media.DialRequest;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent;
import org.rayo.media.RecordingRequest;
import org.rayo.media.recorder.RecorderSettings;
import org.rayo.media.recorder.Recorders;
import org.rayo.media.recorder.Unsynced;
import org.rayo.media.rtp.RtpEngine;
import org.rayo.media.rtp.RtpSettings;
import org.rayo.media.sip.SipSettings;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.freeswitch.ScriptedSwitch;
import org.rayo.testkit.phone.Answering;
import org.rayo.testkit.phone.CallOptions;
import org.rayo.testkit.phone.PhoneCall;
import org.rayo.testkit.phone.SoftPhone;

/** A backend on scripted switches that park what rings in, and phones on both sides. */
final class SwitchSite implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 20;

  final List<ScriptedSwitch> switches;
  final FreeSwitchMediaBackend backend;
  final SoftPhone phone = SoftPhone.answering(Answering.silently());
  private final RtpEngine engine =
      new RtpEngine(RtpSettings.of(InetAddress.getLoopbackAddress(), 40000, 49999));
  private final Recorders recorders = new Recorders(RecorderSettings.DEFAULT, new Unsynced());
  private final BlockingQueue<MediaCall> incoming = new LinkedBlockingQueue<>();

  /** A call that is up, seen from both ends. */
  record Up(PhoneCall phone, MediaCall call, Heard heard) {}

  /** What a call tells. */
  static final class Heard {
    private final List<MediaEvent> events = new ArrayList<>();

    synchronized void add(MediaEvent event) {
      events.add(event);
      notifyAll();
    }

    synchronized List<MediaEvent> all() {
      return List.copyOf(events);
    }

    synchronized <E extends MediaEvent> E await(Class<E> kind) throws InterruptedException {
      return await(kind, event -> true);
    }

    synchronized <E extends MediaEvent> E await(Class<E> kind, Predicate<E> which)
        throws InterruptedException {
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
      while (System.nanoTime() < until) {
        for (MediaEvent event : events) {
          if (kind.isInstance(event) && which.test(kind.cast(event))) {
            return kind.cast(event);
          }
        }
        wait(50);
      }
      throw new AssertionError("no " + kind.getSimpleName() + ", only " + events);
    }
  }

  SwitchSite(Limits limits, Path sounds, ScriptedSwitch... switches) throws Exception {
    this(
        limits,
        sounds,
        FreeSwitchSettings.Offering.PARKED,
        List.of(switches),
        Stream.of(switches).map(each -> each.eventSocket().getPort()).toList());
  }

  /** One switch, whose event socket is reached through this. */
  SwitchSite(Limits limits, Path sounds, ScriptedSwitch only, EventSocketProxy proxy)
      throws Exception {
    this(limits, sounds, FreeSwitchSettings.Offering.PARKED, List.of(only), List.of(proxy.port()));
  }

  /**
   * The same.
   *
   * @param ports of the switches' event sockets
   */
  SwitchSite(
      Limits limits,
      Path sounds,
      FreeSwitchSettings.Offering offering,
      List<ScriptedSwitch> switches,
      List<Integer> ports)
      throws Exception {
    this.switches = List.copyOf(switches);
    List<FreeSwitchSettings.Server> servers = new ArrayList<>();
    for (int port : ports) {
      servers.add(
          new FreeSwitchSettings.Server("fs" + servers.size(), "127.0.0.1", port, "ClueCon"));
    }
    backend =
        new FreeSwitchMediaBackend(
            new FreeSwitchSettings(
                servers,
                offering,
                new FreeSwitchSettings.Capture(
                    SipSettings.loopback(), "external", Optional.empty()),
                new FreeSwitchSettings.Dialing(
                    "external", List.of(), List.of("127.0.0.1"), Optional.empty()),
                new FreeSwitchSettings.Playing(List.of(sounds), List.of(), Optional.empty()),
                "default",
                new FreeSwitchSettings.Limits(
                    100,
                    Duration.ofMinutes(3),
                    limits.command(),
                    limits.heartbeat(),
                    limits.lostAfter())),
            engine,
            recorders);
    engine.start();
    backend.start(incoming::add);
    await("every server is up", () -> backend.serversUp() == ports.size());
  }

  /** The patience of the backend. */
  record Limits(Duration command, Duration heartbeat, Duration lostAfter) {
    static final Limits SHORT =
        new Limits(Duration.ofSeconds(2), Duration.ofSeconds(2), Duration.ofSeconds(3));
  }

  /** A call that rang in at one of the switches and is answered; the phone says a tone. */
  Up answered(int at) throws Exception {
    Up up = ringing(at);
    done(up.call().answer(List.of()));
    return up;
  }

  /** The same, not answered. */
  Up ringing(int at) throws Exception {
    PhoneCall ringing = rings(at);
    MediaCall call = incoming();
    Heard heard = new Heard();
    call.listen(heard::add);
    return new Up(ringing, call, heard);
  }

  /** A call that rings at one of the switches, and is parked there. */
  PhoneCall rings(int at) throws Exception {
    return phone.call(
        CallOptions.to(switches.get(at).uri("park"))
            .audio(AudioSource.tone(440, -10, 60_000))
            .build());
  }

  /** The next call that is offered. */
  MediaCall incoming() throws InterruptedException {
    MediaCall call = incoming.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (call == null) {
      throw new AssertionError("no call came in");
    }
    return call;
  }

  /** The next call that is offered, if one is within this time. */
  Optional<MediaCall> incoming(Duration within) throws InterruptedException {
    return Optional.ofNullable(incoming.poll(within.toMillis(), TimeUnit.MILLISECONDS));
  }

  /** How many wait to be taken. */
  int offered() {
    return incoming.size();
  }

  DialRequest toThePhone() {
    return new DialRequest(
        URI.create(phone.uri("bob")), Optional.empty(), List.of(), Optional.empty());
  }

  static RecordingRequest wav() {
    return wav(RecordingRequest.Direction.SEND, false);
  }

  static RecordingRequest heard() {
    return wav(RecordingRequest.Direction.RECV, false);
  }

  static RecordingRequest withStopBeep() {
    return wav(RecordingRequest.Direction.RECV, true);
  }

  private static RecordingRequest wav(RecordingRequest.Direction direction, boolean stopBeep) {
    return new RecordingRequest(
        AudioFormat.WAV,
        direction,
        true,
        false,
        stopBeep,
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        RecordingRequest.Encoding.DEFAULT);
  }

  static <T> T done(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(PATIENCE_SECONDS, TimeUnit.SECONDS);
  }

  static void await(String what, BooleanSupplier condition) throws InterruptedException {
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() > until) {
        throw new AssertionError("not in time: " + what);
      }
      Thread.sleep(20);
    }
  }

  /** JAIN-SIP takes its time to stop, for which the next test need not wait. */
  @Override
  public void close() {
    new Thread(this::end, "closing a site").start();
  }

  private void end() {
    backend.close();
    recorders.close();
    engine.close();
    switches.forEach(ScriptedSwitch::close);
    phone.close();
  }
}

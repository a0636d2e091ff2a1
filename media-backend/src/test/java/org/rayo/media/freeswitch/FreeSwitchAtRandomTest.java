package org.rayo.media.freeswitch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import javax.sound.sampled.AudioSystem;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.CapturedRecording;
import org.rayo.media.DetectionRequest;
import org.rayo.media.JoinRequest;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaDetection;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaMixer;
import org.rayo.media.MediaOutput;
import org.rayo.media.MediaRecording;
import org.rayo.media.OutputRequest;
import org.rayo.media.RecordingTarget;
import org.rayo.media.Signal;
import org.rayo.testkit.freeswitch.ScriptedSwitch;
import org.rayo.testkit.freeswitch.SwitchOptions;
import org.rayo.testkit.phone.PhoneCall;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Clients that do at random whatever can be done, all at once, while the connection falls now and
 * then. Afterwards everything that began has ended once, recordings are what is told of them, and
 * nothing is left. {@code -Drayo.random.seconds} makes it longer, {@code -Drayo.random.seed}
 * another one.
 */
@Timeout(600)
class FreeSwitchAtRandomTest {

  private static final Logger log = LoggerFactory.getLogger(FreeSwitchAtRandomTest.class);

  private static final int CLIENTS = 4;
  private static final int SECONDS = Integer.getInteger("rayo.random.seconds", 5);

  /** With each the pause grows before the next connection. */
  private static final int MOST_DROPS = 4;

  private static final long SEED = Long.getLong("rayo.random.seed", 327);

  @TempDir Path directory;
  private ScriptedSwitch server;
  private EventSocketProxy proxy;
  private SwitchSite site;

  private final AtomicInteger ids = new AtomicInteger();
  private final AtomicInteger drops = new AtomicInteger();
  private final Map<String, CompletableFuture<?>> commands = new ConcurrentHashMap<>();
  private final List<String> recordings = new CopyOnWriteArrayList<>();
  private final List<String> outputs = new CopyOnWriteArrayList<>();
  private final List<MediaEvent> told = new CopyOnWriteArrayList<>();
  private final List<Client> calls = new CopyOnWriteArrayList<>();
  private final List<MediaMixer> mixers = new CopyOnWriteArrayList<>();
  private final List<PhoneCall> phones = new CopyOnWriteArrayList<>();

  @BeforeEach
  void start() throws Exception {
    server = ScriptedSwitch.start(SwitchOptions.defaults());
    proxy = new EventSocketProxy(server.eventSocket());
    site =
        new SwitchSite(
            new SwitchSite.Limits(
                Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(20)),
            directory,
            server,
            proxy);
  }

  @AfterEach
  void stop() {
    site.close();
    proxy.close();
  }

  /** A call and what runs on it. */
  private static final class Client {
    private final MediaCall call;
    private final SwitchSite.Heard heard = new SwitchSite.Heard();
    private final List<MediaRecording> recordings = new CopyOnWriteArrayList<>();
    private final List<MediaOutput> outputs = new CopyOnWriteArrayList<>();
    private final List<MediaDetection> detections = new CopyOnWriteArrayList<>();

    Client(MediaCall call) {
      this.call = call;
    }
  }

  @Test
  void everythingAtOnce_endsOnceAndLeavesNothing() throws Exception {
    mixers.add(mixer().orElseThrow());
    long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
    List<Thread> clients = new ArrayList<>();
    List<Throwable> failures = new CopyOnWriteArrayList<>();
    for (int i = 0; i < CLIENTS; i++) {
      Random random = new Random(SEED + i);
      Thread client =
          new Thread(
              () -> {
                try {
                  while (System.nanoTime() < until) {
                    live(random);
                  }
                } catch (Exception | AssertionError e) {
                  failures.add(e);
                }
              },
              "client-" + i);
      client.start();
      clients.add(client);
    }
    for (Thread client : clients) {
      client.join();
    }
    assertThat(failures).isEmpty();
    assertThat(calls).hasSizeGreaterThan(2);
    assertThat(recordings).isNotEmpty();
    assertThat(outputs).isNotEmpty();
    mixers.forEach(mixer -> command("close", mixer.close()));
    calls.forEach(client -> command("hangup", client.call.hangup(List.of())));
    // What was parked while the connection was away has been offered to nobody.
    phones.forEach(PhoneCall::hangup);

    try {
      SwitchSite.await("no channel is left", () -> server.channels().isEmpty());
    } catch (AssertionError e) {
      throw new AssertionError(
          site.backend.debugState() + "; at FreeSWITCH " + server.api("show channels as json"), e);
    }
    for (Map.Entry<String, CompletableFuture<?>> command : commands.entrySet()) {
      assertThat(ends(command.getValue())).as(command.getKey()).isTrue();
    }
    SwitchSite.await(
        "nothing is left",
        () -> site.backend.debugState().equals("calls 0, mixers 0, joined 0, followed 0"));
    SwitchSite.await("every end is told", () -> ended() >= recordings.size() + outputs.size());
    checkTold();
    log.info(
        "{} commands on {} calls: {} recordings, {} outputs",
        commands.size(),
        calls.size(),
        recordings.size(),
        outputs.size());
  }

  private long ended() {
    return told.stream()
        .filter(
            event ->
                event instanceof MediaEvent.RecordingEnded
                    || event instanceof MediaEvent.OutputEnded)
        .count();
  }

  private void checkTold() throws Exception {
    for (Client client : calls) {
      assertThat(client.heard.all()).filteredOn(MediaEvent.Ended.class::isInstance).hasSize(1);
    }
    List<CapturedRecording> captured = new ArrayList<>();
    List<String> played = new ArrayList<>();
    for (MediaEvent event : told) {
      if (event instanceof MediaEvent.RecordingEnded end) {
        captured.add(end.recording());
      } else if (event instanceof MediaEvent.OutputEnded end) {
        played.add(end.outputId());
      }
    }
    assertThat(captured)
        .extracting(CapturedRecording::recordingId)
        .containsExactlyInAnyOrderElementsOf(recordings);
    assertThat(played).containsExactlyInAnyOrderElementsOf(outputs);
    for (CapturedRecording recording : captured) {
      assertThat(recording.finished()).as("%s", recording).isTrue();
      assertThat(Files.size(recording.file())).isEqualTo(recording.sizeBytes());
      assertThat(AudioSystem.getAudioFileFormat(recording.file().toFile()).getFrameLength())
          .as("%s", recording)
          .isEqualTo((int) recording.samples());
    }
  }

  private static boolean ends(CompletableFuture<?> command) throws InterruptedException {
    try {
      command.get(20, TimeUnit.SECONDS);
      return true;
    } catch (ExecutionException refused) {
      return true;
    } catch (TimeoutException e) {
      return false;
    }
  }

  /** One call, from its beginning to its end. */
  private void live(Random random) throws Exception {
    Optional<Client> begun = begin(random);
    if (begun.isEmpty()) {
      return;
    }
    int steps = random.nextInt(25);
    for (int i = 0; i < steps; i++) {
      act(begun.get(), random);
      if (random.nextInt(3) == 0) {
        Thread.sleep(random.nextInt(100));
      }
    }
    if (random.nextBoolean()) {
      phones.get(random.nextInt(phones.size())).hangup();
    }
    command("hangup", begun.get().call.hangup(List.of()));
  }

  private Optional<Client> begin(Random random) throws Exception {
    MediaCall call;
    if (random.nextInt(3) == 0) {
      CompletionStage<MediaCall> dialled = site.backend.dial(site.toThePhone());
      command("dial", dialled);
      if (!ends(dialled.toCompletableFuture())
          || dialled.toCompletableFuture().isCompletedExceptionally()) {
        return Optional.empty();
      }
      call = SwitchSite.done(dialled);
    } else {
      SwitchSite.await("it can be told of calls", () -> site.backend.serversUp() == 1);
      phones.add(site.rings(0));
      Optional<MediaCall> incoming = site.incoming(Duration.ofSeconds(3));
      if (incoming.isEmpty()) {
        return Optional.empty();
      }
      call = incoming.get();
      command("answer", call.answer(List.of()));
    }
    Client client = new Client(call);
    call.listen(
        event -> {
          client.heard.add(event);
          told.add(event);
        });
    calls.add(client);
    return Optional.of(client);
  }

  /** A new one, when there is a connection. */
  private Optional<MediaMixer> mixer() throws Exception {
    CompletionStage<MediaMixer> made = site.backend.createMixer("mixer");
    if (made.toCompletableFuture().isCompletedExceptionally()) {
      return Optional.empty();
    }
    MediaMixer mixer = SwitchSite.done(made);
    mixer.listen(told::add);
    return Optional.of(mixer);
  }

  private void act(Client client, Random random) throws Exception {
    MediaCall call = client.call;
    MediaCall other = calls.get(random.nextInt(calls.size())).call;
    MediaMixer mixer = mixers.get(mixers.size() - 1);
    switch (random.nextInt(16)) {
      case 0, 1, 2 ->
          started(
              "record",
              recordings,
              id -> call.record(SwitchSite.wav(), target(id)),
              client.recordings::add);
      case 3 -> client.recordings.forEach(each -> command("stop", each.stop()));
      case 4, 5 ->
          started("output", outputs, id -> call.output(silence(id, random)), client.outputs::add);
      case 6 -> client.outputs.forEach(each -> command("stop", each.stop()));
      case 7 -> command("join", call.join(other, both()));
      case 8 -> command("unjoin", call.unjoin(other));
      case 9, 10 -> command("enter", call.join(mixer, both()));
      case 11 -> command("leave", call.unjoin(mixer));
      case 12 -> {
        CompletionStage<MediaDetection> detecting =
            call.detect(
                new DetectionRequest(
                    "d" + ids.incrementAndGet(), Set.of(Signal.Kind.SPEECH, Signal.Kind.KEY)));
        command("detect", detecting.thenAccept(client.detections::add));
        client.detections.forEach(each -> command("stop", each.stop()));
      }
      case 13 ->
          started(
              "record mixer",
              recordings,
              id -> mixer.record(SwitchSite.heard(), target(id)),
              client.recordings::add);
      case 14 -> {
        if (random.nextInt(4) == 0) {
          Optional<MediaMixer> next = mixer();
          next.ifPresent(mixers::add);
          command("close", mixer.close());
        }
      }
      default -> {
        if (random.nextInt(8) == 0 && drops.incrementAndGet() <= MOST_DROPS) {
          proxy.drop();
        }
      }
    }
  }

  private interface Start<T> {
    CompletionStage<T> of(String id);
  }

  private <T> void started(String name, List<String> all, Start<T> start, Consumer<T> running) {
    String id = name.charAt(0) + Integer.toString(ids.incrementAndGet());
    command(
        name,
        start
            .of(id)
            .thenAccept(
                one -> {
                  all.add(id);
                  running.accept(one);
                }));
  }

  private void command(String name, CompletionStage<?> stage) {
    commands.put(name + " " + ids.incrementAndGet(), stage.toCompletableFuture());
  }

  private RecordingTarget target(String id) {
    return new RecordingTarget(id, directory.resolve(id + ".wav"));
  }

  private static JoinRequest both() {
    return new JoinRequest("x", JoinRequest.Direction.DUPLEX, JoinRequest.Media.BRIDGE);
  }

  private static OutputRequest silence(String id, Random random) {
    return new OutputRequest(
        id,
        List.of(new OutputRequest.Pause(Duration.ofMillis(1 + random.nextInt(400)))),
        Duration.ZERO,
        false,
        Duration.ZERO,
        1,
        Optional.empty());
  }
}

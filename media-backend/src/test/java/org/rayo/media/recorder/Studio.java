package org.rayo.media.recorder;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.rayo.media.AudioFormat;
import org.rayo.media.CapturedRecording;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingTarget;

/** A recorder with virtual calls, for tests. */
final class Studio implements AutoCloseable {

  static final int RATE = 8000;

  /** Less than may wait for the disk, by more than the ring's share of samples can become. */
  private static final int ENOUGH_BYTES = 64 * 1024;

  /** One recording under test. */
  static final class Take {
    final VirtualCallAudio call;
    final Path file;
    final RunningRecording recording;
    final List<CapturedRecording> endings;
    final CompletableFuture<CapturedRecording> first;

    Take(
        VirtualCallAudio call,
        Path file,
        RunningRecording recording,
        List<CapturedRecording> endings,
        CompletableFuture<CapturedRecording> first) {
      this.call = call;
      this.file = file;
      this.recording = recording;
      this.endings = endings;
      this.first = first;
    }

    CapturedRecording ended() throws Exception {
      return first.get(20, TimeUnit.SECONDS);
    }

    CapturedRecording stopped() throws Exception {
      recording.stop();
      call.settle();
      return ended();
    }
  }

  /** A request, option by option; by default a mono wav of what the caller says, without beeps. */
  static final class Ask {
    private AudioFormat format = AudioFormat.WAV;
    private RecordingRequest.Direction direction = RecordingRequest.Direction.SEND;
    private boolean mix;
    private boolean startBeep;
    private boolean stopBeep;
    private boolean startPaused;
    private Optional<Duration> max = Optional.empty();
    private Optional<Duration> initial = Optional.empty();
    private Optional<Duration> last = Optional.empty();
    private RecordingRequest.PauseMode pauseMode = RecordingRequest.PauseMode.SKIP;
    private Set<Character> stopKeys = Set.of();
    private boolean trim;
    private Optional<Duration> beepInterval = Optional.empty();
    private OptionalInt rate = OptionalInt.empty();
    private RecordingRequest.Participants participants = RecordingRequest.Participants.UNTOLD;

    Ask format(AudioFormat value) {
      format = value;
      return this;
    }

    Ask duplex(boolean mixed) {
      direction = RecordingRequest.Direction.DUPLEX;
      mix = mixed;
      return this;
    }

    Ask recv() {
      direction = RecordingRequest.Direction.RECV;
      return this;
    }

    /** Of a mixer, told apart so. */
    Ask participants(RecordingRequest.Participants value) {
      participants = value;
      return recv();
    }

    Ask startBeep() {
      startBeep = true;
      return this;
    }

    Ask stopBeep() {
      stopBeep = true;
      return this;
    }

    Ask startPaused() {
      startPaused = true;
      return this;
    }

    Ask max(int millis) {
      max = Optional.of(Duration.ofMillis(millis));
      return this;
    }

    Ask initial(int millis) {
      initial = Optional.of(Duration.ofMillis(millis));
      return this;
    }

    Ask last(int millis) {
      last = Optional.of(Duration.ofMillis(millis));
      return this;
    }

    Ask silentPauses() {
      pauseMode = RecordingRequest.PauseMode.SILENCE;
      return this;
    }

    Ask stopKeys(String keys) {
      stopKeys = keys.chars().mapToObj(key -> (char) key).collect(Collectors.toSet());
      return this;
    }

    Ask trim() {
      trim = true;
      return this;
    }

    Ask beepEvery(int millis) {
      beepInterval = Optional.of(Duration.ofMillis(millis));
      return this;
    }

    Ask rate(int hz) {
      rate = OptionalInt.of(hz);
      return this;
    }

    RecordingRequest request() {
      return new RecordingRequest(
          format,
          direction,
          mix,
          startBeep,
          stopBeep,
          startPaused,
          max,
          initial,
          last,
          new RecordingRequest.Encoding(
              OptionalInt.empty(), OptionalInt.empty(), Optional.empty(), rate),
          new RecordingRequest.Handling(pauseMode, stopKeys, trim, beepInterval),
          participants);
    }
  }

  final Recorders recorders;
  private final Path directory;
  private final AtomicInteger count = new AtomicInteger();

  Studio(Path directory) {
    this(directory, new Recorders(RecorderSettings.DEFAULT, new Unsynced()));
  }

  Studio(Path directory, Recorders recorders) {
    this.directory = directory;
    this.recorders = recorders;
  }

  /** On a call that is turned no faster than the encoder and the disk follow. */
  Take start(Ask ask) throws Exception {
    Take take = start(ask, new VirtualCallAudio(RATE));
    int enough = enoughSamples(ask);
    take.call.pacedBy(
        () -> take.recording.buffered() > enough || recorders.bytesWaiting() > ENOUGH_BYTES);
    return take;
  }

  /** On a mixer that is turned no faster than the encoder and the disk follow. */
  Take startOn(VirtualMixerAudio mixer, Ask ask) throws Exception {
    Take take = start(ask, mixer);
    int enough = enoughSamples(ask);
    mixer.pacedBy(
        () -> take.recording.buffered() > enough || recorders.bytesWaiting() > ENOUGH_BYTES);
    return take;
  }

  /** On a call that is turned no faster than the encoder follows, whatever the disk does. */
  Take startOnAnyDisk(Ask ask) throws Exception {
    Take take = start(ask, new VirtualCallAudio(RATE));
    int enough = enoughSamples(ask);
    take.call.pacedBy(() -> take.recording.buffered() > enough);
    return take;
  }

  private static int enoughSamples(Ask ask) {
    return RATE * 3 / 2 * ask.request().channels();
  }

  /** On this call. */
  Take start(Ask ask, VirtualCallAudio call) throws Exception {
    Path file = directory.resolve("take-" + count.incrementAndGet());
    List<CapturedRecording> endings = new CopyOnWriteArrayList<>();
    CompletableFuture<CapturedRecording> first = new CompletableFuture<>();
    RunningRecording recording =
        recorders
            .start(
                ask.request(),
                new RecordingTarget(file.getFileName().toString(), file),
                call,
                captured -> {
                  endings.add(captured);
                  first.complete(captured);
                })
            .toCompletableFuture()
            .get(20, TimeUnit.SECONDS);
    call.begun();
    return new Take(call, file, recording, endings, first);
  }

  @Override
  public void close() {
    recorders.close();
  }
}

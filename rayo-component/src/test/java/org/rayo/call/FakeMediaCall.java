package org.rayo.call;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.rayo.media.AudioFormat;
import org.rayo.media.CapturedRecording;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.DetectionRequest;
import org.rayo.media.Header;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaDetection;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaException;
import org.rayo.media.MediaOutput;
import org.rayo.media.MediaRecording;
import org.rayo.media.OutputRequest;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingTarget;

/** A call that does what the test says: what it is asked stays open until it is settled by hand. */
final class FakeMediaCall implements MediaCall {

  /** Something the call was asked to do. */
  record Asked(String what, CompletableFuture<Void> done) {}

  /** A recording the call was asked for. */
  static final class Capture implements MediaRecording {
    final RecordingTarget target;
    final CompletableFuture<MediaRecording> started = new CompletableFuture<>();
    final List<String> commands = new ArrayList<>();

    Capture(RecordingTarget target) {
      this.target = target;
    }

    @Override
    public CompletionStage<Void> pause() {
      return commanded("pause");
    }

    @Override
    public CompletionStage<Void> resume() {
      return commanded("resume");
    }

    @Override
    public CompletionStage<Void> stop() {
      return commanded("stop");
    }

    private CompletionStage<Void> commanded(String command) {
      commands.add(command);
      return CompletableFuture.completedFuture(null);
    }

    void begin() {
      started.complete(this);
    }

    void fail(MediaException.Fault fault) {
      started.completeExceptionally(new MediaException(fault, "no: " + fault));
    }
  }

  /** An output the call was asked for. */
  static final class Playing implements MediaOutput {
    final OutputRequest request;
    final CompletableFuture<MediaOutput> started = new CompletableFuture<>();
    final List<String> commands = new ArrayList<>();

    Playing(OutputRequest request) {
      this.request = request;
    }

    private CompletionStage<Void> commanded(String command) {
      commands.add(command);
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> pause() {
      return commanded("pause");
    }

    @Override
    public CompletionStage<Void> resume() {
      return commanded("resume");
    }

    @Override
    public CompletionStage<Void> speedUp() {
      return commanded("speed-up");
    }

    @Override
    public CompletionStage<Void> speedDown() {
      return commanded("speed-down");
    }

    @Override
    public CompletionStage<Void> volumeUp() {
      return commanded("volume-up");
    }

    @Override
    public CompletionStage<Void> volumeDown() {
      return commanded("volume-down");
    }

    @Override
    public CompletionStage<Void> seek(Duration by) {
      return commanded("seek " + by.toMillis());
    }

    @Override
    public CompletionStage<Void> stop() {
      return commanded("stop");
    }
  }

  final List<Playing> outputs = new ArrayList<>();

  /** What is listened for, until it is stopped. */
  final List<DetectionRequest> detections = new ArrayList<>();

  @Override
  public CompletionStage<MediaOutput> output(OutputRequest request) {
    Playing playing = new Playing(request);
    outputs.add(playing);
    return playing.started;
  }

  /** Why nothing can be listened for. */
  Optional<MediaException> deaf = Optional.empty();

  @Override
  public CompletionStage<MediaDetection> detect(DetectionRequest request) {
    if (deaf.isPresent()) {
      return CompletableFuture.failedFuture(deaf.orElseThrow());
    }
    detections.add(request);
    return CompletableFuture.completedFuture(
        () -> {
          detections.remove(request);
          return CompletableFuture.completedFuture(null);
        });
  }

  final List<Asked> asked = new ArrayList<>();
  final List<Capture> captures = new ArrayList<>();
  private Optional<Consumer<MediaEvent>> listener = Optional.empty();

  /** The oldest thing that was asked and is not settled. */
  Asked next() {
    return asked.stream()
        .filter(a -> !a.done.isDone())
        .findFirst()
        .orElseThrow(() -> new AssertionError("nothing is under way: " + asked));
  }

  /** What was asked, settled or not. */
  List<String> askedFor() {
    return asked.stream().map(Asked::what).toList();
  }

  void tell(MediaEvent event) {
    listener.orElseThrow().accept(event);
  }

  void end(MediaEvent.EndReason reason) {
    tell(new MediaEvent.Ended(reason, Optional.of("16"), List.of()));
  }

  void ended(Capture capture, Cause cause) {
    tell(new MediaEvent.RecordingEnded(captured(capture.target, cause)));
  }

  void ended(CapturedRecording recording) {
    tell(new MediaEvent.RecordingEnded(recording));
  }

  /** 1.5 s of mono audio at 8000 Hz. */
  static CapturedRecording captured(RecordingTarget target, Cause cause) {
    return captured(target.recordingId(), target.file(), cause);
  }

  static CapturedRecording captured(String id, Path file, Cause cause) {
    return captured(id, file, cause, 12_000, 4321);
  }

  static CapturedRecording captured(
      String id, Path file, Cause cause, long samples, long sizeBytes) {
    Optional<String> failure =
        cause == Cause.ERROR ? Optional.of("the disk is full") : Optional.empty();
    return new CapturedRecording(
        id, file, AudioFormat.MP3, cause, samples, 8000, 1, sizeBytes, failure);
  }

  @Override
  public String signallingId() {
    return "fake";
  }

  @Override
  public URI to() {
    return URI.create("sip:service@example.org");
  }

  @Override
  public URI from() {
    return URI.create("sip:caller@example.org");
  }

  @Override
  public List<Header> headers() {
    return List.of(new Header("X-Tag", "1"), new Header("X-Tag", "2"));
  }

  @Override
  public void listen(Consumer<MediaEvent> newListener) {
    listener = Optional.of(newListener);
  }

  private CompletionStage<Void> ask(String what) {
    Asked request = new Asked(what, new CompletableFuture<>());
    asked.add(request);
    return request.done;
  }

  @Override
  public CompletionStage<Void> accept(List<Header> headers) {
    return ask("accept");
  }

  @Override
  public CompletionStage<Void> answer(List<Header> headers) {
    return ask("answer");
  }

  @Override
  public CompletionStage<Void> reject(RejectReason reason, List<Header> headers) {
    return ask("reject " + reason);
  }

  @Override
  public CompletionStage<Void> redirect(URI to, List<Header> headers) {
    return ask("redirect " + to);
  }

  @Override
  public CompletionStage<Void> hangup(List<Header> headers) {
    return ask("hangup");
  }

  @Override
  public CompletionStage<Void> message(String contentType, String text) {
    return ask("message " + contentType + " " + text);
  }

  @Override
  public CompletionStage<MediaRecording> record(RecordingRequest request, RecordingTarget target) {
    Capture capture = new Capture(target);
    captures.add(capture);
    return capture.started;
  }
}

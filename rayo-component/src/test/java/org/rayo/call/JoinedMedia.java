package org.rayo.call;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.rayo.media.AudioFormat;
import org.rayo.media.CapturedRecording;
import org.rayo.media.DialRequest;
import org.rayo.media.Header;
import org.rayo.media.JoinRequest;
import org.rayo.media.MediaBackend;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaException;
import org.rayo.media.MediaMixer;
import org.rayo.media.MediaOutput;
import org.rayo.media.MediaRecording;
import org.rayo.media.OutputRequest;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingTarget;

/**
 * Media without audio: knows who is joined to whom, on an executor of the test's. Thread safe, as
 * the real one is.
 */
final class JoinedMedia implements MediaBackend {

  private final Executor executor;

  /** Who is joined to whom and how, by a key that is the same from both sides. */
  final Map<String, JoinRequest> joins = new ConcurrentHashMap<>();

  final List<Mixer> mixers = new CopyOnWriteArrayList<>();
  final Queue<Call> toDial = new ArrayDeque<>();
  private final AtomicInteger numbers = new AtomicInteger();

  /** Joins to mixers wait for it. */
  private volatile CompletableFuture<Void> gate = CompletableFuture.completedFuture(null);

  private final AtomicInteger held = new AtomicInteger();

  JoinedMedia(Executor executor) {
    this.executor = executor;
  }

  /** From now on joins to mixers wait. */
  void holdJoins() {
    held.set(0);
    gate = new CompletableFuture<>();
  }

  /** Joins to mixers that have begun since then. */
  int heldJoins() {
    return held.get();
  }

  void releaseJoins() {
    gate.complete(null);
  }

  Call call() {
    return new Call();
  }

  private CompletionStage<Void> run(Runnable task) {
    return CompletableFuture.runAsync(task, executor);
  }

  private static String key(Party one, Party other) {
    return one.number < other.number
        ? one.number + "-" + other.number
        : other.number + "-" + one.number;
  }

  private void join(Party one, Party other, JoinRequest request) {
    synchronized (joins) {
      if (one.over || other.over) {
        throw failed(MediaException.Fault.GONE, "it is over");
      }
      if (request.media() == JoinRequest.Media.DIRECT) {
        throw failed(MediaException.Fault.UNSUPPORTED, "direct cannot be had");
      }
      joins.put(key(one, other), request);
    }
  }

  private static CompletionException failed(MediaException.Fault fault, String text) {
    return new CompletionException(new MediaException(fault, text));
  }

  private void unjoin(Party one, Party other) {
    synchronized (joins) {
      joins.remove(key(one, other));
    }
  }

  private void over(Party party) {
    synchronized (joins) {
      party.over = true;
      joins
          .keySet()
          .removeIf(key -> List.of(key.split("-")).contains(Integer.toString(party.number)));
    }
  }

  /** What both have. */
  abstract class Party {
    final int number = numbers.incrementAndGet();
    boolean over;
    private final CompletableFuture<Consumer<MediaEvent>> listener = new CompletableFuture<>();
    final Map<String, RecordingTarget> recordings = new ConcurrentHashMap<>();

    public void listen(Consumer<MediaEvent> to) {
      listener.complete(to);
    }

    void tell(MediaEvent event) {
      listener.join().accept(event);
    }

    public CompletionStage<MediaRecording> record(
        RecordingRequest request, RecordingTarget target) {
      recordings.put(target.recordingId(), target);
      return CompletableFuture.completedFuture(
          new MediaRecording() {
            @Override
            public CompletionStage<Void> pause() {
              return CompletableFuture.completedFuture(null);
            }

            @Override
            public CompletionStage<Void> resume() {
              return CompletableFuture.completedFuture(null);
            }

            @Override
            public CompletionStage<Void> stop() {
              captured(target, CapturedRecording.Cause.STOP);
              return CompletableFuture.completedFuture(null);
            }
          });
    }

    public CompletionStage<MediaOutput> output(OutputRequest request) {
      return CompletableFuture.failedFuture(
          new MediaException(MediaException.Fault.REFUSED, "no output"));
    }

    private void captured(RecordingTarget target, CapturedRecording.Cause cause) {
      if (recordings.remove(target.recordingId()) != null) {
        tell(
            new MediaEvent.RecordingEnded(
                new CapturedRecording(
                    target.recordingId(),
                    target.file(),
                    AudioFormat.WAV,
                    cause,
                    8000,
                    8000,
                    1,
                    16044,
                    Optional.empty())));
      }
    }

    void endRecordings() {
      recordings.values().forEach(t -> captured(t, CapturedRecording.Cause.HANGUP));
    }
  }

  /** A mixer. */
  final class Mixer extends Party implements MediaMixer {
    private final String name;

    Mixer(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public CompletionStage<Void> close() {
      over(this);
      endRecordings();
      return CompletableFuture.completedFuture(null);
    }
  }

  /** A call. */
  final class Call extends Party implements MediaCall {
    @Override
    public String signallingId() {
      return "call-" + number;
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
      return List.of();
    }

    void end() {
      over(this);
      tell(new MediaEvent.Ended(MediaEvent.EndReason.HUNGUP, Optional.empty(), List.of()));
      endRecordings();
    }

    private CompletionStage<Void> done() {
      return CompletableFuture.completedFuture(null);
    }

    @Override
    public CompletionStage<Void> accept(List<Header> headers) {
      return done();
    }

    @Override
    public CompletionStage<Void> answer(List<Header> headers) {
      return done();
    }

    @Override
    public CompletionStage<Void> reject(RejectReason reason, List<Header> headers) {
      return hangup(headers);
    }

    @Override
    public CompletionStage<Void> redirect(URI to, List<Header> headers) {
      return done();
    }

    @Override
    public CompletionStage<Void> hangup(List<Header> headers) {
      return run(this::end);
    }

    @Override
    public CompletionStage<Void> join(MediaCall other, JoinRequest request) {
      return run(() -> JoinedMedia.this.join(this, (Party) other, request));
    }

    @Override
    public CompletionStage<Void> join(MediaMixer mixer, JoinRequest request) {
      return run(
          () -> {
            held.incrementAndGet();
            gate.join();
            JoinedMedia.this.join(this, (Party) mixer, request);
          });
    }

    @Override
    public CompletionStage<Void> unjoin(MediaCall other) {
      return run(() -> JoinedMedia.this.unjoin(this, (Party) other));
    }

    @Override
    public CompletionStage<Void> unjoin(MediaMixer mixer) {
      return run(() -> JoinedMedia.this.unjoin(this, (Party) mixer));
    }
  }

  @Override
  public CompletionStage<MediaCall> dial(DialRequest request) {
    synchronized (toDial) {
      return CompletableFuture.completedFuture(toDial.remove());
    }
  }

  @Override
  public CompletionStage<MediaMixer> createMixer(String name) {
    Mixer mixer = new Mixer(name);
    return CompletableFuture.supplyAsync(
        () -> {
          mixers.add(mixer);
          return mixer;
        },
        executor);
  }

  @Override
  public void start(IncomingCallListener listener) {}

  @Override
  public void drain() {}

  @Override
  public void close() {}
}

package org.rayo.media.freeswitch.capture;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.rayo.media.Header;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaException;
import org.rayo.media.MediaRecording;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingTarget;
import org.rayo.media.audio.FrameTap;
import org.rayo.media.audio.MediaThread;
import org.rayo.media.audio.ReceivedAudio;
import org.rayo.media.audio.Ticked;
import org.rayo.media.sip.AudioCall;

/**
 * A media thread, a switch and its forks, whose clock the test turns. Every sample of a fork tells
 * when it was received: the number of samples since the beginning, up to {@link #PERIOD}.
 */
final class Bench implements MediaThread, Reception, Forks {

  static final int PERIOD = 30_000;
  private static final long NANOS_PER_SAMPLE = 125_000;
  static final long TICK_NANOS = 20_000_000;

  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final List<Ticked> ticked = new ArrayList<>();
  private final Map<String, Awaiting> awaiting = new LinkedHashMap<>();
  final Map<String, Side> forked = new LinkedHashMap<>();
  final List<String> ended = new ArrayList<>();
  final List<Runnable> beeps = new ArrayList<>();
  final List<FakeLeg> legs = new ArrayList<>();
  Optional<String> refusal = Optional.empty();
  boolean silentSwitch;
  private long now = System.nanoTime();
  private int tokens;

  /** 20 ms pass, so many times: legs first, as they were made, then the audio. */
  void ticks(int count) {
    for (int i = 0; i < count; i++) {
      now += TICK_NANOS;
      settle();
      legs.forEach(FakeLeg::tick);
      List.copyOf(ticked).forEach(one -> one.tick(now, 0));
    }
    settle();
  }

  /** Runs what waits; no time passes. */
  void settle() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  long now() {
    return now;
  }

  boolean isTicking() {
    return !ticked.isEmpty();
  }

  /** The call of the newest fork comes in. */
  FakeLeg answer() {
    String token = List.copyOf(awaiting.keySet()).get(awaiting.size() - 1);
    return answer(token);
  }

  FakeLeg answer(String token) {
    FakeLeg leg = new FakeLeg(Optional.ofNullable(awaiting.remove(token)).orElseThrow());
    legs.add(leg);
    leg.awaiting.up(leg, leg);
    return leg;
  }

  List<String> expected() {
    return List.copyOf(awaiting.keySet());
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public boolean isHere() {
    return true;
  }

  @Override
  public void add(Ticked one) {
    ticked.add(one);
  }

  @Override
  public void remove(Ticked one) {
    ticked.remove(one);
  }

  @Override
  public String expect(MediaThread thread, Awaiting who) {
    String token = "token-" + ++tokens;
    awaiting.put(token, who);
    return token;
  }

  @Override
  public void forget(String token) {
    awaiting.remove(token);
  }

  @Override
  public CompletionStage<Void> fork(Side side, String token) {
    forked.put(token, side);
    return refusal
        .<CompletionStage<Void>>map(
            why ->
                CompletableFuture.failedStage(new MediaException(MediaException.Fault.FAILED, why)))
        .orElseGet(() -> CompletableFuture.completedStage(null));
  }

  @Override
  public void end(String token) {
    ended.add(token);
  }

  @Override
  public void beep(Runnable done) {
    beeps.add(done);
  }

  /** A fork that is up. */
  final class FakeLeg implements AudioCall, ReceivedAudio {

    final Awaiting awaiting;
    private final short[] frame = new short[320];
    private final List<FrameTap> taps = new ArrayList<>();
    private long begin = now / NANOS_PER_SAMPLE * NANOS_PER_SAMPLE;
    private long given;
    private long received;
    private boolean over;

    /** Samples from receiving to giving. */
    int delay = 800;

    /** When, within a tick, it is ticked. */
    long slotNanos;

    /** So many samples more than 160 in the next frames. */
    int stretch;

    boolean hungUp;

    FakeLeg(Awaiting awaiting) {
      this.awaiting = awaiting;
    }

    FakeLeg with(int newDelay, long newSlotNanos) {
      delay = newDelay;
      slotNanos = newSlotNanos;
      return this;
    }

    void tick() {
      if (!over) {
        if (given == 0) {
          begin = now + slotNanos - (delay + 160) * NANOS_PER_SAMPLE;
        }
        give(160 + stretch);
      }
    }

    /** A frame; its last sample was received so long ago as all of them. */
    void give(int count) {
      for (int i = 0; i < count; i++) {
        frame[i] = at(begin / NANOS_PER_SAMPLE + given + i);
      }
      given += count;
      for (int i = 0; i < taps.size(); i++) {
        taps.get(i).frame(frame, frame, count);
      }
      received = begin + given * NANOS_PER_SAMPLE;
    }

    static short at(long sample) {
      return (short) (1 + sample % PERIOD);
    }

    long given() {
      return given;
    }

    short lastSample() {
      return at(begin / NANOS_PER_SAMPLE + given - 1);
    }

    /** The switch hangs up, with so much still to be given. */
    void end(int frames) {
      for (int i = 0; i < frames; i++) {
        give(160);
      }
      over = true;
      awaiting.over();
    }

    @Override
    public boolean isHeard() {
      return !silentSwitch;
    }

    @Override
    public long receivedNanos() {
      return received;
    }

    @Override
    public int sampleRateHz() {
      return 8000;
    }

    @Override
    public void execute(Runnable task) {
      Bench.this.execute(task);
    }

    @Override
    public void attach(FrameTap tap) {
      taps.add(tap);
    }

    @Override
    public void detach(FrameTap tap) {
      taps.remove(tap);
    }

    @Override
    public void play(short[] samples, Runnable done) {
      throw new UnsupportedOperationException("nothing is played into a fork");
    }

    @Override
    public Optional<ReceivedAudio> audio() {
      return Optional.of(this);
    }

    @Override
    public String signallingId() {
      return "leg";
    }

    @Override
    public URI to() {
      return URI.create("sip:leg@localhost");
    }

    @Override
    public URI from() {
      return URI.create("sip:switch@localhost");
    }

    @Override
    public List<Header> headers() {
      return List.of();
    }

    @Override
    public CompletionStage<Void> accept(List<Header> headers) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> answer(List<Header> headers) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> reject(RejectReason reason, List<Header> headers) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> redirect(URI to, List<Header> headers) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<Void> hangup(List<Header> headers) {
      hungUp = true;
      over = true;
      return CompletableFuture.completedStage(null);
    }

    @Override
    public void listen(Consumer<MediaEvent> listener) {
      throw new UnsupportedOperationException();
    }

    @Override
    public CompletionStage<MediaRecording> record(
        RecordingRequest request, RecordingTarget target) {
      throw new UnsupportedOperationException();
    }
  }
}

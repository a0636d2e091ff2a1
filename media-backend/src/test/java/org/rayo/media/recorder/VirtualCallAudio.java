package org.rayo.media.recorder;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.BooleanSupplier;
import org.rayo.media.audio.CallAudio;
import org.rayo.media.audio.FrameTap;
import org.rayo.media.audio.Mixing;

/**
 * A call whose media clock is turned by the test: the thread that calls {@link #tick} is the media
 * thread, and time passes only there. Strict where the contract is: a tap that attaches or detaches
 * in the middle of a frame fails.
 */
class VirtualCallAudio implements CallAudio {

  /** What the caller says, or hears beside what is played, at each sample of the call. */
  interface Voice {
    short at(long sample);

    Voice SILENCE = sample -> 0;

    /** A sine; {@code peak} of 32767 is full scale. */
    static Voice sine(double frequencyHz, double peak, int sampleRateHz) {
      return sample ->
          (short) Math.round(peak * Math.sin(2 * Math.PI * frequencyHz * sample / sampleRateHz));
    }
  }

  @SuppressWarnings("ArrayRecordComponent") // never compared
  private record Playing(short[] samples, Runnable done) {}

  private final int sampleRateHz;
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private final List<FrameTap> taps = new ArrayList<>();
  private final ArrayDeque<Playing> playing = new ArrayDeque<>();
  private final List<Short> heard = new ArrayList<>();
  private int played;
  private boolean inFrame;
  private boolean over;
  private long now;
  private Voice caller = Voice.SILENCE;
  private Voice farEnd = Voice.SILENCE;
  private BooleanSupplier tooFast = () -> false;

  VirtualCallAudio(int sampleRateHz) {
    this.sampleRateHz = sampleRateHz;
  }

  /** Ticks wait while this holds: virtual time is faster than any encoder. */
  VirtualCallAudio pacedBy(BooleanSupplier wait) {
    tooFast = wait;
    return this;
  }

  VirtualCallAudio caller(Voice voice) {
    caller = voice;
    return this;
  }

  VirtualCallAudio farEnd(Voice voice) {
    farEnd = voice;
    return this;
  }

  /** Media time passes, in frames of 20 ms. */
  void millis(int millis) {
    int frame = sampleRateHz / 50;
    for (int done = 0; done < millis * sampleRateHz / 1000; done += frame) {
      tick(frame);
    }
  }

  /** One frame of this many samples. */
  void tick(int length) {
    while (tooFast.getAsBoolean()) {
      Thread.onSpinWait();
    }
    settle();
    short[] send = new short[length + 7];
    short[] recv = new short[length + 7];
    for (int i = 0; i < length; i++) {
      send[i] = caller.at(now + i);
      recv[i] = farEnd.at(now + i);
    }
    List<Runnable> finished = play(recv, length);
    inFrame = true;
    voices(now, recv, length);
    taps.forEach(tap -> tap.frame(send, recv, length));
    inFrame = false;
    now += length;
    finished.forEach(Runnable::run);
  }

  /** What more is in a frame; of a call nothing. */
  void voices(long at, short[] recv, int length) {}

  /** Those that are attached. */
  List<FrameTap> attached() {
    return taps;
  }

  /** A key that is told beside the audio. */
  void key(char digit, int offset) {
    settle();
    taps.forEach(tap -> tap.key(digit, offset));
  }

  /** Runs what was to be executed, without any time passing. */
  void settle() {
    for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
      task.run();
    }
  }

  /** Runs the first task that is given from elsewhere, waiting for it. */
  void begun() {
    while (tasks.isEmpty()) {
      Thread.onSpinWait();
    }
    settle();
  }

  /** The call is over: nothing can be played any more; tasks still run. */
  void over() {
    over = true;
    List<Playing> left = List.copyOf(playing);
    playing.clear();
    left.forEach(sound -> sound.done().run());
  }

  int taps() {
    return taps.size();
  }

  /** Everything that was played to the caller. */
  short[] heard() {
    short[] samples = new short[heard.size()];
    for (int i = 0; i < samples.length; i++) {
      samples[i] = heard.get(i);
    }
    return samples;
  }

  @Override
  public int sampleRateHz() {
    return sampleRateHz;
  }

  @Override
  public void execute(Runnable task) {
    tasks.add(task);
  }

  @Override
  public void attach(FrameTap tap) {
    outsideOfFrames();
    if (taps.contains(tap)) {
      throw new IllegalStateException("attached twice");
    }
    taps.add(tap);
  }

  @Override
  public void detach(FrameTap tap) {
    outsideOfFrames();
    if (!taps.remove(tap)) {
      throw new IllegalStateException("was not attached");
    }
  }

  @Override
  public void play(short[] samples, Runnable done) {
    if (over) {
      done.run();
    } else {
      playing.add(new Playing(samples, done));
    }
  }

  private void outsideOfFrames() {
    if (inFrame) {
      throw new IllegalStateException("the taps must not change within a frame");
    }
  }

  private List<Runnable> play(short[] recv, int length) {
    List<Runnable> finished = new ArrayList<>();
    for (int i = 0; i < length && !playing.isEmpty(); i++) {
      Playing sound = playing.element();
      recv[i] = Mixing.add(recv[i], sound.samples()[played]);
      heard.add(sound.samples()[played]);
      played++;
      if (played == sound.samples().length) {
        played = 0;
        finished.add(playing.remove().done());
      }
    }
    return finished;
  }
}

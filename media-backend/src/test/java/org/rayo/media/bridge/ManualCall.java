package org.rayo.media.bridge;

import java.util.Arrays;
import java.util.function.LongFunction;
import org.rayo.media.audio.CallAudio;
import org.rayo.media.audio.FrameSource;
import org.rayo.media.audio.FrameTap;
import org.rayo.media.audio.Playback;
import org.rayo.media.audio.Taps;
import org.rayo.media.audio.Ticked;

/** A call without a network: says what the test has it say, and keeps its last frame heard. */
final class ManualCall implements CallAudio, Ticked {

  static final int FRAME = 160;

  private final ManualThread thread;
  private final Taps taps = new Taps("a test's call");
  private final Playback playback = new Playback(FRAME);
  private final short[] send = new short[FRAME];
  final short[] heard = new short[FRAME];
  private LongFunction<Short> says = sample -> 0;
  private boolean says0 = true;
  private long position;

  ManualCall(ManualThread thread) {
    this.thread = thread;
    thread.add(this);
  }

  /** Says one value for ever. */
  ManualCall says(int value) {
    says0 = true;
    Arrays.fill(send, (short) value);
    return this;
  }

  /** Says a tone. */
  ManualCall saysTone(int hertz) {
    says0 = false;
    says = sample -> (short) (6000 * Math.sin(2 * Math.PI * hertz * sample / 8000));
    return this;
  }

  void press(char digit) {
    taps.key(digit, 0);
  }

  @Override
  public void tick(long dueNanos, long lateNanos) {
    if (!says0) {
      for (int i = 0; i < FRAME; i++) {
        send[i] = says.apply(position + i);
      }
    }
    playback.next(heard, FRAME, position);
    taps.frame(send, heard, FRAME);
    position += FRAME;
    playback.completed(position);
  }

  @Override
  public int sampleRateHz() {
    return 8000;
  }

  @Override
  public void execute(Runnable task) {
    thread.execute(task);
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
    playback.play(samples, done);
  }

  @Override
  public void play(FrameSource source, Runnable done) {
    playback.play(source, done);
  }

  @Override
  public void stop(FrameSource source) {
    playback.stop(source);
  }
}

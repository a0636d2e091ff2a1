package org.rayo.media.bridge;

import java.util.Arrays;
import java.util.Optional;
import org.rayo.media.audio.CallAudio;
import org.rayo.media.audio.FrameSource;
import org.rayo.media.audio.FrameTap;

/**
 * One participant's place in a mixer. What is played here is what he says, one source at a time;
 * who taps here gets what he hears: all but himself.
 *
 * <p>Belongs to the mixer's media thread.
 */
final class Seat implements CallAudio {

  private final Mixer mixer;
  private final Speaking speaking;
  private final short[] own;
  private String participant;
  private Optional<FrameSource> voice = Optional.empty();
  private Optional<FrameTap> ear = Optional.empty();

  Seat(Mixer mixer, String participant) {
    this.mixer = mixer;
    this.participant = participant;
    speaking = new Speaking(mixer.sampleRateHz());
    own = new short[mixer.frameSamples()];
  }

  String participant() {
    return participant;
  }

  /** Who is heard is told to have left, and another one to have come. */
  void rename(String newName) {
    boolean heard = isHeard();
    if (heard) {
      mixer.left(this);
    }
    participant = newName;
    if (heard) {
      mixer.entered(this);
    }
  }

  boolean isHeard() {
    return voice.isPresent();
  }

  boolean hears() {
    return ear.isPresent();
  }

  Speaking speaking() {
    return speaking;
  }

  /** What he says in this frame; silence when he is not heard. */
  short[] own() {
    return own;
  }

  /** Takes what he says next. */
  void next() {
    voice.get().next(own, own.length);
  }

  /** Gives him what he hears. */
  void hear(short[] frame) {
    ear.get().frame(frame, frame, frame.length);
  }

  @Override
  public int sampleRateHz() {
    return mixer.sampleRateHz();
  }

  @Override
  public void execute(Runnable task) {
    mixer.execute(task);
  }

  @Override
  public void attach(FrameTap tap) {
    ear = Optional.of(tap);
    mixer.seated(this);
  }

  @Override
  public void detach(FrameTap tap) {
    if (ear.isPresent() && ear.get() == tap) {
      ear = Optional.empty();
      mixer.seated(this);
    }
  }

  @Override
  public void play(short[] samples, Runnable done) {
    throw new UnsupportedOperationException("a participant says what its call says");
  }

  @Override
  public void play(FrameSource source, Runnable done) {
    voice = Optional.of(source);
    mixer.seated(this);
    mixer.entered(this);
  }

  @Override
  public void stop(FrameSource source) {
    if (voice.isPresent() && voice.get() == source) {
      mixer.left(this);
      voice = Optional.empty();
      Arrays.fill(own, (short) 0);
      mixer.seated(this);
    }
  }
}

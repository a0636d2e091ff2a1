package org.rayo.media.recorder;

import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.RecordingRequest;
import org.rayo.media.audio.CallAudio;
import org.rayo.media.audio.EnergySpeechDetector;
import org.rayo.media.audio.FrameTap;
import org.rayo.media.audio.Mixing;
import org.rayo.media.audio.SpeechDetector;
import org.rayo.media.audio.Tones;

/**
 * Captures one recording's samples: beep, then capture, paused and resumed at will, until the first
 * reason to end.
 *
 * <p>Lives on the call's media thread; every method is called there. Time is samples captured, so
 * that it stands still while paused. A frame costs no allocation, no lock and no wait.
 */
final class Recorder implements FrameTap {

  private static final int CHUNK = 480;

  private final RecordingRequest request;
  private final Limits limits;
  private final CallAudio audio;
  private final Capture capture;
  private final SpeechDetector detector;
  private final short[] scratch;
  private State state = new Idle();
  private long captured;
  private long lastSpeech = -1;

  Recorder(RecordingRequest request, Limits limits, CallAudio audio, Capture capture) {
    this.request = request;
    this.limits = limits;
    this.audio = audio;
    this.capture = capture;
    detector = new EnergySpeechDetector(audio.sampleRateHz());
    scratch = new short[CHUNK * request.channels()];
  }

  /** Begins: with the beep, when one was asked for. Ended before, it stays ended. */
  void start() {
    state.start();
  }

  void pause() {
    state.pause();
  }

  void resume() {
    state.resume();
  }

  /** Ends it, unless it has ended. */
  void end(Outcome outcome) {
    state.end(outcome);
  }

  @Override
  public void frame(short[] send, short[] recv, int length) {
    state.frame(send, recv, length);
  }

  /** What can happen; by default nothing comes of it. */
  private abstract class State {
    void start() {}

    void pause() {}

    void resume() {}

    void beeped() {}

    void frame(short[] send, short[] recv, int length) {}

    void end(Outcome outcome) {
      state = new Finished();
      capture.end(outcome);
    }
  }

  /** Not begun. */
  private final class Idle extends State {
    @Override
    void start() {
      State begun = request.startPaused() ? new Paused() : new Capturing();
      if (request.startBeep()) {
        state = new StartingBeep(begun);
        audio.play(Tones.beep(audio.sampleRateHz()), () -> state.beeped());
      } else {
        enter(begun);
      }
    }
  }

  /** The caller hears the beep; nothing is captured, so that no bit of it is in the file. */
  private final class StartingBeep extends State {
    private State afterwards;

    StartingBeep(State afterwards) {
      this.afterwards = afterwards;
    }

    @Override
    void pause() {
      afterwards = new Paused();
    }

    @Override
    void resume() {
      afterwards = new Capturing();
    }

    @Override
    void beeped() {
      enter(afterwards);
    }
  }

  /** Every frame goes into the file. */
  private final class Capturing extends State {
    @Override
    void pause() {
      audio.detach(Recorder.this);
      enter(new Paused());
    }

    @Override
    void frame(short[] send, short[] recv, int length) {
      int wanted = (int) Math.min(length, limits.maxSamples() - captured);
      if (!write(send, recv, wanted)) {
        end(Outcome.failed("the encoder fell too far behind"));
        return;
      }
      captured += wanted;
      if (detector.heard(
          request.direction() == RecordingRequest.Direction.RECV ? recv : send, wanted)) {
        lastSpeech = captured;
      }
      if (captured >= limits.maxSamples()) {
        end(Outcome.of(Cause.MAX_DURATION));
      } else if (lastSpeech < 0 && captured >= limits.initialSilence()) {
        end(Outcome.of(Cause.INITIAL_TIMEOUT));
      } else if (lastSpeech >= 0 && captured - lastSpeech >= limits.finalSilence()) {
        end(Outcome.of(Cause.FINAL_TIMEOUT));
      }
    }

    /** Often within a frame, while the call walks through its taps: it detaches afterwards. */
    @Override
    void end(Outcome outcome) {
      audio.execute(Recorder.this::detach);
      super.end(outcome);
      beepAtTheEnd(outcome);
    }
  }

  /** Nothing is captured and no time passes. */
  private final class Paused extends State {
    @Override
    void resume() {
      enter(new Capturing());
    }

    @Override
    void end(Outcome outcome) {
      super.end(outcome);
      beepAtTheEnd(outcome);
    }
  }

  /** For good: whatever comes now comes too late. */
  private final class Finished extends State {
    @Override
    void end(Outcome outcome) {}
  }

  private void enter(State next) {
    state = next;
    if (next instanceof Capturing) {
      audio.attach(this);
    }
  }

  private void detach() {
    audio.detach(this);
  }

  private void beepAtTheEnd(Outcome outcome) {
    if (request.stopBeep() && outcome.cause() != Cause.HANGUP) {
      audio.play(Tones.beep(audio.sampleRateHz()), () -> {});
    }
  }

  /** Direction and mix, as the file wants them. */
  private boolean write(short[] send, short[] recv, int length) {
    for (int at = 0; at < length; at += CHUNK) {
      int count = Math.min(CHUNK, length - at);
      if (!capture.write(arrange(send, recv, at, count), count * request.channels())) {
        return false;
      }
    }
    return true;
  }

  private short[] arrange(short[] send, short[] recv, int at, int count) {
    switch (request.direction()) {
      case SEND -> System.arraycopy(send, at, scratch, 0, count);
      case RECV -> System.arraycopy(recv, at, scratch, 0, count);
      case DUPLEX -> {
        if (request.mix()) {
          Mixing.add(send, recv, at, count, scratch);
        } else {
          Mixing.interleave(send, recv, at, count, scratch);
        }
      }
    }
    return scratch;
  }
}

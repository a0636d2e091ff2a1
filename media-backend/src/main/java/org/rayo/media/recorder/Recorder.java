package org.rayo.media.recorder;

import java.util.Optional;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.ParticipantTimeline;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingRequest.Direction;
import org.rayo.media.RecordingRequest.PauseMode;
import org.rayo.media.audio.CallAudio;
import org.rayo.media.audio.FrameTap;

/**
 * Captures one recording's samples: beep, then capture, paused and resumed at will, until the first
 * reason to end.
 *
 * <p>Lives on the call's media thread; every method is called there. Time is samples, so that every
 * timer stands still while paused. A frame costs no allocation, no lock and no wait.
 */
final class Recorder implements FrameTap {

  private final RecordingRequest request;
  private final Limits limits;
  private final CallAudio audio;
  private final Capture capture;
  private final Optional<Voices> voices;
  private final FrameTap tap;
  private final Track track;
  private final SilenceWatch silence;
  private final Optional<LegEar> otherSide;
  private final IntervalBeep intervalBeep;
  private final StopKeys stopKeys;
  private long otherSideEnd;
  private State state = new Idle();

  Recorder(RecordingRequest request, Limits limits, CallAudio audio, Capture capture) {
    this.request = request;
    this.limits = limits;
    this.audio = audio;
    this.capture = capture;
    voices =
        request.participants().timeline()
            ? Optional.of(new Voices(this, request.participants(), audio.sampleRateHz()))
            : Optional.empty();
    tap = voices.<FrameTap>map(all -> all).orElse(this);
    track = new Track(request, voices.flatMap(Voices::channels), capture);
    silence = new SilenceWatch(limits, audio.sampleRateHz());
    otherSide =
        request.handling().trim() && request.direction() == Direction.DUPLEX
            ? Optional.of(new LegEar(audio.sampleRateHz()))
            : Optional.empty();
    intervalBeep = new IntervalBeep(audio, limits.beepInterval());
    stopKeys = new StopKeys(request.handling().stopKeys(), audio.sampleRateHz());
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

  /** Samples per channel that are in the file so far. */
  long length() {
    return track.length();
  }

  /**
   * Who of a mixer's was there and spoke, when that was asked for. From any thread.
   *
   * @param endMillis where the finished file ends
   */
  Optional<ParticipantTimeline> participants(long endMillis) {
    return voices.map(all -> all.timeline(endMillis));
  }

  /** Ends it, unless it has ended. */
  void end(Outcome outcome) {
    state.end(outcome);
  }

  @Override
  public void frame(short[] send, short[] recv, int length) {
    state.frame(send, recv, length);
  }

  /** One that is told; keys that can be heard are listened for in the frames. */
  @Override
  public void key(char digit, int offset) {
    state.key(digit, offset);
  }

  /** What can happen; by default nothing comes of it. */
  private abstract class State {
    void start() {}

    void pause() {}

    void resume() {}

    void beeped() {}

    void key(char digit, int offset) {}

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
      Running begun = request.startPaused() ? new Paused() : new Capturing();
      if (request.startBeep()) {
        state = new StartingBeep(begun);
        audio.beep(() -> state.beeped());
      } else {
        run(begun);
      }
    }
  }

  /** The caller hears the beep; nothing is captured, so that no bit of it is in the file. */
  private final class StartingBeep extends State {
    private Running afterwards;

    StartingBeep(Running afterwards) {
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
      intervalBeep.heard();
      run(afterwards);
    }
  }

  /** Gets the call's frames. */
  private abstract class Running extends State {

    /** Puts a stretch into the file, or does not; false when there was no room. */
    abstract boolean take(short[] send, short[] recv, int count);

    /** After a stretch that has not ended it otherwise. */
    void taken(int count) {}

    @Override
    void key(char digit, int offset) {
      if (stopKeys.told(digit, offset)) {
        end(Outcome.of(Cause.STOP_KEY));
      }
    }

    @Override
    void frame(short[] send, short[] recv, int length) {
      long before = track.length();
      long most = Math.min(limits.maxSamples() - before, stopKeys.untilTold());
      int count = (int) Math.min(length, most);
      if (!take(send, recv, count)) {
        end(Outcome.failed("the encoder fell too far behind"));
      } else if (stopKeys.heard(send, count, before, track.length())) {
        end(Outcome.endingAt(stopKeys.position(), Cause.STOP_KEY));
      } else if (track.length() >= limits.maxSamples()) {
        end(Outcome.of(Cause.MAX_DURATION));
      } else {
        taken(count);
      }
    }

    /** Often within a frame, while the call walks through its taps: it detaches afterwards. */
    @Override
    void end(Outcome outcome) {
      audio.execute(Recorder.this::detach);
      super.end(outcome);
      if (request.stopBeep() && outcome.cause() != Cause.HANGUP) {
        audio.beep(() -> {});
      }
    }
  }

  /** Every frame goes into the file. */
  private final class Capturing extends Running {
    @Override
    void pause() {
      voices.ifPresent(all -> all.capturing(false));
      state = new Paused();
    }

    @Override
    boolean take(short[] send, short[] recv, int count) {
      if (!track.add(send, recv, count)) {
        return false;
      }
      if (request.direction() != Direction.RECV) {
        silence.listen(send, count, intervalBeep.echoing(), track.length());
        if (otherSide.isPresent()) {
          listenToOtherSide(otherSide.get(), recv, count);
        }
      } else if (intervalBeep.sounding()) {
        silence.passOver(count);
      } else {
        silence.listen(recv, count, false, track.length());
      }
      return true;
    }

    @Override
    void taken(int count) {
      Optional<Cause> timeout = silence.timeout();
      if (timeout.isPresent()) {
        timedOut(timeout.get());
      } else {
        intervalBeep.captured(count);
      }
    }

    private void timedOut(Cause cause) {
      boolean trim = request.handling().trim();
      long end =
          trim ? Math.max(silence.speechEnd(), otherSideEnd) : track.length() - silence.excess();
      end(Outcome.endingAt(end, cause));
    }

    private void listenToOtherSide(LegEar ear, short[] recv, int count) {
      ear.listen(recv, count, intervalBeep.sounding());
      if (ear.heard()) {
        otherSideEnd = track.length() - ear.sinceSpeech();
      }
    }
  }

  /** No timer goes on, and at most silence goes into the file; a stop key ends it nevertheless. */
  private final class Paused extends Running {
    @Override
    void resume() {
      voices.ifPresent(all -> all.capturing(true));
      state = new Capturing();
    }

    @Override
    boolean take(short[] send, short[] recv, int count) {
      return request.handling().pauseMode() == PauseMode.SKIP || track.addSilence(count);
    }
  }

  /** For good: whatever comes now comes too late. */
  private final class Finished extends State {
    @Override
    void end(Outcome outcome) {}
  }

  private void run(Running next) {
    state = next;
    voices.ifPresent(all -> all.capturing(next instanceof Capturing));
    audio.attach(tap);
  }

  private void detach() {
    audio.detach(tap);
  }
}

package org.rayo.media.recorder;

import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingRequest.PauseMode;
import org.rayo.media.audio.DtmfDetector;
import org.rayo.media.recorder.VirtualCallAudio.Voice;

/**
 * What must come of a recording of what the caller says: told every command and frame, it keeps a
 * plain list of all samples. Simple where the recorder is quick.
 */
final class RecordingModel {

  private enum State {
    BEEPING,
    CAPTURING,
    PAUSED,
    ENDED
  }

  private static final int BEEP = 2000;
  private static final int ECHO = 4000;
  private static final int UNSURE = 40;
  private static final long NEVER = Long.MAX_VALUE;

  private final RecordingRequest request;
  private final long max;
  private final long initial;
  private final long last;
  private final long beepInterval;
  private final LegEar ear = new LegEar(Studio.RATE);
  private final DtmfDetector dtmf = new DtmfDetector(Studio.RATE);
  private short[] file = new short[0];

  /** For every sample that was listened to, how many were in the file before it. */
  private int[] fileAt = new int[0];

  private State state;
  private boolean pausedAfterBeep;
  private long now;
  private long keyAt = NEVER;
  private long captured;
  private long lastSpeech = -1;
  private int speechEnd;
  private long sinceBeep;
  private int beepsLeft;
  private int heard;
  private int echoLeft;
  private boolean cut;
  private Voice voice = Voice.SILENCE;
  private Optional<Cause> cause = Optional.empty();

  RecordingModel(RecordingRequest request) {
    this.request = request;
    max = samples(request.maxDuration());
    initial = samples(request.initialTimeout());
    last = samples(request.finalTimeout());
    beepInterval = samples(request.handling().beepInterval());
    pausedAfterBeep = request.startPaused();
    beepsLeft = request.startBeep() ? BEEP : 0;
    state = request.startBeep() ? State.BEEPING : begun();
  }

  /** Why it must have ended. */
  Optional<Cause> cause() {
    return cause;
  }

  /** What the file must hold, when it has the call's rate. */
  short[] file() {
    return file;
  }

  /** Whether less must be in the file than was captured. */
  boolean wasCut() {
    return cut;
  }

  /** Samples that the caller must have heard. */
  int heard() {
    return heard;
  }

  void caller(Voice says) {
    voice = says;
  }

  void pause() {
    pausedAfterBeep = true;
    state = state == State.CAPTURING ? State.PAUSED : state;
  }

  void resume() {
    pausedAfterBeep = false;
    state = state == State.PAUSED ? State.CAPTURING : state;
  }

  void key(char digit, int offset) {
    if (running() && request.handling().stopKeys().contains(digit)) {
      keyAt = Math.min(keyAt, fileAt.length + offset);
      if (offset == 0) {
        end(Cause.STOP_KEY);
      }
    }
  }

  void end(Cause reason) {
    if (state != State.ENDED) {
      beepsLeft += running() && request.stopBeep() && reason != Cause.HANGUP ? BEEP : 0;
      state = State.ENDED;
      cause = Optional.of(reason);
    }
  }

  void frame(int length) {
    boolean sounding = beepsLeft > 0;
    int played = Math.min(length, beepsLeft);
    beepsLeft -= played;
    heard += played;
    if (running()) {
      listen(length, sounding);
    }
    now += length;
    if (sounding && beepsLeft == 0) {
      echoLeft = ECHO;
    }
    if (state == State.BEEPING && beepsLeft == 0) {
      state = begun();
    }
  }

  private void listen(int length, boolean sounding) {
    int count = (int) Math.min(length, Math.min(max - file.length, keyAt - fileAt.length));
    short[] said = new short[count];
    for (int i = 0; i < count; i++) {
      said[i] = voice.at(now + i);
    }
    boolean capturing = state == State.CAPTURING;
    boolean kept = capturing || request.handling().pauseMode() == PauseMode.SILENCE;
    take(said, capturing, kept);
    if (capturing) {
      listenForSpeech(said, sounding || echoLeft > 0);
    }
    if (keyHeard(said)) {
      int key = Math.max(0, fileAt[(int) dtmf.onset()] - UNSURE);
      keep(key);
      end(Cause.STOP_KEY);
    } else if (fileAt.length >= keyAt) {
      end(Cause.STOP_KEY);
    } else if (file.length == max) {
      end(Cause.MAX_DURATION);
    } else if (capturing && !timedOut()) {
      beep(count, sounding);
    }
  }

  private void take(short[] said, boolean capturing, boolean kept) {
    int listened = fileAt.length;
    int at = file.length;
    fileAt = Arrays.copyOf(fileAt, listened + said.length);
    file = kept ? Arrays.copyOf(file, at + said.length) : file;
    for (int i = 0; i < said.length; i++) {
      fileAt[listened + i] = at + (kept ? i : 0);
      if (capturing) {
        file[at + i] = said[i];
      }
    }
  }

  private void listenForSpeech(short[] said, boolean beeping) {
    ear.listen(said, said.length, beeping);
    captured += said.length - ear.drowned();
    if (ear.heard()) {
      lastSpeech = captured - ear.sinceSpeech();
      speechEnd = (int) (file.length - ear.sinceSpeech());
    }
  }

  private void beep(int count, boolean sounding) {
    echoLeft = Math.max(0, echoLeft - count);
    sinceBeep += count;
    if (sinceBeep >= beepInterval) {
      sinceBeep %= beepInterval;
      beepsLeft += sounding ? 0 : BEEP;
    }
  }

  private boolean keyHeard(short[] said) {
    return !request.handling().stopKeys().isEmpty()
        && dtmf.heard(said, said.length)
        && request.handling().stopKeys().contains(dtmf.digit());
  }

  private boolean timedOut() {
    if (lastSpeech < 0 && captured >= initial) {
      endWith(0, captured - initial);
      end(Cause.INITIAL_TIMEOUT);
    } else if (lastSpeech >= 0 && captured - lastSpeech >= last) {
      endWith(speechEnd, captured - lastSpeech - last);
      end(Cause.FINAL_TIMEOUT);
    }
    return state == State.ENDED;
  }

  private void endWith(int speech, long excess) {
    keep(request.handling().trim() ? speech : (int) (file.length - excess));
  }

  private void keep(int length) {
    cut = length < file.length;
    file = Arrays.copyOf(file, Math.min(file.length, length));
  }

  private boolean running() {
    return state == State.CAPTURING || state == State.PAUSED;
  }

  private State begun() {
    return pausedAfterBeep ? State.PAUSED : State.CAPTURING;
  }

  private static long samples(Optional<Duration> limit) {
    return limit.map(value -> value.toMillis() * Studio.RATE / 1000).orElse(NEVER);
  }
}

package org.rayo.media.detect;

import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.rayo.media.Signal;
import org.rayo.media.Signal.Kind;
import org.rayo.media.audio.DtmfDetector;
import org.rayo.media.audio.EnergySpeechDetector;
import org.rayo.media.audio.FrameTap;
import org.rayo.media.audio.SpeechDetector;

/**
 * Listens to what the caller says for signals of certain kinds, and tells each as it is found.
 *
 * <p>A key is told once, whether signalling told it, it was heard, or both. Speech is any sound
 * that {@link EnergySpeechDetector} takes for it, except keys and the tones that the other
 * detectors know; what the caller hears is not listened to, but it is speech when it echoes back
 * loud enough.
 *
 * <p>On the call's media thread; allocates nothing while nothing is found.
 */
public final class SignalTap implements FrameTap {
  /** A stretch that is so much one sine is no speech. */
  private static final double PURE = 0.9;

  /** A key's sound is over when there has been none for 100 ms. */
  private static final int KEY_BLOCKS = 5;

  private final Consumer<Signal> found;
  private final boolean keys;
  private final boolean speech;
  private final boolean speechEnd;
  private final boolean beep;
  private final boolean ring;
  private final boolean busy;

  private final int sampleRateHz;
  private final int blockSamples;
  private final short[] sendBlock;
  private final short[] recvBlock;
  private int collected;
  private long heard;

  private final DtmfDetector dtmf;
  private final KeyPresses presses;
  private final SpeechDetector voice;
  private final SpeechTurns turns = new SpeechTurns();
  private final BeepDetector beeps;
  private final CallProgress progress;
  private final ToneMeter tone;

  /** Blocks for which sound counts as a key's; set anew as long as there is any. */
  private int keySounds;

  /**
   * @param sampleRateHz of the frames, at least 8,000
   * @param found gets every signal, on the media thread: hands it on and returns
   */
  public SignalTap(Set<Kind> kinds, int sampleRateHz, Consumer<Signal> found) {
    if (sampleRateHz < 8000) {
      throw new IllegalArgumentException("at least 8000 Hz, not " + sampleRateHz);
    }
    this.found = found;
    this.sampleRateHz = sampleRateHz;
    keys = kinds.contains(Kind.KEY);
    speech = kinds.contains(Kind.SPEECH);
    speechEnd = kinds.contains(Kind.SPEECH_END);
    beep = kinds.contains(Kind.BEEP);
    ring = kinds.contains(Kind.RING);
    busy = kinds.contains(Kind.BUSY);
    blockSamples = sampleRateHz / 50;
    sendBlock = new short[blockSamples];
    recvBlock = new short[blockSamples];
    dtmf = new DtmfDetector(sampleRateHz);
    presses = new KeyPresses(sampleRateHz);
    voice = new EnergySpeechDetector(sampleRateHz);
    beeps = new BeepDetector(sampleRateHz);
    progress = new CallProgress(sampleRateHz);
    tone = new ToneMeter(sampleRateHz);
  }

  @Override
  public void key(char digit, int offset) {
    keySounds = KEY_BLOCKS;
    turns.notSpeech();
    if (keys && presses.isNew(digit, true, heard + collected + offset)) {
      found.accept(new Signal(Kind.KEY, Optional.of(digit), Duration.ZERO));
    }
  }

  @Override
  public void frame(short[] send, short[] recv, int length) {
    for (int at = 0; at < length; ) {
      int part = Math.min(length - at, blockSamples - collected);
      System.arraycopy(send, at, sendBlock, collected, part);
      System.arraycopy(recv, at, recvBlock, collected, part);
      collected += part;
      at += part;
      if (collected == blockSamples) {
        collected = 0;
        heard += blockSamples;
        block();
      }
    }
  }

  private void block() {
    boolean speechAsked = speech || speechEnd;
    if ((keys || speechAsked) && dtmf.heard(sendBlock, blockSamples)) {
      keySounds = KEY_BLOCKS;
      turns.notSpeech();
      if (keys && presses.isNew(dtmf.digit(), false, dtmf.onset())) {
        found.accept(new Signal(Kind.KEY, Optional.of(dtmf.digit()), Duration.ZERO));
      }
    }
    if (beep && beeps.heard(sendBlock, recvBlock)) {
      tell(Kind.BEEP, beeps.durationSamples() * 1000 / sampleRateHz);
    }
    if (ring || busy || speechAsked) {
      CallProgress.Heard now = progress.heard(sendBlock);
      if (ring && now == CallProgress.Heard.RING) {
        tell(Kind.RING, progress.durationMillis());
      } else if (busy && now == CallProgress.Heard.BUSY) {
        tell(Kind.BUSY, progress.durationMillis());
      }
    }
    if (speechAsked) {
      speech();
    }
  }

  private void speech() {
    boolean sound = voice.heard(sendBlock, blockSamples);
    tone.measure(sendBlock, blockSamples);
    keySounds = sound && keySounds > 0 ? KEY_BLOCKS : Math.max(0, keySounds - 1);
    boolean isSpeech = sound && keySounds == 0 && !progress.isTone() && tone.purity() < PURE;
    switch (turns.next(isSpeech)) {
      case BEGUN -> {
        if (speech) {
          tell(Kind.SPEECH, turns.millis());
        }
      }
      case ENDED -> {
        if (speechEnd) {
          tell(Kind.SPEECH_END, turns.millis());
        }
      }
      case NONE -> {}
    }
  }

  private void tell(Kind kind, long millis) {
    found.accept(new Signal(kind, Optional.empty(), Duration.ofMillis(millis)));
  }
}

package org.rayo.media.freeswitch;

import java.util.LinkedHashMap;
import java.util.Map;
import org.rayo.media.audio.CallAudio;
import org.rayo.media.audio.FrameTap;
import org.rayo.media.audio.Taps;
import org.rayo.media.freeswitch.capture.CapturedAudio;

/**
 * What is heard in a conference, in both legs of every frame, and who is in it, for whoever wants
 * to know. No voice is told apart.
 */
final class ConferenceAudio implements CallAudio, FrameTap {

  private final CapturedAudio captured;
  private final Taps taps;
  // On the media thread.
  private final Map<String, Boolean> speaking = new LinkedHashMap<>();
  private int attached;

  ConferenceAudio(String name, CapturedAudio captured) {
    this.captured = captured;
    this.taps = new Taps(name);
  }

  @Override
  public int sampleRateHz() {
    return captured.sampleRateHz();
  }

  @Override
  public void execute(Runnable task) {
    captured.execute(task);
  }

  @Override
  public void attach(FrameTap tap) {
    if (attached++ == 0) {
      captured.attach(this);
    }
    taps.add(tap);
    speaking.forEach(
        (participant, speaks) ->
            taps.tell(
                tap,
                wanting -> {
                  wanting.entered(participant);
                  if (speaks) {
                    wanting.speaking(participant, true);
                  }
                }));
  }

  @Override
  public void detach(FrameTap tap) {
    taps.remove(tap);
    if (--attached == 0) {
      captured.detach(this);
    }
  }

  @Override
  public void play(short[] samples, Runnable done) {
    captured.play(samples, done);
  }

  @Override
  public void beep(Runnable done) {
    captured.beep(done);
  }

  @Override
  public void frame(short[] send, short[] recv, int length) {
    taps.frame(recv, recv, length);
  }

  @Override
  public void key(char digit, int offset) {
    taps.key(digit, offset);
  }

  /** From any thread. */
  void entered(String participant) {
    execute(
        () -> {
          if (speaking.put(participant, false) == null) {
            taps.entered(participant);
          }
        });
  }

  /** From any thread. */
  void left(String participant) {
    execute(
        () -> {
          Boolean spoke = speaking.remove(participant);
          if (spoke != null) {
            if (spoke) {
              taps.speaking(participant, false);
            }
            taps.left(participant);
          }
        });
  }

  /** From any thread. */
  void speaks(String participant, boolean now) {
    execute(
        () -> {
          Boolean before = speaking.replace(participant, now);
          if (before != null && before != now) {
            taps.speaking(participant, now);
          }
        });
  }
}

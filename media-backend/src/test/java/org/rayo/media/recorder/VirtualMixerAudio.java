package org.rayo.media.recorder;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.rayo.media.audio.FrameTap;
import org.rayo.media.audio.Mixing;
import org.rayo.media.audio.ParticipantTap;

/**
 * A mixer whose media clock is turned by the test. It tells a {@link ParticipantTap} what that
 * contract says, in its order: who is there when the tap is attached, who comes and goes, what each
 * says and then the sum, clipped once. What is played to it is in the sum alone.
 */
final class VirtualMixerAudio extends VirtualCallAudio {

  private final Map<String, Voice> participants = new LinkedHashMap<>();

  VirtualMixerAudio(int sampleRateHz) {
    super(sampleRateHz);
  }

  /** One comes, who says this from now on. */
  VirtualMixerAudio enter(String participant, Voice voice) {
    settle();
    if (participants.put(participant, voice) != null) {
      throw new IllegalStateException(participant + " is there already");
    }
    tell(tap -> tap.entered(participant));
    return this;
  }

  void leave(String participant) {
    settle();
    if (participants.remove(participant) == null) {
      throw new IllegalStateException(participant + " is not there");
    }
    tell(tap -> tap.left(participant));
  }

  void speaking(String participant, boolean speaking) {
    settle();
    tell(tap -> tap.speaking(participant, speaking));
  }

  @Override
  public void attach(FrameTap tap) {
    super.attach(tap);
    if (tap instanceof ParticipantTap told) {
      participants.keySet().forEach(told::entered);
    }
  }

  @Override
  void voices(long at, short[] recv, int length) {
    int[] sum = new int[length];
    participants.forEach(
        (participant, voice) -> {
          short[] said = new short[length + 3];
          for (int i = 0; i < length; i++) {
            said[i] = voice.at(at + i);
            sum[i] += said[i];
          }
          // No name is the object that it was when its owner came.
          tell(tap -> tap.said(new String(participant.toCharArray()), said, length));
        });
    for (int i = 0; i < length; i++) {
      recv[i] = Mixing.clip(recv[i] + sum[i]);
    }
  }

  private void tell(Consumer<ParticipantTap> what) {
    for (FrameTap tap : attached()) {
      if (tap instanceof ParticipantTap told) {
        what.accept(told);
      }
    }
  }
}

package org.rayo.media.recorder;

import java.util.Optional;
import org.rayo.media.ParticipantTimeline;
import org.rayo.media.RecordingRequest.Participants;
import org.rayo.media.audio.ParticipantTap;

/**
 * The tap of a recording whose mixer's participants are told apart: keeps what each says for the
 * {@link Track}, and writes down who is there. All else it leaves to the {@link Recorder}.
 */
final class Voices implements ParticipantTap {

  /** Frames have 20 ms as a rule, and hardly ever more than this. */
  private static final int FRAMES_PER_SECOND = 16;

  private final Recorder recorder;
  private final Attendance attendance;
  private final Optional<VoiceChannels> channels;

  Voices(Recorder recorder, Participants wanted, int sampleRateHz) {
    this.recorder = recorder;
    attendance = new Attendance(sampleRateHz);
    channels =
        wanted.channels().isPresent()
            ? Optional.of(
                new VoiceChannels(wanted.channels().getAsInt(), sampleRateHz / FRAMES_PER_SECOND))
            : Optional.empty();
  }

  /** Each on its own channel, when that is wanted. */
  Optional<VoiceChannels> channels() {
    return channels;
  }

  /** From now on what is said is in the file, or is not. */
  void capturing(boolean captures) {
    attendance.capturing(captures, recorder.length());
  }

  /** From any thread, once the file is finished. */
  ParticipantTimeline timeline(long endMillis) {
    return attendance.timeline(endMillis);
  }

  @Override
  public void entered(String participant) {
    int channel = channels.map(all -> all.enter(participant)).orElse(VoiceChannels.NONE);
    attendance.entered(participant, channel, recorder.length());
  }

  @Override
  public void left(String participant) {
    channels.ifPresent(all -> all.leave(participant));
    attendance.left(participant, recorder.length());
  }

  @Override
  public void speaking(String participant, boolean speaking) {
    attendance.speaking(participant, speaking, recorder.length());
  }

  @Override
  public void said(String participant, short[] samples, int length) {
    if (channels.isPresent()) {
      channels.get().said(participant, samples, length);
    }
  }

  @Override
  public void key(char digit, int offset) {
    recorder.key(digit, offset);
  }

  @Override
  public void frame(short[] send, short[] recv, int length) {
    recorder.frame(send, recv, length);
    if (channels.isPresent()) {
      channels.get().clear();
    }
  }
}

package org.rayo.media.recorder;

import java.util.Arrays;
import org.rayo.media.audio.Mixing;

/**
 * Lays the voices of a mixer's participants side by side: who has which channel, and what all of
 * them say in the coming frame. The last channel is for one participant like any other, and for all
 * for whom there is none.
 *
 * <p>On the mixer's media thread. Allocates when somebody comes, and for a frame that is longer
 * than any before.
 */
final class VoiceChannels {

  /** Nobody is there by this name. */
  static final int NONE = -1;

  private final int channels;
  private final int[] present;
  private final boolean[] used;
  private String[] names = new String[8];
  private int[] seats = new int[8];
  private int count;

  /** Where the next voice is looked for first: they come in the same order in every frame. */
  private int next;

  private short[] frame;
  private int[] last;
  private int filled;

  /**
   * @param channels at least 2
   * @param frameSamples that frames have as a rule
   */
  VoiceChannels(int channels, int frameSamples) {
    this.channels = channels;
    present = new int[channels];
    used = new boolean[channels];
    frame = new short[frameSamples * channels];
    last = new int[frameSamples];
  }

  /** Gives somebody a channel; whoever has one keeps it. Counted from 0. */
  int enter(String participant) {
    int known = find(participant);
    if (known >= 0) {
      return seats[known];
    }
    if (count == names.length) {
      names = Arrays.copyOf(names, 2 * count);
      seats = Arrays.copyOf(seats, 2 * count);
    }
    int channel = free();
    names[count] = participant;
    seats[count] = channel;
    count++;
    present[channel]++;
    used[channel] = true;
    return channel;
  }

  private int free() {
    int reused = channels - 1;
    for (int channel = channels - 1; channel >= 0; channel--) {
      if (present[channel] == 0) {
        reused = channel;
      }
    }
    for (int channel = 0; channel < channels; channel++) {
      if (!used[channel]) {
        return channel;
      }
    }
    return reused;
  }

  /** Takes it back; the others keep theirs. */
  void leave(String participant) {
    int at = find(participant);
    if (at >= 0) {
      present[seats[at]]--;
      count--;
      System.arraycopy(names, at + 1, names, at, count - at);
      System.arraycopy(seats, at + 1, seats, at, count - at);
    }
  }

  /** What somebody says in the coming frame, from its start. */
  void said(String participant, short[] samples, int length) {
    int at = find(participant);
    if (at < 0) {
      return;
    }
    next = at + 1;
    reserve(length);
    filled = Math.max(filled, length);
    int channel = seats[at];
    if (channel == channels - 1) {
      for (int i = 0; i < length; i++) {
        last[i] += samples[i];
      }
    } else {
      for (int i = 0, to = channel; i < length; i++, to += channels) {
        frame[to] = samples[i];
      }
    }
  }

  /** So many samples of all channels, interleaved; good until {@link #clear}. */
  short[] frame(int length) {
    reserve(length);
    for (int i = 0, to = channels - 1; i < Math.min(length, filled); i++, to += channels) {
      frame[to] = Mixing.clip(last[i]);
    }
    return frame;
  }

  /** The frame is over. */
  void clear() {
    Arrays.fill(frame, 0, filled * channels, (short) 0);
    Arrays.fill(last, 0, filled, 0);
    filled = 0;
    next = 0;
  }

  private void reserve(int length) {
    if (last.length < length) {
      frame = Arrays.copyOf(frame, length * channels);
      last = Arrays.copyOf(last, length);
    }
  }

  private int find(String participant) {
    for (int i = 0; i < count; i++) {
      int at = next + i < count ? next + i : next + i - count;
      if (names[at].equals(participant)) {
        return at;
      }
    }
    return NONE;
  }
}

package org.rayo.media.recorder;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.rayo.media.ParticipantTimeline;
import org.rayo.media.ParticipantTimeline.Speech;
import org.rayo.media.ParticipantTimeline.Stay;

/**
 * Writes down who comes and goes, and who speaks, where in the file. What is said while nothing is
 * captured is not in the file, and so not here; whoever is there meanwhile stays.
 *
 * <p>Told on the media thread, but not in every frame; asked once, at the end, from another one.
 */
final class Attendance {

  /** One that was or is there. Places are samples of the file, at the mixer's rate. */
  private static final class Presence {
    final String participant;
    final int channel;
    final long from;
    long to = Long.MAX_VALUE;
    boolean speaks;

    /** Beginnings and ends by turns; without its end the last one goes on. */
    long[] speeches = new long[4];

    int turns;

    Presence(String participant, int channel, long from) {
      this.participant = participant;
      this.channel = channel;
      this.from = from;
    }

    boolean isOpen() {
      return turns % 2 == 1;
    }

    void turn(long at) {
      if (turns == speeches.length) {
        speeches = Arrays.copyOf(speeches, 2 * turns);
      }
      speeches[turns++] = at;
    }
  }

  private final int sampleRateHz;
  private final List<Presence> all = new ArrayList<>();
  private final Map<String, Presence> present = new HashMap<>();
  private int speeches;
  private boolean capturing;
  private boolean truncated;

  Attendance(int sampleRateHz) {
    this.sampleRateHz = sampleRateHz;
  }

  /**
   * @param channel from 0; {@link VoiceChannels#NONE} when there is one for all
   */
  synchronized void entered(String participant, int channel, long at) {
    if (present.containsKey(participant)) {
      return;
    }
    if (all.size() == ParticipantTimeline.MOST_STAYS) {
      truncated = true;
      return;
    }
    Presence come = new Presence(participant, channel, at);
    all.add(come);
    present.put(participant, come);
  }

  synchronized void left(String participant, long at) {
    Optional.ofNullable(present.remove(participant))
        .ifPresent(
            gone -> {
              close(gone, at);
              gone.to = at;
            });
  }

  synchronized void speaking(String participant, boolean speaking, long at) {
    Optional.ofNullable(present.get(participant))
        .ifPresent(
            who -> {
              who.speaks = speaking;
              if (!speaking) {
                close(who, at);
              } else if (capturing) {
                open(who, at);
              }
            });
  }

  /** From now on what is said is in the file, or is not. */
  synchronized void capturing(boolean captures, long at) {
    capturing = captures;
    for (Presence who : present.values()) {
      if (!captures) {
        close(who, at);
      } else if (who.speaks) {
        open(who, at);
      }
    }
  }

  private void open(Presence who, long at) {
    if (who.isOpen()) {
      return;
    }
    if (who.turns > 0 && who.speeches[who.turns - 1] == at) {
      who.turns--; // Nothing of the pause is in the file.
      return;
    }
    if (speeches == ParticipantTimeline.MOST_SPEECHES) {
      truncated = true;
      return;
    }
    speeches++;
    who.turn(at);
  }

  private static void close(Presence who, long at) {
    if (who.isOpen()) {
      who.turn(at);
    }
  }

  /**
   * All of it, up to the file's end.
   *
   * @param endMillis the file's length
   */
  synchronized ParticipantTimeline timeline(long endMillis) {
    List<Stay> stays = new ArrayList<>();
    for (Presence who : all) {
      long from = millis(who.from, endMillis);
      long to = millis(who.to, endMillis);
      if (from < to) {
        OptionalInt channel =
            who.channel == VoiceChannels.NONE
                ? OptionalInt.empty()
                : OptionalInt.of(who.channel + 1);
        stays.add(new Stay(who.participant, channel, false, from, to, speeches(who, endMillis)));
      }
    }
    return new ParticipantTimeline(sharing(stays), truncated);
  }

  /** The same, and whose channel was another's too. */
  private static List<Stay> sharing(List<Stay> stays) {
    List<Stay> told = new ArrayList<>();
    for (Stay stay : stays) {
      // Each is on one with itself.
      boolean shared = stays.stream().filter(other -> onOne(stay, other)).count() > 1;
      told.add(
          new Stay(
              stay.participant(),
              stay.channel(),
              shared,
              stay.fromMillis(),
              stay.toMillis(),
              stay.speeches()));
    }
    return told;
  }

  private static boolean onOne(Stay stay, Stay other) {
    return stay.channel().isPresent()
        && stay.channel().equals(other.channel())
        && stay.fromMillis() < other.toMillis()
        && other.fromMillis() < stay.toMillis();
  }

  private List<Speech> speeches(Presence who, long endMillis) {
    List<Speech> told = new ArrayList<>();
    for (int turn = 0; turn < who.turns; turn += 2) {
      long from = millis(who.speeches[turn], endMillis);
      long to = turn + 1 < who.turns ? millis(who.speeches[turn + 1], endMillis) : endMillis;
      if (from < to) {
        told.add(new Speech(from, to));
      }
    }
    return told;
  }

  private long millis(long samples, long endMillis) {
    if (samples == Long.MAX_VALUE) {
      return endMillis;
    }
    return Math.min(endMillis, (samples * 1000 + sampleRateHz / 2) / sampleRateHz);
  }
}

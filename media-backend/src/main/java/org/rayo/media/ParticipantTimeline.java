package org.rayo.media;

import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * Who of a mixer's participants was in a recording from when to when, on which channel, and when
 * each spoke. All times are places in the file, in milliseconds from its start, rounded half up
 * from samples; none is beyond its end.
 *
 * @param stays in the order in which they began; who comes back has another one
 * @param truncated there were more than {@link #MOST_STAYS} stays, or more than {@link
 *     #MOST_SPEECHES} speeches: the first of them are told
 */
public record ParticipantTimeline(List<Stay> stays, boolean truncated) {

  /** The most stays that are told. */
  public static final int MOST_STAYS = 1000;

  /** The most speeches that are told, those of all stays together. */
  public static final int MOST_SPEECHES = 10_000;

  public ParticipantTimeline {
    stays = List.copyOf(stays);
  }

  /**
   * One participant's time in the recording.
   *
   * @param participant as its {@link JoinRequest} calls it
   * @param channel of the file, the first is 1; empty when the file has one for all
   * @param shared whether another was on this channel at the same time, for want of channels
   * @param speeches in their order; none before {@code fromMillis} or beyond {@code toMillis}
   */
  public record Stay(
      String participant,
      OptionalInt channel,
      boolean shared,
      long fromMillis,
      long toMillis,
      List<Speech> speeches) {
    public Stay {
      Objects.requireNonNull(participant, "participant");
      Objects.requireNonNull(channel, "channel");
      requireOrder(fromMillis, toMillis);
      speeches = List.copyOf(speeches);
    }
  }

  /** A time in which somebody spoke. */
  public record Speech(long fromMillis, long toMillis) {
    public Speech {
      requireOrder(fromMillis, toMillis);
    }
  }

  private static void requireOrder(long fromMillis, long toMillis) {
    if (fromMillis < 0 || toMillis < fromMillis) {
      throw new IllegalArgumentException("from " + fromMillis + " ms to " + toMillis + " ms");
    }
  }
}

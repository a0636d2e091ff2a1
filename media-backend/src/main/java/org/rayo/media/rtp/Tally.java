package org.rayo.media.rtp;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;

/** The counters of a session, or of all of a thread: written on a media thread, read from any. */
@SuppressWarnings("EnumOrdinal") // the index within this object, never stored
final class Tally {
  enum Of {
    RECEIVED,
    LOST,
    DUPLICATED,
    REORDERED,
    LATE,
    DISCARDED,
    MALFORMED,
    STRANGERS,
    SENT,
    UNSENT,
    CONCEALED_SAMPLES
  }

  private final AtomicLongArray counts = new AtomicLongArray(Of.values().length);
  private final Optional<Tally> total;

  Tally() {
    total = Optional.empty();
  }

  /**
   * @param total counts the same too, and that of others; written on the same thread
   */
  Tally(Tally total) {
    this.total = Optional.of(total);
  }

  void add(Of what, long count) {
    int at = what.ordinal();
    counts.lazySet(at, counts.getPlain(at) + count);
    if (total.isPresent()) {
      total.get().add(what, count);
    }
  }

  void one(Of what) {
    add(what, 1);
  }

  RtpCounters snapshot() {
    return new RtpCounters(
        get(Of.RECEIVED),
        get(Of.LOST),
        get(Of.DUPLICATED),
        get(Of.REORDERED),
        get(Of.LATE),
        get(Of.DISCARDED),
        get(Of.MALFORMED),
        get(Of.STRANGERS),
        get(Of.SENT),
        get(Of.UNSENT),
        get(Of.CONCEALED_SAMPLES));
  }

  private long get(Of what) {
    return counts.get(what.ordinal());
  }
}

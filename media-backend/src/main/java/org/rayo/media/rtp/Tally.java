package org.rayo.media.rtp;

import java.util.concurrent.atomic.AtomicLongArray;

/** The counters of a session: written on its media thread, read from any. */
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

  void add(Of what, long count) {
    int at = what.ordinal();
    counts.lazySet(at, counts.getPlain(at) + count);
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

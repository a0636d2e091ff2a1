package org.rayo.notice;

/**
 * What became of notices since the start; a notice counts once for every sink that it is meant for.
 *
 * @param queued wait on the disk now
 * @param told taken by their sink
 * @param failures attempts that have to be repeated
 * @param dropped never told: no room, too old, or the sink does not want any more
 */
public record NoticeCounters(int queued, long told, long failures, long dropped) {

  NoticeCounters plus(NoticeCounters other) {
    return new NoticeCounters(
        queued + other.queued,
        told + other.told,
        failures + other.failures,
        dropped + other.dropped);
  }
}

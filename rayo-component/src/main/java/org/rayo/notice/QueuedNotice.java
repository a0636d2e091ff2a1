package org.rayo.notice;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A notice that waits for a sink; the file that holds it is named after this.
 *
 * @param sequence in which notices were written down, across restarts
 * @param lane those of one recording have the same, and are told one after the other
 * @param queuedAtMillis since 1970
 */
record QueuedNotice(long sequence, int lane, long queuedAtMillis) {

  private static final Pattern NAME =
      Pattern.compile("([0-7][0-9a-f]{15})-([0-9a-f]{8})-(0[0-9a-f]{15})\\.json");

  static QueuedNotice of(long sequence, Notice notice, long queuedAtMillis) {
    return new QueuedNotice(sequence, notice.recordingId().hashCode(), queuedAtMillis);
  }

  /** Sorts as the sequence does. */
  String fileName() {
    return String.format(Locale.ROOT, "%016x-%08x-%016x.json", sequence, lane, queuedAtMillis);
  }

  /** What a file of this name holds; nothing when it is not one of ours. */
  static Optional<QueuedNotice> ofFileName(String name) {
    Matcher matcher = NAME.matcher(name);
    return matcher.matches()
        ? Optional.of(
            new QueuedNotice(
                Long.parseLong(matcher.group(1), 16),
                Integer.parseUnsignedInt(matcher.group(2), 16),
                Long.parseLong(matcher.group(3), 16)))
        : Optional.empty();
  }
}

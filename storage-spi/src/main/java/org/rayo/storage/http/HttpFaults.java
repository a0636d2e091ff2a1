package org.rayo.storage.http;

import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import java.util.Set;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;
import org.rayo.storage.http.HttpTransport.Answer;

/**
 * What answers mean. The texts have the address and the status; nothing that the receiver wrote, as
 * it may repeat what we sent.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-15">RFC 9110 §15</a>
 */
final class HttpFaults {

  /** Accepted, but not stored: the receiver may still lose it. */
  static final int ACCEPTED = 202;

  /** About this recording: its size, its form, what is in it, what the law says of it. */
  private static final Set<Integer> REFUSED = Set.of(413, 415, 422, 451);

  /** Of the 5xx, those that do not pass by themselves. */
  private static final Set<Integer> LASTING = Set.of(501, 505);

  /**
   * Of the 4xx, those that pass: 409 is the answer while the same upload is being taken already.
   */
  private static final Set<Integer> PASSING = Set.of(408, 409, 423, 425, 429);

  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  private HttpFaults() {}

  /** Lets 2xx pass, but for 202. */
  static void requireSuccess(Answer answer) throws StorageException {
    int status = answer.status();
    if (!success(status)) {
      throw new StorageException(
          fault(status),
          answer.method() + " " + HttpTransport.shown(answer.uri()) + " answered " + status,
          retryAfter(answer, Instant.now()));
    }
  }

  static boolean success(int status) {
    return status / 100 == 2 && status != ACCEPTED;
  }

  /**
   * Of an answer that is no success. Only what is certainly about this recording refuses it for
   * ever; any other 4xx, a bare 400 too, somebody may mend at the receiver or in our configuration.
   */
  static Fault fault(int status) {
    if (REFUSED.contains(status)) {
      return Fault.REFUSED;
    }
    boolean passing =
        status == ACCEPTED
            || PASSING.contains(status)
            || (status / 100 == 5 && !LASTING.contains(status));
    // What is left besides: redirects that may not be followed, and what HTTP does not know.
    return passing ? Fault.UNAVAILABLE : Fault.CONFIGURATION;
  }

  /** Seconds or a date, at most a day ahead. */
  static Optional<Duration> retryAfter(Answer answer, Instant now) {
    return answer.headers().firstValue("Retry-After").flatMap(text -> wait(text.strip(), now));
  }

  private static Optional<Duration> wait(String text, Instant now) {
    if (text.matches("\\d{1,9}")) {
      return Optional.of(shorter(Duration.ofSeconds(Long.parseLong(text)), LONGEST_WAIT));
    }
    try {
      Instant then = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration wait = Duration.between(now, then);
      return Optional.of(wait.isNegative() ? Duration.ZERO : shorter(wait, LONGEST_WAIT));
    } catch (DateTimeParseException e) {
      return Optional.empty(); // as if it had said nothing
    }
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }
}

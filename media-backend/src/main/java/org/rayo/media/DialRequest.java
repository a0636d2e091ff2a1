package org.rayo.media;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A call to be placed.
 *
 * @param to {@code sip:}, {@code sips:} or {@code tel:}
 * @param from whom the other side is told; empty is the backend's own
 * @param headers for the request, in their order
 * @param timeout how long it may stay unanswered, positive; then it ends with {@link
 *     MediaEvent.EndReason#TIMEOUT}. Empty: as long as the backend allows.
 */
public record DialRequest(
    URI to, Optional<URI> from, List<Header> headers, Optional<Duration> timeout) {
  public DialRequest {
    headers = List.copyOf(headers);
    timeout.ifPresent(
        given -> {
          if (given.isNegative() || given.isZero()) {
            throw new IllegalArgumentException("timeout is " + given + ", not positive");
          }
        });
  }
}

package org.rayo.protocol;

import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * {@code <signal/>}: a signal that was heard.
 *
 * @param durationMillis not negative; empty where it is not known
 * @param value a key's digit; of speech {@code human}, {@code machine} or {@code notsure}
 * @see <a href="https://xmpp.org/extensions/xep-0341.html#def-signal">XEP-0341, signal element</a>
 */
public record CpaSignal(SignalType type, OptionalLong durationMillis, Optional<String> value) {
  public CpaSignal {
    Objects.requireNonNull(type, "type");
    if (durationMillis.isPresent() && durationMillis.getAsLong() < 0) {
      throw new IllegalArgumentException("duration is " + durationMillis.getAsLong() + " ms");
    }
  }
}

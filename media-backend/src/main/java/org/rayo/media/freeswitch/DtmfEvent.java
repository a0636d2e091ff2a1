package org.rayo.media.freeswitch;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.rayo.media.freeswitch.eventsocket.SwitchEvent;

/**
 * A key that was pressed, as FreeSWITCH tells it when it is released.
 *
 * @param digit one of {@code 0-9 * # A-D}
 */
record DtmfEvent(char digit, Duration length) {

  private static final String KEYS = "0123456789*#ABCD";

  /** FreeSWITCH counts in samples of 8 kHz. */
  private static final int SAMPLES_A_MILLISECOND = 8;

  /** Of a {@code DTMF} event; empty for what is no key. */
  static Optional<DtmfEvent> of(SwitchEvent event) {
    return event
        .header("DTMF-Digit")
        .map(text -> text.toUpperCase(Locale.ROOT))
        .filter(text -> text.length() == 1 && KEYS.contains(text))
        .map(text -> new DtmfEvent(text.charAt(0), length(event)));
  }

  private static Duration length(SwitchEvent event) {
    return event
        .header("DTMF-Duration")
        .filter(text -> text.matches("[0-9]{1,7}"))
        .map(text -> Duration.ofMillis(Long.parseLong(text) / SAMPLES_A_MILLISECOND))
        .orElse(Duration.ZERO);
  }
}

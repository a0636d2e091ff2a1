package org.rayo.protocol;

import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.rayo.media.Signal.Kind;

/**
 * The types of signal that call progress analysis knows, each a URN of its own.
 *
 * @see <a href="https://xmpp.org/extensions/xep-0341.html#def-signal-types">XEP-0341, signal
 *     types</a>
 */
public enum SignalType {
  BEEP("beep"),
  DTMF("dtmf"),
  /** Voice has begun. */
  VAD("vad"),
  /** Somebody has spoken, a human or a machine. */
  SPEECH("speech"),
  FAX_CED("fax-ced"),
  FAX_CNG("fax-cng"),
  RING("ring"),
  BUSY("busy"),
  CONGESTION("congestion"),
  SIT("sit"),
  MODEM("modem"),
  OFFHOOK("offhook");

  private final String urn;

  SignalType(String name) {
    this.urn = Namespaces.CPA_PREFIX + name + ":1";
  }

  /** Its name on the wire. */
  public String urn() {
    return urn;
  }

  /** What the media is asked to listen for; empty when it can tell no such signal reliably. */
  public Set<Kind> kinds() {
    return switch (this) {
      case BEEP -> Set.of(Kind.BEEP);
      case DTMF -> Set.of(Kind.KEY);
      case VAD -> Set.of(Kind.SPEECH);
      case SPEECH -> Set.of(Kind.SPEECH, Kind.SPEECH_END);
      case RING -> Set.of(Kind.RING);
      case BUSY -> Set.of(Kind.BUSY);
      case FAX_CED, FAX_CNG, CONGESTION, SIT, MODEM, OFFHOOK -> Set.of();
    };
  }

  /** The type of this name, exactly as {@link #urn} writes it. */
  public static Optional<SignalType> ofUrn(String urn) {
    return Stream.of(values()).filter(type -> type.urn.equals(urn)).findFirst();
  }

  /** The names of those that can be listened for, for a client to read. */
  static String implemented() {
    return Stream.of(values())
        .filter(type -> !type.kinds().isEmpty())
        .map(SignalType::urn)
        .sorted()
        .collect(Collectors.joining(", "));
  }
}

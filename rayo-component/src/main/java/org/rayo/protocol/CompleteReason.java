package org.rayo.protocol;

import java.util.Objects;
import java.util.Optional;

/**
 * The first child of {@code <complete/>}.
 *
 * @param text for {@link Name#ERROR} what is wrong, for {@link Name#MATCH} the NLSML document
 * @param signal with {@link Name#SIGNAL}, and only with it
 */
public record CompleteReason(Name name, Optional<String> text, Optional<CpaSignal> signal) {

  public CompleteReason {
    Objects.requireNonNull(name, "name");
    if (text.isPresent() && name != Name.ERROR && name != Name.MATCH) {
      throw new IllegalArgumentException("reason " + name + " has no text, but got one");
    }
    if (signal.isPresent() != (name == Name.SIGNAL)) {
      throw new IllegalArgumentException(
          "reason " + name + (signal.isPresent() ? " has no signal" : " has a signal"));
    }
  }

  /** A reason without a signal. */
  public CompleteReason(Name name, Optional<String> text) {
    this(name, text, Optional.empty());
  }

  public static CompleteReason of(Name name) {
    return new CompleteReason(name, Optional.empty());
  }

  public static CompleteReason error(String text) {
    return new CompleteReason(Name.ERROR, Optional.of(text));
  }

  /**
   * Keys have matched.
   *
   * @param nlsml as {@link org.rayo.grammar.Nlsml} writes it
   */
  public static CompleteReason match(String nlsml) {
    return new CompleteReason(Name.MATCH, Optional.of(nlsml));
  }

  /** Call progress analysis has heard what it was to end with. */
  public static CompleteReason signal(CpaSignal signal) {
    return new CompleteReason(Name.SIGNAL, Optional.empty(), Optional.of(signal));
  }

  /** The reasons, each an element of one namespace. */
  public enum Name {
    STOP("stop", Namespaces.EXT_COMPLETE),
    HANGUP("hangup", Namespaces.EXT_COMPLETE),
    ERROR("error", Namespaces.EXT_COMPLETE),
    MAX_DURATION("max-duration", Namespaces.RECORD_COMPLETE),
    INITIAL_TIMEOUT("initial-timeout", Namespaces.RECORD_COMPLETE),
    FINAL_TIMEOUT("final-timeout", Namespaces.RECORD_COMPLETE),
    FINISH("finish", Namespaces.OUTPUT_COMPLETE),
    MAX_TIME("max-time", Namespaces.OUTPUT_COMPLETE),
    MATCH("match", Namespaces.INPUT_COMPLETE),
    NOINPUT("noinput", Namespaces.INPUT_COMPLETE),
    NOMATCH("nomatch", Namespaces.INPUT_COMPLETE),
    SIGNAL("signal", Namespaces.CPA),
    /** The 2011 wiki's word for a recording that ended by itself. */
    SUCCESS("success", Namespaces.RECORD_COMPLETE);

    private final String element;
    private final String namespace;

    Name(String element, String namespace) {
      this.element = element;
      this.namespace = namespace;
    }

    public String element() {
      return element;
    }

    public String namespace() {
      return namespace;
    }
  }
}

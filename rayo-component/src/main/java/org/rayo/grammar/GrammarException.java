package org.rayo.grammar;

/** A grammar that cannot be used; the message says why and what would do. */
public final class GrammarException extends Exception {
  private static final long serialVersionUID = 1L;

  /** Whose fault it is. */
  public enum Fault {
    /** It is not as the specification says: {@code bad-request}. */
    MALFORMED,
    /** It may be right, but is more than we do: {@code feature-not-implemented}. */
    UNSUPPORTED
  }

  private final Fault fault;

  private GrammarException(Fault fault, String message) {
    super(message);
    this.fault = fault;
  }

  static GrammarException malformed(String message) {
    return new GrammarException(Fault.MALFORMED, message);
  }

  static GrammarException unsupported(String message) {
    return new GrammarException(Fault.UNSUPPORTED, message);
  }

  public Fault fault() {
    return fault;
  }

  /** What a client wrote, short enough for a message. */
  static String quoted(String text) {
    return "'" + (text.length() <= 60 ? text : text.substring(0, 60) + "…") + "'";
  }
}

package org.rayo.protocol;

/** The XML namespaces of Rayo, with the names that the XEP gives them. */
public final class Namespaces {

  public static final String RAYO = "urn:xmpp:rayo:1";
  public static final String EXT = "urn:xmpp:rayo:ext:1";
  public static final String EXT_COMPLETE = "urn:xmpp:rayo:ext:complete:1";
  public static final String RECORD = "urn:xmpp:rayo:record:1";
  public static final String RECORD_COMPLETE = "urn:xmpp:rayo:record:complete:1";

  public static final String OUTPUT = "urn:xmpp:rayo:output:1";
  public static final String OUTPUT_COMPLETE = "urn:xmpp:rayo:output:complete:1";
  public static final String INPUT = "urn:xmpp:rayo:input:1";
  public static final String INPUT_COMPLETE = "urn:xmpp:rayo:input:complete:1";
  public static final String PROMPT = "urn:xmpp:rayo:prompt:1";

  /** Call progress analysis, XEP-0341. */
  public static final String CPA = "urn:xmpp:rayo:cpa:1";

  /** What the name of each of its signals begins with. */
  static final String CPA_PREFIX = "urn:xmpp:rayo:cpa:";

  /** The caps node of a Rayo client. */
  public static final String CLIENT = "urn:xmpp:rayo:client:1";

  /** The caps node of a call. */
  public static final String CALL = "urn:xmpp:rayo:call:1";

  private Namespaces() {}
}

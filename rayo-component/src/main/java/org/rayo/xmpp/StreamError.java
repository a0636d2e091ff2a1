package org.rayo.xmpp;

/**
 * The stream errors this package sends.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6120#section-4.9.3">RFC 6120 section 4.9.3</a>
 */
enum StreamError {
  BAD_FORMAT("bad-format"),
  CONFLICT("conflict"),
  HOST_UNKNOWN("host-unknown"),
  IMPROPER_ADDRESSING("improper-addressing"),
  INVALID_FROM("invalid-from"),
  INVALID_NAMESPACE("invalid-namespace"),
  NOT_AUTHORIZED("not-authorized"),
  NOT_WELL_FORMED("not-well-formed"),
  POLICY_VIOLATION("policy-violation"),
  RESOURCE_CONSTRAINT("resource-constraint"),
  RESTRICTED_XML("restricted-xml"),
  SYSTEM_SHUTDOWN("system-shutdown"),
  UNSUPPORTED_STANZA_TYPE("unsupported-stanza-type");

  private final String element;

  StreamError(String element) {
    this.element = element;
  }

  /** The element's name, such as {@code not-authorized}. */
  String element() {
    return element;
  }

  /** The error and the end of the stream, as they go on the wire. */
  String xml() {
    return "<stream:error><"
        + element
        + " xmlns='"
        + Namespaces.STREAM_ERRORS
        + "'/></stream:error></stream:stream>";
  }
}

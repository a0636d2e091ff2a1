package org.rayo.protocol;

import org.xmpp.packet.PacketError;

/**
 * Why a command is refused: one row of the table of errors.
 *
 * @param text for a person: names what is wrong and what is allowed
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6120#section-8.3">RFC 6120, section 8.3</a>
 */
public record StanzaError(PacketError.Condition condition, PacketError.Type type, String text) {

  /** The command, or the kind of component, is not one we have. */
  public static StanzaError notImplemented(String text) {
    return new StanzaError(
        PacketError.Condition.feature_not_implemented, PacketError.Type.cancel, text);
  }

  /** The command is known, but not with this option or value. */
  public static StanzaError optionNotImplemented(String text) {
    return new StanzaError(
        PacketError.Condition.feature_not_implemented, PacketError.Type.modify, text);
  }

  /** The command violates its specification. */
  public static StanzaError badRequest(String text) {
    return new StanzaError(PacketError.Condition.bad_request, PacketError.Type.modify, text);
  }

  /** Somebody else controls the call, or made the component. */
  public static StanzaError conflict(String text) {
    return new StanzaError(PacketError.Condition.conflict, PacketError.Type.cancel, text);
  }

  /** A dial asks for an address that a call has: unlike other conflicts, one to be modified. */
  public static StanzaError uriInUse(String text) {
    return new StanzaError(PacketError.Condition.conflict, PacketError.Type.modify, text);
  }

  /** The call or component is over, or never was. */
  public static StanzaError itemNotFound(String text) {
    return new StanzaError(PacketError.Condition.item_not_found, PacketError.Type.cancel, text);
  }

  /** Not in this state; later perhaps. */
  public static StanzaError unexpectedRequest(String text) {
    return new StanzaError(PacketError.Condition.unexpected_request, PacketError.Type.wait, text);
  }

  /** No room for it now; later perhaps. */
  public static StanzaError resourceConstraint(String text) {
    return new StanzaError(PacketError.Condition.resource_constraint, PacketError.Type.wait, text);
  }

  /** Never in this state: a call that has been accepted cannot be rejected. */
  public static StanzaError notAllowed(String text) {
    return new StanzaError(PacketError.Condition.not_allowed, PacketError.Type.cancel, text);
  }

  /** There is nobody there. */
  public static StanzaError serviceUnavailable(String text) {
    return new StanzaError(
        PacketError.Condition.service_unavailable, PacketError.Type.cancel, text);
  }

  /** This client may not do this. */
  public static StanzaError notAuthorized(String text) {
    return new StanzaError(PacketError.Condition.not_authorized, PacketError.Type.auth, text);
  }

  /** This client must send us presence first. */
  public static StanzaError registrationRequired(String text) {
    return new StanzaError(
        PacketError.Condition.registration_required, PacketError.Type.auth, text);
  }

  /** Our own fault. */
  public static StanzaError internal(String text) {
    return new StanzaError(
        PacketError.Condition.internal_server_error, PacketError.Type.wait, text);
  }
}

package org.rayo.media.sip;

import java.text.ParseException;
import java.util.List;
import java.util.Optional;
import javax.sip.Dialog;
import javax.sip.ServerTransaction;
import javax.sip.header.ViaHeader;
import javax.sip.message.Response;
import org.rayo.media.Header;
import org.rayo.media.MediaException;

/**
 * The signalling of one incoming call: its INVITE transaction and the dialog that grows from it.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3261#section-13.3">RFC 3261, section 13.3</a>
 */
final class InviteDialog extends CallDialog {

  private final ServerTransaction invite;
  private final String transport;

  /**
   * The dialog that an INVITE begins.
   *
   * @param tag ours, for To
   * @param host the address that this side is reached at
   */
  InviteDialog(SipEndpoint endpoint, ServerTransaction invite, String tag, String host) {
    super(endpoint, tag, host);
    this.invite = invite;
    ViaHeader via = (ViaHeader) invite.getRequest().getHeader(ViaHeader.NAME);
    this.transport = via.getTransport();
  }

  /** Finds the call of a request within the dialog. */
  void bind(EmbeddedCall call) {
    invite.setApplicationData(call);
    invite.getDialog().setApplicationData(call);
  }

  @Override
  Optional<Dialog> dialog() {
    return Optional.ofNullable(invite.getDialog());
  }

  @Override
  String transport() {
    return transport;
  }

  /** A provisional response; not repeated by anybody. */
  void provisional(int status, Optional<byte[]> sdp, List<Header> headers) throws MediaException {
    Response response = response(status, invite.getRequest());
    SipHeaders.add(response, headers);
    endpoint.messages().contact(response, host, endpoint.port(), transport);
    sdp.ifPresent(body -> endpoint.messages().body(response, body));
    send(invite, response);
  }

  /** Refuses the call: the transaction and the dialog are over. */
  void refuse(int status, List<Header> headers) throws MediaException {
    Response response = response(status, invite.getRequest());
    SipHeaders.add(response, headers);
    send(invite, response);
  }

  /** Sends the caller elsewhere. */
  void redirect(String uri, List<Header> headers) throws MediaException {
    Response response = response(Response.MOVED_TEMPORARILY, invite.getRequest());
    SipHeaders.add(response, headers);
    try {
      endpoint.messages().redirectTo(response, uri);
    } catch (ParseException e) {
      throw new MediaException(
          MediaException.Fault.UNSUPPORTED, "'" + uri + "' is no address to redirect to", e);
    }
    send(invite, response);
  }

  /** 200; repeated by the stack until the caller acknowledges. */
  void answer(byte[] sdp, List<Header> headers) throws MediaException {
    accept(invite, Optional.of(sdp), headers);
  }
}

package org.rayo.media.sip;

import java.text.ParseException;
import java.util.List;
import java.util.ListIterator;
import java.util.Optional;
import javax.sip.ClientTransaction;
import javax.sip.Dialog;
import javax.sip.InvalidArgumentException;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.header.ViaHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.rayo.media.Header;
import org.rayo.media.MediaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signalling of one incoming call: its INVITE transaction and the dialog that grows from it.
 * Sends; decides nothing.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3261#section-13.3">RFC 3261, section 13.3</a>
 */
final class InviteDialog {

  private static final Logger log = LoggerFactory.getLogger(InviteDialog.class);

  private final SipEndpoint endpoint;
  private final ServerTransaction invite;
  private final String tag;
  private final String host;
  private final String transport;

  /**
   * The dialog that an INVITE begins.
   *
   * @param tag ours, for To
   * @param host the address that this side is reached at
   */
  InviteDialog(SipEndpoint endpoint, ServerTransaction invite, String tag, String host) {
    this.endpoint = endpoint;
    this.invite = invite;
    this.tag = tag;
    this.host = host;
    ViaHeader via = (ViaHeader) invite.getRequest().getHeader(ViaHeader.NAME);
    this.transport = via.getTransport();
  }

  /** Finds the call of a request within the dialog. */
  void bind(EmbeddedCall call) {
    invite.setApplicationData(call);
    invite.getDialog().setApplicationData(call);
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

  /** 200 to a request within the dialog that (re)negotiates, or to the INVITE itself. */
  void accept(ServerTransaction request, Optional<byte[]> sdp, List<Header> headers)
      throws MediaException {
    Response response = response(Response.OK, request.getRequest());
    SipHeaders.add(response, headers);
    endpoint.messages().contact(response, host, endpoint.port(), transport);
    endpoint.messages().allow(response);
    sdp.ifPresent(body -> endpoint.messages().body(response, body));
    send(request, response);
  }

  /** 200 to a request that only needs one. */
  void ok(ServerTransaction request) {
    trySend(request, response(Response.OK, request.getRequest()));
  }

  /** Refuses a request within the dialog; the call goes on as it was. */
  void refuse(ServerTransaction request, Response refusal) {
    trySend(request, refusal);
  }

  /** A response to a request of this dialog, with nothing in it yet. */
  Response response(int status, Request request) {
    return endpoint.messages().response(status, request, tag);
  }

  /** Adds why media could not be agreed. */
  void warn(Response response, int code, String text) {
    endpoint.messages().warning(response, host, code, text);
  }

  /**
   * Ends an established call. May wait for a TCP connection: not for the call's queue.
   *
   * @param data comes back with the response
   */
  void bye(List<Header> headers, Object data) throws MediaException {
    Dialog dialog = invite.getDialog();
    try {
      Request bye = dialog.createRequest(Request.BYE);
      endpoint.messages().userAgent(bye);
      for (ListIterator<?> vias = bye.getHeaders(ViaHeader.NAME); vias.hasNext(); ) {
        // When bound to all addresses the stack would tell 0.0.0.0.
        ((ViaHeader) vias.next()).setHost(host);
      }
      SipHeaders.add(bye, headers);
      ClientTransaction transaction = endpoint.provider().getNewClientTransaction(bye);
      transaction.setApplicationData(data);
      dialog.sendRequest(transaction);
    } catch (SipException | ParseException e) {
      throw new MediaException(
          MediaException.Fault.FAILED, "BYE cannot be sent: " + e.getMessage(), e);
    }
  }

  /** What another run needs to end it. */
  Optional<DialogState> state() {
    return DialogState.of(invite.getDialog(), transport, host);
  }

  private void trySend(ServerTransaction transaction, Response response) {
    try {
      send(transaction, response);
    } catch (MediaException e) {
      log.debug("{}: {}", response.getStatusCode(), e.getMessage());
    }
  }

  private static void send(ServerTransaction transaction, Response response) throws MediaException {
    try {
      transaction.sendResponse(response);
    } catch (SipException | InvalidArgumentException e) {
      throw new MediaException(
          MediaException.Fault.FAILED,
          "SIP " + response.getStatusCode() + " cannot be sent: " + e.getMessage(),
          e);
    }
  }
}

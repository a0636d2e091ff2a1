package org.rayo.media.sip;

import gov.nist.javax.sip.stack.SIPDialog;
import java.text.ParseException;
import java.util.List;
import java.util.ListIterator;
import java.util.Optional;
import javax.sip.ClientTransaction;
import javax.sip.Dialog;
import javax.sip.InvalidArgumentException;
import javax.sip.ServerTransaction;
import javax.sip.SipException;
import javax.sip.header.CSeqHeader;
import javax.sip.header.ViaHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.rayo.media.Header;
import org.rayo.media.MediaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signalling of one call, whoever placed it: what is sent within its dialog. Sends; decides
 * nothing.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3261#section-12.2">RFC 3261, section 12.2</a>
 */
abstract sealed class CallDialog permits InviteDialog, OutboundDialog {

  private static final Logger log = LoggerFactory.getLogger(CallDialog.class);

  final SipEndpoint endpoint;
  final String tag;
  final String host;

  /**
   * A dialog of this endpoint's.
   *
   * @param tag ours
   * @param host the address that this side is reached at
   */
  CallDialog(SipEndpoint endpoint, String tag, String host) {
    this.endpoint = endpoint;
    this.tag = tag;
    this.host = host;
  }

  /** The stack's, empty as long as there is none. */
  abstract Optional<Dialog> dialog();

  /** What the call's requests travel by: {@code udp} or {@code tcp}. */
  abstract String transport();

  /** 200 to a request within the dialog that (re)negotiates, or to the INVITE itself. */
  void accept(ServerTransaction request, Optional<byte[]> sdp, List<Header> headers)
      throws MediaException {
    Response response = response(Response.OK, request.getRequest());
    SipHeaders.add(response, headers);
    endpoint.messages().contact(response, host, endpoint.port(), transport());
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
   * @param credentials for the challenge to the one before
   * @param answered hears of the response
   */
  void bye(List<Header> headers, Optional<Header> credentials, SentRequest answered)
      throws MediaException {
    sendWithin(Request.BYE, headers, credentials, Optional.empty(), answered);
  }

  /**
   * Sends text (RFC 3428). May wait for a TCP connection: not for the call's queue.
   *
   * @param answered hears of the response
   */
  void message(TextBody text, SentRequest answered) throws MediaException {
    sendWithin(Request.MESSAGE, List.of(), Optional.empty(), Optional.of(text), answered);
  }

  /**
   * A further INVITE, with an offer. May wait for a TCP connection: not for the call's queue.
   *
   * @param credentials for the challenge to the one before
   * @param answered hears of the responses
   */
  void invite(byte[] sdp, Optional<Header> credentials, SentRequest answered)
      throws MediaException {
    Dialog dialog = dialog().orElseThrow(() -> failed(Request.INVITE, "there is no dialog"));
    try {
      Request request = within(dialog, Request.INVITE, List.of(), credentials);
      endpoint.messages().contact(request, host, endpoint.port(), transport());
      endpoint.messages().allow(request);
      endpoint.messages().accept(request);
      endpoint.messages().body(request, sdp);
      ClientTransaction transaction = endpoint.provider().getNewClientTransaction(request);
      transaction.setApplicationData(answered);
      // The stack's own wait for other INVITEs would keep a thread; whose turn it is is known.
      ((SIPDialog) dialog).sendRequest(transaction, true);
    } catch (SipException | ParseException e) {
      throw failed(Request.INVITE, String.valueOf(e.getMessage()));
    }
  }

  /** ACK of a 2xx to an INVITE of ours; the stack repeats it when the 2xx is. */
  void acknowledge(Response answer) throws MediaException {
    Dialog dialog = dialog().orElseThrow(() -> failed(Request.ACK, "there is no dialog"));
    try {
      CSeqHeader answered = (CSeqHeader) answer.getHeader(CSeqHeader.NAME);
      Request ack = dialog.createAck(answered.getSeqNumber());
      nameHost(ack);
      endpoint.messages().userAgent(ack);
      dialog.sendAck(ack);
    } catch (SipException | InvalidArgumentException | ParseException e) {
      throw failed(Request.ACK, String.valueOf(e.getMessage()));
    }
  }

  /** Takes a further INVITE back that has had a provisional response. */
  void cancel(ClientTransaction invite) throws MediaException {
    try {
      Request cancel = invite.createCancel();
      endpoint.messages().userAgent(cancel);
      endpoint.provider().getNewClientTransaction(cancel).sendRequest();
    } catch (SipException e) {
      throw failed(Request.CANCEL, String.valueOf(e.getMessage()));
    }
  }

  private void sendWithin(
      String method,
      List<Header> headers,
      Optional<Header> credentials,
      Optional<TextBody> text,
      SentRequest answered)
      throws MediaException {
    Dialog dialog = dialog().orElseThrow(() -> failed(method, "there is no dialog"));
    try {
      Request request = within(dialog, method, headers, credentials);
      if (text.isPresent()) {
        endpoint.messages().text(request, text.get());
      }
      ClientTransaction transaction = endpoint.provider().getNewClientTransaction(request);
      transaction.setApplicationData(answered);
      dialog.sendRequest(transaction);
    } catch (SipException | ParseException e) {
      throw failed(method, String.valueOf(e.getMessage()));
    }
  }

  private Request within(
      Dialog dialog, String method, List<Header> headers, Optional<Header> credentials)
      throws SipException, ParseException {
    Request request = dialog.createRequest(method);
    endpoint.messages().userAgent(request);
    nameHost(request);
    SipHeaders.add(request, headers);
    if (credentials.isPresent()) {
      endpoint.messages().parsed(request, credentials.get());
    }
    return request;
  }

  /** When bound to all addresses the stack would tell 0.0.0.0. */
  void nameHost(Request request) throws ParseException {
    for (ListIterator<?> vias = request.getHeaders(ViaHeader.NAME); vias.hasNext(); ) {
      ((ViaHeader) vias.next()).setHost(SipMessages.bracketed(host));
    }
  }

  /** What another run needs to end it. */
  Optional<DialogState> state() {
    return dialog().flatMap(up -> DialogState.of(up, transport(), host));
  }

  static MediaException failed(String method, String why) {
    return new MediaException(MediaException.Fault.FAILED, method + " cannot be sent: " + why);
  }

  private static void trySend(ServerTransaction transaction, Response response) {
    try {
      send(transaction, response);
    } catch (MediaException e) {
      log.debug("{}: {}", response.getStatusCode(), e.getMessage());
    }
  }

  static void send(ServerTransaction transaction, Response response) throws MediaException {
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

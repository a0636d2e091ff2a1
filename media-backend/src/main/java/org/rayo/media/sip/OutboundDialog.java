package org.rayo.media.sip;

import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.stack.HopImpl;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.sip.ClientTransaction;
import javax.sip.Dialog;
import javax.sip.InvalidArgumentException;
import javax.sip.SipException;
import javax.sip.address.Hop;
import javax.sip.header.CSeqHeader;
import javax.sip.header.FromHeader;
import javax.sip.header.ToHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.rayo.media.Header;
import org.rayo.media.MediaException;
import org.rayo.media.sip.SipGateway.Transport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The signalling of one call that we place: its INVITE, sent anew for a challenge or a redirection,
 * and the dialog that a 2xx makes of it. What it sends may wait for a TCP connection: not for the
 * call's queue.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3261#section-13.2">RFC 3261, section 13.2</a>
 */
final class OutboundDialog extends CallDialog {

  private static final Logger log = LoggerFactory.getLogger(OutboundDialog.class);

  /** A larger one goes by TCP (RFC 3261, section 18.1.1). */
  private static final int MAX_UDP_BYTES = 1300;

  private final String callId;
  private final String from;
  private final List<Header> headers;
  private final Set<String> left = new HashSet<>();
  private long sequence;
  private volatile Transport transport = Transport.UDP;
  private volatile Optional<DialTarget> called = Optional.empty();
  private volatile Optional<ClientTransaction> invite = Optional.empty();
  private volatile Optional<Dialog> confirmed = Optional.empty();

  /**
   * A call to be placed.
   *
   * @param tag ours, for From
   * @param from our own address
   * @param headers of the INVITE
   */
  OutboundDialog(
      SipEndpoint endpoint,
      String tag,
      String host,
      String callId,
      String from,
      List<Header> headers) {
    super(endpoint, tag, host);
    this.callId = callId;
    this.from = from;
    this.headers = List.copyOf(headers);
  }

  @Override
  Optional<Dialog> dialog() {
    return confirmed;
  }

  @Override
  String transport() {
    return transport.token();
  }

  /** Where the last INVITE went; empty before the first. */
  Optional<DialTarget> target() {
    return called;
  }

  /** Sends the INVITE: by TCP, and then by UDP, what is too large for UDP. One at a time. */
  void invite(DialTarget target, byte[] sdp, Optional<Header> credentials, SentRequest progress)
      throws MediaException {
    sequence++;
    called = Optional.of(target);
    try {
      Request request = request(target, target.transport(), sdp, credentials);
      int length = request.toString().getBytes(StandardCharsets.UTF_8).length;
      if (target.transport() == Transport.UDP && length > MAX_UDP_BYTES) {
        try {
          send(request(target, Transport.TCP, sdp, credentials), Transport.TCP, progress);
          return;
        } catch (SipException e) {
          log.debug("call {}: {} takes no TCP: {}", callId, target, e.getMessage());
        }
      }
      send(request, target.transport(), progress);
    } catch (ParseException | InvalidArgumentException e) {
      throw failed(Request.INVITE, String.valueOf(e.getMessage()));
    } catch (SipException | RuntimeException e) { // the stack's, for a host that is not there
      log.debug("call {}: INVITE to {} failed", callId, target, e);
      throw failed(Request.INVITE, target + " cannot be reached");
    }
  }

  private Request request(DialTarget target, Transport by, byte[] sdp, Optional<Header> credentials)
      throws ParseException, InvalidArgumentException {
    Request request =
        endpoint
            .messages()
            .invite(target.uri(), from, tag, callId, sequence, host, endpoint.port(), by.token());
    SipHeaders.add(request, headers);
    if (credentials.isPresent()) {
      endpoint.messages().parsed(request, credentials.get());
    }
    endpoint.messages().contact(request, host, endpoint.port(), by.token());
    endpoint.messages().allow(request);
    endpoint.messages().accept(request);
    endpoint.messages().body(request, sdp);
    Hop hop = new HopImpl(target.address(), target.port(), by.token());
    ((SIPRequest) request).setApplicationData(hop);
    return request;
  }

  private void send(Request request, Transport by, SentRequest progress) throws SipException {
    ClientTransaction transaction = endpoint.provider().getNewClientTransaction(request);
    transaction.setApplicationData(progress);
    transport = by;
    invite = Optional.of(transaction);
    try {
      transaction.sendRequest();
    } catch (SipException e) {
      transaction.setApplicationData(null);
      throw e;
    }
  }

  /** Takes the INVITE back; for one that has had a provisional response. */
  void cancel(List<Header> cancelHeaders) throws MediaException {
    ClientTransaction cancelled =
        invite.orElseThrow(() -> failed(Request.CANCEL, "there is no INVITE"));
    try {
      Request cancel = cancelled.createCancel();
      ((SIPRequest) cancel)
          .setApplicationData(((SIPRequest) cancelled.getRequest()).getApplicationData());
      endpoint.messages().userAgent(cancel);
      SipHeaders.add(cancel, cancelHeaders);
      endpoint.provider().getNewClientTransaction(cancel).sendRequest();
    } catch (SipException e) {
      throw failed(Request.CANCEL, String.valueOf(e.getMessage()));
    }
  }

  /** A 2xx has come: the first one's dialog is the call's. On the stack's thread. */
  boolean confirm(Dialog dialog, EmbeddedCall call) {
    if (confirmed.isPresent()) {
      return false;
    }
    dialog.setApplicationData(call);
    confirmed = Optional.of(dialog);
    return true;
  }

  /** Whether a 2xx is of another branch than the one that was first to answer. */
  boolean isOfAnotherBranch(Response answer) {
    FromHeader caller = (FromHeader) answer.getHeader(FromHeader.NAME);
    ToHeader called = (ToHeader) answer.getHeader(ToHeader.NAME);
    return tag.equals(caller.getTag())
        && called.getTag() != null
        && confirmed.filter(up -> !called.getTag().equals(up.getRemoteTag())).isPresent();
  }

  /**
   * Another branch has answered too, or does so again: ACK, and BYE once, in a dialog that the
   * stack does not know.
   */
  void leave(Response answer) throws MediaException {
    try {
      DialogState branch = DialogState.of(answer, transport(), host);
      CSeqHeader answered = (CSeqHeader) answer.getHeader(CSeqHeader.NAME);
      long number = answered.getSeqNumber();
      SipMessages messages = endpoint.messages();
      endpoint
          .provider()
          .sendRequest(messages.within(branch, Request.ACK, number, host, endpoint.port()));
      if (!left.add(branch.remoteTag())) {
        return;
      }
      ClientTransaction bye =
          endpoint
              .provider()
              .getNewClientTransaction(
                  messages.within(branch, Request.BYE, number + 1, host, endpoint.port()));
      if (bye.getDialog() == null) {
        bye.sendRequest();
      } else {
        bye.getDialog().sendRequest(bye);
      }
    } catch (SipException | ParseException | InvalidArgumentException e) {
      throw failed(Request.BYE, String.valueOf(e.getMessage()));
    }
  }
}

package org.rayo.media.sip;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.sip.Dialog;
import javax.sip.address.Address;
import javax.sip.header.CSeqHeader;
import javax.sip.header.CallIdHeader;
import javax.sip.header.ContactHeader;
import javax.sip.header.FromHeader;
import javax.sip.header.RecordRouteHeader;
import javax.sip.header.RouteHeader;
import javax.sip.header.ToHeader;
import javax.sip.message.Response;
import org.rayo.media.MediaException;

/**
 * What is needed to send a request within a dialog: enough to end it when nothing else is left.
 *
 * @param localParty our address, as in From
 * @param remoteParty the other side's, as in To
 * @param remoteTag empty for a caller of RFC 2543
 * @param remoteTarget the uri of the other side's Contact
 * @param routes to it, in their order
 * @param sequence of our last request, 0 before the first
 * @param transport that the dialog began on
 * @param host the address at which the other side reaches us
 * @see <a href="https://www.rfc-editor.org/rfc/rfc3261#section-12">RFC 3261, section 12</a>
 */
record DialogState(
    String callId,
    String localParty,
    String localTag,
    String remoteParty,
    String remoteTag,
    String remoteTarget,
    List<String> routes,
    long sequence,
    String transport,
    String host) {

  private static final String VERSION = "1";
  private static final String ROUTE = "route";

  /** A sequence number has 31 bits. */
  static final long MOST = (1L << 31) - 1;

  DialogState {
    routes = List.copyOf(routes);
  }

  /** Of a dialog that is established; empty when the other side has not told how to reach it. */
  static Optional<DialogState> of(Dialog dialog, String transport, String host) {
    Address target = dialog.getRemoteTarget();
    if (target == null || target.isWildcard() || dialog.getLocalTag() == null) {
      return Optional.empty();
    }
    List<String> routes = new ArrayList<>();
    for (Iterator<?> set = dialog.getRouteSet(); set.hasNext(); ) {
      routes.add(((RouteHeader) set.next()).getAddress().toString());
    }
    String remoteTag = dialog.getRemoteTag();
    return Optional.of(
        new DialogState(
            dialog.getCallId().getCallId(),
            dialog.getLocalParty().toString(),
            dialog.getLocalTag(),
            dialog.getRemoteParty().toString(),
            remoteTag == null ? "" : remoteTag,
            target.getURI().toString(),
            routes,
            Math.max(0, dialog.getLocalSeqNumber()),
            transport,
            host));
  }

  /**
   * Of a 2xx to an INVITE of ours, in whose dialog nothing else has been sent.
   *
   * @throws MediaException fault {@code FAILED} when it does not tell how to reach the other side
   */
  static DialogState of(Response answer, String transport, String host) throws MediaException {
    FromHeader local = (FromHeader) answer.getHeader(FromHeader.NAME);
    ToHeader remote = (ToHeader) answer.getHeader(ToHeader.NAME);
    ContactHeader contact = (ContactHeader) answer.getHeader(ContactHeader.NAME);
    if (contact == null || contact.isWildCard()) {
      throw unreadable("the answer has no Contact");
    }
    List<String> routes = new ArrayList<>();
    for (Iterator<?> all = answer.getHeaders(RecordRouteHeader.NAME); all.hasNext(); ) {
      routes.add(0, ((RecordRouteHeader) all.next()).getAddress().toString());
    }
    return new DialogState(
        ((CallIdHeader) answer.getHeader(CallIdHeader.NAME)).getCallId(),
        local.getAddress().toString(),
        local.getTag(),
        remote.getAddress().toString(),
        remote.getTag() == null ? "" : remote.getTag(),
        contact.getAddress().getURI().toString(),
        routes,
        ((CSeqHeader) answer.getHeader(CSeqHeader.NAME)).getSeqNumber(),
        transport,
        host);
  }

  /** One line of printable ASCII, which {@link #parse} reads. */
  String text() {
    StringBuilder text = new StringBuilder("v=").append(VERSION);
    add(text, "call-id", callId);
    add(text, "local", localParty);
    add(text, "local-tag", localTag);
    add(text, "remote", remoteParty);
    add(text, "remote-tag", remoteTag);
    add(text, "target", remoteTarget);
    routes.forEach(route -> add(text, ROUTE, route));
    add(text, "cseq", Long.toString(sequence));
    add(text, "transport", transport);
    add(text, "host", host);
    return text.toString();
  }

  private static void add(StringBuilder text, String name, String value) {
    text.append('&').append(name).append('=');
    text.append(URLEncoder.encode(value, StandardCharsets.UTF_8));
  }

  /**
   * Reads what {@link #text} wrote.
   *
   * @throws MediaException fault {@code FAILED} when it is anything else
   */
  static DialogState parse(String text) throws MediaException {
    Map<String, String> values = new LinkedHashMap<>();
    List<String> routes = new ArrayList<>();
    try {
      for (String pair : text.split("&", -1)) {
        int equals = pair.indexOf('=');
        String name = pair.substring(0, Math.max(0, equals));
        String value = URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8);
        if (name.equals(ROUTE)) {
          routes.add(value);
        } else {
          values.put(name, value);
        }
      }
      if (!VERSION.equals(values.get("v"))) {
        throw unreadable("it is not of version " + VERSION);
      }
      return new DialogState(
          value(values, "call-id"),
          value(values, "local"),
          value(values, "local-tag"),
          value(values, "remote"),
          value(values, "remote-tag"),
          value(values, "target"),
          routes,
          sequence(value(values, "cseq")),
          value(values, "transport"),
          value(values, "host"));
    } catch (IllegalArgumentException e) {
      throw unreadable(String.valueOf(e.getMessage()));
    }
  }

  private static String value(Map<String, String> values, String name) throws MediaException {
    String value = values.get(name);
    if (value == null) {
      throw unreadable("it has no " + name);
    }
    return value;
  }

  private static long sequence(String text) throws MediaException {
    long number = Long.parseLong(text);
    if (number < 0 || number > MOST) {
      throw unreadable("the sequence number is " + number);
    }
    return number;
  }

  static MediaException unreadable(String why) {
    return new MediaException(
        MediaException.Fault.FAILED, "what was kept of the dialog cannot be read: " + why);
  }
}

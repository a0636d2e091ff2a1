package org.rayo.media.sip;

import gov.nist.javax.sip.header.Contact;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import javax.sip.header.ContactHeader;
import javax.sip.message.Request;
import javax.sip.message.Response;
import org.rayo.media.Header;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where a call that we place is on its way to, and what may be tried when that refuses: an answer
 * to its challenge, and, once, an address that it names instead, by the same rules as the first.
 */
final class Placement {

  private static final Logger log = LoggerFactory.getLogger(Placement.class);

  /** INVITEs of one call. */
  private static final int MOST = 5;

  private final OutboundDialog dialog;
  private final DialTargets targets;
  private final Executor dialing;
  private volatile byte[] offer = new byte[0];
  private final ChallengeAnswers answers = new ChallengeAnswers();
  private volatile DialTarget target;
  private boolean redirected;
  private int sent;

  /**
   * A call that is not on its way yet.
   *
   * @param dialing may wait for name servers and connections
   */
  Placement(OutboundDialog dialog, DialTargets targets, Executor dialing, DialTarget target) {
    this.dialog = dialog;
    this.targets = targets;
    this.dialing = dialing;
    this.target = target;
  }

  /** Our description, the same in every INVITE; before the first. */
  void offers(byte[] description) {
    offer = description;
  }

  OutboundDialog dialog() {
    return dialog;
  }

  /** Sends the first INVITE; blocks. */
  void begin(EmbeddedCall call) throws MediaException {
    sent++;
    send(call, Optional.empty());
  }

  private void send(EmbeddedCall call, Optional<Header> credentials) throws MediaException {
    dialog.invite(target, offer, credentials, new InviteProgress(call, dialog));
  }

  /** Whether the call goes on after this refusal. On the call's queue. */
  boolean goesOn(EmbeddedCall call, Response refusal) {
    if (sent >= MOST) {
      return false;
    }
    if (ChallengeAnswers.isChallenge(refusal)) {
      Optional<Header> credentials =
          answers.answer(call, target, refusal, Request.INVITE, target.uri().toString());
      credentials.ifPresent(given -> later(call, () -> send(call, credentials)));
      return credentials.isPresent();
    }
    if (refusal.getStatusCode() / 100 == 3 && !redirected) {
      redirected = true;
      List<String> contacts = contacts(refusal);
      later(call, () -> redirect(call, contacts, refusal));
      return true;
    }
    return false;
  }

  private void later(EmbeddedCall call, RequestSender.Sending sending) {
    sent++;
    try {
      dialing.execute(
          () -> {
            try {
              sending.send();
            } catch (MediaException e) {
              call.network(now -> now.unreachable(EndReason.ERROR, String.valueOf(e.getMessage())));
            }
          });
    } catch (RejectedExecutionException closed) {
      call.network(now -> now.unreachable(EndReason.ERROR, "SIP is being closed"));
    }
  }

  private void redirect(EmbeddedCall call, List<String> contacts, Response refusal)
      throws MediaException {
    for (String contact : contacts) {
      try {
        target = targets.of(contact);
        log.info("{}: redirected to {}", call, target);
        send(call, Optional.empty());
        return;
      } catch (MediaException e) {
        log.info("{}: not redirected: {}", call, e.getMessage());
      }
    }
    call.network(now -> now.declined(refusal));
  }

  private static List<String> contacts(Response response) {
    List<String> contacts = new ArrayList<>();
    for (Iterator<?> all = response.getHeaders(ContactHeader.NAME); all.hasNext(); ) {
      if (all.next() instanceof Contact contact && !contact.isWildCard()) {
        contacts.add(contact.getAddress().getURI().toString());
      }
    }
    return contacts;
  }
}

package org.rayo.media.sip;

import gov.nist.javax.sip.message.SIPRequest;
import gov.nist.javax.sip.stack.DefaultRouter;
import javax.sip.SipException;
import javax.sip.SipStack;
import javax.sip.address.Hop;
import javax.sip.message.Request;

/**
 * Sends a request where its application data says, which is how an INVITE goes to the gateway that
 * was chosen and to the very address that was allowed; others go where their headers say. Made by
 * the stack, by name.
 */
public final class SentHops extends DefaultRouter {

  /** Called by the stack. */
  public SentHops(SipStack stack, String defaultRoute) {
    super(stack, defaultRoute);
  }

  @Override
  public Hop getNextHop(Request request) throws SipException {
    return request instanceof SIPRequest sent && sent.getApplicationData() instanceof Hop hop
        ? hop
        : super.getNextHop(request);
  }
}

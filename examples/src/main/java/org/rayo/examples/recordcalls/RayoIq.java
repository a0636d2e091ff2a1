package org.rayo.examples.recordcalls;

import org.jivesoftware.smack.packet.IQ;
import org.jxmpp.jid.Jid;

/** A Rayo command without attributes: {@code <answer/>}, {@code <record/>}, {@code <stop/>}, … */
final class RayoIq extends IQ {

  RayoIq(String element, String namespace, Jid to) {
    super(element, namespace);
    setType(Type.set);
    setTo(to);
  }

  @Override
  protected IQChildElementXmlStringBuilder getIQChildElementBuilder(
      IQChildElementXmlStringBuilder xml) {
    xml.setEmptyElement();
    return xml;
  }
}

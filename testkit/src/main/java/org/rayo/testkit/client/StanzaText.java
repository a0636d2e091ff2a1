package org.rayo.testkit.client;

import org.jivesoftware.smack.packet.Nonza;
import org.jivesoftware.smack.packet.XmlEnvironment;

/** A stanza that is sent as it is written, whatever Smack would say of it. */
record StanzaText(String xml) implements Nonza {

  @Override
  public String getElementName() {
    return "iq";
  }

  @Override
  public String getNamespace() {
    return "jabber:client";
  }

  @Override
  public CharSequence toXML(XmlEnvironment environment) {
    return xml;
  }
}

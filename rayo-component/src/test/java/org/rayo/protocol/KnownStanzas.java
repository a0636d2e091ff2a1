package org.rayo.protocol;

import java.util.List;
import java.util.stream.Stream;

/** Every kind of stanza that a client sends, each with all that it may hold. */
public final class KnownStanzas {

  /** The children of iq stanzas of type set. */
  public static final List<String> COMMANDS =
      List.of(
          "<accept xmlns='urn:xmpp:rayo:1'><header name='a' value='b'/></accept>",
          "<answer xmlns='urn:xmpp:rayo:1'/>",
          "<hangup xmlns='urn:xmpp:rayo:1'><header name='a' value='b'/></hangup>",
          "<redirect xmlns='urn:xmpp:rayo:1' to='sip:a@example.org'/>",
          "<reject xmlns='urn:xmpp:rayo:1'><busy/><header name='a' value='b'/></reject>",
          "<stop xmlns='urn:xmpp:rayo:ext:1'/>",
          "<pause xmlns='urn:xmpp:rayo:record:1'/>",
          "<resume xmlns='urn:xmpp:rayo:record:1'/>",
          "<record xmlns='urn:xmpp:rayo:record:1'/>",
          "<record xmlns='urn:xmpp:rayo:record:1' format='mp3' start-beep='1' stop-beep='true'"
              + " start-paused='false' max-duration='5' initial-timeout='10000|none'"
              + " final-timeout='none' direction='duplex' mix='0'><hint name='quality' value='4'/>"
              + "<hint name='bitrate' value='64'/><hint name='double-pass' value='true'/></record>",
          "<record xmlns='urn:xmpp:rayo:record:1' format='wav' max-duration='90000'>"
              + "<hint name='encoding' value='alaw'/><hint name='sample-rate' value='16000'/>"
              + "<hint name='pause-mode' value='silence'/><hint name='stop-keys' value='#*1D'/>"
              + "<hint name='trim' value='true'/><hint name='min-duration' value='500'/>"
              + "<hint name='name' value='default'/><hint name='beep-interval' value='15000'/>"
              + "<hint name='meta.case' value='A 7'/><hint name='meta.agent' value='x'/></record>");

  private static final String ADDRESSES =
      " from='juliet@localhost/b' to='c1@rayo.localhost/x' id='i1'>";

  private KnownStanzas() {}

  /** Whole stanzas: the commands, and all else that reaches a component. */
  public static List<String> all() {
    return Stream.concat(
            COMMANDS.stream().map(command -> "<iq type='set'" + ADDRESSES + command + "</iq>"),
            Stream.of(
                "<iq type='get'"
                    + ADDRESSES
                    + "<query xmlns='http://jabber.org/protocol/disco#info' node='x#y'/></iq>",
                "<iq type='get'" + ADDRESSES + "<ping xmlns='urn:xmpp:ping'/></iq>",
                "<iq type='result'" + ADDRESSES + "</iq>",
                "<iq type='error'"
                    + ADDRESSES
                    + "<p:ping xmlns:p='urn:xmpp:ping'/><error type='cancel'>"
                    + "<gone xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>",
                "<presence"
                    + ADDRESSES
                    + "<show>chat</show><c xmlns='http://jabber.org/protocol/caps' hash='sha-1'"
                    + " node='urn:xmpp:rayo:client:1' ver='v='/></presence>",
                "<presence type='unavailable'" + ADDRESSES + "</presence>",
                "<message type='chat'"
                    + ADDRESSES
                    + "<body>&#x20AC;&lt;<![CDATA[x]]></body></message>"))
        .toList();
  }
}

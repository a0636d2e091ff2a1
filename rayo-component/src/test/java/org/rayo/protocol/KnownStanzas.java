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
              + "<hint name='meta.case' value='A 7'/><hint name='meta.agent' value='x'/></record>",
          "<dial xmlns='urn:xmpp:rayo:1' to='tel:+15550100' from='sip:a@example.org'"
              + " uri='xmpp:c1@rayo.localhost' timeout='30000'><header name='a' value='b'/></dial>",
          "<output xmlns='urn:xmpp:rayo:output:1' start-offset='1' start-paused='true'"
              + " repeat-interval='2' repeat-times='3' max-time='4' renderer='' voice='v'>"
              + "<document url='https://example.org/a.wav'/><document"
              + " content-type='text/uri-list'>file:///a.wav</document></output>",
          "<output xmlns='urn:xmpp:rayo:output:1'><document content-type='application/ssml+xml'>"
              + "&lt;speak>a&lt;break/>b&lt;/speak></document></output>",
          "<pause xmlns='urn:xmpp:rayo:output:1'/>",
          "<speed-up xmlns='urn:xmpp:rayo:output:1'/>",
          "<seek xmlns='urn:xmpp:rayo:output:1' direction='back' amount='5'/>",
          "<input xmlns='urn:xmpp:rayo:input:1' mode='dtmf' terminator='#' recognizer=''"
              + " language='en-US' initial-timeout='1' inter-digit-timeout='2'"
              + " recognition-timeout='3' max-silence='4' sensitivity='0.5' min-confidence='0'"
              + " match-content-type='application/nlsml+xml'>"
              + "<grammar url='builtin:dtmf/digits?minlength=2'/></input>",
          "<input xmlns='urn:xmpp:rayo:input:1'><grammar content-type='application/srgs+xml'>"
              + "&lt;grammar xmlns='http://www.w3.org/2001/06/grammar' version='1.0' mode='dtmf'>"
              + "&lt;rule id='r'>1&lt;/rule>&lt;/grammar></grammar></input>",
          "<input xmlns='urn:xmpp:rayo:input:1' mode='cpa' initial-timeout='5000'><grammar"
              + " url='urn:xmpp:rayo:cpa:speech:1?maxTime=4000;minSpeechDuration=300;terminate=true'"
              + "/><grammar url='urn:xmpp:rayo:cpa:dtmf:1'/></input>",
          "<prompt xmlns='urn:xmpp:rayo:prompt:1' barge-in='false'>"
              + "<output xmlns='urn:xmpp:rayo:output:1'><document content-type='text/plain'>a"
              + "</document></output><input xmlns='urn:xmpp:rayo:input:1'>"
              + "<grammar url='builtin:dtmf/digits'/></input></prompt>");

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

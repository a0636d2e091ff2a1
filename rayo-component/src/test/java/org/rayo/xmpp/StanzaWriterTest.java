package org.rayo.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.dom4j.DocumentHelper;
import org.dom4j.Element;
import org.junit.jupiter.api.Test;
import org.xmpp.packet.IQ;

class StanzaWriterTest {

  @Test
  void bytes_largeError_doesNotRepeatWhatItAnswers() throws Exception {
    Element error = DocumentHelper.createElement("iq").addAttribute("type", "error");
    Element echo = error.addElement("record", "urn:xmpp:rayo:record:1");
    echo.addAttribute("format", "\"".repeat(2000));
    error.addElement("error").addAttribute("type", "modify");
    assertThat(new String(StanzaWriter.bytes(error), StandardCharsets.UTF_8))
        .contains("<error")
        .doesNotContain("record");
    echo.addAttribute("format", "\"");
    assertThat(new String(StanzaWriter.bytes(error), StandardCharsets.UTF_8)).contains("<record");
  }

  @Test
  void xml_builtStanza_inheritsTheStreamsNamespace() {
    IQ iq = new IQ(IQ.Type.set, "i1");
    iq.setChildElement("record", "urn:xmpp:rayo:record:1").addElement("hint").setText("a<b");
    assertThat(StanzaWriter.xml(iq.getElement()))
        .isEqualTo(
            "<iq type=\"set\" id=\"i1\"><record xmlns=\"urn:xmpp:rayo:record:1\">"
                + "<hint>a&lt;b</hint></record></iq>");
  }

  @Test
  void xml_parsedOnAnyStream_hasNoStanzaNamespace() throws Exception {
    String stanza =
        "<message><body>hi</body><x xmlns=\"u\"><y xmlns=\"jabber:client\"/></x></message>";
    assertThat(StanzaWriter.xml(Stanzas.element(stanza))).isEqualTo(stanza);
  }

  @Test
  void xml_clientNamespaceOfAnotherLibrary_isLeftOut() throws Exception {
    Element message =
        DocumentHelper.parseText("<message xmlns='jabber:client'><body>hi</body></message>")
            .getRootElement();
    assertThat(StanzaWriter.xml(message)).isEqualTo("<message><body>hi</body></message>");
  }

  @Test
  void xml_prefixesInAttributesAndContent_stayBound() throws Exception {
    String stanza = "<iq><q xmlns=\"u\" xmlns:p=\"v\" p:a=\"1\" xml:lang=\"de\">p:name</q></iq>";
    assertThat(StanzaWriter.xml(Stanzas.element(stanza))).isEqualTo(stanza);
  }

  @Test
  void xml_prefixedElement_keepsItsNamespace() throws Exception {
    Element written =
        Stanzas.element(
            StanzaWriter.xml(Stanzas.element("<iq><p:q xmlns:p='v'><p:r/><s/></p:q></iq>")));
    Element q = written.elements().get(0);
    assertThat(q.getNamespaceURI()).isEqualTo("v");
    assertThat(q.elements().get(0).getNamespaceURI()).isEqualTo("v");
    assertThat(q.elements().get(1).getNamespaceURI()).isEqualTo("jabber:component:accept");
  }

  @Test
  void xml_anyText_comesBackFromTheParser() throws Exception {
    Element message = DocumentHelper.createElement("message");
    String text = "a\r\n\tb \"'<>&]]> 😀 €";
    message.addAttribute("id", text);
    message.addElement("body").setText(text);
    Element read = Stanzas.element(StanzaWriter.xml(message));
    assertThat(read.attributeValue("id")).isEqualTo(text);
    assertThat(read.elementText("body")).isEqualTo(text);
  }

  @Test
  void xml_charactersXmlCannotCarry_areReplaced() throws Exception {
    Element message = DocumentHelper.createElement("message");
    message.addElement("body").setText("a\u0000\u001b\ud800b\uffff");
    assertThat(Stanzas.element(StanzaWriter.xml(message)).elementText("body"))
        .isEqualTo("a\ufffd\ufffd\ufffdb\ufffd");
  }
}

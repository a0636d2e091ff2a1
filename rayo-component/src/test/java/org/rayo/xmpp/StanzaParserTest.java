package org.rayo.xmpp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dom4j.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.xmpp.Stanzas.Collected;

class StanzaParserTest {
  private static final int LIMIT = 10_000;

  private final Collected found = new Collected();
  private final StanzaParser parser = new StanzaParser(LIMIT, found);

  private void feed(String xml) throws StreamErrorException {
    byte[] bytes = xml.getBytes(StandardCharsets.UTF_8);
    parser.feed(bytes, 0, bytes.length);
  }

  private StreamError refused(String xml) {
    StreamErrorException refusal =
        catchThrowableOfType(StreamErrorException.class, () -> feed(Stanzas.OPEN + xml));
    assertThat(refusal).as(xml).isNotNull();
    return refusal.error();
  }

  @Test
  void feed_byteByByte_findsTheSame() throws Exception {
    String stanza =
        "<iq type='set' id='a&amp;1' from='ä@x/€' to='call@y'><record xmlns='urn:xmpp:rayo:record:1'"
            + " format='mp3'><hint name='&lt;k&gt;'>v&apos;&#x20AC;😀<![CDATA[<&]]></hint></record></iq>";
    byte[] bytes =
        (Stanzas.OPEN + stanza + " \n" + "</stream:stream>").getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < bytes.length; i++) {
      parser.feed(bytes, i, 1);
    }
    assertThat(found.headers).hasSize(1);
    assertThat(found.headers.get(0).attribute("id")).contains("s1");
    assertThat(found.closed).isEqualTo(1);
    Element iq = found.elements.get(0);
    assertThat(iq.attributeValue("id")).isEqualTo("a&1");
    Element hint = iq.elements().get(0).elements().get(0);
    assertThat(hint.attributeValue("name")).isEqualTo("<k>");
    assertThat(hint.getText()).isEqualTo("v'€😀<&");
    assertThat(hint.getNamespaceURI()).isEqualTo("urn:xmpp:rayo:record:1");
  }

  @Test
  void feed_lastByteOfStanza_deliversItAtOnce() throws Exception {
    feed(Stanzas.OPEN + "<presence/");
    assertThat(found.elements).isEmpty();
    feed(">");
    assertThat(found.elements).hasSize(1);
  }

  @Test
  void feed_elementsOfTheStanza_haveNoNamespace() throws Exception {
    feed(Stanzas.OPEN + "<presence><show>chat</show><c xmlns='u'><d/><e xmlns=''/></c></presence>");
    Element presence = found.elements.get(0);
    assertThat(presence.getNamespaceURI()).isEmpty();
    assertThat(presence.element("show").getNamespaceURI()).isEmpty();
    assertThat(presence.element("c").element("d").getNamespaceURI()).isEqualTo("u");
    assertThat(presence.element("c").element("e").getNamespaceURI()).isEmpty();
  }

  @Test
  void feed_hundredThousandStanzasWithEntities_allArrive() throws Exception {
    feed(Stanzas.OPEN);
    byte[] stanza =
        "<message><body>&lt;&amp;&#65;&gt;</body></message>".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 100_000; i++) {
      parser.feed(stanza, 0, stanza.length);
      assertThat(found.elements.get(0).elementText("body")).isEqualTo("<&A>");
      found.elements.clear();
    }
  }

  @Test
  void feed_stanzaUpToTheLimit_isTaken() throws Exception {
    feed(Stanzas.OPEN + "<message><body>" + "x".repeat(LIMIT - 300) + "</body></message>");
    feed("<message><body>" + "x".repeat(LIMIT - 300) + "</body></message>");
    assertThat(found.elements).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"<message id='%s", "<a%s", "<a b='&lt;%s"})
  void feed_beyondTheLimitBeforeItIsKnownWhatItIs_isPolicyViolation(String start) {
    assertThat(refused(start.formatted("x".repeat(LIMIT + 600))))
        .isEqualTo(StreamError.POLICY_VIOLATION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<body>%s</body>",
        "<x><![CDATA[%s]]></x>",
        "<x a='%s'/><y>z</y>",
        "<x>%1$s</x><y>%1$s</y>"
      })
  void feed_beyondTheLimitWithin_isCutAndTheNextIsWhole(String content) throws Exception {
    feed(
        Stanzas.OPEN
            + "<iq type='set' id='1' from='a@b/c' to='d'>"
            + content.formatted("x".repeat(LIMIT + 600))
            + "</iq><iq id='2'><x>whole</x></iq>");
    assertThat(found.cut).hasSize(1);
    assertThat(found.cut.get(0).attributeValue("from")).isEqualTo("a@b/c");
    assertThat(found.elements).hasSize(1);
    assertThat(found.elements.get(0).elementText("x")).isEqualTo("whole");
  }

  @Test
  void feed_tooDeep_isCutAndTheNextIsWhole() throws Exception {
    int depth = StanzaParser.MAX_DEPTH + 50;
    String deep = "<a>".repeat(depth) + "</a>".repeat(depth);
    feed(Stanzas.OPEN + "<iq id='1'>" + deep + "</iq>" + "<iq id='2'><x>whole</x></iq>");
    assertThat(found.cut).extracting(cut -> cut.attributeValue("id")).containsExactly("1");
    assertThat(found.elements.get(0).elementText("x")).isEqualTo("whole");
  }

  @Test
  void feed_tooManyAttributes_isCutAndTheNextIsWhole() throws Exception {
    String many =
        IntStream.rangeClosed(0, StanzaParser.MAX_ATTRIBUTES)
            .mapToObj(i -> " a" + i + "=''")
            .collect(Collectors.joining());
    feed(
        Stanzas.OPEN
            + ("<iq id='1'><x" + many + "><y/></x></iq>")
            + ("<iq" + many + " id='2' from='a@b'><x/></iq>")
            + "<iq id='3'><x>whole</x></iq>");
    assertThat(found.cut).extracting(cut -> cut.attributeValue("id")).containsExactly("1", "2");
    assertThat(found.cut.get(0).elements()).isEmpty();
    assertThat(found.cut.get(1).attributes()).hasSize(2);
    assertThat(found.elements.get(0).elementText("x")).isEqualTo("whole");
  }

  @Test
  void feed_withoutEnd_isPolicyViolation() {
    String most = "x".repeat(LIMIT * (StanzaParser.CUT_FACTOR + 1));
    assertThat(refused("<message><body>" + most)).isEqualTo(StreamError.POLICY_VIOLATION);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<!-- no -->",
        "<a><!-- no --></a>",
        "<?php no ?>",
        "<a><?php no ?></a>",
        "<a>&unknown;</a>"
      })
  void feed_restrictedXml_isRestrictedXml(String xml) {
    assertThat(refused(xml)).isEqualTo(StreamError.RESTRICTED_XML);
  }

  @Test
  void feed_documentType_isRestrictedXml() {
    assertThat(prologRefused("<!DOCTYPE s SYSTEM 'file:///x'>"))
        .isEqualTo(StreamError.RESTRICTED_XML);
  }

  @Test
  void feed_documentTypeWithEntities_isRefused() {
    // The XML reader gives up at the bracket already, before it reports a document type.
    assertThat(prologRefused("<!DOCTYPE s [<!ENTITY a 'aaaa'>]>"))
        .isEqualTo(StreamError.NOT_WELL_FORMED);
  }

  private StreamError prologRefused(String prolog) {
    return catchThrowableOfType(StreamErrorException.class, () -> feed(prolog + Stanzas.OPEN))
        .error();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "<a></b><c/>",
        "<a b='1' b='2'/>",
        "<a b=1/>",
        "<p:a/>",
        "<a>\u0001</a>",
        "<a>&#0;</a>",
        "<a b='<'/>",
        "<a b='&unknown;'/>",
        "< a/>"
      })
  void feed_notWellFormed_isNotWellFormed(String xml) {
    assertThat(refused(xml)).isEqualTo(StreamError.NOT_WELL_FORMED);
  }

  @Test
  void feed_textBetweenStanzas_isBadFormat() {
    assertThat(refused("<a/>text<b/>")).isEqualTo(StreamError.BAD_FORMAT);
  }

  @Test
  void feed_otherRoot_isInvalidNamespace() {
    StreamErrorException refusal =
        catchThrowableOfType(StreamErrorException.class, () -> feed("<html>"));
    assertThat(refusal.error()).isEqualTo(StreamError.INVALID_NAMESPACE);
  }
}

package org.rayo.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.protocol.Refusals.BAD_REQUEST;
import static org.rayo.protocol.Refusals.NOT_THIS_OPTION;
import static org.rayo.protocol.Refusals.refused;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.Header;
import org.rayo.media.JoinRequest.Direction;
import org.rayo.media.JoinRequest.Media;
import org.rayo.protocol.ServerCommand.Dial;
import org.xmpp.packet.JID;

class DialReaderTest {

  private static Dial dial(String attributes) throws CommandRefusedException {
    return (Dial) Refusals.read("<dial xmlns='urn:xmpp:rayo:1' " + attributes + "/>");
  }

  @Test
  void read_everything_isInTheRecord() throws Exception {
    assertThat(
            Refusals.read(
                "<dial xmlns='urn:xmpp:rayo:1' to='tel:+15550100' from='sip:a@b.org'"
                    + " uri='xmpp:c1@rayo.example.org' timeout='30000'>"
                    + "<header name='Route' value='a'/><header name='Route' value='b'/></dial>"))
        .isEqualTo(
            new Dial(
                URI.create("tel:+15550100"),
                Optional.of(URI.create("sip:a@b.org")),
                Optional.of(new JID("c1@rayo.example.org")),
                OptionalLong.of(30000),
                List.of(new Header("Route", "a"), new Header("Route", "b")),
                List.of()));
  }

  @Test
  void read_onlyTo_leavesTheRestEmpty() throws Exception {
    assertThat(dial("to='sips:a@b.org' timeout='-1'"))
        .isEqualTo(
            new Dial(
                URI.create("sips:a@b.org"),
                Optional.empty(),
                Optional.empty(),
                OptionalLong.empty(),
                List.of(),
                List.of()));
  }

  @ParameterizedTest
  @CsvSource({
    "xmpp:c1@rayo.example.org, c1@rayo.example.org",
    "XMPP:c1@rayo.example.org, c1@rayo.example.org",
    "c1@rayo.example.org, c1@rayo.example.org",
    "xmpp:a%23b@rayo.example.org, a#b@rayo.example.org"
  })
  void read_uri_isABareJid(String written, String jid) throws Exception {
    assertThat(dial("to='sip:a@b' uri='" + written + "'").uri()).contains(new JID(jid));
  }

  @ParameterizedTest
  @CsvSource({
    "juliet@capulet.lit/balcony, xmpp:juliet@capulet.lit/balcony",
    "xmpp:juliet@capulet.lit, xmpp:juliet@capulet.lit",
    "TEL:+1, TEL:+1"
  })
  void read_from_isAUri(String written, String uri) throws Exception {
    assertThat(dial("to='sip:a@b' from='" + written + "'").from()).contains(URI.create(uri));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "to=''",
        "to='foo:bar'",
        "to='sip:a b'",
        "to='sip:'",
        "to='sip:a@b#c'",
        "to='sip:\u00e4@b'",
        "to='sip:a@b' from=''",
        "to='sip:a@b' from='foo:bar'",
        "to='sip:a@b' uri=''",
        "to='sip:a@b' uri='xmpp:'",
        "to='sip:a@b' uri='xmpp:b.org'",
        "to='sip:a@b' uri='b.org'",
        "to='sip:a@b' uri='xmpp:c@b.org/r'",
        "to='sip:a@b' uri='xmpp:c@b.org?join'",
        "to='sip:a@b' uri='xmpp:c@b.org#f'",
        "to='sip:a@b' uri='xmpp://c@b.org'",
        "to='sip:a@b' uri='xmpp:@b.org'",
        "to='sip:a@b' timeout='0'",
        "to='sip:a@b' timeout='-2'",
        "to='sip:a@b' timeout='soon'",
        "to='sip:a@b' timeout='9223372036854775808'"
      })
  void read_whatTheXepForbids_isABadRequest(String attributes) {
    refused("<dial xmlns='urn:xmpp:rayo:1' " + attributes + "/>", BAD_REQUEST);
  }

  @Test
  void read_nestedJoins_arePartOfIt() throws Exception {
    Dial dial =
        (Dial)
            Refusals.read(
                "<dial xmlns='urn:xmpp:rayo:1' to='sip:a@b'>"
                    + "<join call-uri='xmpp:c@b' direction='recv'/>"
                    + "<header name='a' value='b'/><join mixer-name='Room'/></dial>");
    assertThat(dial.headers()).hasSize(1);
    assertThat(dial.joins())
        .containsExactly(
            new CallCommand.Join(
                new JoinTarget.OfCall(new JID("c@b")), Direction.RECV, Media.BRIDGE),
            new CallCommand.Join(
                new JoinTarget.OfMixer("Room", "room"), Direction.DUPLEX, Media.BRIDGE));
  }

  @Test
  void read_nestedJoinsThatAreBad_areABadRequest() {
    for (String join :
        List.of("<join/>", "<join call-uri='xmpp:'/>", "<join call-uri='xmpp:a@b'/>".repeat(65))) {
      refused("<dial xmlns='urn:xmpp:rayo:1' to='sip:a@b'>" + join + "</dial>", BAD_REQUEST);
    }
  }

  @Test
  void read_unknownAttribute_isNotImplemented() {
    refused("<dial xmlns='urn:xmpp:rayo:1' to='sip:a@b' video='true'/>", NOT_THIS_OPTION);
  }

  @Test
  void read_headers_areAtMostTwoHundred() throws Exception {
    String header = "<header name='a' value='b'/>";
    String dial = "<dial xmlns='urn:xmpp:rayo:1' to='sip:a@b'>%s</dial>";
    Dial most = (Dial) Refusals.read(String.format(dial, header.repeat(200)));
    assertThat(most.headers()).hasSize(200);
    refused(String.format(dial, header.repeat(201)), NOT_THIS_OPTION);
    refused(String.format(dial, header.repeat(10_000)), NOT_THIS_OPTION);
    for (String other :
        List.of(
            "<accept xmlns='urn:xmpp:rayo:1'>%s</accept>",
            "<answer xmlns='urn:xmpp:rayo:1'>%s</answer>",
            "<hangup xmlns='urn:xmpp:rayo:1'>%s</hangup>",
            "<redirect xmlns='urn:xmpp:rayo:1' to='sip:a@example.org'>%s</redirect>",
            "<reject xmlns='urn:xmpp:rayo:1'><busy/>%s</reject>")) {
      Refusals.read(String.format(other, header.repeat(200)));
      refused(String.format(other, header.repeat(10_000)), NOT_THIS_OPTION);
    }
  }
}

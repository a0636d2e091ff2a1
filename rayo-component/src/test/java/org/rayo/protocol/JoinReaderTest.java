package org.rayo.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.protocol.Refusals.BAD_REQUEST;
import static org.rayo.protocol.Refusals.NOT_THIS_OPTION;
import static org.rayo.protocol.Refusals.refused;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.JoinRequest.Direction;
import org.rayo.media.JoinRequest.Media;
import org.rayo.protocol.CallCommand.Join;
import org.rayo.protocol.CallCommand.Unjoin;
import org.xmpp.packet.JID;

class JoinReaderTest {

  private static RayoCommand read(String name, String attributes) throws Exception {
    return Refusals.read("<" + name + " xmlns='urn:xmpp:rayo:1' " + attributes + "/>");
  }

  @Test
  void read_join_hasItsDefaults() throws Exception {
    assertThat(read("join", "call-uri='xmpp:callB@rayo.example.org'"))
        .isEqualTo(
            new Join(
                new JoinTarget.OfCall(new JID("callb@rayo.example.org")),
                Direction.DUPLEX,
                Media.BRIDGE));
    assertThat(read("join", "mixer-name='MyMixer' direction='send' media='direct'"))
        .isEqualTo(
            new Join(new JoinTarget.OfMixer("MyMixer", "mymixer"), Direction.SEND, Media.DIRECT));
  }

  @Test
  void read_unjoin_ofOneOrAll() throws Exception {
    assertThat(read("unjoin", "")).isEqualTo(new Unjoin(Optional.empty()));
    assertThat(read("unjoin", "call-uri='c@rayo.example.org'"))
        .isEqualTo(new Unjoin(Optional.of(new JoinTarget.OfCall(new JID("c@rayo.example.org")))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "call-uri=''",
        "call-uri='xmpp:'",
        "call-uri='xmpp:rayo.example.org'",
        "call-uri='xmpp:c@rayo.example.org/component'",
        "call-uri='xmpp:c@rayo.example.org?message'",
        "call-uri='sip:c@rayo.example.org'",
        "call-uri='xmpp:c@rayo.example.org' mixer-name='m'",
        "mixer-name=''",
        "mixer-name='  '",
        "mixer-name='a b'",
        "mixer-name='a@b'",
        "mixer-name='a/b'",
        "mixer-name='m' direction='both'",
        "mixer-name='m' media='cable'"
      })
  void read_joinThatIsNone_isABadRequest(String attributes) {
    refused("<join xmlns='urn:xmpp:rayo:1' " + attributes + "/>", BAD_REQUEST);
  }

  @Test
  void read_namesAndContent_haveBounds() {
    refused("<join xmlns='urn:xmpp:rayo:1' mixer-name='" + "m".repeat(256) + "'/>", BAD_REQUEST);
    refused("<join xmlns='urn:xmpp:rayo:1' mixer-name='m'>now</join>", BAD_REQUEST);
    refused("<join xmlns='urn:xmpp:rayo:1' mixer-name='m' volume='1'/>", NOT_THIS_OPTION);
    refused("<unjoin xmlns='urn:xmpp:rayo:1' call-uri='xmpp:'/>", BAD_REQUEST);
    refused("<unjoin xmlns='urn:xmpp:rayo:1' direction='send'/>", NOT_THIS_OPTION);
  }
}

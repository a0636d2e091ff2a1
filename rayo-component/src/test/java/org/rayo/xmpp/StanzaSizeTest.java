package org.rayo.xmpp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.dom4j.DocumentHelper;
import org.dom4j.Element;
import org.dom4j.QName;
import org.junit.jupiter.api.Test;
import org.xmpp.packet.IQ;
import org.xmpp.packet.PacketError;

class StanzaSizeTest {

  /** 60 KB on the wire, and 200 MB if it were written with the namespace on each child. */
  private static Element writtenLarge() {
    Element iq = DocumentHelper.createElement("iq");
    iq.addAttribute("type", "set").addAttribute("id", "1");
    iq.addAttribute("from", "a@b.example/c").addAttribute("to", "rayo.example");
    Element child = iq.addElement(QName.get("record", "urn:xmpp:rayo:record:1"));
    QName long_ = QName.get("a", "p", "u".repeat(20_000));
    for (int i = 0; i < 10_000; i++) {
      child.addElement(long_);
    }
    return iq;
  }

  @Test
  void isWithin_ordinaryCommand_isTrue() {
    Element record = DocumentHelper.createElement(QName.get("record", "urn:xmpp:rayo:record:1"));
    record.addAttribute("format", "wav");
    assertThat(StanzaSize.isWithin(record, 200)).isTrue();
    assertThat(StanzaSize.isWithin(record, 20)).isFalse();
  }

  @Test
  void isWithin_textThatGrowsByEscapes_isCountedAtItsLongest() {
    Element body = DocumentHelper.createElement("body").addText("\"".repeat(1000));
    assertThat(StanzaSize.isWithin(body, 5900)).isFalse();
    assertThat(StanzaSize.isWithin(body, 6100)).isTrue();
  }

  @Test
  void errorReply_toAStanzaThatWouldGrowHundredfold_repeatsNothingOfIt() {
    IQ reply =
        ErrorReply.to(
            new IQ(writtenLarge(), true),
            PacketError.Condition.not_acceptable,
            PacketError.Type.modify);
    assertThat(reply.getElement().elements()).extracting(Element::getName).containsExactly("error");
    assertThat(reply.getID()).isEqualTo("1");
    assertThat(reply.getTo().toString()).isEqualTo("a@b.example/c");
  }

  @Test
  void router_commandThatWouldGrowHundredfold_isRefusedUnread() {
    FakeSender sender = new FakeSender();
    StanzaRouter router =
        new StanzaRouter(
            "rayo.example",
            sender,
            (address, asker) -> Optional.of(EntityKind.CALL),
            iq -> {
              throw new AssertionError("handed on");
            },
            presence -> {});
    router.stanza(new IQ(writtenLarge(), true));
    assertThat(sender.sent).hasSize(1);
    assertThat(((IQ) sender.sent.get(0)).getError().getCondition())
        .isEqualTo(PacketError.Condition.not_acceptable);
  }
}

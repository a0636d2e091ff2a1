package org.rayo.call;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.call.CallWorld.JULIET;
import static org.rayo.call.CallWorld.ROMEO;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.protocol.Dialect;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Message;
import org.xmpp.packet.Packet;

/** Text to the other side of a call and from it: who may send, who gets it, what goes wrong. */
class CallMessagesTest {

  private static final JID OTHER_ROMEO = new JID("romeo@example.org/orchard");

  private final CallWorld world = CallWorld.answered(ROMEO, JULIET);

  private static Message message(JID from, String text) {
    Message message = new Message();
    message.setID("m1");
    message.setFrom(from);
    message.setTo(new JID("c1", CallWorld.DOMAIN, null));
    message.setBody(text);
    return message;
  }

  private void says(CallWorld where, JID client, String text) {
    where.mailbox.add(new CallActor.TextToSend(message(client, text), text));
    where.deliver();
  }

  private static List<Message> messages(FakeStream stream) {
    return stream.sent().stream()
        .filter(Message.class::isInstance)
        .map(Message.class::cast)
        .toList();
  }

  private static List<String> errors(FakeStream stream) {
    return messages(stream).stream()
        .map(
            message -> {
              assertThat(message.getType()).isEqualTo(Message.Type.error);
              assertThat(message.getID()).isEqualTo("m1");
              assertThat(message.getBody()).isNotEmpty();
              assertThat(message.getError().getText()).isNotBlank();
              return message.getTo()
                  + " "
                  + message.getError().getCondition().toXMPP()
                  + "/"
                  + message.getError().getType();
            })
        .toList();
  }

  @Test
  void message_ofTheControllingPartyAndItsZone_goesToTheOtherSideInOrder() {
    says(world, ROMEO, "Art thou not Romeo?");
    says(world, OTHER_ROMEO, "and a Montague?");
    assertThat(world.media.askedFor())
        .endsWith("message text/plain Art thou not Romeo?", "message text/plain and a Montague?");
    world.media.next().done().complete(null);
    world.media.next().done().complete(null);
    world.deliver();
    assertThat(messages(world.stream)).isEmpty();
  }

  @Test
  void message_ofAnotherZone_isNotAllowed() {
    says(world, JULIET, "x");
    assertThat(errors(world.stream)).containsExactly(JULIET + " not-allowed/cancel");
    assertThat(world.media.askedFor()).noneMatch(asked -> asked.startsWith("message"));
  }

  @Test
  void message_nobodyControlsTheCall_isUnexpectedAndGivesNoControl() {
    CallWorld offered = new CallWorld().available(ROMEO).available(JULIET).announce();
    says(offered, ROMEO, "x");
    assertThat(errors(offered.stream)).containsExactly(ROMEO + " unexpected-request/wait");
    assertThat(CallWorld.outcome(offered.commands(JULIET, "", CallWorld.HANGUP)))
        .isEqualTo("result");
  }

  @Test
  void message_theMediaFails_isAnErrorThatSaysHow() {
    for (Fault fault :
        List.of(Fault.UNSUPPORTED, Fault.WRONG_STATE, Fault.REFUSED, Fault.GONE, Fault.FAILED)) {
      says(world, ROMEO, "x");
      world.media.next().done().completeExceptionally(new MediaException(fault, "for the test"));
      world.deliver();
    }
    assertThat(errors(world.stream))
        .containsExactly(
            ROMEO + " feature-not-implemented/cancel",
            ROMEO + " unexpected-request/wait",
            ROMEO + " bad-request/modify",
            ROMEO + " item-not-found/cancel",
            ROMEO + " internal-server-error/wait");
  }

  @Test
  void message_tooManyOnTheirWay_isRefusedUntilOneHasArrived() {
    for (int i = 0; i < CallMessages.UNDER_WAY_LIMIT; i++) {
      says(world, ROMEO, "x");
    }
    says(world, ROMEO, "one too many");
    assertThat(errors(world.stream)).containsExactly(ROMEO + " resource-constraint/wait");
    world.media.next().done().complete(null);
    world.deliver();
    says(world, ROMEO, "the next");
    assertThat(world.media.askedFor()).last().isEqualTo("message text/plain the next");
  }

  @Test
  void messageReceived_goesToTheControllingPartyOnly() {
    world.media.tell(
        new MediaEvent.MessageReceived("text/plain", "By a name\r\nI know not & how\u0000"));
    world.deliver();
    Message message = messages(world.stream).get(0);
    assertThat(messages(world.stream)).hasSize(1);
    assertThat(message.getElement().attributeValue("type")).isEqualTo("normal");
    assertThat(message.getFrom()).isEqualTo(world.address);
    assertThat(message.getTo()).isEqualTo(ROMEO);
    assertThat(message.getID()).isNotBlank();
    assertThat(message.getBody()).isEqualTo("By a name\nI know not & how\uFFFD");
  }

  @Test
  void messageReceived_afterATakeOver_goesToTheHeir() {
    world.unavailable(ROMEO).deliver();
    world.sends(OTHER_ROMEO, CallWorld.ANSWER);
    world.deliver();
    world.media.tell(new MediaEvent.MessageReceived("text/plain", "x"));
    world.deliver();
    assertThat(messages(world.stream)).extracting(Message::getTo).containsExactly(OTHER_ROMEO);
  }

  @Test
  void messageReceived_whileTheControllingPartyIsAway_isKeptInOrderWithItsEvents() {
    world.unavailable(ROMEO).deliver();
    hears("one");
    hears("two");
    world.media.end(MediaEvent.EndReason.HUNGUP);
    world.deliver();
    assertThat(messages(world.stream)).isEmpty();
    world.available(ROMEO).deliver();
    List<Packet> told =
        world.stream.sent().stream()
            .filter(sent -> !(sent instanceof IQ) && ROMEO.equals(sent.getTo()))
            .toList();
    List<Packet> last = told.subList(told.size() - 3, told.size());
    assertThat(last)
        .extracting(Packet::toXML)
        .satisfiesExactly(
            one -> assertThat(one).contains("one"),
            two -> assertThat(two).contains("two"),
            end -> assertThat(end).contains("<end"));
  }

  @Test
  void messageReceived_tooManyForOneWhoIsAway_pushOutNoEvents() {
    world.unavailable(ROMEO).deliver();
    for (int i = 0; i < CallMessages.KEPT_LIMIT + 1; i++) {
      hears("message " + i);
    }
    world.available(ROMEO).deliver();
    assertThat(messages(world.stream)).hasSize(CallMessages.KEPT_LIMIT);
    hears("lost");
    JID server = new JID(CallWorld.DOMAIN);
    while (world.pings.waiting().contains(server)) {
      world.pings.result(server);
    }
    hears("heard again");
    assertThat(messages(world.stream)).last().extracting(Message::getBody).isEqualTo("heard again");
  }

  private void hears(String text) {
    world.media.tell(new MediaEvent.MessageReceived("text/plain", text));
    world.deliver();
  }

  @Test
  void dispatcher_whatNoCallCanTake_isRefused() {
    FakeStream stream = new FakeStream();
    Clients clients =
        new Clients(
            new JID(CallWorld.DOMAIN),
            stream,
            new FakePings(),
            new DialectPolicy(Dialect.WIKI, List.of()),
            new ClientAdmission(client -> !client.equals(JULIET), false, ClientQuota.ofCalls(0)),
            new FakeClock(),
            100);
    MessageDispatcher dispatcher =
        new MessageDispatcher(new CallDirectory(SecurityZone.Extent.BARE_JID), clients, stream);
    dispatcher.message(message(JULIET, "x"));
    dispatcher.message(message(ROMEO, " \n"));
    dispatcher.message(message(ROMEO, "x"));
    assertThat(errors(stream))
        .containsExactly(
            JULIET + " not-authorized/auth",
            ROMEO + " feature-not-implemented/cancel",
            ROMEO + " item-not-found/cancel");
  }
}

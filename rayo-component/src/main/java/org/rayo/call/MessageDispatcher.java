package org.rayo.call;

import java.util.Optional;
import org.rayo.protocol.StanzaError;
import org.rayo.protocol.StanzaErrors;
import org.rayo.protocol.TextMessages;
import org.rayo.xmpp.ErrorReply;
import org.rayo.xmpp.MessageHandler;
import org.rayo.xmpp.StanzaSender;
import org.xmpp.packet.Message;

/**
 * Hands each message to the call it is for, or answers why not. Runs on the stream's reader thread,
 * so a client's messages reach a call in the order in which it sent them.
 */
public final class MessageDispatcher implements MessageHandler {

  private final CallDirectory calls;
  private final Clients clients;
  private final StanzaSender stream;

  public MessageDispatcher(CallDirectory calls, Clients clients, StanzaSender stream) {
    this.calls = calls;
    this.clients = clients;
    this.stream = stream;
  }

  @Override
  public void message(Message message) {
    Optional<String> text = TextMessages.text(message);
    Optional<StanzaError> barred = clients.mayCommand(message.getFrom());
    String call = message.getTo().getNode();
    if (barred.isPresent()) {
      refuse(stream, message, barred.orElseThrow());
    } else if (text.isEmpty()) {
      refuse(
          stream, message, StanzaError.notImplemented("only the body of a message can be sent on"));
    } else if (!calls.tell(call, new CallActor.TextToSend(message, text.orElseThrow()))) {
      refuse(stream, message, StanzaError.itemNotFound("there is no call " + call));
    }
  }

  /** The message is not delivered. */
  static void refuse(StanzaSender stream, Message message, StanzaError error) {
    stream.send(ErrorReply.to(message, StanzaErrors.packetError(error)));
  }
}

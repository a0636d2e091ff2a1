package org.rayo.call;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.rayo.xmpp.ComponentStreamException;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.PacketError;

/** Pings that are answered by hand. */
final class FakePings implements Function<JID, CompletionStage<IQ>> {

  private record Ping(JID to, CompletableFuture<IQ> answer) {}

  private final List<Ping> waiting = new ArrayList<>();
  private int asked;

  @Override
  public CompletionStage<IQ> apply(JID to) {
    asked++;
    Ping ping = new Ping(to, new CompletableFuture<>());
    waiting.add(ping);
    return ping.answer;
  }

  /** To whom pings are under way. */
  List<JID> waiting() {
    return waiting.stream().map(Ping::to).toList();
  }

  /** How many have been sent to anybody. */
  int asked() {
    return asked;
  }

  /** The entity answers its oldest ping. */
  void result(JID entity) {
    IQ answer = new IQ(IQ.Type.result);
    answer.setFrom(entity);
    take(entity).complete(answer);
  }

  /** Somebody, it itself or its server, answers with an error. */
  void error(JID entity, PacketError.Condition condition) {
    IQ answer = new IQ(IQ.Type.error);
    answer.setFrom(entity);
    answer.setError(condition);
    take(entity).complete(answer);
  }

  void timeOut(JID entity) {
    take(entity)
        .completeExceptionally(
            new ComponentStreamException(ComponentStreamException.Kind.TIMED_OUT, "no answer"));
  }

  /** The connection goes: nothing is answered any more. */
  void disconnect() {
    List<Ping> lost = List.copyOf(waiting);
    waiting.clear();
    lost.forEach(
        ping ->
            ping.answer.completeExceptionally(
                new ComponentStreamException(ComponentStreamException.Kind.DISCONNECTED, "cut")));
  }

  private CompletableFuture<IQ> take(JID entity) {
    for (Ping ping : waiting) {
      if (ping.to.equals(entity)) {
        waiting.remove(ping);
        return ping.answer;
      }
    }
    throw new AssertionError("no ping to " + entity + " waits, only to " + waiting());
  }
}

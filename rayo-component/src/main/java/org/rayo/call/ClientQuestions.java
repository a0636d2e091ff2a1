package org.rayo.call;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import org.rayo.call.ClientSession.Reach;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;

/**
 * Asks clients by pings whether they are there, with growing pauses while they are not. Guarded by
 * the {@link Clients} that owns it.
 */
final class ClientQuestions {

  static final Duration ASK_FIRST = Duration.ofSeconds(2);
  static final Duration ASK_LAST = Duration.ofMinutes(1);

  private final ClientSessions sessions;
  private final Function<JID, CompletionStage<IQ>> pings;
  private final AlarmClock clock;
  private final Executor guarded;
  private final Answers answers;

  /** What comes of a question. */
  interface Answers {

    /** It is there. */
    void found(ClientSession session);

    /** Nothing shows that it is there. */
    void silent(ClientSession session);
  }

  /**
   * @param pings asks an entity whether it is there; completes with the answer of whoever gave it
   * @param guarded runs what comes later, at once and guarded as all else
   */
  ClientQuestions(
      ClientSessions sessions,
      Function<JID, CompletionStage<IQ>> pings,
      AlarmClock clock,
      Executor guarded,
      Answers answers) {
    this.sessions = sessions;
    this.pings = pings;
    this.clock = clock;
    this.guarded = guarded;
    this.answers = answers;
  }

  /** Asks a client whether it is there. */
  void ask(ClientSession session) {
    if (!sessions.isConnected() || !sessions.has(session)) {
      return;
    }
    long question = session.ask(clock.now());
    pings
        .apply(session.jid)
        .whenComplete(
            (answer, failure) ->
                guarded.execute(
                    () ->
                        answered(
                            session,
                            question,
                            Optional.ofNullable(answer),
                            Optional.ofNullable(failure))));
  }

  private void answered(
      ClientSession session, long question, Optional<IQ> answer, Optional<Throwable> failure) {
    if (!session.isAsked(question) || !sessions.has(session)) {
      return;
    }
    if (answer.filter(PingAnswers::comesFromTheClient).isPresent()) {
      session.answersPings = true;
      answers.found(session);
    } else if (failure.filter(PingAnswers::isOurs).isPresent()) {
      askLater(session);
    } else if (session.reach() == Reach.UNVERIFIED
        || (session.isPresent() && session.answersPings)) {
      answers.silent(session);
    } else {
      askLater(session);
    }
  }

  /** Whoever is not there, and is waited for, is asked again. */
  void askLater(ClientSession session) {
    if (session.isPresent() || !sessions.has(session)) {
      return;
    }
    long question = session.ask(clock.now());
    clock.after(
        session.nextPause(ASK_FIRST, ASK_LAST),
        () ->
            guarded.execute(
                () -> {
                  if (session.isAsked(question)) {
                    ask(session);
                  }
                }));
  }
}

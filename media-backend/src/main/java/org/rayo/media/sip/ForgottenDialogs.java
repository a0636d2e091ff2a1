package org.rayo.media.sip;

import java.text.ParseException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import javax.sip.ClientTransaction;
import javax.sip.InvalidArgumentException;
import javax.sip.ResponseEvent;
import javax.sip.SipException;
import javax.sip.message.Request;
import org.rayo.media.MediaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends dialogs of a run that has died: a BYE for each, without a dialog in the stack. */
final class ForgottenDialogs {

  private static final Logger log = LoggerFactory.getLogger(ForgottenDialogs.class);

  /** From the first BYE. Over UDP it has been sent four times then; the stack goes on with it. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** What the run before may have sent that nobody wrote down. */
  private static final long SEQUENCE_GAP = 100;

  private final SipEndpoint endpoint;
  private final Executor departures;
  private final ScheduledExecutorService timers;
  private final Set<Farewell> underWay = ConcurrentHashMap.newKeySet();

  /**
   * Of an endpoint.
   *
   * @param departures may wait for TCP connections
   */
  ForgottenDialogs(SipEndpoint endpoint, Executor departures, ScheduledExecutorService timers) {
    this.endpoint = endpoint;
    this.departures = departures;
    this.timers = timers;
  }

  /** As {@link org.rayo.media.MediaBackend#endForgotten}. */
  CompletionStage<Void> end(String text) {
    Farewell farewell = new Farewell();
    try {
      DialogState dialog = DialogState.parse(text);
      Request bye = bye(dialog);
      underWay.add(farewell);
      departures.execute(() -> send(bye, farewell));
      log.info("call {}: BYE for what a run before has left", dialog.callId());
    } catch (MediaException e) {
      farewell.done.completeExceptionally(e);
    } catch (RejectedExecutionException closed) {
      farewell.answered();
    }
    return farewell.done.minimalCompletionStage();
  }

  /** Whoever waits need not wait any more. */
  void close() {
    underWay.forEach(Farewell::answered);
  }

  private Request bye(DialogState dialog) throws MediaException {
    String host =
        endpoint.bound().isAnyLocalAddress() ? dialog.host() : endpoint.bound().getHostAddress();
    long sequence = Math.min(dialog.sequence() + SEQUENCE_GAP, DialogState.MOST);
    try {
      return endpoint.messages().within(dialog, Request.BYE, sequence, host, endpoint.port());
    } catch (ParseException | InvalidArgumentException e) {
      throw DialogState.unreadable(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) { // the stack's parser was not made for any text
      log.debug("a dialog's state made the parser fail", e);
      throw DialogState.unreadable("it makes no request");
    }
  }

  private void send(Request bye, Farewell farewell) {
    try {
      Future<?> unused =
          timers.schedule(farewell::answered, PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      ClientTransaction transaction = endpoint.provider().getNewClientTransaction(bye);
      transaction.setApplicationData(farewell);
      transaction.sendRequest();
    } catch (SipException | RuntimeException e) { // whatever it was: nobody can be reached
      log.info("BYE to {} cannot be sent: {}", bye.getRequestURI(), e.toString());
      farewell.answered();
    }
  }

  /** One BYE; its transaction's own data. */
  final class Farewell implements SentRequest {
    private final CompletableFuture<Void> done = new CompletableFuture<>();

    @Override
    public void responded(ResponseEvent event) {
      if (event.getResponse().getStatusCode() >= 200) {
        answered();
      }
    }

    @Override
    public void unanswered() {
      answered();
    }

    /** By the other side, or never will be. */
    void answered() {
      underWay.remove(this);
      done.complete(null);
    }
  }
}

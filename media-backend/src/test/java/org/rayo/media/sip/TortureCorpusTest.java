package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rayo.media.MediaCall;

/** What the endpoint answers to the messages of RFC 4475, and that it goes on. */
class TortureCorpusTest {
  private Backend backend;

  private final ErrorLog log = new ErrorLog();

  /** Call-IDs of messages whose answers are not waited for: their calls may come at any time. */
  private final Set<String> unheeded = new HashSet<>();

  @BeforeEach
  void start() throws Exception {
    backend = Backend.start();
  }

  @AfterEach
  void stop() {
    backend.close();
    log.close();
  }

  /** No thread met what it was not made for, and the next call is taken. */
  private void assertUnharmed() throws Exception {
    try (SipCaller caller = SipCaller.udp(backend.port())) {
      caller.invite();
      var answer = awaitCall().answer(List.of());
      caller.ack(caller.awaitStatus(200));
      Listening.done(answer);
      caller.bye();
      assertThat(caller.awaitFinal("BYE").status()).isEqualTo(200);
    }
    assertThat(log.errors()).isEmpty();
  }

  @Test
  void corpus_overUdp_isAnsweredAsTheRfcAsks() throws Exception {
    List<String> wrong = new ArrayList<>();
    for (TortureCorpus.Message message : TortureCorpus.all()) {
      try (SipCaller caller = SipCaller.udp(backend.port())) {
        judge(message, answer(caller, message.text().apply(caller)), wrong);
      }
    }
    System.out.printf(
        "figure: RFC 4475 over UDP: %d messages, %d answered wrongly%n",
        TortureCorpus.all().size(), wrong.size());
    assertThat(wrong).isEmpty();
    assertUnharmed();
  }

  @Test
  void corpus_overTcp_isAnsweredAsTheRfcAsks() throws Exception {
    List<String> wrong = new ArrayList<>();
    int sent = 0;
    for (TortureCorpus.Message message : TortureCorpus.all()) {
      try (SipCaller caller = SipCaller.tcp(backend.port())) {
        String text = message.text().apply(caller);
        if (message.overTcp()) {
          judge(message, answer(caller, text), wrong);
        } else {
          // Where it ends cannot be told on a stream: it is that connection's loss.
          unheeded.add(caller.callId);
          caller.raw(text);
        }
        sent++;
      }
    }
    System.out.printf(
        "figure: RFC 4475 over TCP: %d messages, %d answered wrongly%n", sent, wrong.size());
    assertThat(wrong).isEmpty();
    assertUnharmed();
  }

  /** The first status that comes before the answer to what is sent next. */
  private int answer(SipCaller caller, String text) {
    caller.raw(text);
    String branch = SipCaller.branch();
    int first = TortureCorpus.NOTHING;
    try {
      caller.raw(caller.text("OPTIONS", branch, ""));
      while (true) {
        SipText next = caller.next();
        if (next.header("Via").contains(branch)) {
          return first;
        }
        first = first == TortureCorpus.NOTHING ? next.status() : first;
      }
    } catch (SipCaller.ConnectionClosed | UncheckedIOException closed) {
      // What cannot be parsed costs a stream its connection.
      return first == TortureCorpus.NOTHING ? TortureCorpus.CLOSED : first;
    }
  }

  private MediaCall awaitCall() throws InterruptedException {
    MediaCall call = backend.awaitCall();
    while (isUnheeded(call)) {
      call = backend.awaitCall();
    }
    return call;
  }

  private boolean isUnheeded(MediaCall call) {
    return unheeded.contains(call.signallingId());
  }

  private void judge(TortureCorpus.Message message, int status, List<String> wrong)
      throws Exception {
    if (status == TortureCorpus.CALL) {
      MediaCall call = awaitCall();
      Listening.done(call.reject(MediaCall.RejectReason.BUSY, List.of()));
    }
    backend.incoming.removeIf(this::isUnheeded);
    MediaCall uncalled = backend.incoming.poll(0, TimeUnit.SECONDS);
    boolean right =
        message.wanted().contains(status)
            || (status == TortureCorpus.CLOSED
                && message.wanted().stream().anyMatch(s -> s == 400 || s == 0));
    if (!right || (uncalled != null && !isUnheeded(uncalled))) {
      wrong.add(message.section() + " -> " + status + ", wanted " + message.wanted());
    }
  }
}

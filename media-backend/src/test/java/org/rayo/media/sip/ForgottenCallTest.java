package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.media.sip.Listening.done;
import static org.rayo.media.sip.Listening.failure;

import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaException.Fault;

/** A run that has died had calls: the one after it ends them. */
class ForgottenCallTest {

  private Backend died;
  private Backend next;

  @BeforeEach
  void start() throws Exception {
    died = Backend.start();
    next = Backend.start();
  }

  @AfterEach
  void stop() {
    died.closeLater();
    next.closeLater();
  }

  /** An answered call, and what its run had written down. */
  private record Up(MediaCall call, Listening heard, SipText ok) {
    String state() {
      return call.dialogState().orElseThrow();
    }

    /** Our tag, which only the run that died has given. */
    String tag() {
      return ok.header("To").replaceAll(".*tag=([^;>]*).*", "$1");
    }
  }

  private Up callUp(SipCaller caller, ContactPhone phone, String... headers) throws Exception {
    caller.raw(
        phone.asContact(caller.text("INVITE", SipCaller.branch(), SipCaller.sdp(40000), headers)));
    MediaCall call = died.awaitCall();
    Listening heard = Listening.to(call);
    assertThat(call.dialogState()).isEmpty();
    var answer = call.answer(List.of());
    SipText ok = caller.awaitStatus(200);
    caller.ack(ok);
    done(answer);
    return new Up(call, heard, ok);
  }

  private SipCaller caller(String transport) throws Exception {
    return transport.equals("udp") ? SipCaller.udp(died.port()) : SipCaller.tcp(died.port());
  }

  @ParameterizedTest
  @ValueSource(strings = {"udp", "tcp"})
  void established_byeOfAnotherRun_isOfTheSameDialog(String transport) throws Exception {
    try (SipCaller caller = caller(transport);
        ContactPhone phone = ContactPhone.on(transport)) {
      Up up = callUp(caller, phone);
      String state = up.state();
      assertThat(state).matches("[!-~]+");
      assertThat(up.heard().awaitDialog()).isEqualTo(state);

      CompletionStage<Void> ended = next.backend.endForgotten(state);
      SipText bye = phone.await();
      assertThat(bye.firstLine()).startsWith("BYE sip:ann@127.0.0.1:" + phone.port());
      assertThat(bye.header("Call-ID")).isEqualTo(caller.callId);
      assertThat(bye.header("From"))
          .contains("<sip:rayo@example.org>")
          .endsWith(";tag=" + up.tag());
      assertThat(bye.header("To"))
          .contains("<sip:ann@example.net>")
          .endsWith(";tag=" + caller.fromTag);
      assertThat(bye.header("CSeq")).matches("[0-9]{3,} BYE");
      assertThat(bye.header("Via")).containsIgnoringCase(transport + " 127.0.0.1:" + next.port());
      assertThat(bye.header("Max-Forwards")).isEqualTo("70");
      assertThat(ended.toCompletableFuture()).isNotDone();
      phone.answer("200 OK");
      done(ended);
    }
  }

  @Test
  void tcpCallerWhoseContactNamesNoTransport_isReachedByTcp() throws Exception {
    try (SipCaller caller = SipCaller.tcp(died.port());
        ContactPhone phone = ContactPhone.on("tcp").namingNoTransport()) {
      Up up = callUp(caller, phone);
      CompletionStage<Void> ended = next.backend.endForgotten(up.state());
      assertThat(phone.await().firstLine()).startsWith("BYE ");
      phone.answer("200 OK");
      done(ended);
    }
  }

  @ParameterizedTest
  @CsvSource({"481 Gone", "401 Who are you", "500 No", "302 Elsewhere"})
  void refused_isAnswerEnough(String status) throws Exception {
    try (SipCaller caller = SipCaller.udp(died.port());
        ContactPhone phone = ContactPhone.on("udp")) {
      Up up = callUp(caller, phone);
      CompletionStage<Void> ended = next.backend.endForgotten(up.state());
      phone.await();
      phone.answer(status);
      done(ended);
    }
  }

  @Test
  void unanswered_isSentAgainAndGivenUp() throws Exception {
    try (SipCaller caller = SipCaller.udp(died.port());
        ContactPhone phone = ContactPhone.on("udp")) {
      Up up = callUp(caller, phone);
      CompletionStage<Void> ended = next.backend.endForgotten(up.state());
      String first = phone.await().text();
      assertThat(phone.await().text()).isEqualTo(first);
      assertThat(phone.await().text()).isEqualTo(first);
      assertThat(ended.toCompletableFuture().get(10, TimeUnit.SECONDS)).isNull();
    }
  }

  @Test
  void nobodyListens_isGivenUp() throws Exception {
    String state;
    try (SipCaller caller = SipCaller.tcp(died.port());
        ContactPhone phone = ContactPhone.on("tcp")) {
      state = callUp(caller, phone).state();
    }
    done(next.backend.endForgotten(state));
  }

  @Test
  void close_whileUnanswered_completes() throws Exception {
    try (SipCaller caller = SipCaller.udp(died.port());
        ContactPhone phone = ContactPhone.on("udp")) {
      Up up = callUp(caller, phone);
      CompletionStage<Void> ended = next.backend.endForgotten(up.state());
      phone.await();
      next.backend.close();
      done(ended);
      assertThat(failure(next.backend.endForgotten(up.state())).fault())
          .isEqualTo(Fault.WRONG_STATE);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"INVITE", "UPDATE"})
  void callerMovesElsewhere_byeGoesThere(String method) throws Exception {
    try (SipCaller caller = SipCaller.udp(died.port());
        ContactPhone before = ContactPhone.on("udp");
        ContactPhone after = ContactPhone.on("udp")) {
      Up up = callUp(caller, before);
      String first = up.heard().awaitDialog();
      caller.raw(
          after.asContact(
              caller
                  .text(method, SipCaller.branch(), SipCaller.sdp(40000, "sendonly"))
                  .replace("CSeq: 1 ", "CSeq: 7 ")));
      SipText ok = caller.awaitFinal(method);
      assertThat(ok.status()).isEqualTo(200);
      String second = up.heard().awaitDialog();
      assertThat(second).isNotEqualTo(first).isEqualTo(up.state());
      CompletionStage<Void> ended = next.backend.endForgotten(second);
      assertThat(after.await().firstLine()).contains(":" + after.port());
      after.answer("200 OK");
      done(ended);
    }
  }

  @Test
  void recordRoute_byeTakesTheSameWay() throws Exception {
    try (SipCaller caller = SipCaller.udp(died.port());
        ContactPhone phone = ContactPhone.on("udp");
        ContactPhone proxy = ContactPhone.on("udp")) {
      String near = "<sip:127.0.0.1:" + proxy.port() + ";lr>";
      Up up =
          callUp(caller, phone, "Record-Route: " + near, "Record-Route: <sip:far.example.net;lr>");
      CompletionStage<Void> ended = next.backend.endForgotten(up.state());
      SipText bye = proxy.await();
      assertThat(bye.firstLine()).contains(":" + phone.port());
      assertThat(String.join(",", bye.headers("Route")))
          .isEqualTo(near + ",<sip:far.example.net;lr>");
      proxy.answer("200 OK");
      done(ended);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "*",
        "<tel:+491234>",
        "<mailto:ann@example.net>",
        "\"A \\\" B\" <sip:a%20b@127.0.0.1;x=y?z=1>;q=1",
        "<sip:ann@[::1]:5>"
      })
  void oddContact_callIsUpNevertheless(String contact) throws Exception {
    try (SipCaller caller = SipCaller.udp(died.port())) {
      caller.raw(
          caller
              .text("INVITE", SipCaller.branch(), SipCaller.sdp(40000))
              .replaceFirst("Contact: [^\r]*", Matcher.quoteReplacement("Contact: " + contact)));
      SipText first = caller.next();
      if (first.status() != 100) {
        assertThat(first.status()).isEqualTo(400);
        return;
      }
      MediaCall call = died.awaitCall();
      var answer = call.answer(List.of());
      caller.ack(caller.awaitStatus(200));
      done(answer);
      if (call.dialogState().isPresent()) {
        assertThat(next.backend.endForgotten(call.dialogState().get())).isNotNull();
      }
    }
  }

  @Test
  void over_stateIsGone() throws Exception {
    try (SipCaller caller = SipCaller.udp(died.port());
        ContactPhone phone = ContactPhone.on("udp")) {
      Up up = callUp(caller, phone);
      caller.bye();
      up.heard().awaitEnd();
      assertThat(up.call().dialogState()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "v",
        "v=1",
        "v=2&call-id=a",
        "%",
        "v=1&call-id=a&local=b&local-tag=c&remote=d&remote-tag=e&target=f&cseq=g&transport=h&host=i",
        "v=1&call-id=a&local=sip:b&local-tag=c&remote=sip:d&remote-tag=e&target=%3C%3E&cseq=1&transport=udp&host=i",
        "v=1&call-id=a&local=sip:b&local-tag=c&remote=sip:d&remote-tag=e&target=sip:f&cseq=99999999999&transport=udp&host=i"
      })
  void textThatIsNoState_fails(String text) throws Exception {
    assertThat(failure(next.backend.endForgotten(text)).fault()).isEqualTo(Fault.FAILED);
  }

  @Test
  void mutatedText_neverThrows() throws Exception {
    String state;
    try (SipCaller caller = SipCaller.udp(died.port());
        ContactPhone phone = ContactPhone.on("udp")) {
      state = callUp(caller, phone).state();
    }
    Random random = new Random(4711);
    for (int i = 0; i < 300; i++) {
      StringBuilder text = new StringBuilder(state);
      for (int j = random.nextInt(4); j >= 0; j--) {
        text.setCharAt(random.nextInt(text.length()), (char) (' ' + random.nextInt(95)));
      }
      assertThat(next.backend.endForgotten(text.toString())).isNotNull();
    }
  }
}

package org.rayo.media.freeswitch.eventsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.media.freeswitch.eventsocket.Connected.expectFailure;
import static org.rayo.media.freeswitch.eventsocket.Connected.failure;
import static org.rayo.media.freeswitch.eventsocket.Connected.get;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.rayo.media.freeswitch.eventsocket.EventSocketException.Kind;

/** How a connection ends, what then happens to what waited, and how it comes back. */
final class ReconnectTest {

  private static final ApiCommand STATUS = ApiCommand.of("status");
  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void hundredReconnections_leaveOneConnection_oneFilterEach_oneListener() {
    try (Connected to = new Connected()) {
      to.connection.watch("call-1");
      to.connection.watch("call-1");
      to.connection.watch("call-2");
      to.connection.watch("call-3");
      to.connection.unwatch("call-2");
      RawSwitch.Visit visit = to.up();
      int threads = 0;
      for (int i = 0; i < 100; i++) {
        visit.close();
        assertThat(to.heard.expectLost()).startsWith("lost ");
        visit = to.up();
        if (i == 0) {
          threads = Thread.activeCount();
          to.connection.unwatch("call-3");
          visit.expect("filter delete Unique-ID call-3");
          to.connection.watch("call-4");
          visit.expect("filter Unique-ID call-4");
          visit.say(Wire.commandReply("+OK") + Wire.commandReply("+OK"));
        }
      }
      assertThat(visit.filters())
          .containsExactly(
              "Event-Name HEARTBEAT",
              "Event-Name BACKGROUND_JOB",
              "Unique-ID call-1",
              "Unique-ID call-4");
      visit.say(Wire.event("Event-Name", "CHANNEL_HANGUP", "Unique-ID", "call-1"));
      CompletionStage<Reply> reply = to.connection.api(STATUS);
      visit.expect("api status");
      visit.say(Wire.apiResponse("+OK"));
      get(reply);
      assertThat(to.heard.expectEvent().uniqueId()).contains("call-1");
      assertThat(to.heard.waiting()).isZero();
      assertThat(Thread.activeCount()).isLessThanOrEqualTo(threads + 1);
    }
  }

  @Test
  void watch_whileUp_isAFilterAtOnce_beforeTheNextCommand() {
    try (Connected to = new Connected()) {
      RawSwitch.Visit visit = to.up();
      to.connection.watch("call-1");
      to.connection.watch("call-1");
      to.connection.api(STATUS);
      visit.expect("filter Unique-ID call-1");
      visit.expect("api status");
    }
  }

  @Test
  void peerGone_inMidFrame_failsAllCommandsAtOnce() {
    try (Connected to = new Connected()) {
      RawSwitch.Visit visit = to.up();
      List<CompletionStage<Reply>> waiting =
          Stream.concat(
                  IntStream.range(0, 50).mapToObj(i -> to.connection.api(STATUS)),
                  IntStream.range(0, 50).mapToObj(i -> to.connection.bgapi(STATUS, LONG)))
              .toList();
      for (int i = 0; i < 100; i++) {
        visit.command();
      }
      visit.say("Content-Type: api/response\nContent-Length: 100\n\n+OK half");
      visit.close();
      waiting.forEach(reply -> expectFailure(reply, Kind.LOST));
      assertThat(to.heard.expectLost()).contains("closed by the peer");
      to.up();
    }
  }

  @Test
  void commands_whileThereIsNoConnection_failAtOnce() {
    try (Connected to = new Connected()) {
      EventSocketException failure = failure(to.connection.api(STATUS));
      assertThat(failure.kind()).isEqualTo(Kind.LOST);
      assertThat(failure.getMessage()).contains("connecting");
      expectFailure(to.connection.bgapi(STATUS, LONG), Kind.LOST);
      expectFailure(to.connection.execute("call", "park", "", "1"), Kind.LOST);
    }
  }

  @Test
  void notice_isTheReason() {
    try (Connected to = new Connected()) {
      RawSwitch.Visit visit = to.up();
      String notice = "The system is being shut down.\n";
      visit.say("Content-Type: text/disconnect-notice\nContent-Length: 31\n\n".concat(notice));
      assertThat(to.heard.expectLost()).contains("The system is being shut down.");
      visit.expectEnd();
    }
  }

  @Test
  void garbage_endsTheConnection_andItComesBack() {
    try (Connected to = new Connected()) {
      List<String> garbage =
          List.of(
              "HTTP/1.1 400 Bad Request\r\n\r\n",
              "Content-Type: api/response\nContent-Length: -5\n\n",
              Wire.apiResponse("+OK nobody asked"),
              "x".repeat(FrameReader.HEAD_LIMIT + 10));
      for (String text : garbage) {
        RawSwitch.Visit visit = to.up();
        visit.say(text);
        to.heard.expectLost();
        visit.expectEnd();
      }
      to.up();
    }
  }

  @Test
  void mutatedFrames_endTheConnectionAtMost() {
    StringBuilder wire = new StringBuilder();
    Wire.transcript().stream().limit(12).forEach(each -> wire.append(each.onTheWire()));
    byte[] original = wire.toString().getBytes(StandardCharsets.UTF_8);
    Random random = new Random(3);
    try (LogLines log = new LogLines();
        Connected to = new Connected()) {
      for (int round = 0; round < 150; round++) {
        RawSwitch.Visit visit = to.up();
        List<CompletionStage<Reply>> waiting =
            Stream.generate(() -> to.connection.api(STATUS)).limit(10).toList();
        visit.sayOrBeCut(Wire.mutated(original, random));
        visit.close();
        Object news = to.heard.next();
        while (news instanceof SwitchEvent) {
          news = to.heard.next();
        }
        assertThat(news).asString().startsWith("lost ");
        for (CompletionStage<Reply> reply : waiting) {
          assertThat(reply.toCompletableFuture().handle((done, failed) -> true))
              .succeedsWithin(LONG);
        }
      }
      to.up();
      assertThat(log.about("ERROR")).isEmpty();
    }
  }

  @Test
  void otherServer_thatIsNoEventSocket_isLeft() {
    try (LogLines log = new LogLines();
        Connected to = new Connected()) {
      for (int i = 0; i < 3; i++) {
        RawSwitch.Visit visit = to.server.accept();
        visit.say("Content-Type: text/html\n\n");
        visit.expectEnd();
      }
      assertThat(log.about(to.server.address().toString()))
          .singleElement()
          .asString()
          .contains("no event socket");
    }
  }

  @Test
  void silentPeer_isLostWithinItsHeartbeat_onceItHasBeenAsked() {
    try (Connected to = new Connected(Connected.with(LONG, Duration.ofMillis(400)))) {
      RawSwitch.Visit visit = to.up();
      long since = System.nanoTime();
      CompletionStage<Reply> waiting = to.connection.bgapi(STATUS, LONG);
      expectFailure(waiting, Kind.LOST);
      assertThat(System.nanoTime() - since).isGreaterThan(300_000_000L);
      assertThat(to.heard.expectLost()).isEqualTo("lost nothing was heard of it for 400 ms");
      visit.expectEnd();
      visit = to.up();
      visit.expect("nolog");
      to.heard.expectLost();
    }
  }

  @Test
  void idlePeer_thatAnswers_staysUp() {
    try (Connected to = new Connected(Connected.with(LONG, Duration.ofMillis(1500)))) {
      RawSwitch.Visit visit = to.up();
      for (int i = 0; i < 3; i++) {
        visit.expect("nolog");
        visit.say(Wire.commandReply("-ERR not loging"));
      }
      assertThat(to.heard.waiting()).isZero();
      assertThat(to.connection.isUp()).isTrue();
    }
  }

  @Test
  void peer_thatNeverGreets_isLeftAfterTheConnectTimeout() {
    ConnectionSettings quick =
        new ConnectionSettings(
            Duration.ofMillis(200), LONG, LONG, Duration.ofMillis(5), Duration.ofMillis(20));
    try (Connected to = new Connected(quick)) {
      RawSwitch.Visit silent = to.server.accept();
      silent.expectEnd();
      RawSwitch.Visit halfWay = to.server.accept();
      assertThat(to.connection.state()).contains("not up within 200 ms");
      halfWay.say("Content-Type: auth/request\n\n");
      halfWay.expectEnd();
      assertThat(to.heard.waiting()).isZero();
    }
  }

  @Test
  void wrongPassword_isLoggedOnce_andTriedAgainSlowly() {
    ConnectionSettings settings =
        new ConnectionSettings(LONG, LONG, LONG, Duration.ofMillis(1), Duration.ofMillis(500));
    try (LogLines log = new LogLines();
        Connected to = new Connected(settings)) {
      long since = System.nanoTime();
      for (int i = 0; i < 3; i++) {
        RawSwitch.Visit visit = to.server.accept();
        visit.say("Content-Type: auth/request\n\n");
        visit.expect("auth ClueCon");
        visit.say(Wire.commandReply("-ERR invalid"));
        visit.expectEnd();
      }
      // Two pauses of 500 ms, a fifth less at most; quick ones would be of 1 and 2 ms.
      assertThat(System.nanoTime() - since).isGreaterThan(780_000_000L);
      assertThat(log.about(to.server.address().toString()))
          .singleElement()
          .asString()
          .startsWith("ERROR ")
          .contains("does not accept the password: invalid")
          .doesNotContain("ClueCon");
      assertThat(to.connection.state()).contains("password");
      expectFailure(to.connection.api(STATUS), Kind.LOST);
      to.up();
      assertThat(to.connection.state()).isEqualTo("up");
    }
  }

  @Test
  void rudeRejection_isLoggedOnce_andSaysWhereToLook() {
    try (LogLines log = new LogLines();
        Connected to = new Connected()) {
      for (int i = 0; i < 3; i++) {
        RawSwitch.Visit visit = to.server.accept();
        visit.say(
            "Content-Type: text/rude-rejection\nContent-Length: 24\n\nAccess Denied, go away.\n");
        visit.expectEnd();
      }
      assertThat(log.about(to.server.address().toString()))
          .singleElement()
          .asString()
          .startsWith("ERROR ")
          .contains("apply-inbound-acl", "Access Denied, go away.");
    }
  }

  @Test
  void refusedEvents_areNotUp() {
    try (LogLines log = new LogLines();
        Connected to = new Connected()) {
      RawSwitch.Visit visit = to.server.accept();
      visit.say("Content-Type: auth/request\n\n");
      visit.command();
      visit.say(Wire.commandReply("+OK accepted"));
      visit.command();
      visit.command();
      assertThat(visit.command()).startsWith("event plain");
      visit.say(
          Wire.commandReply("+OK")
              + Wire.commandReply("+OK")
              + Wire.commandReply("-ERR permission denied"));
      visit.expectEnd();
      to.server.accept();
      assertThat(log.about("permission denied")).hasSize(1);
      assertThat(to.heard.waiting()).isZero();
    }
  }

  @Test
  void nobodyThere_isSaidOnce() throws InterruptedException {
    RawSwitch gone = new RawSwitch();
    Address address = gone.address();
    gone.close();
    try (LogLines log = new LogLines();
        Connected to = new Connected()) {
      SwitchConnection nowhere = to.open(address, Connected.PATIENT, new Heard());
      SwitchConnection unknown =
          to.open(new Address("nowhere.invalid", 8021, "x"), Connected.PATIENT, new Heard());
      SwitchConnection bad =
          to.open(new Address("::zz", 8021, "x"), Connected.PATIENT, new Heard());
      for (int i = 0; i < 1000 && !unknown.state().contains("unknown"); i++) {
        Thread.sleep(20);
      }
      Thread.sleep(200);
      assertThat(log.about(address.toString())).hasSize(1);
      assertThat(log.about("nowhere.invalid:8021")).hasSize(1);
      assertThat(bad.state()).contains("unknown");
      nowhere.close();
      unknown.close();
    }
  }

  @Test
  void close_failsWhatWaits_andTellsNothing() {
    try (Connected to = new Connected()) {
      RawSwitch.Visit visit = to.up();
      CompletionStage<Reply> api = to.connection.api(STATUS);
      CompletionStage<Reply> job = to.connection.bgapi(STATUS, LONG);
      visit.command();
      to.connection.close();
      expectFailure(api, Kind.CLOSED);
      expectFailure(job, Kind.CLOSED);
      expectFailure(to.connection.api(STATUS), Kind.CLOSED);
      visit.expectEnd();
      to.connection.close();
      assertThat(to.connection.isUp()).isFalse();
      assertThat(to.heard.waiting()).isZero();
    }
  }

  @Test
  void closedLoop_failsWhatWaitsAndWhatComes() {
    try (Connected to = new Connected()) {
      RawSwitch.Visit visit = to.up();
      CompletionStage<Reply> api = to.connection.api(STATUS);
      visit.command();
      to.loop.close();
      expectFailure(api, Kind.CLOSED);
      expectFailure(to.connection.api(STATUS), Kind.CLOSED);
      visit.expectEnd();
      assertThat(to.heard.waiting()).isZero();
    }
  }
}

package org.rayo.media.freeswitch.eventsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.rayo.media.freeswitch.eventsocket.Connected.expectFailure;
import static org.rayo.media.freeswitch.eventsocket.Connected.failure;
import static org.rayo.media.freeswitch.eventsocket.Connected.get;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.freeswitch.eventsocket.EventSocketException.Kind;
import org.rayo.media.freeswitch.eventsocket.SwitchEvent.Field;

/** Commands, replies and events on a connection that is up. */
final class SwitchConnectionTest {

  private static final String CALL = "ebf2f1cf-eff4-41d4-baad-982c482c7537";
  private static final ApiCommand EXISTS = ApiCommand.of("uuid_exists", CALL);
  private static final ApiCommand ORIGINATE = DialString.to("loopback/x").originate("park", "");
  private static final Duration LONG = Duration.ofSeconds(30);

  @Test
  void opened_setsFiltersBeforeEvents_andIsUp() {
    try (Connected to = new Connected()) {
      RawSwitch.Visit visit = to.up();
      assertThat(visit.filters())
          .containsExactly("Event-Name HEARTBEAT", "Event-Name BACKGROUND_JOB");
      assertThat(visit.events())
          .isEqualTo("BACKGROUND_JOB CHANNEL_HANGUP HEARTBEAT CUSTOM conference::maintenance");
      assertThat(to.connection.isUp()).isTrue();
      assertThat(to.connection.state()).isEqualTo("up");
    }
  }

  @Test
  void password_isNeverTold() {
    Address address = new Address("127.0.0.1", 8021, "so secret");
    assertThat(address.toString()).isEqualTo("127.0.0.1:8021");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new Address("h", 1, "so\nsecret"))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
  }

  @Test
  void api_repliesInOrder_goToTheirCommands() {
    try (Connected to = new Connected()) {
      RawSwitch.Visit visit = to.up();
      List<CompletionStage<Reply>> replies =
          IntStream.range(0, 100)
              .mapToObj(i -> to.connection.api(ApiCommand.of("uuid_exists", "call-" + i)))
              .toList();
      for (int i = 0; i < 100; i++) {
        visit.expect("api uuid_exists call-" + i);
        visit.say(
            Wire.event("Event-Name", "HEARTBEAT", "Number", "" + i)
                + Wire.apiResponse((i % 2 == 0 ? "+OK " : "-ERR ") + i + "\n"));
      }
      for (int i = 0; i < 100; i++) {
        assertThat(get(replies.get(i))).isEqualTo(new Reply(i % 2 == 0, "" + i));
        assertThat(to.heard.expectEvent().header("Number")).contains("" + i);
      }
    }
  }

  @Test
  void replies_ofAllForms_areUnderstood() {
    assertThat(Reply.of("+OK\n")).isEqualTo(new Reply(true, ""));
    assertThat(Reply.of("true")).isEqualTo(new Reply(true, "true"));
    assertThat(Reply.of("-ERR No such channel!\n")).isEqualTo(new Reply(false, "No such channel!"));
    assertThat(Reply.of("-USAGE: <uuid>")).isEqualTo(new Reply(false, "USAGE: <uuid>"));
    assertThat(Reply.of("")).isEqualTo(new Reply(true, ""));
  }

  @Test
  void api_thatIsNotPermitted_hasItsReply() {
    try (Connected to = new Connected()) {
      RawSwitch.Visit visit = to.up();
      CompletionStage<Reply> reply = to.connection.api(EXISTS);
      visit.expect("api uuid_exists " + CALL);
      visit.say(Wire.commandReply("-ERR permission denied"));
      assertThat(get(reply)).isEqualTo(new Reply(false, "permission denied"));
    }
  }

  @Test
  void api_whoseReplyIsLate_timesOut_andItsReplyIsNotTakenForTheNext() {
    Duration soon = Duration.ofMillis(100);
    try (Connected to = new Connected(Connected.with(soon, Duration.ofSeconds(60)))) {
      RawSwitch.Visit visit = to.up();
      CompletionStage<Reply> late = to.connection.api(ApiCommand.of("first"));
      assertThat(failure(late).getMessage()).isEqualTo("no reply to api first within 100 ms");
      visit.expect("api first");
      CompletionStage<Reply> next = to.connection.api(ApiCommand.of("second"));
      visit.expect("api second");
      visit.say(Wire.apiResponse("+OK first") + Wire.apiResponse("+OK second"));
      assertThat(get(next).text()).isEqualTo("second");
    }
  }

  @Test
  void replies_thatNeverCome_endTheConnection_thoughEventsCome() throws InterruptedException {
    Duration soon = Duration.ofMillis(100);
    try (Connected to = new Connected(Connected.with(soon, Duration.ofMillis(1500)))) {
      RawSwitch.Visit visit = to.up();
      CompletionStage<Reply> unanswered = to.connection.api(EXISTS);
      expectFailure(unanswered, Kind.TIMEOUT);
      Thread talking =
          new Thread(
              () -> {
                try {
                  while (true) {
                    visit.say(Wire.event("Event-Name", "HEARTBEAT"));
                    Thread.sleep(50);
                  }
                } catch (InterruptedException | java.io.UncheckedIOException e) {
                  // It has hung up, as it should.
                }
              });
      talking.start();
      Object news = to.heard.next();
      while (news instanceof SwitchEvent) {
        news = to.heard.next();
      }
      assertThat(news).isEqualTo("lost it does not reply to commands");
      talking.interrupt();
      talking.join();
      to.up();
    }
  }

  @Test
  void execute_isSentAsOneMessage() {
    try (Connected to = new Connected()) {
      RawSwitch.Visit visit = to.up();
      CompletionStage<Reply> reply =
          to.connection.execute(CALL, "playback", "tone_stream://%(200,0,440);loops=2", "x-1");
      visit.expect(
          """
          sendmsg ebf2f1cf-eff4-41d4-baad-982c482c7537
          call-command: execute
          execute-app-name: playback
          execute-app-arg: tone_stream://%(200,0,440);loops=2
          Event-UUID: x-1""");
      visit.say(Wire.commandReply("+OK"));
      assertThat(get(reply).ok()).isTrue();
      CompletionStage<Reply> park = to.connection.execute(CALL, "park", "", "x-2");
      assertThat(visit.command()).doesNotContain("execute-app-arg");
      visit.say(Wire.commandReply("-ERR invalid session id [" + CALL + "]"));
      assertThat(get(park)).isEqualTo(new Reply(false, "invalid session id [" + CALL + "]"));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a\nexecute-app-name: system",
        "a\r\n\r\napi fsctl shutdown",
        "a\0",
        "${system(id)}",
        "ARRAY::a|:b"
      })
  void execute_whoseArgumentBreaksOut_sendsNothing(String argument) {
    try (Connected to = new Connected()) {
      RawSwitch.Visit visit = to.up();
      assertThatIllegalArgumentException()
          .isThrownBy(() -> to.connection.execute(CALL, "playback", argument, "x"))
          .withMessageStartingWith("playback's argument");
      for (String bad : new String[] {"x y", "", "x\n", "x\n\nexit"}) {
        assertThatIllegalArgumentException()
            .isThrownBy(() -> to.connection.execute(bad, "playback", "a", "x"));
        assertThatIllegalArgumentException()
            .isThrownBy(() -> to.connection.execute(CALL, bad, "a", "x"));
        assertThatIllegalArgumentException()
            .isThrownBy(() -> to.connection.execute(CALL, "playback", "a", bad));
        assertThatIllegalArgumentException().isThrownBy(() -> to.connection.watch(bad));
      }
      to.connection.api(ApiCommand.of("next"));
      visit.expect("api next");
    }
  }

  @Test
  void bgapi_jobsOutOfOrder_goToTheirCommands() {
    try (Connected to = new Connected()) {
      RawSwitch.Visit visit = to.up();
      List<CompletionStage<Reply>> replies =
          Stream.generate(() -> to.connection.bgapi(ORIGINATE, LONG)).limit(20).toList();
      List<String> ids = new CopyOnWriteArrayList<>();
      for (int i = 0; i < 20; i++) {
        String command = visit.command();
        assertThat(command).startsWith("bgapi originate loopback/x &park\nJob-UUID: ");
        String id = command.substring(command.indexOf(": ") + 2);
        ids.add(id);
        visit.say(Wire.commandReply("+OK Job-UUID: " + id + "\nJob-UUID: " + id));
      }
      assertThat(ids).doesNotHaveDuplicates();
      visit.say(job("somebody-else's", "+OK no"));
      for (int i = 19; i >= 0; i--) {
        visit.say(job(ids.get(i), "+OK " + i));
      }
      for (int i = 0; i < 20; i++) {
        assertThat(get(replies.get(i))).isEqualTo(new Reply(true, "" + i));
      }
      assertThat(to.heard.expectEvent().header("Job-UUID")).contains("somebody-else's");
      assertThat(to.heard.waiting()).isZero();
    }
  }

  private static String job(String id, String outcome) {
    return Wire.event(
        List.of(new Field("Event-Name", "BACKGROUND_JOB"), new Field("Job-UUID", id)),
        outcome + "\n");
  }

  @Test
  void bgapi_refusedOrTooLong_completes_andALateOutcomeIsAnEvent() {
    try (Connected to = new Connected()) {
      RawSwitch.Visit visit = to.up();
      CompletionStage<Reply> refused = to.connection.bgapi(ORIGINATE, LONG);
      visit.command();
      visit.say(Wire.commandReply("-ERR permission denied"));
      assertThat(get(refused)).isEqualTo(new Reply(false, "permission denied"));

      CompletionStage<Reply> late = to.connection.bgapi(ORIGINATE, Duration.ofMillis(50));
      String command = visit.command();
      visit.say(Wire.commandReply("+OK"));
      expectFailure(late, Kind.TIMEOUT);
      visit.say(job(command.substring(command.indexOf(": ") + 2), "+OK after all"));
      assertThat(to.heard.expectEvent().body()).isEqualTo("+OK after all\n");
    }
  }

  @Test
  void manyCommands_withoutReplies_areBusyInTheEnd() {
    try (Connected to = new Connected()) {
      to.up();
      for (int i = 0; i < Dialogue.WAITING_LIMIT; i++) {
        to.connection.api(EXISTS);
      }
      expectFailure(to.connection.api(EXISTS), Kind.BUSY);
      expectFailure(to.connection.bgapi(ORIGINATE, LONG), Kind.BUSY);
      assertThat(to.connection.isUp()).isTrue();
    }
  }

  @Test
  void listener_thatFails_isCalledOn() {
    try (Connected to = new Connected();
        RawSwitch other = new RawSwitch()) {
      List<String> names = new CopyOnWriteArrayList<>();
      Heard heard = new Heard();
      to.open(
          other.address(),
          Connected.PATIENT,
          new SwitchConnection.Listener() {
            @Override
            public void up() {
              heard.up();
            }

            @Override
            public void lost(String why) {
              heard.lost(why);
            }

            @Override
            public void event(SwitchEvent event) {
              names.add(event.name());
              if (event.name().equals("FIRST")) {
                throw new IllegalStateException("provoked");
              }
              heard.event(event);
            }
          });
      RawSwitch.Visit visit = other.acceptAndSetUp();
      heard.expectUp();
      visit.say(Wire.event("Event-Name", "FIRST") + Wire.event("Event-Name", "SECOND"));
      assertThat(heard.expectEvent().name()).isEqualTo("SECOND");
      assertThat(names).containsExactly("FIRST", "SECOND");
    }
  }
}

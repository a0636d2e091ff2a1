package org.rayo.testkit.freeswitch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rayo.testkit.freeswitch.EventSocketClient.Frame;
import org.rayo.testkit.phone.CallFailed;
import org.rayo.testkit.phone.CallOptions;
import org.rayo.testkit.phone.HangupCause;
import org.rayo.testkit.phone.PhoneCall;
import org.rayo.testkit.phone.SoftPhone;

/** The event socket, and calls that come in: as a FreeSWITCH 1.10.12 was seen to do it. */
@Timeout(60)
class ScriptedSwitchTest {

  private static ScriptedSwitch shared;
  private static SoftPhone phone;

  private ScriptedSwitch fs = shared;

  @BeforeAll
  static void open() {
    shared = ScriptedSwitch.start(SwitchOptions.defaults());
    phone = SoftPhone.create();
  }

  @AfterEach
  void endAll() {
    if (fs == shared) {
      fs.faults().fragment(0);
      fs.faults().ignoreCommands(false);
      fs.faults().rejectConnections(false);
      fs.restart();
    } else {
      fs.close();
    }
  }

  @AfterAll
  static void close() {
    phone.close();
    shared.close();
  }

  private PhoneCall call(String extension) {
    return phone.call(
        CallOptions.to(fs.uri(extension))
            .from("1234")
            .display("Ann")
            .telephoneEvent(true)
            .header("X-Trace", "a b:c%d")
            .build());
  }

  @Test
  void authentication_wrongPassword_goodbye() throws Exception {
    try (EventSocketClient client = EventSocketClient.connect(fs.eventSocket())) {
      assertThat(client.reply().header("Content-Type")).isEqualTo("auth/request");
      assertThat(client.command("api status").header("Reply-Text"))
          .isEqualTo("-ERR command not found");
      assertThat(client.command("auth wrong").header("Reply-Text")).isEqualTo("-ERR invalid");
      Frame goodbye = client.reply();
      assertThat(goodbye.header("Content-Type")).isEqualTo("text/disconnect-notice");
      assertThat(goodbye.body()).startsWith("Disconnected, goodbye.\n").hasSize(67);
      assertThat(client.reply().header("Content-Type")).isEqualTo("closed");
    }
  }

  @Test
  void commands_aFewOfThem_repliesAsRecorded() throws Exception {
    try (EventSocketClient client = EventSocketClient.open(fs, "CHANNEL_CREATE")) {
      Map<String, String> expected =
          Map.of(
              "event plain BOGUS", "-ERR no keywords supplied",
              "event plain ALL", "+OK event listener enabled plain",
              "nixevent plain HEARTBEAT", "+OK events nixed",
              "filter Unique-ID x", "+OK filter added. [Unique-ID]=[x]",
              "filter delete Unique-ID x", "+OK filter deleted. [Unique-ID][x]",
              "filter", "-ERR command not found",
              "linger", "-ERR not controlling a session",
              "sendmsg nosuch\ncall-command: hangup", "-ERR invalid session id [nosuch]",
              "noevents", "+OK no longer listening for events");
      for (Map.Entry<String, String> one : expected.entrySet()) {
        assertThat(client.command(one.getKey()).header("Reply-Text"))
            .as(one.getKey())
            .isEqualTo(one.getValue());
      }
      assertThat(client.api("uuid_exists nosuch")).isEqualTo("false");
      assertThat(client.api("uuid_answer nosuch")).isEqualTo("-ERROR\n");
      assertThat(client.api("uuid_kill nosuch")).isEqualTo("-ERR No such channel!\n");
      assertThat(client.api("uuid_bridge a b")).isEqualTo("-ERR Invalid uuid\n");
      assertThat(client.api("bogus")).isEqualTo("-ERR bogus Command not found!\n");
      assertThat(client.api("show channels as json")).isEqualTo("{\"row_count\": 0}\n");
      assertThat(client.command("exit").header("Reply-Text")).isEqualTo("+OK bye");
    }
  }

  @Test
  void bgapi_withJobUuid_resultComesUnderIt() throws Exception {
    try (EventSocketClient client = EventSocketClient.open(fs, "BACKGROUND_JOB")) {
      Frame reply = client.command("bgapi uuid_exists nosuch\nJob-UUID: my-job");
      assertThat(reply.header("Reply-Text")).isEqualTo("+OK Job-UUID: my-job");
      assertThat(reply.header("Job-UUID")).isEqualTo("my-job");
      Map<String, String> job = client.event("BACKGROUND_JOB");
      assertThat(job)
          .containsEntry("Job-UUID", "my-job")
          .containsEntry("Job-Command", "uuid_exists");
      assertThat(job).containsEntry("body", "false").containsEntry("Content-Length", "5");
    }
  }

  @Test
  void call_rungAnsweredKeyHungUp_eventsInTheRecordedOrder() throws Exception {
    try (EventSocketClient client = EventSocketClient.open(fs, "ALL")) {
      client.command("nixevent plain CHANNEL_STATE CHANNEL_CALLSTATE");
      PhoneCall call = call("park");
      Map<String, String> parked = client.event("CHANNEL_PARK");
      assertThat(parked)
          .containsEntry("Caller-Caller-ID-Number", "1234")
          .containsEntry("Caller-Caller-ID-Name", "Ann")
          .containsEntry("Caller-Destination-Number", "park")
          .containsEntry("variable_sip_h_X-Trace", "a b:c%d")
          .containsEntry("Answer-State", "ringing");
      String uuid = parked.get("Unique-ID");
      assertThat(client.api("uuid_ring_ready " + uuid)).isEqualTo("+OK\n");
      assertThat(call.ringing().toCompletableFuture().get(20, TimeUnit.SECONDS)).isEqualTo(180);
      assertThat(client.api("uuid_answer " + uuid)).isEqualTo("+OK\n");
      call.answered().toCompletableFuture().get(20, TimeUnit.SECONDS);
      call.press('#');
      assertThat(client.event("DTMF"))
          .containsEntry("DTMF-Digit", "#")
          .containsEntry("DTMF-Duration", "800");
      call.hangup();
      Map<String, String> over = client.event("CHANNEL_HANGUP_COMPLETE");
      assertThat(over)
          .containsEntry("variable_hangup_cause", "NORMAL_CLEARING")
          .containsEntry("variable_hangup_cause_q850", "16")
          .containsEntry("variable_sip_term_status", "200")
          .containsEntry("variable_sip_hangup_disposition", "recv_bye");
      client.event("CHANNEL_DESTROY");
      assertThat(client.seen())
          .containsSubsequence(
              "CHANNEL_CREATE",
              "CHANNEL_EXECUTE",
              "CHANNEL_PARK",
              "reply",
              "CHANNEL_PROGRESS",
              "reply",
              "CHANNEL_PROGRESS_MEDIA",
              "CHANNEL_ANSWER",
              "DTMF",
              "CHANNEL_HANGUP",
              "CHANNEL_UNPARK",
              "CHANNEL_EXECUTE_COMPLETE",
              "CHANNEL_HANGUP_COMPLETE",
              "CHANNEL_DESTROY");
      assertThat(client.api("uuid_exists " + uuid)).isEqualTo("false");
    }
  }

  @Test
  void kill_beforeTheAnswer_refusedWithTheStatusOfTheCause() throws Exception {
    try (EventSocketClient client = EventSocketClient.open(fs, "CHANNEL_PARK")) {
      Map<String, Integer> statuses =
          Map.of(
              "USER_BUSY",
              486,
              "CALL_REJECTED",
              603,
              "NO_ANSWER",
              480,
              "17",
              486,
              "BOGUS",
              480,
              "NORMAL_TEMPORARY_FAILURE",
              503,
              "UNALLOCATED_NUMBER",
              404,
              "",
              480);
      for (Map.Entry<String, Integer> one : statuses.entrySet()) {
        PhoneCall call = call("in-1");
        String uuid = client.event("CHANNEL_PARK").get("Unique-ID");
        client.api("uuid_kill " + uuid + " " + one.getKey());
        assertThatThrownBy(() -> call.answered().toCompletableFuture().get(20, TimeUnit.SECONDS))
            .as(one.getKey())
            .hasCauseInstanceOf(CallFailed.class)
            .hasMessageContaining(one.getValue() + " ");
      }
    }
  }

  @Test
  void redirect_beforeTheAnswer_302ToThere() throws Exception {
    try (EventSocketClient client = EventSocketClient.open(fs, "CHANNEL_PARK CHANNEL_HANGUP")) {
      PhoneCall call = call("park");
      String uuid = client.event("CHANNEL_PARK").get("Unique-ID");
      client.command(
          "sendmsg "
              + uuid
              + "\ncall-command: execute\nexecute-app-name: redirect"
              + "\nexecute-app-arg: sip:other@127.0.0.1:5999");
      assertThatThrownBy(() -> call.answered().toCompletableFuture().get(20, TimeUnit.SECONDS))
          .hasMessageContaining("302")
          .hasMessageContaining("sip:other@127.0.0.1:5999");
      assertThat(client.event("CHANNEL_HANGUP"))
          .containsEntry("Hangup-Cause", "NORMAL_UNSPECIFIED");
    }
  }

  @Test
  void cancel_whileItRings_originatorCancel() throws Exception {
    try (EventSocketClient client =
        EventSocketClient.open(fs, "CHANNEL_PARK CHANNEL_HANGUP_COMPLETE")) {
      PhoneCall call = call("park");
      fs.api("uuid_ring_ready " + client.event("CHANNEL_PARK").get("Unique-ID"));
      call.ringing().toCompletableFuture().get(20, TimeUnit.SECONDS);
      call.hangup();
      assertThat(client.event("CHANNEL_HANGUP_COMPLETE"))
          .containsEntry("Hangup-Cause", "ORIGINATOR_CANCEL")
          .containsEntry("variable_sip_term_status", "487");
    }
  }

  @Test
  void filters_severalOfThem_anyLetsAnEventPass() throws Exception {
    try (EventSocketClient client = EventSocketClient.open(fs, "CHANNEL_PARK DTMF")) {
      client.command("filter Unique-ID one");
      client.command("filter Unique-ID two");
      for (String uuid : new String[] {"zero", "one", "three", "two"}) {
        fs.publish("DTMF", "Unique-ID", uuid);
      }
      assertThat(client.event("DTMF")).containsEntry("Unique-ID", "one");
      assertThat(client.event("DTMF")).containsEntry("Unique-ID", "two");
      client.command("filter delete Unique-ID one");
      fs.publish("DTMF", "Unique-ID", "one");
      fs.publish("DTMF", "Unique-ID", "two");
      assertThat(client.event("DTMF")).containsEntry("Unique-ID", "two");
    }
  }

  @Test
  void outboundSocket_rayoExtension_connectedAndToldOfTheChannel() throws Exception {
    try (ServerSocket controller = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      fs =
          ScriptedSwitch.start(
              SwitchOptions.defaults()
                  .outbound((InetSocketAddress) controller.getLocalSocketAddress()));
      PhoneCall call = call("rayo-7");
      try (EventSocketClient client = new EventSocketClient(controller.accept())) {
        Frame data = client.command("connect");
        assertThat(data.headers())
            .containsEntry("Content-Type", "command/reply")
            .containsEntry("Socket-Mode", "async")
            .containsEntry("Control", "full")
            .containsEntry("Caller-Destination-Number", "rayo-7");
        String uuid = data.header("Unique-ID");
        client.command("myevents");
        assertThat(client.command("linger 1").header("Reply-Text"))
            .isEqualTo("+OK will linger 1 seconds");
        fs.api("uuid_answer " + uuid);
        call.answered().toCompletableFuture().get(20, TimeUnit.SECONDS);
        call.hangup();
        client.event("CHANNEL_HANGUP_COMPLETE");
        assertThat(client.reply().header("Content-Disposition")).isEqualTo("linger");
        assertThat(client.reply().header("Content-Disposition")).isEqualTo("disconnect");
      }
    }
  }

  @Test
  void outboundSocket_closedByTheController_callIsHungUp() throws Exception {
    try (ServerSocket controller = new ServerSocket(0, 5, InetAddress.getLoopbackAddress())) {
      fs =
          ScriptedSwitch.start(
              SwitchOptions.defaults()
                  .outbound((InetSocketAddress) controller.getLocalSocketAddress()));
      PhoneCall call = call("rayo-7");
      try (EventSocketClient client = new EventSocketClient(controller.accept())) {
        client.command("connect");
      }
      assertThatThrownBy(() -> call.answered().toCompletableFuture().get(20, TimeUnit.SECONDS))
          .hasMessageContaining("480");
    }
  }

  @Test
  void faults_fragmentsGarbageAndDrops_seenByTheClient() throws Exception {
    fs.faults().fragment(3);
    try (EventSocketClient client = EventSocketClient.open(fs, "DTMF")) {
      fs.publish("DTMF", "DTMF-Digit", "ä%");
      assertThat(client.event("DTMF")).containsEntry("DTMF-Digit", "ä%");
      fs.faults().fragment(0);
      fs.faults().ignoreCommands(true);
      client.write("api status\n\n");
      fs.publish("DTMF", "DTMF-Digit", "2");
      assertThat(client.event("DTMF")).containsEntry("DTMF-Digit", "2");
      fs.dropConnections();
      assertThat(client.reply().header("Content-Type")).isEqualTo("closed");
    }
    fs.faults().rejectConnections(true);
    try (EventSocketClient client = EventSocketClient.connect(fs.eventSocket())) {
      assertThat(client.reply().header("Content-Type")).isEqualTo("text/rude-rejection");
    }
  }

  @Test
  void restart_whileACallIsUp_anotherCoreAndNoChannels() throws Exception {
    String before = fs.api("global_getvar core_uuid");
    PhoneCall call = call("parkans");
    call.answered().toCompletableFuture().get(20, TimeUnit.SECONDS);
    assertThat(fs.channels()).hasSize(1);
    fs.restart();
    assertThat(fs.channels()).isEmpty();
    assertThat(fs.api("global_getvar core_uuid")).isNotEqualTo(before);
    assertThat(call.ended().toCompletableFuture().get(20, TimeUnit.SECONDS))
        .isEqualTo(HangupCause.REMOTE_BYE);
  }

  @Test
  void heartbeat_everyInterval_told() throws Exception {
    fs = ScriptedSwitch.start(SwitchOptions.defaults().heartbeat(Duration.ofMillis(100)));
    try (EventSocketClient client = EventSocketClient.open(fs, "HEARTBEAT")) {
      assertThat(client.event("HEARTBEAT")).containsEntry("Event-Info", "System Ready");
      client.event("HEARTBEAT");
    }
  }
}

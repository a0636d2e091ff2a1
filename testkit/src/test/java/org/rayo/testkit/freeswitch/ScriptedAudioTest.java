package org.rayo.testkit.freeswitch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.ToneMeter;
import org.rayo.testkit.phone.Answering;
import org.rayo.testkit.phone.CallOptions;
import org.rayo.testkit.phone.HangupCause;
import org.rayo.testkit.phone.IncomingCall;
import org.rayo.testkit.phone.PhoneCall;
import org.rayo.testkit.phone.SoftPhone;

/** Audio of the scripted switch: taps, calls out, playback, bridges and conferences. */
@Timeout(60)
class ScriptedAudioTest {

  private static ScriptedSwitch fs;
  private static SoftPhone ringer;

  private final List<SoftPhone> phones = new ArrayList<>();
  private EventSocketClient client;

  @BeforeAll
  static void open() {
    fs = ScriptedSwitch.start(SwitchOptions.defaults());
    ringer = SoftPhone.create();
  }

  @BeforeEach
  void connect() throws Exception {
    client = EventSocketClient.open(fs, "ALL");
  }

  @AfterEach
  void endAll() throws Exception {
    client.close();
    phones.forEach(SoftPhone::close);
    fs.restart();
  }

  @AfterAll
  static void close() {
    ringer.close();
    fs.close();
  }

  private SoftPhone phone(Answering answering) {
    SoftPhone phone = SoftPhone.answering(answering);
    phones.add(phone);
    return phone;
  }

  private record Caller(PhoneCall call, String uuid) {}

  private Caller caller(AudioSource saying) throws Exception {
    PhoneCall call = ringer.call(CallOptions.to(fs.uri("parkans")).audio(saying).build());
    call.answered().toCompletableFuture().get(20, TimeUnit.SECONDS);
    return new Caller(call, client.event("CHANNEL_PARK").get("Unique-ID"));
  }

  private static AudioSource tone(double hertz) {
    return AudioSource.tone(hertz, -10, 600_000);
  }

  private static void awaitTone(PhoneCall call, double hertz) throws InterruptedException {
    for (int i = 0; i < 1000; i++) {
      short[] heard = call.heard();
      if (heard.length >= 1600) {
        short[] last = Arrays.copyOfRange(heard, heard.length - 1600, heard.length);
        if (ToneMeter.levelAt(last, 8000, hertz) > -20) {
          return;
        }
      }
      Thread.sleep(20);
    }
    throw new AssertionError("never heard " + hertz + " Hz");
  }

  @Test
  void eavesdrop_aleg_everySampleAndByeAtTheEnd() throws Exception {
    SoftPhone recorder = phone(Answering.atOnce());
    Caller caller = caller(AudioSource.silence(0));
    client.command(
        "bgapi originate {origination_uuid=tap-1,absolute_codec_string=PCMU,ignore_early_media=true,"
            + "eavesdrop_bridge_aleg=true}sofia/external/tok@127.0.0.1:"
            + recorder.address().getPort()
            + " &eavesdrop("
            + caller.uuid
            + ")");
    assertThat(client.event("BACKGROUND_JOB")).containsEntry("body", "+OK tap-1\n");
    IncomingCall tap = recorder.incoming().poll(20, TimeUnit.SECONDS);
    client.event("CALL_UPDATE");
    AudioSource said = AudioSource.tone(700, -10, 1000);
    caller.call.send(said).toCompletableFuture().get(20, TimeUnit.SECONDS);
    Thread.sleep(100);
    caller.call.hangup();
    assertThat(tap.ended().toCompletableFuture().get(20, TimeUnit.SECONDS))
        .isEqualTo(HangupCause.REMOTE_BYE);
    assertThat(ToneMeter.find(tap.heard(), 8000, 700, -20).orElseThrow().samples())
        .isBetween(7900, 8100);
    assertThat(client.event("CHANNEL_HANGUP_COMPLETE")).containsEntry("Unique-ID", caller.uuid);
    assertThat(client.event("CHANNEL_HANGUP_COMPLETE")).containsEntry("Unique-ID", "tap-1");
  }

  @Test
  void eavesdrop_bleg_whatIsPlayedToTheCaller() throws Exception {
    SoftPhone recorder = phone(Answering.atOnce());
    Caller caller = caller(tone(400));
    client.command(
        "bgapi originate {eavesdrop_bridge_bleg=true}sofia/external/tok@127.0.0.1:"
            + recorder.address().getPort()
            + " &eavesdrop("
            + caller.uuid
            + ")");
    client.event("BACKGROUND_JOB");
    IncomingCall tap = recorder.incoming().poll(20, TimeUnit.SECONDS);
    play(caller, "tone_stream://%(500,0,900)", "p1");
    assertThat(client.event("PLAYBACK_STOP")).containsEntry("Playback-Status", "done");
    Thread.sleep(100);
    short[] heard = tap.heard();
    assertThat(ToneMeter.find(heard, 8000, 900, -20).orElseThrow().samples()).isBetween(3900, 4100);
    assertThat(ToneMeter.levelAt(heard, 8000, 400)).isLessThan(-50);
  }

  private void play(Caller to, String what, String id) throws Exception {
    client.command(
        "sendmsg "
            + to.uuid
            + "\ncall-command: execute\nexecute-app-name: playback\nexecute-app-arg: "
            + what
            + "\nEvent-UUID: "
            + id);
  }

  @Test
  void playback_toneMissingFileAndBreak_toldAsRecorded() throws Exception {
    Caller caller = caller(AudioSource.silence(0));
    play(caller, "tone_stream://%(300,0,500)", "p1");
    assertThat(client.event("PLAYBACK_START"))
        .containsEntry("Playback-File-Path", "tone_stream://%(300,0,500)");
    client.event("PLAYBACK_STOP");
    assertThat(client.event("CHANNEL_EXECUTE_COMPLETE"))
        .containsEntry("Application-UUID", "p1")
        .containsEntry("Application-Response", "FILE PLAYED");
    Thread.sleep(100);
    assertThat(ToneMeter.find(caller.call.heard(), 8000, 500, -20).orElseThrow().samples())
        .isBetween(2300, 2500);
    play(caller, "/nosuch/file.wav", "p2");
    assertThat(client.event("CHANNEL_EXECUTE_COMPLETE"))
        .containsEntry("Application-UUID", "p2")
        .containsEntry("Application-Response", "FILE NOT FOUND");
    play(caller, "silence_stream://-1", "p3");
    client.event("PLAYBACK_START");
    assertThat(client.api("uuid_break " + caller.uuid + " all")).isEqualTo("+OK\n");
    assertThat(client.event("PLAYBACK_STOP")).containsEntry("Playback-Status", "break");
    assertThat(client.event("CHANNEL_EXECUTE_COMPLETE")).containsEntry("Application-UUID", "p3");
  }

  @Test
  void originate_answeredAndRefused_jobSaysWhich() throws Exception {
    SoftPhone bob = phone(Answering.atOnce().after(Duration.ofMillis(100)).saying(tone(700)));
    client.command(
        "bgapi originate {origination_uuid=u-1,origination_caller_id_number=4085550100,"
            + "sip_h_X-Foo='\\'a,b\\''}sofia/external/bob@127.0.0.1:"
            + bob.address().getPort()
            + " &park()");
    client.event("CHANNEL_OUTGOING");
    client.event("CHANNEL_PROGRESS");
    client.event("CHANNEL_ANSWER");
    assertThat(client.event("BACKGROUND_JOB")).containsEntry("body", "+OK u-1\n");
    client.event("CHANNEL_PARK");
    IncomingCall call = bob.incoming().poll(20, TimeUnit.SECONDS);
    assertThat(call.inviteHeader("X-Foo")).containsExactly("a,b");
    assertThat(call.invite()).contains("sip:4085550100@");
    SoftPhone busy = phone(Answering.refusing(486));
    client.command(
        "bgapi originate sofia/external/x@127.0.0.1:" + busy.address().getPort() + " &park()");
    assertThat(client.event("CHANNEL_HANGUP_COMPLETE"))
        .containsEntry("variable_sip_term_status", "486")
        .containsEntry("variable_hangup_cause_q850", "17");
    assertThat(client.event("BACKGROUND_JOB")).containsEntry("body", "-ERR USER_BUSY\n");
    client.command("bgapi originate sofia/gateway/nosuch/1 &park()");
    assertThat(client.event("BACKGROUND_JOB")).containsEntry("body", "-ERR INVALID_GATEWAY\n");
  }

  @Test
  void originate_killedWhileItRings_cancelled() throws Exception {
    SoftPhone bob = phone(Answering.whenTold());
    client.command(
        "bgapi originate {origination_uuid=u-1}sofia/external/bob@127.0.0.1:"
            + bob.address().getPort()
            + " &park()");
    client.event("CHANNEL_PROGRESS");
    client.api("uuid_kill u-1 ORIGINATOR_CANCEL");
    assertThat(client.event("BACKGROUND_JOB")).containsEntry("body", "-ERR ORIGINATOR_CANCEL\n");
    IncomingCall call = bob.incoming().poll(20, TimeUnit.SECONDS);
    assertThat(call.ended().toCompletableFuture().get(20, TimeUnit.SECONDS))
        .isEqualTo(HangupCause.CANCELLED);
  }

  @Test
  void bridge_thenParkBoth_audioCrossesInBetween() throws Exception {
    Caller one = caller(tone(400));
    Caller two = caller(tone(900));
    assertThat(client.api("uuid_bridge " + one.uuid + " " + two.uuid))
        .isEqualTo("+OK " + two.uuid + "\n");
    assertThat(client.event("CHANNEL_BRIDGE"))
        .containsEntry("Bridge-A-Unique-ID", one.uuid)
        .containsEntry("Bridge-B-Unique-ID", two.uuid);
    awaitTone(one.call, 900);
    awaitTone(two.call, 400);
    client.api("uuid_transfer " + one.uuid + " -both park inline");
    client.event("CHANNEL_UNBRIDGE");
    client.event("CHANNEL_PARK");
    client.event("CHANNEL_PARK");
    assertThat(fs.channels()).containsExactly(one.uuid, two.uuid);
    int heard = two.call.heard().length;
    Thread.sleep(200);
    assertThat(two.call.heard().length - heard).isLessThan(800);
  }

  @Test
  void bridge_oneHangsUp_otherTooUnlessItIsToPark() throws Exception {
    Caller one = caller(tone(400));
    Caller two = caller(tone(900));
    client.api("uuid_bridge " + one.uuid + " " + two.uuid);
    client.event("CHANNEL_BRIDGE");
    one.call.hangup();
    assertThat(two.call.ended().toCompletableFuture().get(20, TimeUnit.SECONDS))
        .isEqualTo(HangupCause.REMOTE_BYE);
    client.event("CHANNEL_UNBRIDGE");
    Caller three = caller(tone(400));
    Caller four = caller(tone(900));
    client.api("uuid_setvar " + four.uuid + " park_after_bridge true");
    client.api("uuid_bridge " + three.uuid + " " + four.uuid);
    client.event("CHANNEL_BRIDGE");
    three.call.hangup();
    assertThat(client.event("CHANNEL_PARK")).containsEntry("Unique-ID", four.uuid);
    client.event("CHANNEL_UNBRIDGE");
    client.event("CHANNEL_DESTROY");
    assertThat(fs.channels()).containsExactly(four.uuid);
  }

  @Test
  void conference_threeIn_eachHearsTheOthersAndFlagsHold() throws Exception {
    Caller one = caller(tone(400));
    Caller two = caller(tone(900));
    Caller three = caller(tone(1500));
    client.api("uuid_transfer " + one.uuid + " conference:room@default inline");
    assertThat(client.event("add-member")).containsEntry("Member-ID", "1");
    client.event("start-talking");
    client.api("uuid_transfer " + two.uuid + " conference:room@default inline");
    client.event("add-member");
    client.api("uuid_transfer " + three.uuid + " conference:room@default+flags{mute|deaf} inline");
    Map<String, String> added = client.event("add-member");
    assertThat(added).containsEntry("Speak", "false").containsEntry("Hear", "false");
    awaitTone(one.call, 900);
    awaitTone(two.call, 400);
    short[] heard = one.call.heard();
    assertThat(ToneMeter.levelAt(heard, 8000, 1500)).isLessThan(-50);
    assertThat(client.api("conference room undeaf 3")).isEqualTo("+OK undeaf 3\n");
    awaitTone(three.call, 400);
    assertThat(client.api("conference room mute 99")).isEqualTo("-ERR Non-Existant ID 99\n");
    client.api("uuid_transfer " + one.uuid + " park inline");
    assertThat(client.event("del-member")).containsEntry("Member-ID", "1");
    client.api("conference room hup 2");
    assertThat(two.call.ended().toCompletableFuture().get(20, TimeUnit.SECONDS))
        .isEqualTo(HangupCause.REMOTE_BYE);
    client.api("uuid_kill " + three.uuid);
    client.event("conference-destroy");
    assertThat(client.api("conference room list")).isEqualTo("-ERR Conference room not found\n");
  }
}

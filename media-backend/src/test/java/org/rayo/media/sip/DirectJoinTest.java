package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.media.sip.Listening.done;
import static org.rayo.media.sip.Listening.failure;
import static org.rayo.media.sip.RecordingSite.rtpPort;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.DetectionRequest;
import org.rayo.media.JoinRequest;
import org.rayo.media.JoinRequest.Direction;
import org.rayo.media.JoinRequest.Media;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.RecordingTarget;
import org.rayo.media.Signal;

/** Joins with media direct, message by message. */
@Timeout(60)
class DirectJoinTest {

  private static final JoinRequest DIRECT = new JoinRequest("p", Direction.DUPLEX, Media.DIRECT);
  private static final JoinRequest BRIDGE = new JoinRequest("p", Direction.DUPLEX, Media.BRIDGE);
  private static final Duration A_WHILE = Duration.ofMillis(300);
  private static final int ANNS_PORT = 40100;
  private static final int BEAS_PORT = 40200;

  @TempDir private Path directory;
  private RecordingSite site;
  private Up ann;
  private Up bea;

  @BeforeEach
  void open() throws Exception {
    site = new RecordingSite(SipSettings.loopback());
    ann = new Up(SipCaller.udp(site.backend.localPort()), SipCaller.sdp(ANNS_PORT));
    bea = new Up(SipCaller.tcp(site.backend.localPort()), SipCaller.sdp(BEAS_PORT));
  }

  @AfterEach
  void close() {
    ann.caller.close();
    bea.caller.close();
    site.closeLater();
  }

  /** A caller who is answered. */
  private final class Up {
    final SipCaller caller;
    final MediaCall call;
    final Listening told;
    final int ourPort;
    final String session;
    String sdp;
    int version;

    Up(SipCaller caller, String sdp) throws Exception {
      this.caller = caller;
      this.sdp = sdp;
      caller.inviteWith(sdp);
      call = site.awaitCall();
      told = Listening.to(call);
      CompletionStage<Void> answer = call.answer(List.of());
      SipText ok = caller.awaitStatus(200);
      caller.ack(ok);
      done(answer);
      ourPort = rtpPort(ok);
      session = origin(ok)[1];
      version = Integer.parseInt(origin(ok)[2]);
    }

    /** The next INVITE: of this session, newer than what was told before, and to this port. */
    SipText invited(int port) {
      SipText invite = caller.awaitRequest("INVITE");
      assertThat(rtpPort(invite)).isEqualTo(port);
      assertThat(invite.body()).contains("c=IN IP4 127.0.0.1\r\n").contains("a=sendrecv");
      assertThat(invite.body().lines().filter(l -> l.startsWith("c=")).count()).isEqualTo(1);
      assertThat(origin(invite)[1]).isEqualTo(session);
      assertThat(Integer.parseInt(origin(invite)[2])).isGreaterThan(version);
      version = Integer.parseInt(origin(invite)[2]);
      return invite;
    }

    /** Takes it, and gets its ACK. */
    void takes(SipText invite) {
      caller.respondWith(invite, "200 OK", sdp);
      acknowledged(invite);
    }

    void acknowledged(SipText invite) {
      SipText ack = caller.awaitRequest("ACK");
      assertThat(number(ack)).isEqualTo(number(invite));
    }

    boolean isLeftAlone() {
      return caller.isQuiet(A_WHILE, m -> !m.isResponse());
    }

    void isHere() {
      takes(invited(ourPort));
    }

    String state() {
      return ((EmbeddedCall) call).debugState();
    }
  }

  private static String[] origin(SipText message) {
    return message
        .body()
        .lines()
        .filter(line -> line.startsWith("o="))
        .findFirst()
        .orElseThrow()
        .split(" ", -1);
  }

  private static int number(SipText message) {
    return Integer.parseInt(message.header("CSeq").split(" ", -1)[0]);
  }

  private void joinDirectly() throws Exception {
    CompletionStage<Void> join = ann.call.join(bea.call, DIRECT);
    ann.takes(ann.invited(BEAS_PORT));
    bea.takes(bea.invited(ANNS_PORT));
    done(join);
  }

  private void isRecordable(Up up) throws Exception {
    done(
        up.call.record(
            RecordingSite.wav(), new RecordingTarget("r", directory.resolve(up.session + ".wav"))));
  }

  @Test
  void join_endsAreToldOfEachOther_unjoinBringsThemBack() throws Exception {
    CompletionStage<Void> join = ann.call.join(bea.call, DIRECT);
    SipText first = ann.invited(BEAS_PORT);
    assertThat(first.body()).contains("RTP/AVP 0 8 101\r\n");
    assertThat(bea.isLeftAlone()).isTrue();
    ann.sdp = ann.sdp.replace("RTP/AVP 0 8 101", "RTP/AVP 8");
    ann.takes(first);
    SipText second = bea.invited(ANNS_PORT);
    assertThat(second.body()).contains("RTP/AVP 8\r\n").doesNotContain("telephone-event");
    assertThat(join.toCompletableFuture()).isNotDone();
    bea.takes(second);
    done(join);
    assertThat(ann.state()).contains("INACTIVE, past this server").endsWith("joins 0");
    done(bea.call.join(ann.call, DIRECT));
    assertThat(ann.isLeftAlone()).isTrue();

    CompletionStage<Void> unjoin = bea.call.unjoin(ann.call);
    SipText back = ann.invited(ann.ourPort);
    assertThat(number(back)).isEqualTo(number(first) + 1);
    assertThat(back.body()).contains("RTP/AVP 0 8 101\r\n");
    ann.takes(back);
    assertThat(unjoin.toCompletableFuture()).isNotDone();
    bea.isHere();
    done(unjoin);
    assertThat(ann.state()).contains("SENDRECV").doesNotContain("past");
    isRecordable(ann);
    assertThat(ann.told.events).isEmpty();
    assertThat(bea.told.events).isEmpty();
  }

  @Test
  void joined_whatNeedsTheAudioIsRefused() throws Exception {
    joinDirectly();
    assertThat(
            failure(
                    ann.call.record(
                        RecordingSite.wav(), new RecordingTarget("r", directory.resolve("r.wav"))))
                .fault())
        .isEqualTo(Fault.WRONG_STATE);
    assertThat(
            failure(bea.call.detect(new DetectionRequest("d", Set.of(Signal.Kind.BEEP)))).fault())
        .isEqualTo(Fault.WRONG_STATE);
    try (SipCaller third = SipCaller.udp(site.backend.localPort())) {
      Up cyd = new Up(third, SipCaller.sdp(40300));
      assertThat(failure(ann.call.join(cyd.call, BRIDGE)).fault()).isEqualTo(Fault.CONFLICT);
      assertThat(failure(cyd.call.join(bea.call, BRIDGE)).fault()).isEqualTo(Fault.CONFLICT);
      assertThat(failure(cyd.call.join(bea.call, DIRECT)).fault()).isEqualTo(Fault.CONFLICT);
      assertThat(failure(ann.call.join(cyd.call, DIRECT)).fault()).isEqualTo(Fault.CONFLICT);
    }
    assertThat(failure(ann.call.join(done(site.backend.createMixer("m")), BRIDGE)).fault())
        .isEqualTo(Fault.CONFLICT);
    assertThat(ann.isLeftAlone()).isTrue();
    assertThat(bea.isLeftAlone()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"recording", "detection", "join", "mixer"})
  void join_whileTheAudioIsNeeded_conflicts(String by) throws Exception {
    try (SipCaller third = SipCaller.udp(site.backend.localPort())) {
      switch (by) {
        case "recording" -> isRecordable(bea);
        case "detection" ->
            done(bea.call.detect(new DetectionRequest("d", Set.of(Signal.Kind.BEEP))));
        case "join" -> done(bea.call.join(new Up(third, SipCaller.sdp(40300)).call, BRIDGE));
        default -> done(bea.call.join(done(site.backend.createMixer("m")), BRIDGE));
      }
      assertThat(failure(ann.call.join(bea.call, DIRECT)).fault()).isEqualTo(Fault.CONFLICT);
      assertThat(ann.isLeftAlone()).isTrue();
      assertThat(bea.isLeftAlone()).isTrue();
      isRecordable(ann);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"SEND", "RECV"})
  void join_inOneDirection_isNotSupported(Direction direction) throws Exception {
    assertThat(
            failure(ann.call.join(bea.call, new JoinRequest("p", direction, Media.DIRECT))).fault())
        .isEqualTo(Fault.UNSUPPORTED);
    assertThat(failure(ann.call.join(ann.call, DIRECT)).fault()).isEqualTo(Fault.REFUSED);
    assertThat(failure(ann.call.join(done(site.backend.createMixer("m")), DIRECT)).fault())
        .isEqualTo(Fault.UNSUPPORTED);
  }

  @Test
  void join_noCodecInCommon_isNotSupportedAndNobodyIsAsked() throws Exception {
    try (SipCaller third = SipCaller.udp(site.backend.localPort())) {
      Up cyd = new Up(third, SipCaller.sdp(40300).replace("AVP 0 8 101", "AVP 8 101"));
      Up dee = new Up(SipCaller.udp(site.backend.localPort()), pcmuOnly(40400));
      assertThat(failure(cyd.call.join(dee.call, DIRECT)).fault()).isEqualTo(Fault.UNSUPPORTED);
      assertThat(cyd.isLeftAlone()).isTrue();
      assertThat(dee.isLeftAlone()).isTrue();
      dee.caller.close();
    }
  }

  private static String pcmuOnly(int port) {
    return SipCaller.sdp(port).replace("AVP 0 8 101", "AVP 0 101");
  }

  @Test
  void join_onHold_cannotBeNow() throws Exception {
    ann.caller.reinvite(SipCaller.sdp(ANNS_PORT, "sendonly"));
    ann.caller.ack(ann.caller.awaitFinal("INVITE"));
    assertThat(failure(bea.call.join(ann.call, DIRECT)).fault()).isEqualTo(Fault.WRONG_STATE);
    assertThat(bea.isLeftAlone()).isTrue();
  }

  @Test
  void join_answeredBy491_isTriedAgain() throws Exception {
    CompletionStage<Void> join = ann.call.join(bea.call, DIRECT);
    SipText first = ann.invited(BEAS_PORT);
    ann.caller.respond(first, "491 Request Pending");
    ann.acknowledged(first);
    SipText again = ann.caller.awaitRequest("INVITE");
    assertThat(number(again)).isEqualTo(number(first) + 1);
    assertThat(again.body()).isEqualTo(first.body());
    ann.takes(again);
    bea.takes(bea.invited(ANNS_PORT));
    done(join);
  }

  @Test
  void join_meetsAnInviteOfTheEnd_both491_andItGoesOn() throws Exception {
    CompletionStage<Void> join = ann.call.join(bea.call, DIRECT);
    SipText ours = ann.invited(BEAS_PORT);
    ann.caller.reinvite(SipCaller.sdp(ANNS_PORT));
    SipText refusal = ann.caller.awaitFinal("INVITE");
    assertThat(refusal.status()).isEqualTo(491);
    ann.caller.ack(refusal);
    ann.takes(ours);
    bea.takes(bea.invited(ANNS_PORT));
    done(join);
  }

  @Test
  void join_secondRefuses_firstComesBackAndTheJoinFails() throws Exception {
    CompletionStage<Void> join = ann.call.join(bea.call, DIRECT);
    ann.takes(ann.invited(BEAS_PORT));
    SipText invite = bea.invited(ANNS_PORT);
    bea.caller.respond(invite, "488 Not Acceptable Here");
    bea.acknowledged(invite);
    assertThat(failure(join).fault()).isEqualTo(Fault.UNSUPPORTED);
    ann.isHere();
    assertThat(bea.isLeftAlone()).isTrue();
    isRecordable(ann);
    done(ann.call.join(bea.call, BRIDGE));
    assertThat(bea.state()).endsWith("joins 1");
  }

  @Test
  void join_ofBridgedCalls_thatFails_leavesThemBridged() throws Exception {
    done(ann.call.join(bea.call, BRIDGE));
    CompletionStage<Void> join = bea.call.join(ann.call, DIRECT);
    SipText invite = bea.invited(ANNS_PORT);
    bea.caller.respond(invite, "500 Server Internal Error");
    bea.acknowledged(invite);
    assertThat(failure(join).fault()).isEqualTo(Fault.FAILED);
    assertThat(ann.state()).endsWith("joins 1");
    assertThat(ann.isLeftAlone()).isTrue();
  }

  @Test
  void join_changedInPlace_fromBridgeToDirectAndBack() throws Exception {
    done(ann.call.join(bea.call, BRIDGE));
    joinDirectly();
    assertThat(ann.state()).endsWith("joins 0");
    CompletionStage<Void> join = bea.call.join(ann.call, BRIDGE);
    ann.isHere();
    bea.isHere();
    done(join);
    assertThat(ann.state()).endsWith("joins 1");
    joinDirectly();
  }

  @Test
  void bye_whileDirect_theOtherComesBack() throws Exception {
    joinDirectly();
    ann.caller.bye();
    assertThat(ann.caller.awaitFinal("BYE").status()).isEqualTo(200);
    assertThat(ann.told.awaitEnd().reason()).isEqualTo(EndReason.HUNGUP);
    isRecordable(bea);
    bea.isHere();
    done(bea.call.unjoin(ann.call));
    assertThat(bea.state()).contains("SENDRECV");
    assertThat(ann.caller.isQuiet(A_WHILE, m -> m.firstLine().startsWith("INVITE"))).isTrue();
  }

  @Test
  void bye_inTheMidstOfTheInvites_theOtherComesBack() throws Exception {
    CompletionStage<Void> join = ann.call.join(bea.call, DIRECT);
    ann.takes(ann.invited(BEAS_PORT));
    SipText invite = bea.invited(ANNS_PORT);
    ann.caller.bye();
    assertThat(failure(join).fault()).isEqualTo(Fault.GONE);
    bea.takes(invite);
    bea.isHere();
    isRecordable(bea);
  }

  @Test
  void bye_insteadOfTheAnswer_leavesTheOtherAlone() throws Exception {
    CompletionStage<Void> join = ann.call.join(bea.call, DIRECT);
    SipText invite = ann.invited(BEAS_PORT);
    ann.caller.bye();
    assertThat(ann.caller.awaitFinal("BYE").status()).isEqualTo(200);
    ann.caller.respond(invite, "487 Request Terminated");
    assertThat(failure(join).fault()).isEqualTo(Fault.GONE);
    assertThat(bea.isLeftAlone()).isTrue();
    isRecordable(bea);
  }

  @Test
  void hold_whileDirect_isAnsweredHereAndBothAreBridged() throws Exception {
    joinDirectly();
    ann.caller.reinvite(SipCaller.sdp(ANNS_PORT, "sendonly"));
    SipText ok = ann.caller.awaitFinal("INVITE");
    ann.caller.ack(ok);
    assertThat(rtpPort(ok)).isEqualTo(ann.ourPort);
    assertThat(ok.body()).contains("a=recvonly");
    bea.isHere();
    isRecordable(ann);
    assertThat(bea.state()).endsWith("joins 1");
    done(bea.call.unjoin(ann.call));
    assertThat(bea.state()).endsWith("joins 0");
  }

  @Test
  void reinviteWithoutAnOffer_whileDirect_bringsBothBack() throws Exception {
    joinDirectly();
    ann.caller.reinvite("");
    SipText ok = ann.caller.awaitFinal("INVITE");
    assertThat(rtpPort(ok)).isEqualTo(ann.ourPort);
    ann.caller.ackWith(ok, SipCaller.sdp(ANNS_PORT));
    bea.isHere();
    isRecordable(ann);
    assertThat(bea.state()).endsWith("joins 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"INVITE", "UPDATE"})
  void refresh_whileDirect_changesNothing(String method) throws Exception {
    joinDirectly();
    if (method.equals("INVITE")) {
      ann.caller.reinvite(ann.sdp);
    } else {
      ann.caller.inDialog("UPDATE", ann.sdp);
    }
    SipText ok = ann.caller.awaitFinal(method);
    assertThat(ok.status()).isEqualTo(200);
    assertThat(rtpPort(ok)).isEqualTo(BEAS_PORT);
    assertThat(Integer.parseInt(origin(ok)[2])).isEqualTo(ann.version);
    if (method.equals("INVITE")) {
      ann.caller.ack(ok);
    }
    assertThat(bea.isLeftAlone()).isTrue();
    assertThat(ann.state()).contains("past this server");
  }

  @ParameterizedTest
  @ValueSource(strings = {"481 Call Does Not Exist", "408 Request Timeout"})
  void join_firstIsNotThereAnyMore_itsCallEnds(String status) throws Exception {
    CompletionStage<Void> join = ann.call.join(bea.call, DIRECT);
    SipText invite = ann.invited(BEAS_PORT);
    ann.caller.respond(invite, status);
    assertThat(failure(join).fault()).isEqualTo(Fault.GONE);
    ann.caller.ok(ann.caller.awaitRequest("BYE"));
    assertThat(ann.told.awaitEnd().reason()).isEqualTo(EndReason.ERROR);
    assertThat(bea.isLeftAlone()).isTrue();
    isRecordable(bea);
  }

  @Test
  void unjoin_endThatDoesNotComeBack_isHungUp() throws Exception {
    joinDirectly();
    CompletionStage<Void> unjoin = ann.call.unjoin(bea.call);
    bea.isHere();
    for (int i = 0; i < 3; i++) {
      SipText invite = ann.caller.awaitRequest("INVITE");
      assertThat(rtpPort(invite)).isEqualTo(ann.ourPort);
      ann.caller.respond(invite, "488 Not Acceptable Here");
      ann.acknowledged(invite);
    }
    ann.caller.ok(ann.caller.awaitRequest("BYE"));
    assertThat(ann.told.awaitEnd().reason()).isEqualTo(EndReason.ERROR);
    done(unjoin);
    isRecordable(bea);
  }

  @Test
  void answerThatMovesTheEnd_theOtherIsToldOfIt() throws Exception {
    CompletionStage<Void> join = ann.call.join(bea.call, DIRECT);
    ann.takes(ann.invited(BEAS_PORT));
    bea.sdp = SipCaller.sdp(BEAS_PORT + 2);
    bea.takes(bea.invited(ANNS_PORT));
    ann.takes(ann.invited(BEAS_PORT + 2));
    done(join);
  }

  @Test
  void hangup_whileDirect_byesOneAndBringsTheOtherBack() throws Exception {
    joinDirectly();
    done(bea.call.hangup(List.of()));
    bea.caller.ok(bea.caller.awaitRequest("BYE"));
    ann.isHere();
    isRecordable(ann);
  }
}

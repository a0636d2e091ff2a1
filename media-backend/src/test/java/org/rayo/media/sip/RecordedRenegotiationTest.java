package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.media.sip.Listening.done;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.CapturedRecording;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent;
import org.rayo.media.RecordingTarget;
import org.rayo.media.audio.G711;

/** A recording goes on, with true audio and true time, whatever is negotiated meanwhile. */
@Tag("slow")
class RecordedRenegotiationTest {
  private static final int PHASE = 40;

  @TempDir private Path directory;
  private RecordingSite site;
  private SipCaller caller;
  private CodedTalker talker;
  private Listening heard;

  @BeforeEach
  void recordACall() throws Exception {
    site = new RecordingSite(SipSettings.loopback());
    caller = SipCaller.udp(site.backend.localPort());
    talker = new CodedTalker();
    caller.inviteWith(SipCaller.sdp(talker.port()));
    MediaCall call = site.awaitCall();
    heard = Listening.to(call);
    var answer = call.answer(List.of());
    SipText ok = caller.awaitStatus(200);
    caller.ack(ok);
    done(answer);
    done(call.record(RecordingSite.wav(), new RecordingTarget("r1", directory.resolve("r.wav"))));
    talker.talkTo(RecordingSite.rtpPort(ok));
    talker.awaitMore(PHASE);
  }

  @AfterEach
  void stop() throws Exception {
    talker.close();
    caller.close();
    site.close();
  }

  private void reinvite(String sdp) {
    caller.reinvite(sdp);
    SipText ok = caller.awaitFinal("INVITE");
    assertThat(ok.status()).isEqualTo(200);
    caller.ack(ok);
  }

  private void assertNotHungUpFor(Duration time) {
    assertThat(caller.isQuiet(time, message -> message.firstLine().startsWith("BYE"))).isTrue();
  }

  private String offer(String... attributes) {
    return SipCaller.sdp(talker.port(), attributes);
  }

  private short[] hangUp() throws Exception {
    caller.bye();
    assertThat(caller.awaitFinal("BYE").status()).isEqualTo(200);
    heard.awaitEnd();
    CapturedRecording captured = heard.await(MediaEvent.RecordingEnded.class).recording();
    assertThat(captured.cause()).isEqualTo(CapturedRecording.Cause.HANGUP);
    Path file = directory.resolve("r.wav");
    assertThat(captured.sizeBytes()).isEqualTo(Files.size(file));
    short[] samples = RecordingSite.samples(file);
    assertThat(samples.length).isEqualTo((int) captured.samples());
    return samples;
  }

  /** Where a packet is in the file, from {@code from} on; or -1. */
  private static int find(short[] file, CodedTalker.Sent packet, int from) {
    for (int at = Math.max(0, from); at + 160 <= file.length; at++) {
      if (isAt(file, packet, at)) {
        return at;
      }
    }
    return -1;
  }

  private static boolean isAt(short[] file, CodedTalker.Sent packet, long at) {
    if (at < 0 || at + 160 > file.length) {
      return false;
    }
    for (int i = 0; i < 160; i++) {
      if (file[(int) at + i] != packet.sample(i)) {
        return false;
      }
    }
    return true;
  }

  /** What is to be added to the talker's time to have the file's: by the first packet found. */
  private static long offset(short[] file, List<CodedTalker.Sent> packets) {
    for (CodedTalker.Sent packet : packets) {
      int at = find(file, packet, 0);
      if (at >= 0) {
        return at - packet.firstSample();
      }
    }
    throw new AssertionError("nothing of " + packets.size() + " packets is in the file");
  }

  /** Most of the packets are in the file at this offset, to the sample. */
  private static void assertHeard(
      String phase, short[] file, List<CodedTalker.Sent> packets, long offset) {
    long found = packets.stream().filter(p -> isAt(file, p, p.firstSample() + offset)).count();
    System.out.printf(
        "figure: renegotiation, %s: %d of %d packets in the file, to the sample%n",
        phase, found, packets.size());
    // A machine under load may make some late.
    assertThat(found).as(phase).isGreaterThan(packets.size() / 2);
  }

  private static void assertSilence(short[] file, long from, long to) {
    for (long i = from; i < to; i++) {
      assertThat(file[(int) i]).as("sample %d of %d to %d", i, from, to).isZero();
    }
  }

  @Test
  void hold_withMusicFromTheCaller_isRecordedWithoutAGap() throws Exception {
    int before = talker.count();
    reinvite(offer("sendonly"));
    int held = talker.awaitMore(PHASE);
    reinvite(offer("sendrecv"));
    int after = talker.awaitMore(PHASE);
    short[] file = hangUp();
    long offset = offset(file, talker.sent(0, before));
    assertHeard("before hold", file, talker.sent(0, before), offset);
    assertHeard("a=sendonly", file, talker.sent(before, held), offset);
    assertHeard("after hold", file, talker.sent(held, after - 15), offset);
  }

  @ParameterizedTest
  @ValueSource(strings = {"inactive", "0.0.0.0", "recvonly"})
  void hold_inSilence_isSilenceOfTheSameLength(String how) throws Exception {
    talker.mute();
    int before = talker.count();
    reinvite(how.equals("0.0.0.0") ? SipCaller.sdp(how, talker.port()) : offer(how));
    assertNotHungUpFor(Duration.ofMillis(700));
    reinvite(offer("sendrecv"));
    talker.unmute();
    int after = talker.awaitMore(PHASE);
    short[] file = hangUp();
    long offset = offset(file, talker.sent(0, before));
    assertHeard("before " + how, file, talker.sent(0, before), offset);
    assertHeard("after " + how, file, talker.sent(before, after - 15), offset);
    long silentFrom = talker.sent(before - 1, before).get(0).firstSample() + 160 + offset + 480;
    long silentTo = talker.sent(before, before + 1).get(0).firstSample() + offset;
    assertThat(silentTo - silentFrom).as("samples of hold").isGreaterThan(4000);
    assertSilence(file, silentFrom, silentTo);
  }

  @Test
  void hold_duringWhichTheCallersTimestampsStoodStill_isSilenceAllTheSame() throws Exception {
    talker.mute();
    int before = talker.count();
    reinvite(offer("inactive"));
    assertNotHungUpFor(Duration.ofMillis(1500));
    reinvite(offer("sendrecv"));
    talker.unmuteAsIfNoTimeHadPassed(12_000);
    int after = talker.awaitMore(PHASE);
    short[] file = hangUp();
    long offset = offset(file, talker.sent(0, before));
    assertHeard("before a hold without time", file, talker.sent(0, before), offset);
    List<CodedTalker.Sent> again = talker.sent(before, after - 15);
    long offsetAgain = offset(file, again);
    assertHeard("after a hold without time", file, again, offsetAgain);
    System.out.printf(
        "figure: renegotiation, hold without time: the audio is %d samples from its place%n",
        offsetAgain - offset);
    // The talker's own time tells how long the hold was: 1500 ms or more.
    assertThat(offsetAgain - offset).isGreaterThan(-6000);
  }

  @Test
  void codec_changedTwice_audioIsTrueAndWithoutAGap() throws Exception {
    int before = talker.count();
    reinvite(offer().replace("RTP/AVP 0 8 101", "RTP/AVP 8 101"));
    talker.use(G711.A_LAW);
    int middle = talker.awaitMore(PHASE);
    reinvite(offer().replace("RTP/AVP 0 8 101", "RTP/AVP 0 101"));
    talker.use(G711.MU_LAW);
    int after = talker.awaitMore(PHASE);
    short[] file = hangUp();
    long offset = offset(file, talker.sent(0, before));
    assertHeard("PCMU", file, talker.sent(0, before), offset);
    assertHeard("PCMA after it", file, talker.sent(before, middle), offset);
    assertHeard("PCMU again", file, talker.sent(middle, after - 15), offset);
  }

  @Test
  void offerless_answerInTheAckIsOfAnotherCodec_audioIsTrue() throws Exception {
    int before = talker.count();
    caller.reinvite("");
    SipText ok = caller.awaitFinal("INVITE");
    String answer = offer().replace("RTP/AVP 0 8 101", "RTP/AVP 8 101");
    caller.ackWith(ok, answer);
    // One that is quicker than the stack is lost, as any may be: the 200 comes again then.
    while (!caller.isQuiet(Duration.ofMillis(700), message -> message.status() == 200)) {
      caller.ackWith(ok, answer);
    }
    talker.use(G711.A_LAW);
    int switched = talker.count();
    int after = talker.awaitMore(PHASE);
    short[] file = hangUp();
    long offset = offset(file, talker.sent(0, before));
    assertHeard("before an offer of ours", file, talker.sent(0, before), offset);
    assertHeard("after it", file, talker.sent(switched, after - 15), offset);
  }

  @Test
  void port_changedWithTheSource_audioGoesOnWhereItArrived() throws Exception {
    int before = talker.count();
    talker.mute();
    talker.move();
    reinvite(offer());
    talker.unmute();
    int after = talker.awaitMore(PHASE);
    short[] file = hangUp();
    long offset = offset(file, talker.sent(0, before));
    assertHeard("before the move", file, talker.sent(0, before), offset);
    List<CodedTalker.Sent> moved = talker.sent(before, after - 15);
    long offsetMoved = offset(file, moved);
    assertHeard("after the move", file, moved, offsetMoved);
    System.out.printf(
        "figure: renegotiation, another source: the audio is %d samples from its place%n",
        offsetMoved - offset);
    // Another SSRC is placed by its arrival, and never over what was there before.
    long end = talker.sent(before - 1, before).get(0).firstSample() + 160 + offset;
    assertThat(moved.get(0).firstSample() + offsetMoved).isGreaterThanOrEqualTo(end);
  }
}

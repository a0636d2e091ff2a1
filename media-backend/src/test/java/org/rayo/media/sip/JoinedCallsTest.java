package org.rayo.media.sip;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.media.sip.Listening.done;
import static org.rayo.media.sip.Listening.failure;
import static org.rayo.media.sip.RecordingSite.PACKETS;
import static org.rayo.media.sip.RecordingSite.rtpPort;
import static org.rayo.media.sip.RecordingSite.samples;
import static org.rayo.media.sip.RecordingSite.toneBlocks;

import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.AudioFormat;
import org.rayo.media.DialRequest;
import org.rayo.media.JoinRequest;
import org.rayo.media.JoinRequest.Direction;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingTarget;

/** Calls over real SIP and RTP that are joined, and what is in their recordings. */
@Timeout(60)
class JoinedCallsTest {

  @TempDir private Path directory;
  private RecordingSite site;
  private DatagramSocket otherMedia;
  private SipCaller caller;
  private SipCaller otherCaller;

  @BeforeEach
  void open() throws Exception {
    site = new RecordingSite(SipSettings.loopback());
    otherMedia = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    caller = SipCaller.udp(site.backend.localPort());
    otherCaller = SipCaller.udp(site.backend.localPort());
  }

  @AfterEach
  void close() throws Exception {
    caller.close();
    otherCaller.close();
    otherMedia.close();
    site.closeLater();
  }

  private record Up(MediaCall call, Listening told, int rtpPort) {}

  private Up answered(SipCaller by, DatagramSocket media) throws Exception {
    by.inviteWith(SipCaller.sdp(media.getLocalPort()));
    MediaCall call = site.awaitCall();
    Listening told = Listening.to(call);
    var answer = call.answer(List.of());
    SipText ok = by.awaitStatus(200);
    by.ack(ok);
    done(answer);
    return new Up(call, told, rtpPort(ok));
  }

  private Path record(Up up, RecordingRequest.Direction direction, String id) throws Exception {
    Path file = directory.resolve(id + ".wav");
    RecordingRequest request =
        new RecordingRequest(
            AudioFormat.WAV,
            direction,
            true,
            false,
            false,
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            RecordingRequest.Encoding.DEFAULT);
    done(up.call().record(request, new RecordingTarget(id, file)));
    return file;
  }

  private static JoinRequest by(Direction direction) {
    return new JoinRequest("p", direction, JoinRequest.Media.BRIDGE);
  }

  @Test
  void bye_ofOneOfThree_theOthersStayJoined() throws Exception {
    Up one = answered(caller, site.media);
    Up other = answered(otherCaller, otherMedia);
    try (SipCaller thirdCaller = SipCaller.udp(site.backend.localPort());
        DatagramSocket thirdMedia =
            new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))) {
      Up third = answered(thirdCaller, thirdMedia);
      done(one.call().join(other.call(), by(Direction.SEND)));
      done(one.call().join(third.call(), by(Direction.SEND)));
      thirdCaller.bye();
      third.told().awaitEnd();
      Path heard = record(other, RecordingRequest.Direction.RECV, "heard");
      site.sendTone(one.rtpPort());
      otherCaller.bye();
      other.told().awaitEnd();
      other.told().await(MediaEvent.RecordingEnded.class);
      assertThat(toneBlocks(samples(heard))).isBetween(PACKETS - 20, PACKETS + 5);
    }
  }

  @Test
  void join_thatCannotBe_failsWithItsReasonAndNothingIsJoined() throws Exception {
    Up one = answered(caller, site.media);
    JoinRequest direct = new JoinRequest("p", Direction.DUPLEX, JoinRequest.Media.DIRECT);
    try (CalledPhone phone = CalledPhone.udp()) {
      MediaCall ringing =
          done(
              site.backend.dial(
                  new DialRequest(phone.uri(), Optional.empty(), List.of(), Optional.empty())));
      phone.await("INVITE");
      assertThat(failure(one.call().join(ringing, by(Direction.DUPLEX))).fault())
          .isEqualTo(Fault.WRONG_STATE);
      assertThat(failure(ringing.join(one.call(), by(Direction.DUPLEX))).fault())
          .isEqualTo(Fault.WRONG_STATE);
      assertThat(failure(one.call().join(ringing, direct)).fault()).isEqualTo(Fault.WRONG_STATE);
      assertThat(failure(ringing.join(one.call(), direct)).fault()).isEqualTo(Fault.WRONG_STATE);
    }
    assertThat(failure(one.call().join(one.call(), by(Direction.DUPLEX))).fault())
        .isEqualTo(Fault.REFUSED);
    try (RecordingSite elsewhere = new RecordingSite(SipSettings.loopback());
        SipCaller there = SipCaller.udp(elsewhere.backend.localPort())) {
      there.inviteWith(SipCaller.sdp(otherMedia.getLocalPort()));
      assertThat(failure(one.call().join(elsewhere.awaitCall(), by(Direction.DUPLEX))).fault())
          .isEqualTo(Fault.REFUSED);
    }
    assertThat(((EmbeddedCall) one.call()).debugState()).endsWith("joins 0");
  }
}

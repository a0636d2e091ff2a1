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
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.AudioFormat;
import org.rayo.media.CapturedRecording;
import org.rayo.media.DetectionRequest;
import org.rayo.media.JoinRequest;
import org.rayo.media.JoinRequest.Direction;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.MediaMixer;
import org.rayo.media.OutputRequest;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingTarget;
import org.rayo.media.Signal;

/** Calls over real SIP and RTP in a mixer, its recordings and its events. */
@Timeout(60)
class MixedCallsTest {

  @TempDir private Path directory;
  private RecordingSite site;
  private DatagramSocket otherMedia;
  private SipCaller caller;
  private SipCaller otherCaller;
  private Up one;
  private Up other;
  private MediaMixer mixer;
  private final BlockingQueue<MediaEvent> told = new LinkedBlockingQueue<>();

  private record Up(MediaCall call, Listening told, int rtpPort) {}

  @BeforeEach
  void open() throws Exception {
    site = new RecordingSite(SipSettings.loopback());
    otherMedia = new DatagramSocket(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    caller = SipCaller.udp(site.backend.localPort());
    otherCaller = SipCaller.udp(site.backend.localPort());
    one = answered(caller, site.media);
    other = answered(otherCaller, otherMedia);
    mixer = done(site.backend.createMixer("m1"));
    mixer.listen(told::add);
  }

  @AfterEach
  void close() throws Exception {
    caller.close();
    otherCaller.close();
    otherMedia.close();
    site.closeLater();
  }

  private Up answered(SipCaller by, DatagramSocket media) throws Exception {
    by.inviteWith(SipCaller.sdp(media.getLocalPort()));
    MediaCall call = site.awaitCall();
    Listening listening = Listening.to(call);
    var answer = call.answer(List.of());
    SipText ok = by.awaitStatus(200);
    by.ack(ok);
    done(answer);
    return new Up(call, listening, rtpPort(ok));
  }

  private static JoinRequest as(String participant, Direction direction) {
    return new JoinRequest(participant, direction, JoinRequest.Media.BRIDGE);
  }

  private static RecordingRequest wav() {
    return new RecordingRequest(
        AudioFormat.WAV,
        RecordingRequest.Direction.RECV,
        true,
        false,
        false,
        false,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        RecordingRequest.Encoding.DEFAULT);
  }

  private <E extends MediaEvent> E await(Class<E> kind) throws Exception {
    MediaEvent next = told.poll(10, TimeUnit.SECONDS);
    assertThat(next).isInstanceOf(kind);
    return kind.cast(next);
  }

  @Test
  void recordings_ofTheMixerAndOfACallInIt_haveWhatAParticipantSays() throws Exception {
    Path mixed = directory.resolve("mixed.wav");
    Path heard = directory.resolve("heard.wav");
    Path own = directory.resolve("own.wav");
    done(one.call().join(mixer, as("one", Direction.DUPLEX)));
    done(other.call().join(mixer, as("other", Direction.DUPLEX)));
    done(mixer.record(wav(), new RecordingTarget("mixed", mixed)));
    done(other.call().record(wav(), new RecordingTarget("heard", heard)));
    done(one.call().record(wav(), new RecordingTarget("own", own)));
    site.sendTone(one.rtpPort());
    assertThat(await(MediaEvent.SpeakingChanged.class))
        .isEqualTo(new MediaEvent.SpeakingChanged("one", true));
    assertThat(await(MediaEvent.SpeakingChanged.class))
        .isEqualTo(new MediaEvent.SpeakingChanged("one", false));

    caller.bye();
    one.told().awaitEnd();
    done(mixer.close());
    CapturedRecording captured = await(MediaEvent.RecordingEnded.class).recording();
    assertThat(captured.cause()).isEqualTo(CapturedRecording.Cause.HANGUP);
    assertThat(toneBlocks(samples(mixed))).isBetween(PACKETS - 20, PACKETS + 5);
    otherCaller.bye();
    other.told().awaitEnd();
    other.told().await(MediaEvent.RecordingEnded.class);
    one.told().await(MediaEvent.RecordingEnded.class);
    assertThat(toneBlocks(samples(heard))).isBetween(PACKETS - 20, PACKETS + 5);
    assertThat(toneBlocks(samples(own))).isZero();
  }

  @Test
  void output_andDetection_runOnAMixerAndEndWithIt() throws Exception {
    done(one.call().join(mixer, as("one", Direction.DUPLEX)));
    done(mixer.detect(new DetectionRequest("d1", Set.of(Signal.Kind.KEY))));
    DetectionRequest beep = new DetectionRequest("d2", Set.of(Signal.Kind.BEEP));
    assertThat(failure(mixer.detect(beep)).fault()).isEqualTo(Fault.UNSUPPORTED);
    OutputRequest pause =
        new OutputRequest(
            "o1",
            List.of(new OutputRequest.Pause(Duration.ofMillis(100))),
            Duration.ZERO,
            false,
            Duration.ZERO,
            1,
            Optional.empty());
    done(mixer.output(pause));
    assertThat(await(MediaEvent.OutputEnded.class).reason()).isEqualTo(MediaEvent.OutputEnd.FINISH);
    OutputRequest forEver =
        new OutputRequest(
            "o2", pause.segments(), Duration.ZERO, false, Duration.ZERO, 0, Optional.empty());
    done(mixer.output(forEver));
    done(mixer.close());
    MediaEvent.OutputEnded ended = await(MediaEvent.OutputEnded.class);
    assertThat(ended.outputId()).isEqualTo("o2");
    assertThat(ended.reason()).isEqualTo(MediaEvent.OutputEnd.HANGUP);
  }

  @Test
  void close_ofAMixer_refusesEverythingAfterwardsAndTheCallsStayUp() throws Exception {
    done(one.call().join(mixer, as("one", Direction.DUPLEX)));
    assertThat(failure(other.call().join(mixer, as("one", Direction.DUPLEX))).fault())
        .isEqualTo(Fault.REFUSED);
    JoinRequest direct = new JoinRequest("p", Direction.DUPLEX, JoinRequest.Media.DIRECT);
    assertThat(failure(other.call().join(mixer, direct)).fault()).isEqualTo(Fault.UNSUPPORTED);
    done(other.call().unjoin(mixer));
    done(mixer.close());
    done(mixer.close());
    assertThat(failure(one.call().join(mixer, as("one", Direction.RECV))).fault())
        .isEqualTo(Fault.GONE);
    assertThat(
            failure(mixer.record(wav(), new RecordingTarget("r", directory.resolve("r.wav"))))
                .fault())
        .isEqualTo(Fault.GONE);
    assertThat(((EmbeddedCall) one.call()).debugState()).endsWith("joins 0");
    done(one.call().unjoin(mixer));
    done(one.call().join(other.call(), as("one", Direction.DUPLEX)));
    assertThat(((EmbeddedCall) one.call()).debugState()).endsWith("joins 1");
  }

  @Test
  void close_ofTheBackend_endsTheRecordingsOfItsMixers() throws Exception {
    Path mixed = directory.resolve("mixed.wav");
    done(one.call().join(mixer, as("one", Direction.DUPLEX)));
    done(mixer.record(wav(), new RecordingTarget("mixed", mixed)));
    site.backend.close();
    assertThat(await(MediaEvent.RecordingEnded.class).recording().cause())
        .isEqualTo(CapturedRecording.Cause.HANGUP);
    assertThat(failure(site.backend.createMixer("late")).fault()).isEqualTo(Fault.WRONG_STATE);
  }
}

package org.rayo.media.freeswitch.capture;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rayo.media.freeswitch.capture.CaptureSite.done;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.AudioFormat;
import org.rayo.media.CapturedRecording;
import org.rayo.media.MediaException;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingTarget;
import org.rayo.media.recorder.RunningRecording;
import org.rayo.media.sip.SipSettings;
import org.rayo.testkit.audio.Decoded;
import org.rayo.testkit.audio.TimeCode;
import org.rayo.testkit.audio.TimeCode.Stretch;
import org.rayo.testkit.audio.ToneMeter;
import org.rayo.testkit.audio.WavFile;
import org.rayo.testkit.phone.CallFailed;
import org.rayo.testkit.phone.CallOptions;
import org.rayo.testkit.phone.Impairment;
import org.rayo.testkit.phone.PhoneCall;

/** Forks as RTP over SIP, from a phone that stands for FreeSWITCH. */
class CaptureEndpointTest {

  private static final Set<Side> BOTH = EnumSet.allOf(Side.class);
  private static final Set<Side> SAID = EnumSet.of(Side.SAID);

  @TempDir Path directory;

  /** JAIN-SIP takes seconds to begin and to stop. */
  private static CaptureSite site;

  @BeforeAll
  static void begin() throws Exception {
    site = new CaptureSite();
  }

  @AfterAll
  static void end() {
    new Thread(site::close, "closing a site").start();
  }

  @BeforeEach
  void forget() {
    site.legs.clear();
    site.impairment = Impairment.none();
  }

  private static Heard listen(CapturedAudio audio) throws Exception {
    Heard heard = new Heard();
    CompletableFuture<Void> attached = new CompletableFuture<>();
    audio.execute(
        () -> {
          audio.attach(heard);
          attached.complete(null);
        });
    done(attached);
    return heard;
  }

  private static void await(Heard heard, int samples) throws Exception {
    for (int i = 0; i < 1500 && heard.length() < samples; i++) {
      Thread.sleep(10);
    }
    assertThat(heard.length()).isGreaterThanOrEqualTo(samples);
  }

  private static void drain(CapturedAudio audio) throws Exception {
    CompletableFuture<Void> drained = new CompletableFuture<>();
    audio.callEnded(() -> drained.complete(null));
    done(drained);
  }

  /**
   * For how long both can be read and are of the same time, to 20 ms. What a busy machine sends or
   * takes too late ends a stretch.
   */
  private static double alignedMillis(short[] said, short[] heard) {
    double samples = 0;
    for (Stretch one : TimeCode.read(said)) {
      for (Stretch other : TimeCode.read(heard)) {
        if (Math.abs(one.leftOutBefore(other)) < 20) {
          int from = Math.max(one.from(), other.from());
          samples += Math.max(0, Math.min(one.to(), other.to()) - from);
        }
      }
    }
    return samples / 8;
  }

  /** Where the last that can be read ends. */
  private static int readTo(short[] samples) {
    return TimeCode.read(samples).stream().mapToInt(Stretch::to).max().orElse(0);
  }

  private static double readMillis(short[] samples) {
    return TimeCode.read(samples).stream().mapToDouble(Stretch::millis).sum();
  }

  @Test
  void open_bothSides_framesHoldBothOfTheSameTime() throws Exception {
    site.impairment = Impairment.none().withSkew(300);
    CapturedAudio audio = site.endpoint.audioOf("call", site);
    done(audio.open(BOTH));
    Heard heard = listen(audio);
    await(heard, 3 * 8000);
    for (int i = 0; i < 2; i++) {
      site.awaitLeg().call().hangup();
    }
    drain(audio);
    int length = heard.length();
    Thread.sleep(60);
    assertThat(heard.length()).isEqualTo(length);
    assertThat(alignedMillis(heard.said(), heard.heard())).isGreaterThan(1500);
    assertThat(heard.longest()).isLessThanOrEqualTo(320);
  }

  @Test
  void leg_thatIsLost_isForkedAgainAndTheOtherLosesNothing() throws Exception {
    CapturedAudio audio = site.endpoint.audioOf("call", site);
    done(audio.open(BOTH));
    Heard heard = listen(audio);
    await(heard, 8000);
    List<CaptureSite.Leg> legs = new ArrayList<>(List.of(site.awaitLeg(), site.awaitLeg()));
    legs.removeIf(leg -> leg.side() == Side.HEARD);
    legs.get(0).call().hangup();
    assertThat(site.awaitLeg().side()).isEqualTo(Side.SAID);
    await(heard, heard.length() + 2 * 8000);
    drain(audio);
    assertThat(readMillis(heard.heard())).isGreaterThan(2200);
    List<Stretch> said = TimeCode.read(heard.said());
    assertThat(ToneMeter.longestQuiet(heard.said(), 20).samples()).isGreaterThan(800);
    // Time has gone on as it should: what is said after the gap is where it belongs.
    Stretch before = said.get(0);
    Stretch after = said.get(said.size() - 1);
    assertThat(Math.abs(before.leftOutBefore(after))).isLessThan(150);
  }

  @Test
  void recording_ofAForkedCall_holdsBothSidesToTheEnd() throws Exception {
    CapturedAudio audio = site.endpoint.audioOf("call", site);
    done(audio.open(BOTH));
    RecordingRequest request =
        new RecordingRequest(
            AudioFormat.WAV,
            RecordingRequest.Direction.DUPLEX,
            false,
            false,
            false,
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            RecordingRequest.Encoding.DEFAULT);
    Path file = directory.resolve("call.wav");
    CompletableFuture<CapturedRecording> captured = new CompletableFuture<>();
    RunningRecording recording =
        done(
            site.recorders.start(
                request, new RecordingTarget("r1", file), audio, captured::complete));
    Heard heard = listen(audio);
    await(heard, 2 * 8000);
    for (int i = 0; i < 2; i++) {
      PhoneCall call = site.awaitLeg().call();
      call.hangup();
      done(call.ended());
    }
    CompletableFuture<Void> drained = new CompletableFuture<>();
    audio.callEnded(
        () -> {
          recording.callEnded();
          drained.complete(null);
        });
    done(drained);
    CapturedRecording told = done(captured);
    assertThat(told.cause()).isEqualTo(CapturedRecording.Cause.HANGUP);
    Decoded wav = WavFile.read(file).audio();
    assertThat(told.samples()).isEqualTo(wav.samples());
    assertThat(wav.samples()).isGreaterThanOrEqualTo(2 * 8000).isLessThan(heard.length() + 8000);
    assertThat(alignedMillis(wav.channel(0), wav.channel(1))).isGreaterThan(800);
    // The code of the leg that ended last goes on to the end of the file.
    int end = Math.max(readTo(wav.channel(0)), readTo(wav.channel(1)));
    assertThat(wav.samples() - end).isLessThan(1600);
  }

  @Test
  void invite_tokenThatNobodyExpects_isRefusedWith404() {
    PhoneCall call = site.phone.call(CallOptions.to(site.uri("0123456789abcdef")).build());
    assertThatThrownBy(() -> done(call.answered()))
        .isInstanceOf(ExecutionException.class)
        .cause()
        .isInstanceOfSatisfying(CallFailed.class, e -> assertThat(e.status()).isEqualTo(404));
  }

  @Test
  void invite_tokenThatWasUsed_isRefused() throws Exception {
    CapturedAudio audio = site.endpoint.audioOf("call", site);
    done(audio.open(SAID));
    CaptureSite.Leg leg = site.awaitLeg();
    PhoneCall call = site.phone.call(CallOptions.to(site.uri(leg.token())).build());
    assertThatThrownBy(() -> done(call.answered())).cause().isInstanceOf(CallFailed.class);
    drain(audio);
  }

  @Test
  void invites_aThousandWithoutAToken_costTheOthersNothing() throws Exception {
    List<PhoneCall> guesses = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      guesses.add(site.phone.call(CallOptions.to(site.uri("guess" + i)).build()));
    }
    CapturedAudio audio = site.endpoint.audioOf("call", site);

    done(audio.open(BOTH));

    drain(audio);
    assertThat(site.endpoint.expected()).isZero();
    for (PhoneCall guess : guesses) {
      assertThatThrownBy(() -> done(guess.answered())).cause().isInstanceOf(CallFailed.class);
    }
  }

  @Test
  void tokens_neverUsed_leaveNothingBehind() throws Exception {
    Forks refusing =
        new Forks() {
          @Override
          public CompletionStage<Void> fork(Side side, String token) {
            return CompletableFuture.failedStage(
                new MediaException(MediaException.Fault.FAILED, "-ERR NO_ROUTE_DESTINATION"));
          }

          @Override
          public void end(String token) {}

          @Override
          public void beep(Runnable done) {
            done.run();
          }
        };
    for (int i = 0; i < 500; i++) {
      CapturedAudio audio = site.endpoint.audioOf("call " + i, refusing);
      CompletionStage<Void> opened = audio.open(BOTH);
      assertThatThrownBy(() -> done(opened)).hasMessageContaining("NO_ROUTE_DESTINATION");
    }
    // The other side of the last one fails just after it.
    for (int i = 0; i < 500 && site.endpoint.expected() > 0; i++) {
      Thread.sleep(10);
    }
    assertThat(site.endpoint.expected()).isZero();
  }

  @Test
  void start_onEveryAddressWithoutAPublicOne_isRefused() {
    SipSettings everywhere =
        new SipSettings(
            "0.0.0.0",
            0,
            Optional.empty(),
            List.of(),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            10,
            "Rayo");
    try (CaptureEndpoint endpoint = new CaptureEndpoint(everywhere, site.engine, site.recorders)) {
      assertThatThrownBy(endpoint::start)
          .isInstanceOfSatisfying(
              MediaException.class,
              e -> assertThat(e.fault()).isEqualTo(MediaException.Fault.CONFIGURATION));
    }
  }
}

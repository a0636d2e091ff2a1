package org.rayo.media.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.rayo.media.AudioFormat;
import org.rayo.media.CapturedRecording;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingRequest.Direction;
import org.rayo.media.RecordingTarget;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.Decoded;
import org.rayo.testkit.audio.Speech;
import org.rayo.testkit.audio.ToneMeter;

/** Recordings of calls: what is in them, how long they are, and why they end. */
abstract class RecordingContract extends BackendContract {

  private static final int RATE = AudioSource.SAMPLE_RATE_HZ;

  private static RecordingRequest limited(
      boolean startBeep,
      Optional<Duration> max,
      Optional<Duration> first,
      Optional<Duration> last) {
    return new RecordingRequest(
        AudioFormat.WAV,
        Direction.SEND,
        true,
        startBeep,
        false,
        false,
        max,
        first,
        last,
        RecordingRequest.Encoding.DEFAULT);
  }

  private static void say(World.Rung rung, AudioSource what) throws Exception {
    rung.phone().send(what).toCompletableFuture().get(30, TimeUnit.SECONDS);
  }

  private void assertTruthful(CapturedRecording captured) throws Exception {
    assertThat(captured.finished()).isTrue();
    assertThat(captured.failure()).isEmpty();
    assertThat(captured.sizeBytes()).isEqualTo(Files.size(captured.file()));
    assertThat(decoded(captured).samples()).isEqualTo((int) captured.samples());
  }

  @Test
  void send_untilThePhoneHangsUp_allThatItSaid() throws Exception {
    World.Rung rung = kept(world().answered());
    Taken taken = record(rung.call(), rung.told(), wav(Direction.SEND), "r1");
    Thread.sleep(200);
    say(rung, Hearing.tone(700, 2000));
    Thread.sleep(200);
    rung.phone().hangup();
    CapturedRecording captured = taken.awaitEnd();
    assertThat(captured.cause()).isEqualTo(Cause.HANGUP);
    assertTruthful(captured);
    assertThat(Hearing.samplesOf(decoded(captured).channel(0), 700))
        .isBetween(2 * RATE - world().missingSamples(), 2 * RATE + world().addedSamples());
    rung.told().awaitEnd();
    assertThat(rung.told().rest()).isEmpty();
  }

  @Test
  void stop_afterSomeTime_endsItWithThatCause() throws Exception {
    World.Rung rung = kept(world().answered(Hearing.tone(700)));
    Taken taken = record(rung.call(), rung.told(), wav(Direction.SEND), "r1");
    Thread.sleep(1000);
    Told.done(taken.running().stop());
    CapturedRecording captured = taken.awaitEnd();
    assertThat(captured.cause()).isEqualTo(Cause.STOP);
    assertTruthful(captured);
    assertThat(captured.duration()).isBetween(Duration.ofMillis(700), Duration.ofMillis(2000));
    Told.done(taken.running().stop());
  }

  @Test
  void maxDuration_reached_fileHasExactlyThatManySamples() throws Exception {
    World.Rung rung = kept(world().answered(Hearing.tone(700)));
    RecordingRequest request =
        limited(false, Optional.of(Duration.ofMillis(750)), Optional.empty(), Optional.empty());
    CapturedRecording captured = record(rung.call(), rung.told(), request, "r1").awaitEnd();
    assertThat(captured.cause()).isEqualTo(Cause.MAX_DURATION);
    assertTruthful(captured);
    assertThat(captured.samples()).isEqualTo(6000);
  }

  @Test
  void pause_inBetween_whatIsSaidThenIsNotInTheFile() throws Exception {
    World.Rung rung = kept(world().answered());
    Taken taken = record(rung.call(), rung.told(), wav(Direction.SEND), "r1");
    Thread.sleep(200);
    say(rung, Hearing.tone(700, 1000));
    Thread.sleep(300);
    Told.done(taken.running().pause());
    say(rung, Hearing.tone(1100, 1000));
    Thread.sleep(300);
    Told.done(taken.running().resume());
    say(rung, Hearing.tone(700, 500));
    Thread.sleep(300);
    Told.done(taken.running().stop());
    CapturedRecording captured = taken.awaitEnd();
    assertTruthful(captured);
    short[] pcm = decoded(captured).channel(0);
    assertThat(Hearing.samplesOf(pcm, 1100)).isZero();
    assertThat(Hearing.samplesOf(pcm, 700))
        .isBetween(RATE * 3 / 2 - world().missingSamples(), RATE * 3 / 2 + world().addedSamples());
  }

  @Test
  void initialTimeout_nobodySpeaks_endsIt() throws Exception {
    World.Rung rung = kept(world().answered());
    RecordingRequest request =
        limited(false, Optional.empty(), Optional.of(Duration.ofMillis(800)), Optional.empty());
    CapturedRecording captured = record(rung.call(), rung.told(), request, "r1").awaitEnd();
    assertThat(captured.cause()).isEqualTo(Cause.INITIAL_TIMEOUT);
    assertThat(captured.duration()).isBetween(Duration.ofMillis(780), Duration.ofMillis(900));
  }

  @Test
  void finalTimeout_silenceAfterSpeech_endsIt() throws Exception {
    World.Rung rung = kept(world().answered());
    RecordingRequest request =
        limited(
            false,
            Optional.empty(),
            Optional.of(Duration.ofSeconds(5)),
            Optional.of(Duration.ofMillis(1500)));
    Taken taken = record(rung.call(), rung.told(), request, "r1");
    say(rung, Speech.fiveSeconds());
    CapturedRecording captured = taken.awaitEnd();
    assertThat(captured.cause()).isEqualTo(Cause.FINAL_TIMEOUT);
    assertThat(captured.duration()).isBetween(Duration.ofMillis(6000), Duration.ofMillis(7500));
  }

  @Test
  void startBeep_heardByThePhoneButNotInTheFile() throws Exception {
    World.Rung rung = kept(world().answered());
    RecordingRequest request =
        limited(true, Optional.of(Duration.ofMillis(500)), Optional.empty(), Optional.empty());
    Taken taken = record(rung.call(), rung.told(), request, "r1");
    CapturedRecording captured = taken.awaitEnd();
    assertThat(ToneMeter.dominant(rung.phone().heard(), RATE).orElseThrow().levelDbfs())
        .as("a beep is heard")
        .isGreaterThan(-40);
    assertThat(ToneMeter.levelDbfs(decoded(captured).channel(0))).isLessThan(-60);
  }

  @Test
  void severalAtOnce_eachHasItsOwnEndAndLength() throws Exception {
    World.Rung rung = kept(world().answered(Hearing.tone(700)));
    Taken one = record(rung.call(), rung.told(), wav(Direction.SEND), "r1");
    RecordingRequest half =
        limited(false, Optional.of(Duration.ofMillis(500)), Optional.empty(), Optional.empty());
    Taken two = record(rung.call(), rung.told(), half, "r2");
    CapturedRecording second = two.awaitEnd();
    assertThat(second.samples()).isEqualTo(4000);
    Thread.sleep(300);
    rung.phone().hangup();
    CapturedRecording first = one.awaitEnd();
    assertThat(first.cause()).isEqualTo(Cause.HANGUP);
    assertThat(first.samples()).isGreaterThan(second.samples());
    for (CapturedRecording captured : List.of(first, second)) {
      assertTruthful(captured);
      int samples = decoded(captured).samples();
      assertThat(Hearing.samplesOf(decoded(captured).channel(0), 700))
          .isGreaterThan(samples * 3 / 4);
    }
  }

  @Test
  void duplex_unmixed_whatIsSaidIsLeftAndWhatIsHeardIsRight() throws Exception {
    World.Rung rung = kept(world().answered(Hearing.tone(700)));
    Taken taken = record(rung.call(), rung.told(), wav(Direction.DUPLEX, false), "r1");
    Thread.sleep(300);
    Told.done(rung.call().output(Prompts.once("o1", Prompts.tone(world().prompts(), 1100, 1000))));
    rung.told().await(org.rayo.media.MediaEvent.OutputEnded.class);
    Thread.sleep(200);
    rung.phone().hangup();
    CapturedRecording captured = taken.awaitEnd();
    assertTruthful(captured);
    Decoded audio = decoded(captured);
    assertThat(audio.channels()).hasDimensions(2, audio.samples());
    assertThat(Hearing.samplesOf(audio.channel(0), 700)).isGreaterThan(audio.samples() * 3 / 4);
    assertThat(Hearing.samplesOf(audio.channel(1), 1100)).isBetween(RATE - 400, RATE + 400);
    assertThat(ToneMeter.levelAt(audio.channel(0), RATE, 1100)).isLessThan(-45);
    assertThat(ToneMeter.levelAt(audio.channel(1), RATE, 700)).isLessThan(-45);
  }

  @Test
  void unanswered_recordedInEarlyMedia_goesOnAcrossTheAnswer() throws Exception {
    World.Rung rung =
        kept(world().ring(world().call().audio(Hearing.tone(700)).earlyMedia(true).build()));
    Taken taken = record(rung.call(), rung.told(), wav(Direction.SEND), "r1");
    assertThat(rung.phone().ringing().toCompletableFuture().get(20, TimeUnit.SECONDS))
        .isEqualTo(183);
    Thread.sleep(500);
    Told.done(rung.call().answer(List.of()));
    Thread.sleep(500);
    rung.phone().hangup();
    CapturedRecording captured = taken.awaitEnd();
    assertTruthful(captured);
    assertThat(Hearing.samplesOf(decoded(captured).channel(0), 700)).isGreaterThan(RATE / 2);
  }

  @Test
  void afterTheEnd_gone_andThereIsNoFile() throws Exception {
    World.Rung rung = kept(world().answered());
    rung.phone().hangup();
    rung.told().awaitEnd();
    RecordingTarget target = new RecordingTarget("r1", directory.resolve("r1.wav"));
    assertThat(Told.fault(rung.call().record(wav(Direction.SEND), target))).isEqualTo(Fault.GONE);
    assertThat(target.file()).doesNotExist();
    assertThat(rung.told().rest()).isEmpty();
  }
}

package org.rayo.media.contract;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.rayo.media.CapturedRecording;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.JoinRequest;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaEvent.OutputEnd;
import org.rayo.media.MediaEvent.OutputEnded;
import org.rayo.media.MediaEvent.SpeakingChanged;
import org.rayo.media.MediaMixer;
import org.rayo.media.RecordingRequest.Direction;
import org.rayo.testkit.audio.Speech;
import org.rayo.testkit.audio.ToneMeter;

/** Calls in a mixer. */
abstract class MixerContract extends BackendContract {

  private static JoinRequest as(String participant, JoinRequest.Direction direction) {
    return new JoinRequest(participant, direction, JoinRequest.Media.BRIDGE);
  }

  private static JoinRequest as(String participant) {
    return as(participant, JoinRequest.Direction.DUPLEX);
  }

  private MediaMixer mixer() throws Exception {
    return Told.done(world().backend().createMixer("contract"));
  }

  @Test
  void three_inIt_eachHearsTheOthersAndNotItself() throws Exception {
    MediaMixer mixer = mixer();
    World.Rung one = kept(world().answered(Hearing.tone(400)));
    World.Rung two = kept(world().answered(Hearing.tone(900)));
    World.Rung three = kept(world().answered(Hearing.tone(1500)));
    Told.done(one.call().join(mixer, as("one")));
    Told.done(two.call().join(mixer, as("two")));
    Told.done(three.call().join(mixer, as("three")));
    Hearing.awaitTone(one.phone(), 900);
    Hearing.awaitTone(one.phone(), 1500);
    Hearing.awaitTone(two.phone(), 400);
    Hearing.awaitTone(three.phone(), 400);
    assertThat(ToneMeter.levelAt(one.phone().heard(), 8000, 400)).isLessThan(-45);
    Told.done(two.call().unjoin(mixer));
    Hearing.awaitNoTone(one.phone(), 900);
    Hearing.awaitNoTone(two.phone(), 400);
    three.phone().hangup();
    assertThat(three.told().awaitEnd().reason()).isEqualTo(EndReason.HUNGUP);
    Hearing.awaitNoTone(one.phone(), 1500);
    Told.done(mixer.close());
    Told.done(mixer.close());
    assertThat(one.phone().ended().toCompletableFuture()).isNotDone();
    assertThat(one.told().rest()).isEmpty();
    assertThat(two.told().rest()).isEmpty();
  }

  @Test
  void recvOnly_hearsAndIsNotHeard() throws Exception {
    MediaMixer mixer = mixer();
    World.Rung one = kept(world().answered(Hearing.tone(400)));
    World.Rung two = kept(world().answered(Hearing.tone(900)));
    Told.done(one.call().join(mixer, as("one")));
    Told.done(two.call().join(mixer, as("two", JoinRequest.Direction.RECV)));
    Hearing.awaitTone(two.phone(), 400);
    assertThat(ToneMeter.levelAt(one.phone().heard(), 8000, 900)).isLessThan(-45);
    Told.done(mixer.close());
  }

  @Test
  void speaking_beginsAndEnds_toldByParticipant() throws Exception {
    MediaMixer mixer = mixer();
    Told told = Told.of(mixer);
    World.Rung one = kept(world().answered());
    World.Rung two = kept(world().answered());
    Told.done(one.call().join(mixer, as("one")));
    Told.done(two.call().join(mixer, as("two")));
    Thread.sleep(500);
    one.phone().send(Speech.fiveSeconds());
    SpeakingChanged began = told.await(SpeakingChanged.class);
    assertThat(began).isEqualTo(new SpeakingChanged("one", true));
    told.await(SpeakingChanged.class, e -> e.participant().equals("one") && !e.speaking());
    assertThat(told.rest())
        .noneMatch(e -> e instanceof SpeakingChanged s && s.participant().equals("two"));
    Told.done(mixer.close());
  }

  @Test
  void recording_ofAMixer_holdsWhatAllSayAndEndsWithIt() throws Exception {
    MediaMixer mixer = mixer();
    Told told = Told.of(mixer);
    World.Rung one = kept(world().answered(Hearing.tone(400)));
    World.Rung two = kept(world().answered(Hearing.tone(900)));
    Told.done(one.call().join(mixer, as("one")));
    Told.done(two.call().join(mixer, as("two")));
    Hearing.awaitTone(two.phone(), 400);
    Taken taken = record(mixer, told, wav(Direction.RECV), "r1");
    Thread.sleep(1500);
    Told.done(mixer.close());
    CapturedRecording captured = taken.awaitEnd();
    assertThat(captured.cause()).isEqualTo(Cause.HANGUP);
    short[] pcm = decoded(captured).channel(0);
    assertThat(captured.samples()).isGreaterThan(6000);
    assertThat(ToneMeter.levelAt(pcm, 8000, 400)).isGreaterThan(-25);
    assertThat(ToneMeter.levelAt(pcm, 8000, 900)).isGreaterThan(-25);
  }

  @Test
  void output_toAMixer_heardByAll() throws Exception {
    MediaMixer mixer = mixer();
    Told told = Told.of(mixer);
    World.Rung one = kept(world().answered());
    World.Rung two = kept(world().answered());
    Told.done(one.call().join(mixer, as("one")));
    Told.done(two.call().join(mixer, as("two")));
    Told.done(mixer.output(Prompts.once("o1", Prompts.tone(world().prompts(), 1300, 1000))));
    assertThat(told.await(OutputEnded.class).reason()).isEqualTo(OutputEnd.FINISH);
    Thread.sleep(300);
    assertThat(Hearing.samplesOf(one.phone().heard(), 1300)).isGreaterThan(6000);
    assertThat(Hearing.samplesOf(two.phone().heard(), 1300)).isGreaterThan(6000);
    Told.done(mixer.close());
  }
}

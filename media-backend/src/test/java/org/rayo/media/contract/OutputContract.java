package org.rayo.media.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.rayo.media.MediaEvent.OutputEnd;
import org.rayo.media.MediaEvent.OutputEnded;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.MediaOutput;
import org.rayo.testkit.audio.ToneMeter;

/** What is played into calls. */
abstract class OutputContract extends BackendContract {

  private static final int RATE = 8000;
  private static final double HERTZ = 1300;

  private URI tone(long millis) {
    return Prompts.tone(world().prompts(), HERTZ, millis);
  }

  @Test
  void file_playedToItsEnd_heardWholeAndToldOnce() throws Exception {
    World.Rung rung = kept(world().answered());
    Told.done(rung.call().output(Prompts.once("o1", tone(1000))));
    assertThat(rung.told().await(OutputEnded.class))
        .isEqualTo(new OutputEnded("o1", OutputEnd.FINISH, Optional.empty()));
    Thread.sleep(300);
    assertThat(Hearing.samplesOf(rung.phone().heard(), HERTZ))
        .isBetween(RATE - 2 * world().missingSamples(), RATE + 200);
    rung.phone().hangup();
    rung.told().awaitEnd();
    assertThat(rung.told().rest()).isEmpty();
  }

  @Test
  void twoFiles_oneAfterTheOther() throws Exception {
    World.Rung rung = kept(world().answered());
    URI second = Prompts.tone(world().prompts(), 600, 500);
    Told.done(rung.call().output(Prompts.once("o1", tone(500), second)));
    assertThat(rung.told().await(OutputEnded.class).reason()).isEqualTo(OutputEnd.FINISH);
    Thread.sleep(300);
    short[] heard = world().heard(rung.phone());
    ToneMeter.Span first = ToneMeter.find(heard, RATE, HERTZ, -25).orElseThrow();
    ToneMeter.Span next = ToneMeter.find(heard, RATE, 600, -25).orElseThrow();
    assertThat(first.samples()).isBetween(3600, 4200);
    assertThat(next.samples()).isBetween(3600, 4200);
    assertThat(next.start()).isGreaterThanOrEqualTo(first.end() - 200);
  }

  @Test
  void twoRounds_withAnInterval_silenceInBetween() throws Exception {
    World.Rung rung = kept(world().answered());
    Told.done(
        rung.call()
            .output(Prompts.request("o1", 2, Duration.ofMillis(400), Optional.empty(), tone(600))));
    assertThat(rung.told().await(OutputEnded.class).reason()).isEqualTo(OutputEnd.FINISH);
    Thread.sleep(300);
    short[] heard = world().heard(rung.phone());
    ToneMeter.Span one = ToneMeter.find(heard, RATE, HERTZ, -25).orElseThrow();
    short[] rest = heard.clone();
    Arrays.fill(rest, one.start(), one.end(), (short) 0);
    ToneMeter.Span other = ToneMeter.find(rest, RATE, HERTZ, -25).orElseThrow();
    assertThat(one.samples()).isBetween(4400, 5000);
    assertThat(other.samples()).isBetween(4400, 5000);
    int gap = one.start() < other.start() ? other.start() - one.end() : one.start() - other.end();
    assertThat(gap).isBetween(2700, 4800);
  }

  @Test
  void stop_whileItPlaysForEver_toldOnceAndNothingIsHeardAnyMore() throws Exception {
    World.Rung rung = kept(world().answered());
    MediaOutput output = Told.done(rung.call().output(Prompts.forEver("o1", tone(1000))));
    Hearing.awaitTone(rung.phone(), HERTZ);
    Told.done(output.stop());
    assertThat(rung.told().await(OutputEnded.class).reason()).isEqualTo(OutputEnd.STOP);
    Hearing.awaitNoTone(rung.phone(), HERTZ);
    Told.done(output.stop());
    assertThat(rung.told().rest()).isEmpty();
  }

  @Test
  void keys_whileItPlays_endNothing() throws Exception {
    World.Rung rung = kept(world().answered());
    Told.done(rung.call().output(Prompts.once("o1", tone(2000))));
    Hearing.awaitTone(rung.phone(), HERTZ);
    for (char key : new char[] {'*', '#', '1'}) {
      rung.phone().press(key).toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
    assertThat(rung.told().await(OutputEnded.class).reason()).isEqualTo(OutputEnd.FINISH);
    assertThat(Hearing.samplesOf(rung.phone().heard(), HERTZ))
        .isGreaterThan(2 * RATE - 2 * world().missingSamples());
  }

  @Test
  void bye_whileItPlaysForEver_endsItOnce() throws Exception {
    World.Rung rung = kept(world().answered());
    Told.done(rung.call().output(Prompts.forEver("o1", tone(1000))));
    Hearing.awaitTone(rung.phone(), HERTZ);
    rung.phone().hangup();
    assertThat(rung.told().await(OutputEnded.class))
        .isEqualTo(new OutputEnded("o1", OutputEnd.HANGUP, Optional.empty()));
    rung.told().awaitEnd();
    assertThat(rung.told().rest()).isEmpty();
  }

  @Test
  void maxTime_whileItPlaysForEver_endsIt() throws Exception {
    World.Rung rung = kept(world().answered());
    Told.done(
        rung.call()
            .output(
                Prompts.request(
                    "o1", 0, Duration.ZERO, Optional.of(Duration.ofMillis(800)), tone(500))));
    assertThat(rung.told().await(OutputEnded.class).reason()).isEqualTo(OutputEnd.MAX_TIME);
    Hearing.awaitNoTone(rung.phone(), HERTZ);
  }

  @Test
  void pause_nothingIsHeardUntilResumed() throws Exception {
    World.Rung rung = kept(world().answered());
    MediaOutput output = Told.done(rung.call().output(Prompts.forEver("o1", tone(1000))));
    Hearing.awaitTone(rung.phone(), HERTZ);
    Told.done(output.pause());
    Hearing.awaitNoTone(rung.phone(), HERTZ);
    Told.done(output.resume());
    Hearing.awaitTone(rung.phone(), HERTZ);
    assertThat(rung.told().rest()).isEmpty();
    Told.done(output.stop());
    rung.told().await(OutputEnded.class);
  }

  @Test
  void file_thatIsNotThere_refusedAndNoEventFollows() throws Exception {
    World.Rung rung = kept(world().answered());
    URI nothing = world().prompts().resolve("nothing.wav").toUri();
    assertThat(Told.fault(rung.call().output(Prompts.once("o1", nothing))))
        .isEqualTo(Fault.REFUSED);
    rung.phone().hangup();
    rung.told().awaitEnd();
    assertThat(rung.told().rest()).isEmpty();
  }

  @Test
  void file_outsideOfWhatMayBePlayed_refused() throws Exception {
    World.Rung rung = kept(world().answered());
    URI outside = Prompts.tone(directory, HERTZ, 100);
    assertThat(Told.fault(rung.call().output(Prompts.once("o1", outside))))
        .isEqualTo(Fault.REFUSED);
    URI around = URI.create(world().prompts().toUri() + "../" + directory.getFileName() + "/x.wav");
    assertThat(Told.fault(rung.call().output(Prompts.once("o2", around)))).isEqualTo(Fault.REFUSED);
  }
}

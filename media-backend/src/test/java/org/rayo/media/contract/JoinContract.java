package org.rayo.media.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.rayo.media.CapturedRecording;
import org.rayo.media.JoinRequest;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.RecordingRequest.Direction;
import org.rayo.testkit.audio.ToneMeter;

/** Calls that hear each other. */
abstract class JoinContract extends BackendContract {

  private static JoinRequest by(JoinRequest.Direction direction) {
    return new JoinRequest("p", direction, JoinRequest.Media.BRIDGE);
  }

  private static final JoinRequest DUPLEX = by(JoinRequest.Direction.DUPLEX);

  @Test
  void join_twoCalls_hearEachOtherUntilTheyAreUnjoined() throws Exception {
    World.Rung one = kept(world().answered(Hearing.tone(400)));
    World.Rung two = kept(world().answered(Hearing.tone(900)));
    Told.done(one.call().join(two.call(), DUPLEX));
    Hearing.awaitTone(one.phone(), 900);
    Hearing.awaitTone(two.phone(), 400);
    Told.done(one.call().unjoin(two.call()));
    Hearing.awaitNoTone(one.phone(), 900);
    Hearing.awaitNoTone(two.phone(), 400);
    Told.done(one.call().unjoin(two.call()));
    Told.done(two.call().join(one.call(), DUPLEX));
    Hearing.awaitTone(one.phone(), 900);
    assertThat(one.told().rest()).isEmpty();
    assertThat(two.told().rest()).isEmpty();
  }

  @Test
  void bye_ofOneOfTwo_theOtherStaysUp() throws Exception {
    World.Rung one = kept(world().answered(Hearing.tone(400)));
    World.Rung two = kept(world().answered(Hearing.tone(900)));
    Told.done(one.call().join(two.call(), DUPLEX));
    Hearing.awaitTone(two.phone(), 400);
    one.phone().hangup();
    assertThat(one.told().awaitEnd().reason()).isEqualTo(EndReason.HUNGUP);
    Hearing.awaitNoTone(two.phone(), 400);
    assertThat(two.phone().ended().toCompletableFuture()).isNotDone();
    assertThat(Told.fault(two.call().join(one.call(), DUPLEX))).isEqualTo(Fault.GONE);
    World.Rung three = kept(world().answered(Hearing.tone(1500)));
    Told.done(two.call().join(three.call(), DUPLEX));
    Hearing.awaitTone(two.phone(), 1500);
    assertThat(two.told().rest()).isEmpty();
  }

  @Test
  void recordings_ofAJoinedCall_eachSideInItsOwn() throws Exception {
    World.Rung one = kept(world().answered(Hearing.tone(400)));
    World.Rung two = kept(world().answered(Hearing.tone(900)));
    Taken said = record(one.call(), one.told(), wav(Direction.SEND), "said");
    Taken heard = record(one.call(), one.told(), wav(Direction.RECV), "heard");
    Told.done(one.call().join(two.call(), DUPLEX));
    Hearing.awaitTone(one.phone(), 900);
    Thread.sleep(1000);
    one.phone().hangup();
    CapturedRecording left = said.awaitEnd();
    CapturedRecording right = heard.awaitEnd();
    short[] saidPcm = decoded(left).channel(0);
    short[] heardPcm = decoded(right).channel(0);
    assertThat(Hearing.samplesOf(saidPcm, 400)).isGreaterThan(8000);
    assertThat(ToneMeter.levelAt(saidPcm, 8000, 900)).isLessThan(-45);
    assertThat(Hearing.samplesOf(heardPcm, 900)).isGreaterThan(6000);
    assertThat(ToneMeter.levelAt(heardPcm, 8000, 400)).isLessThan(-45);
  }

  @Test
  void oneWay_orUnsupported() throws Exception {
    World.Rung one = kept(world().answered(Hearing.tone(400)));
    World.Rung two = kept(world().answered(Hearing.tone(900)));
    CompletionStage<Void> joined = one.call().join(two.call(), by(JoinRequest.Direction.SEND));
    if (!world().has(World.Feature.ONE_WAY_JOIN)) {
      assertThat(Told.fault(joined)).isEqualTo(Fault.UNSUPPORTED);
      return;
    }
    Told.done(joined);
    Hearing.awaitTone(two.phone(), 400);
    assertThat(ToneMeter.levelAt(one.phone().heard(), 8000, 900)).isLessThan(-45);
  }

  @Test
  void third_joinedToo_orAConflictThatBreaksNothing() throws Exception {
    World.Rung one = kept(world().answered(Hearing.tone(400)));
    World.Rung two = kept(world().answered(Hearing.tone(900)));
    World.Rung three = kept(world().answered(Hearing.tone(1500)));
    Told.done(one.call().join(two.call(), DUPLEX));
    Hearing.awaitTone(one.phone(), 900);
    CompletionStage<Void> more = one.call().join(three.call(), DUPLEX);
    if (world().has(World.Feature.SEVERAL_JOINS)) {
      Told.done(more);
      Hearing.awaitTone(one.phone(), 1500);
    } else {
      assertThat(Told.fault(more)).isEqualTo(Fault.CONFLICT);
    }
    Hearing.awaitTone(one.phone(), 900);
    Hearing.awaitTone(two.phone(), 400);
  }

  @Test
  void join_withItself_isNotDone() throws Exception {
    World.Rung one = kept(world().answered());
    assertThat(Told.fault(one.call().join(one.call(), DUPLEX)))
        .isIn(Fault.REFUSED, Fault.UNSUPPORTED);
  }
}

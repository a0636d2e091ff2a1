package org.rayo.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.media.JoinRequest;
import org.rayo.media.JoinRequest.Direction;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.audio.FrameSource;
import org.rayo.media.rtp.RtpEngine;
import org.rayo.media.rtp.RtpSettings;

/** Calls that hear each other over real RTP, on two loops; whose voice it is, the tone tells. */
class JoinsTest {

  private static final int SETTLE = 240;
  private static final int LISTEN = 500;

  private final RtpEngine engine =
      new RtpEngine(RtpSettings.of(InetAddress.getLoopbackAddress(), 20_000, 29_999).withLoops(2));
  private final Joins joins = new Joins();
  private final List<Telephone> all = new ArrayList<>();
  private Member ann;
  private Member bob;
  private Member cid;

  private record Member(Telephone phone, Joins.Party party) {}

  @BeforeEach
  void call() throws Exception {
    engine.start();
    ann = member("ann", 400);
    bob = member("bob", 900);
    cid = member("cid", 1500);
  }

  @AfterEach
  void hangUp() throws Exception {
    for (Telephone phone : all) {
      phone.close();
    }
    engine.close();
  }

  private Member member(String name, int hertz) throws Exception {
    Telephone phone = new Telephone(engine, hertz);
    all.add(phone);
    return new Member(phone, new Joins.Party(name));
  }

  private void join(Member asking, Member other, Direction direction) throws Exception {
    done(
        joins.join(
            asking.party(),
            asking.phone().session,
            other.party(),
            other.phone().session,
            request(direction)));
  }

  private static JoinRequest request(Direction direction) {
    return new JoinRequest("p", direction, JoinRequest.Media.BRIDGE);
  }

  private static void done(CompletionStage<Void> stage) throws Exception {
    stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private void settleAndListen() throws Exception {
    Telephone.talk(all, SETTLE);
    for (Telephone phone : all) {
      phone.listenAnew();
    }
    Telephone.talk(all, LISTEN);
  }

  private static void assertHears(Member hearer, Member speaker, boolean hears) {
    double share = hearer.phone().hears(speaker.phone().hertz);
    assertThat(hearer.phone().heard()).hasSizeGreaterThan(LISTEN * 8 / 2);
    assertThat(share)
        .as("%s hears %s", hearer.party(), speaker.party())
        .satisfies(
            s -> {
              if (hears) {
                assertThat(s).isGreaterThan(0.6);
              } else {
                assertThat(s).isLessThan(0.2);
              }
            });
  }

  @ParameterizedTest
  @CsvSource({"DUPLEX, true, true", "SEND, true, false", "RECV, false, true"})
  void join_byDirection_eachHearsWhomItShouldAndNobodyHimself(
      Direction direction, boolean bobHears, boolean annHears) throws Exception {
    join(ann, bob, direction);
    settleAndListen();
    assertHears(bob, ann, bobHears);
    assertHears(ann, bob, annHears);
    assertHears(ann, ann, false);
    assertHears(bob, bob, false);
    assertHears(cid, ann, false);
    assertHears(cid, bob, false);
  }

  @Test
  void join_ofSeveral_hearsTheirSumAndTheyDoNotHearEachOther() throws Exception {
    join(ann, bob, Direction.DUPLEX);
    join(cid, ann, Direction.DUPLEX);
    settleAndListen();
    assertHears(ann, bob, true);
    assertHears(ann, cid, true);
    assertHears(bob, ann, true);
    assertHears(cid, ann, true);
    assertHears(bob, cid, false);
    assertHears(cid, bob, false);
  }

  @Test
  void join_again_changesTheDirectionInPlaceFromEitherSide() throws Exception {
    join(ann, bob, Direction.DUPLEX);
    join(bob, ann, Direction.SEND);
    settleAndListen();
    assertHears(ann, bob, true);
    assertHears(bob, ann, false);
    join(ann, bob, Direction.SEND);
    settleAndListen();
    assertHears(ann, bob, false);
    assertHears(bob, ann, true);
    assertThat(joins.count(ann.party())).isEqualTo(1);
  }

  @Test
  void unjoin_byEither_endsItAndIsHarmlessWhenThereIsNone() throws Exception {
    join(ann, bob, Direction.DUPLEX);
    done(joins.unjoin(bob.party(), ann.party()));
    done(joins.unjoin(ann.party(), bob.party()));
    done(joins.unjoin(ann.party(), cid.party()));
    settleAndListen();
    assertHears(ann, bob, false);
    assertHears(bob, ann, false);
    assertThat(joins.count(ann.party())).isZero();
  }

  @Test
  void ended_aCall_leavesItsJoinsAndTheOthersGoOn() throws Exception {
    join(ann, bob, Direction.DUPLEX);
    join(ann, cid, Direction.DUPLEX);
    bob.phone().session.close();
    joins.ended(bob.party());
    settleAndListen(List.of(ann.phone(), cid.phone()));
    assertHears(ann, bob, false);
    assertHears(ann, cid, true);
    assertHears(cid, ann, true);
    assertThat(joins.count(ann.party())).isEqualTo(1);
    assertFault(() -> join(ann, bob, Direction.DUPLEX), Fault.GONE);
  }

  private void settleAndListen(List<Telephone> some) throws Exception {
    Telephone.talk(some, SETTLE);
    for (Telephone phone : some) {
      phone.listenAnew();
    }
    Telephone.talk(some, LISTEN);
  }

  @Test
  void play_ofASourceToAJoinedCall_isHeardThereBesideTheOtherAndNowhereElse() throws Exception {
    join(ann, bob, Direction.DUPLEX);
    int whisper = 2500;
    FrameSource source = tone(whisper);
    ann.phone().session.execute(() -> ann.phone().session.play(source, () -> {}));
    settleAndListen();
    assertHears(ann, bob, true);
    assertThat(ann.phone().hears(whisper)).isGreaterThan(0.6);
    assertThat(bob.phone().hears(whisper)).isLessThan(0.2);
    ann.phone().session.execute(() -> ann.phone().session.stop(source));
    settleAndListen();
    assertHears(ann, bob, true);
    assertThat(ann.phone().hears(whisper)).isLessThan(0.2);
  }

  static FrameSource tone(int hertz) {
    long[] at = new long[1];
    return (frame, length) -> {
      for (int i = 0; i < length; i++) {
        frame[i] = (short) (6000 * Math.sin(2 * Math.PI * hertz * at[0]++ / 8000));
      }
      return length;
    };
  }

  @Test
  void tap_ofAJoinedCall_getsWhatItsCallerHearsOfTheOther() throws Exception {
    join(ann, bob, Direction.RECV);
    List<short[]> recv = new ArrayList<>();
    List<short[]> send = new ArrayList<>();
    Telephone.talk(all, SETTLE);
    ann.phone()
        .session
        .execute(
            () ->
                ann.phone()
                    .session
                    .attach(
                        (said, heard, length) -> {
                          send.add(java.util.Arrays.copyOf(said, length));
                          recv.add(java.util.Arrays.copyOf(heard, length));
                        }));
    Telephone.talk(all, LISTEN);
    Telephone last = ann.phone();
    last.session.close();
    engine.close();
    assertThat(Telephone.share(joined(recv), bob.phone().hertz)).isGreaterThan(0.6);
    assertThat(Telephone.share(joined(recv), ann.phone().hertz)).isLessThan(0.2);
    assertThat(Telephone.share(joined(send), ann.phone().hertz)).isGreaterThan(0.6);
    assertThat(Telephone.share(joined(send), bob.phone().hertz)).isLessThan(0.2);
  }

  private static short[] joined(List<short[]> frames) {
    short[] all = new short[frames.stream().mapToInt(frame -> frame.length).sum()];
    int at = 0;
    for (short[] frame : frames) {
      System.arraycopy(frame, 0, all, at, frame.length);
      at += frame.length;
    }
    return all;
  }

  @Test
  void join_thatCannotBe_isRefusedWithItsReason() {
    assertFault(() -> join(ann, ann, Direction.DUPLEX), Fault.REFUSED);
    JoinRequest direct = new JoinRequest("p", Direction.DUPLEX, JoinRequest.Media.DIRECT);
    assertFault(
        () ->
            done(
                joins.join(
                    ann.party(), ann.phone().session, bob.party(), bob.phone().session, direct)),
        Fault.UNSUPPORTED);
    assertThat(joins.count(ann.party())).isZero();
  }

  private static void assertFault(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable what, Fault fault) {
    assertThatThrownBy(what)
        .isInstanceOfSatisfying(MediaException.class, e -> assertThat(e.fault()).isEqualTo(fault));
  }
}

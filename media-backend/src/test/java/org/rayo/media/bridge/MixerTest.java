package org.rayo.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.rayo.media.JoinRequest;
import org.rayo.media.JoinRequest.Direction;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.audio.FrameSource;
import org.rayo.media.audio.FrameTap;
import org.rayo.media.audio.ParticipantTap;

/** A mixer in time that the test makes pass: who hears what is told by values, to the sample. */
class MixerTest {

  private static final int SETTLE = 200;

  private final ManualThread thread = new ManualThread();
  private final Joins joins = new Joins();
  private final List<String> speaking = new ArrayList<>();
  private final Mixer mixer =
      new Mixer("m", 8000, thread, (who, speaks) -> speaking.add(who + " " + speaks));
  private final Member ann = new Member("ann");
  private final Member bob = new Member("bob");
  private final Member cid = new Member("cid");

  private final class Member {
    final String name;
    final ManualCall call = new ManualCall(thread);
    final Joins.Party party;

    Member(String name) {
      this.name = name;
      party = new Joins.Party(name);
    }

    void join(Direction direction) throws Exception {
      joinAs(name, direction);
    }

    void joinAs(String participant, Direction direction) throws Exception {
      var done =
          joins
              .join(
                  party,
                  call,
                  mixer,
                  new JoinRequest(participant, direction, JoinRequest.Media.BRIDGE))
              .toCompletableFuture();
      thread.settle();
      assertThat(done).isCompletedWithValue(null);
    }

    void unjoin() {
      var done = joins.unjoin(party, mixer.party()).toCompletableFuture();
      thread.settle();
      assertThat(done).isCompletedWithValue(null);
    }

    void hears(int value) {
      assertThat(call.heard).as("what %s hears", name).containsOnly((short) value);
    }
  }

  @BeforeEach
  void open() {
    mixer.open();
  }

  private void allJoin() throws Exception {
    ann.call.says(100);
    bob.call.says(200);
    cid.call.says(400);
    ann.join(Direction.DUPLEX);
    bob.join(Direction.DUPLEX);
    cid.join(Direction.DUPLEX);
    thread.ticks(SETTLE);
  }

  @Test
  void mix_ofThree_eachHearsTheOthersAndNotHimself() throws Exception {
    allJoin();
    ann.hears(600);
    bob.hears(500);
    cid.hears(300);
  }

  @Test
  void join_again_changesTheDirectionInPlace() throws Exception {
    allJoin();
    bob.join(Direction.SEND);
    thread.ticks(SETTLE);
    ann.hears(600);
    bob.hears(0);
    cid.hears(300);
    bob.join(Direction.RECV);
    thread.ticks(SETTLE);
    ann.hears(400);
    bob.hears(500);
    cid.hears(100);
    bob.join(Direction.DUPLEX);
    thread.ticks(SETTLE);
    ann.hears(600);
    bob.hears(500);
  }

  @Test
  void unjoin_andTheEndOfACall_leaveTheOthersInIt() throws Exception {
    allJoin();
    bob.unjoin();
    bob.unjoin();
    thread.ticks(SETTLE);
    ann.hears(400);
    bob.hears(0);
    cid.hears(100);
    joins.ended(cid.party);
    thread.ticks(SETTLE);
    ann.hears(0);
    assertThat(joins.count(mixer.party())).isEqualTo(1);
  }

  @Test
  void mix_tooLoud_isClippedAfterTheOwnVoiceIsTakenOut() throws Exception {
    allJoin();
    ann.call.says(20_000);
    bob.call.says(20_000);
    cid.call.says(20_000);
    thread.ticks(SETTLE);
    ann.hears(Short.MAX_VALUE);
    cid.unjoin();
    thread.ticks(SETTLE);
    ann.hears(20_000);
  }

  @Test
  void play_ofClipsAndSources_isHeardByAllAndDoneIsTold() throws Exception {
    allJoin();
    short[] clip = new short[10 * ManualCall.FRAME];
    Arrays.fill(clip, (short) 1000);
    FrameSource source =
        (frame, length) -> {
          Arrays.fill(frame, 0, length, (short) 3000);
          return length;
        };
    List<String> done = new ArrayList<>();
    mixer.play(clip, () -> done.add("clip"));
    mixer.play(source, () -> done.add("source"));
    thread.ticks(8);
    ann.hears(4600);
    bob.hears(4500);
    assertThat(done).isEmpty();
    thread.ticks(20);
    cid.hears(3300);
    assertThat(done).containsExactly("clip");
    mixer.stop(source);
    thread.ticks(20);
    cid.hears(300);
    assertThat(done).containsExactly("clip", "source");
  }

  @Test
  void tap_ofTheMixer_getsAllOfThemOnBothLegsAndTheirKeys() throws Exception {
    allJoin();
    short[] send = new short[ManualCall.FRAME];
    short[] recv = new short[ManualCall.FRAME];
    List<Character> keys = new ArrayList<>();
    mixer.attach(
        new FrameTap() {
          @Override
          public void frame(short[] said, short[] heard, int length) {
            System.arraycopy(said, 0, send, 0, length);
            System.arraycopy(heard, 0, recv, 0, length);
          }

          @Override
          public void key(char digit, int offset) {
            keys.add(digit);
          }
        });
    thread.ticks(1);
    assertThat(send).containsOnly((short) 700);
    assertThat(recv).containsOnly((short) 700);
    ann.call.press('1');
    bob.join(Direction.RECV);
    bob.call.press('2');
    cid.call.press('#');
    thread.ticks(1);
    assertThat(keys).containsExactly('1', '#');
  }

  @Test
  void participantTap_getsEachVoiceThenTheSumAndWhoComesAndGoes() throws Exception {
    List<String> told = new ArrayList<>();
    ParticipantTap tap = new Writing(told);
    ann.call.says(100);
    ann.join(Direction.DUPLEX);
    thread.ticks(SETTLE);
    mixer.attach(tap);
    thread.ticks(1);
    assertThat(told).containsExactly("ann entered", "ann said 100", "frame 100");
    told.clear();
    bob.join(Direction.RECV);
    thread.ticks(1);
    assertThat(told).containsExactly("ann said 100", "frame 100");
    told.clear();
    bob.call.says(200);
    bob.join(Direction.DUPLEX);
    ann.joinAs("anna", Direction.DUPLEX);
    thread.ticks(SETTLE);
    assertThat(told.subList(0, 3)).containsExactly("bob entered", "ann left", "anna entered");
    assertThat(told.subList(told.size() - 3, told.size()))
        .containsExactlyInAnyOrder("anna said 100", "bob said 200", "frame 300")
        .endsWith("frame 300");
    told.clear();
    bob.unjoin();
    ann.joinAs("anna", Direction.RECV);
    thread.ticks(1);
    assertThat(told).containsExactly("bob left", "anna left", "frame 0");
    mixer.detach(tap);
    told.clear();
    thread.ticks(5);
    assertThat(told).isEmpty();
  }

  private record Writing(List<String> to) implements ParticipantTap {
    @Override
    public void entered(String participant) {
      to.add(participant + " entered");
    }

    @Override
    public void left(String participant) {
      to.add(participant + " left");
    }

    @Override
    public void speaking(String participant, boolean speaking) {
      to.add(participant + (speaking ? " speaks" : " is silent"));
    }

    @Override
    public void said(String participant, short[] samples, int length) {
      to.add(participant + " said " + samples[length - 1]);
    }

    @Override
    public void frame(short[] send, short[] recv, int length) {
      to.add("frame " + send[length - 1]);
    }
  }

  @Test
  void speaking_beginsAfter150MillisAndEndsAfter500_alsoByLeaving() throws Exception {
    ann.join(Direction.DUPLEX);
    bob.join(Direction.SEND);
    thread.ticks(SETTLE);
    assertThat(speaking).isEmpty();
    ann.call.saysTone(500);
    thread.ticks(4);
    assertThat(speaking).isEmpty();
    thread.ticks(9);
    assertThat(speaking).containsExactly("ann true");
    thread.ticks(100);
    ann.call.says(0);
    thread.ticks(22);
    assertThat(speaking).containsExactly("ann true");
    thread.ticks(8);
    assertThat(speaking).containsExactly("ann true", "ann false");
    speaking.clear();

    bob.call.saysTone(700);
    thread.ticks(20);
    assertThat(speaking).containsExactly("bob true");
    List<String> told = new ArrayList<>();
    mixer.attach(new Writing(told));
    assertThat(told).containsExactly("ann entered", "bob entered", "bob speaks");
    told.clear();
    bob.unjoin();
    assertThat(told).containsExactly("bob is silent", "bob left");
    assertThat(speaking).containsExactly("bob true", "bob false");
  }

  @Test
  void speaking_shortPauses_doNotEndIt() throws Exception {
    ann.join(Direction.DUPLEX);
    thread.ticks(SETTLE);
    for (int word = 0; word < 10; word++) {
      ann.call.saysTone(500);
      thread.ticks(20);
      ann.call.says(0);
      thread.ticks(15);
    }
    assertThat(speaking).containsExactly("ann true");
  }

  @Test
  void join_underANameThatIsTaken_isRefusedUntilItIsFree() throws Exception {
    ann.joinAs("x", Direction.DUPLEX);
    assertThatThrownBy(() -> bob.joinAs("x", Direction.DUPLEX))
        .isInstanceOfSatisfying(
            MediaException.class, e -> assertThat(e.fault()).isEqualTo(Fault.REFUSED));
    ann.joinAs("y", Direction.DUPLEX);
    bob.joinAs("x", Direction.DUPLEX);
    ann.unjoin();
    cid.joinAs("y", Direction.SEND);
    assertThat(joins.count(mixer.party())).isEqualTo(2);
  }

  @Test
  void close_ofAMixer_thoseInItHearSilenceAndNobodyComesAnyMore() throws Exception {
    allJoin();
    List<String> done = new ArrayList<>();
    List<String> told = new ArrayList<>();
    mixer.attach(new Writing(told));
    mixer.play(new short[8000], () -> done.add("clip"));
    joins.ended(mixer.party());
    mixer.close();
    thread.ticks(2);
    told.clear();
    thread.ticks(SETTLE);
    assertThat(done).containsExactly("clip");
    assertThat(told).isEmpty();
    ann.hears(0);
    bob.hears(0);
    assertThat(joins.count(ann.party)).isZero();
    assertThat(thread.ticked()).isEqualTo(3);
    mixer.play(new short[8000], () -> done.add("late"));
    thread.settle();
    assertThat(done).containsExactly("clip", "late");
    assertThatThrownBy(() -> ann.join(Direction.DUPLEX))
        .isInstanceOfSatisfying(
            MediaException.class, e -> assertThat(e.fault()).isEqualTo(Fault.GONE));
  }

  @Test
  void tick_ofATalkingMixer_allocatesNothing() throws Exception {
    allJoin();
    for (int i = 0; i < 20_000; i++) {
      mixer.tick(0, 0);
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long id = Thread.currentThread().getId();
    long before = threads.getThreadAllocatedBytes(id);
    long cpu = threads.getThreadCpuTime(id);
    for (int i = 0; i < 20_000; i++) {
      mixer.tick(0, 0);
    }
    assertThat(threads.getThreadAllocatedBytes(id) - before).isLessThan(20_000);
    System.out.printf(
        "figure: a mixer of 3 by itself: %.2f µs a tick%n",
        (threads.getThreadCpuTime(id) - cpu) / 20_000.0 / 1e3);
  }
}

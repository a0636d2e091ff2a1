package org.rayo.media.bridge;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.rayo.media.JoinRequest;
import org.rayo.media.JoinRequest.Direction;

/** Two calls in time that the test makes pass. */
class CallLinkTest {

  private final ManualThread thread = new ManualThread();
  private final Joins joins = new Joins();
  private final ManualCall ann = new ManualCall(thread).says(100);
  private final ManualCall bob = new ManualCall(thread).says(200);
  private final Joins.Party annParty = new Joins.Party("ann");
  private final Joins.Party bobParty = new Joins.Party("bob");

  private void join(Direction direction) throws Exception {
    var done =
        joins
            .join(
                annParty,
                ann,
                bobParty,
                bob,
                new JoinRequest("p", direction, JoinRequest.Media.BRIDGE))
            .toCompletableFuture();
    thread.settle();
    assertThat(done).isCompletedWithValue(null);
  }

  @Test
  void join_voice_isHeardWithinThreeFramesAndLater5MillisAfterItsFrame() throws Exception {
    join(Direction.DUPLEX);
    thread.ticks(3);
    assertThat(bob.heard).containsOnly((short) 100);
    assertThat(ann.heard).containsOnly((short) 200);
    thread.ticks(300);
    ann.says(101);
    bob.says(201);
    thread.ticks(1);
    // Ann's tick comes first, so that Bob can hear what she says now, but for the reserve of 5 ms.
    assertThat(bob.heard).startsWith((short) 100).endsWith((short) 101);
    thread.ticks(1);
    assertThat(bob.heard).containsOnly((short) 101);
    assertThat(ann.heard).startsWith((short) 200).endsWith((short) 201);
    thread.ticks(1);
    assertThat(bob.heard).containsOnly((short) 101);
    assertThat(ann.heard).containsOnly((short) 201);
  }

  @Test
  void join_changed_theDirectionThatStaysLosesNotOneSample() throws Exception {
    join(Direction.DUPLEX);
    thread.ticks(10);
    for (int i = 0; i < 50; i++) {
      join(i % 2 == 0 ? Direction.SEND : Direction.DUPLEX);
      thread.ticks(3);
      assertThat(bob.heard).containsOnly((short) 100);
      assertThat(ann.heard).containsOnly((short) (i % 2 == 0 ? 0 : 200));
    }
  }

  @Test
  void join_keys_stayWithWhoeverPressedThem() throws Exception {
    join(Direction.DUPLEX);
    ann.press('5');
    thread.ticks(10);
    assertThat(bob.heard).containsOnly((short) 100);
  }
}

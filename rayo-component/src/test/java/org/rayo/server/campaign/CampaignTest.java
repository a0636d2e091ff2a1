package org.rayo.server.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.rayo.testkit.peers.SmallDisk;

/**
 * The promise, tried: many recordings under random faults. {@code scripts/campaign} runs it longer.
 */
final class CampaignTest {

  /** Recordings of a round; where there are many, more of each server that is started. */
  private static int ofRound(int recordings) {
    return recordings < 1000 ? 100 : 200;
  }

  @Test
  void recordings_underRandomFaults_noneIsLostAndNoneIsToldTwice() throws Exception {
    int recordings = Integer.getInteger("rayo.campaign.recordings", 300);
    long seed = Long.getLong("rayo.campaign.seed", 1);
    Path home = Path.of("target/campaign").toAbsolutePath();
    boolean smallDisk = canMount(home.resolve("probe"));
    long began = System.nanoTime();
    Tally tally = new Tally();
    for (int round = 1; tally.acknowledged < recordings; round++) {
      Path directory = home.resolve("seed-" + seed + "-round-" + round);
      SmallDisk.unmountLeftOver(Round.spool(directory));
      Evidence.delete(directory);
      long roundBegan = System.nanoTime();
      int size = Math.min(ofRound(recordings), recordings - tally.acknowledged);
      run(new Round(directory, tally, seed * 1_000_000 + round, size, smallDisk), directory);
      System.out.printf("round %d, %d s: %s%n", round, seconds(roundBegan), tally);
    }
    System.out.println(
        "figure: campaign, seed %d, %d s%s; %s"
            .formatted(
                seed,
                seconds(began),
                smallDisk ? "" : ", no disk could be filled (not root)",
                tally.details()));
    System.out.println("figure: campaign " + tally);
    assertThat(tally.promiseHeld()).as("%s", tally).isTrue();
  }

  private static void run(Round round, Path directory) throws Exception {
    boolean held = false;
    try (round) {
      try {
        held = round.run();
      } finally {
        if (!held) {
          round.keep();
          System.out.println("kept: " + directory);
        }
      }
    }
    if (held) {
      Evidence.delete(directory);
    }
  }

  private static boolean canMount(Path directory) throws IOException {
    Optional<SmallDisk> disk = SmallDisk.mount(directory, 1);
    disk.ifPresent(SmallDisk::close);
    return disk.isPresent();
  }

  private static long seconds(long beganNanos) {
    return (System.nanoTime() - beganNanos) / 1_000_000_000;
  }
}

package org.rayo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The promise, tried: many recordings under random faults. {@code scripts/campaign} runs it longer.
 */
final class CampaignTest {

  private static final int AT_ONCE = 20;

  @Test
  void recordings_underRandomFaults_noneIsLostAndNoneIsToldTwice(@TempDir Path directory)
      throws Exception {
    int recordings = Integer.getInteger("rayo.campaign.recordings", 120);
    long seed = Long.getLong("rayo.campaign.seed", 1);
    CampaignTally tally = new CampaignTally();
    try (CampaignSite site = new CampaignSite(directory)) {
      for (int round = 0; tally.started < recordings; round++) {
        new CampaignRound(site, tally, seed * 1_000_000 + round)
            .run(Math.min(AT_ONCE, recordings - tally.started));
        System.out.println("round " + (round + 1) + ": " + tally);
      }
    }
    System.out.println("figure: campaign, seed " + seed + ", faults " + tally.faults);
    System.out.println("figure: campaign " + tally);
    assertThat(tally.promiseHeld()).as("%s", tally).isTrue();
  }
}

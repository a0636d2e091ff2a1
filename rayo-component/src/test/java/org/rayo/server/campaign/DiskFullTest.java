package org.rayo.server.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.server.AtOnce;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.client.Received.RecordingFacts;
import org.rayo.testkit.peers.SmallDisk;
import org.rayo.testkit.phone.SoftPhone;

/** The spool's disk has no byte left while recordings run. */
final class DiskFullTest {

  private static final int CALLS = 8;

  @Test
  void recordings_whileTheDiskIsFull_endWithAnErrorAndAPartThatPlays(@TempDir Path directory)
      throws Exception {
    Path spool = directory.resolve("var/spool");
    Optional<SmallDisk> disk = SmallDisk.mount(spool, 16);
    assumeTrue(disk.isPresent(), "no small disk can be mounted here (not root)");
    try (SmallDisk small = disk.orElseThrow();
        DirectoryStore store = new DirectoryStore(directory);
        CampaignSite site = new CampaignSite(directory, config(spool) + store.config(), 1);
        SoftPhone phone = SoftPhone.create()) {
      site.start();
      RayoClient client = site.clients().get(0);
      List<Callable<Recorded>> beginning = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        int number = i;
        beginning.add(
            () ->
                Recorded.begin(
                    site, phone, client, "full" + number, number % 2 == 0 ? "wav" : "mp3"));
      }
      List<Recorded> all = AtOnce.all(beginning);
      for (Recorded recorded : all) {
        recorded.talk(700);
      }
      fillUntilComplete(small, all);

      for (Recorded recorded : all) {
        Received complete = client.awaitEvent(recorded.component(), "complete");
        assertThat(complete.reason()).as(site.log()).isEqualTo("error");
        RecordingFacts facts = complete.recording().orElseThrow();
        assertThat(facts.durationMillis()).isGreaterThan(200);
        assertThat(Verdict.plays(store.at(facts.uri()).orElseThrow(), facts)).isTrue();
      }
      Received refused = client.command(all.get(0).address(), Recorded.command("wav"));
      assertThat(refused.error()).isEqualTo("resource-constraint/wait");

      small.free();
      String again = client.command(all.get(0).address(), Recorded.command("wav")).ref();
      all.get(0).talk(300);
      Received complete =
          new Recorded(client, all.get(0).call(), all.get(0).address(), again).stop();
      assertThat(complete.reason()).isEqualTo("stop");
      for (Recorded recorded : all) {
        assertThat(store.objects(Verdict.recordingId(recorded.component()))).hasSize(1);
        assertThat(recorded.completes()).isEqualTo(1);
      }
      assertThat(site.terminate()).isZero();
    }
  }

  /** What ends gives its room to the others: so it is taken again and again. */
  private static void fillUntilComplete(SmallDisk disk, List<Recorded> all) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (all.stream().anyMatch(recorded -> recorded.completes() == 0)
        && System.nanoTime() < deadline) {
      disk.fill(0);
      Thread.sleep(50);
    }
  }

  private static String config(Path spool) {
    return "rayo.spool { directory = \"%s\", watermark = 1 MiB }\n".formatted(spool);
  }
}

package org.rayo.server.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.server.AtOnce;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.peers.SmallDisk;
import org.rayo.testkit.phone.SoftPhone;

/** Everything at once: the spool's disk is full, the store is away, and the server is killed. */
final class DiskFullKilledTest {

  private static final int RECORDINGS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void killed_whileTheDiskIsFullAndTheStoreAway_eachCompleteStaysTheSame(@TempDir Path directory)
      throws Exception {
    Path spool = directory.resolve("var/spool");
    Optional<SmallDisk> disk = SmallDisk.mount(spool, 16);
    if (disk.isEmpty()) {
      System.out.println("SKIPPED DiskFullKilledTest: a disk to fill needs root");
    }
    assumeTrue(disk.isPresent());
    try (SmallDisk small = disk.orElseThrow();
        DirectoryStore store = new DirectoryStore(directory);
        CampaignSite site = new CampaignSite(directory, config(spool) + store.config(), 1);
        SoftPhone phone = SoftPhone.create()) {
      site.start();
      RayoClient client = site.clients().get(0);
      List<Callable<Recorded>> begins = new ArrayList<>();
      for (int i = 0; i < RECORDINGS; i++) {
        String caller = "full" + i;
        begins.add(() -> Recorded.begin(site, phone, client, caller, "wav"));
      }
      List<Recorded> all = AtOnce.all(begins);
      for (Recorded recorded : all) {
        recorded.talk(700);
      }
      store.trouble(new Random(1));
      long until = System.nanoTime() + PATIENCE.toNanos();
      while (all.stream().anyMatch(r -> r.completes() == 0) && System.nanoTime() < until) {
        small.fill(0);
        CampaignSite.pause(20);
      }
      site.kill();
      small.free();
      store.heal();
      site.start();
      for (Recorded recorded : all) {
        String id = Verdict.recordingId(recorded.component());
        while (store.objects(id).isEmpty() && System.nanoTime() < until) {
          CampaignSite.pause(50);
        }
        assertThat(store.objects(id)).as("stored").hasSize(1);
        List<String> told =
            client.received().stream()
                .filter(s -> s.isEvent("complete") && s.from().equals(recorded.component()))
                .map(Received::xml)
                .toList();
        assertThat(new HashSet<>(told)).as("told").hasSize(1);
      }
    }
  }

  private static String config(Path spool) {
    return """
    rayo.storage.complete-deadline = 1s
    rayo.spool { directory = "%s", watermark = 1 MiB }
    """
        .formatted(spool);
  }
}

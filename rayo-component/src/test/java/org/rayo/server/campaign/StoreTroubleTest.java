package org.rayo.server.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rayo.server.campaign.WebStore.Trouble;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.client.Received.RecordingFacts;
import org.rayo.testkit.phone.SoftPhone;

/** What a store's troubles cost: time, and no recording. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class StoreTroubleTest {

  private static final Duration DEADLINE = Duration.ofSeconds(1);

  /** With a first pause of 500 ms that doubles, a second or two have few tries. */
  private static final int FEW_TRIES = 6;

  /** A try and as many redirects as are followed. */
  private static final int REQUESTS_OF_A_LOOP = 4;

  private final SoftPhone phone = SoftPhone.create();
  private WebStore store;
  private CampaignSite site;

  @BeforeAll
  void start(@TempDir Path directory) throws Exception {
    store = new WebStore(directory);
    site =
        new CampaignSite(
            directory,
            "rayo.storage.complete-deadline = %dms\n%s"
                .formatted(DEADLINE.toMillis(), store.config()),
            1);
    site.start();
  }

  @AfterAll
  void close() {
    phone.close();
    site.close();
    store.close();
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  void stop_whileTheStoreIsInTrouble_completesInTimeAndIsStoredOnceAfterwards(Trouble trouble)
      throws Exception {
    String user = trouble.name().toLowerCase(Locale.ROOT);
    Recorded recorded = Recorded.begin(site, phone, site.clients().get(0), user, "wav");
    recorded.talk(400);
    store.trouble(trouble);
    int before = store.requests();
    final long stopped = System.nanoTime();
    Received complete = recorded.stop();
    final double seconds = (System.nanoTime() - stopped) / 1e9;

    assertThat(complete.reason()).isEqualTo("stop");
    RecordingFacts facts = complete.recording().orElseThrow();
    assertThat(Verdict.plays(store.at(facts.uri()).orElseThrow(), facts)).isTrue();
    Thread.sleep(500);
    int requests = store.requests() - before;
    int ofATry = trouble == Trouble.REDIRECT_LOOP ? REQUESTS_OF_A_LOOP : 2;
    assertThat(requests).as("within %.1f s", seconds + 0.5).isLessThanOrEqualTo(FEW_TRIES * ofATry);

    store.heal();
    String id = Verdict.recordingId(recorded.component());
    final long healed = System.nanoTime();
    while (store.objects(id).isEmpty() && System.nanoTime() - healed < 60e9) {
      Thread.sleep(20);
    }
    List<Path> objects = store.objects(id);
    assertThat(objects).hasSize(1);
    assertThat(Verdict.plays(objects.get(0), facts)).isTrue();
    assertThat(Verdict.plays(store.at(facts.uri()).orElseThrow(), facts)).isTrue();
    assertThat(recorded.completes()).isEqualTo(1);
    System.out.printf(
        Locale.ROOT,
        "figure: store %s: complete after %.1f s, %d requests, stored %.1f s after it was well%n",
        trouble,
        seconds,
        requests,
        (System.nanoTime() - healed) / 1e9);
    recorded.call().hangup();
  }

  @Test
  void changed_afterAllOfThat_isNothing() {
    assertThat(store.changed()).isZero();
  }
}

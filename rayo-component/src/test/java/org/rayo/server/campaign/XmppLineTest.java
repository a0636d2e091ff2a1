package org.rayo.server.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rayo.server.AtOnce;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.client.Received.RecordingFacts;
import org.rayo.testkit.phone.SoftPhone;

/**
 * The line to the XMPP server takes what is said and loses it, or ends with an error: recordings go
 * on, and every end is told once, however often it is sent.
 */
final class XmppLineTest {

  private static final int CALLS = 12;

  /** What becomes of the line. */
  enum Break {
    HALF_OPEN,
    STREAM_ERROR
  }

  @ParameterizedTest
  @EnumSource
  void recordings_whileTheLineBreaks_goOnAndAreToldOf(Break how, @TempDir Path directory)
      throws Exception {
    try (DirectoryStore store = new DirectoryStore(directory);
        CampaignSite site = new CampaignSite(directory, store.config(), 2);
        SoftPhone phone = SoftPhone.create()) {
      site.start();
      List<Callable<Recorded>> beginning = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        int number = i;
        beginning.add(
            () ->
                Recorded.begin(
                    site, phone, site.clients().get(number % 2), "line" + number, "wav"));
      }
      List<Recorded> all = AtOnce.all(beginning);
      all.get(0).talk(500);

      // Half of them end while nothing comes through.
      final List<Recorded> hungUp = all.subList(0, CALLS / 2);
      final List<Recorded> stopped = all.subList(CALLS / 2, CALLS);
      final long broken = System.nanoTime();
      if (how == Break.HALF_OPEN) {
        site.fallSilent();
        hungUp.forEach(recorded -> recorded.call().hangup());
        all.get(CALLS - 1).talk(1500);
        site.recover();
      } else {
        hungUp.forEach(recorded -> recorded.call().hangup());
        site.endStream();
      }

      for (Recorded recorded : hungUp) {
        Received complete = recorded.client().awaitEvent(recorded.component(), "complete");
        Received end = recorded.client().awaitEvent(recorded.address(), "end");
        assertThat(complete.reason()).isEqualTo("hangup");
        assertThat(complete.number()).isLessThan(end.number());
        assertPlays(store, complete);
      }
      System.out.printf(
          Locale.ROOT,
          "figure: XMPP line %s: %d ends of before and meanwhile told %.1f s after it broke%n",
          how,
          hungUp.size(),
          (System.nanoTime() - broken) / 1e9);
      for (Recorded recorded : stopped) {
        Received complete = recorded.stop();
        assertThat(complete.reason()).isEqualTo("stop");
        assertPlays(store, complete);
      }
      for (Recorded recorded : all) {
        List<String> told =
            recorded.client().received().stream()
                .filter(s -> s.isEvent("complete") && s.from().equals(recorded.component()))
                .map(Received::xml)
                .distinct()
                .toList();
        assertThat(told).hasSize(1);
      }
      assertThat(site.terminate()).isZero();
    }
  }

  private static void assertPlays(DirectoryStore store, Received complete) throws Exception {
    RecordingFacts facts = complete.recording().orElseThrow();
    assertThat(Verdict.plays(store.at(facts.uri()).orElseThrow(), facts)).isTrue();
  }
}

package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;

/**
 * The time from {@code stop} to {@code complete} is the same however long the recording is. Length
 * in real time is dear, so the long ones are stereo of 48,000 Hz: 24 times the bytes that a second
 * of a call has. The long form: {@code -Drayo.stop.seconds=300}.
 */
class StopToCompleteTest {

  private static final int SHORT_MILLIS = 2000;
  private static final int LONG_SECONDS = Integer.getInteger("rayo.stop.seconds", 15);
  private static final int CALLS = 6;
  private static final String SMALL = "format='wav' start-beep='false' direction='send'";
  private static final String LARGE =
      "format='wav' start-beep='false' direction='duplex' mix='false'";

  /** What the machine may add to one and not to the other. */
  private static final double SPARE_MILLIS = 60;

  private record Stopped(double millis, long sizeBytes) {}

  @Test
  void stop_shortOrLong_completesInTheSameTime(@TempDir Path directory) throws Exception {
    try (Site site = Site.embedded(directory)) {
      RayoClient client = site.availableClient("romeo", "balcony");
      site.warmUp(client);
      List<Callable<Site.Answered>> calling = new ArrayList<>();
      for (int i = 0; i < CALLS; i++) {
        String caller = "stopper" + i;
        calling.add(() -> site.talkingCall(client, caller, AudioSource.tone(440, -10, 3_600_000)));
      }
      List<Site.Answered> calls = AtOnce.all(calling);
      List<String> large = new ArrayList<>();
      for (Site.Answered call : calls) {
        large.add(Site.start(client, call.address(), LARGE, "sample-rate=48000").ref());
      }
      // While those get long, short ones are stopped again and again.
      List<Stopped> ofShort = new ArrayList<>();
      long until = System.nanoTime() + LONG_SECONDS * 1_000_000_000L;
      while (System.nanoTime() < until) {
        List<String> small = new ArrayList<>();
        for (Site.Answered call : calls) {
          small.add(Site.start(client, call.address(), SMALL).ref());
        }
        Thread.sleep(SHORT_MILLIS);
        small.forEach(component -> ofShort.add(stop(client, component)));
      }
      List<Stopped> ofLong = new ArrayList<>();
      large.forEach(component -> ofLong.add(stop(client, component)));

      figure("short", ofShort);
      figure("long", ofLong);
      assertThat(median(ofLong).sizeBytes()).isGreaterThan(50 * median(ofShort).sizeBytes());
      assertThat(median(ofLong).millis()).isLessThan(2 * median(ofShort).millis() + SPARE_MILLIS);
    }
  }

  private static Stopped stop(RayoClient client, String component) {
    long began = System.nanoTime();
    Received complete = Site.stop(client, component);
    double millis = (System.nanoTime() - began) / 1e6;
    return new Stopped(millis, complete.recording().orElseThrow().sizeBytes());
  }

  private static Stopped median(List<Stopped> all) {
    List<Stopped> sorted =
        all.stream().sorted((a, b) -> Double.compare(a.millis(), b.millis())).toList();
    return sorted.get(sorted.size() / 2);
  }

  private static void figure(String what, List<Stopped> all) {
    System.out.printf(
        Locale.ROOT,
        "figure: stop to complete, %s recordings of %d KiB: %.1f ms in the median, %.1f ms at worst, of"
            + " %d%n",
        what,
        median(all).sizeBytes() / 1024,
        median(all).millis(),
        all.stream().mapToDouble(Stopped::millis).max().orElseThrow(),
        all.size());
  }
}

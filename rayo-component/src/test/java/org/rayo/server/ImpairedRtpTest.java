package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.Decoded;
import org.rayo.testkit.audio.ToneMeter;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received.RecordingFacts;
import org.rayo.testkit.phone.Impairment;
import org.rayo.testkit.phone.Impairment.Gap;

/** A bad network and odd senders: the recording is as long as what was said. */
class ImpairedRtpTest {

  private static final double MARK_HZ = 1800;
  private static final double TONE_HZ = 440;
  private static final double DBFS = -12;
  private static final int MARK_MILLIS = 400;
  private static final int TONE_MILLIS = 4000;

  /** From the answer on, so that whole spans of media time are known before the call. */
  private static final int LEAD_MILLIS = 1500;

  private static final AudioSource AUDIO =
      AudioSource.concat(
          List.of(
              AudioSource.silence(LEAD_MILLIS),
              AudioSource.tone(MARK_HZ, DBFS, MARK_MILLIS),
              AudioSource.tone(TONE_HZ, DBFS, TONE_MILLIS),
              AudioSource.tone(MARK_HZ, DBFS, MARK_MILLIS),
              AudioSource.silence(700)));

  private static Map<String, Impairment> impairments() {
    Map<String, Impairment> all = new LinkedHashMap<>();
    Impairment none = Impairment.none();
    all.put("nothing", none);
    all.put("loss", none.withLoss(0.02).withSeed(7));
    all.put("jitter", none.withJitter(40));
    all.put("reordering", none.withReordering(0.05));
    all.put("duplicates", none.withDuplicates(0.1));
    all.put(
        "dtx",
        none.withGaps(List.of(new Gap(LEAD_MILLIS + 1000, 600), new Gap(LEAD_MILLIS + 2500, 900))));
    all.put("ssrc-change", none.withSsrcChangeAfter(170));
    all.put("wrap", none.withStart(65_480, 4_294_960_000L));
    all.put("skew", none.withSkew(300));
    all.put(
        "everything",
        none.withLoss(0.02)
            .withJitter(40)
            .withReordering(0.02)
            .withDuplicates(0.02)
            .withSsrcChangeAfter(180)
            .withSeed(11));
    return all;
  }

  /** What the recording is like. */
  private record Figures(String name, double lengthErrorMillis, double toneShare) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "rtp with %s: length off by %.1f ms, the tone dominates %.1f %% of its time",
          name,
          lengthErrorMillis,
          100 * toneShare);
    }
  }

  @Test
  void recording_ofAnImpairedStream_keepsTime(@TempDir Path directory) throws Exception {
    try (Site site = Site.embedded(directory)) {
      RayoClient client = site.availableClient("romeo", "balcony");
      List<Callable<Figures>> calls = new ArrayList<>();
      impairments()
          .forEach((name, impairment) -> calls.add(() -> record(site, client, name, impairment)));
      List<Figures> all = AtOnce.all(calls);
      all.forEach(figures -> System.out.println("figure: " + figures));
      for (Figures figures : all) {
        assertThat(figures.lengthErrorMillis()).as("%s", figures).isBetween(-40.0, 40.0);
        // Of the tone's 4.0 s, 1.5 s are not sent with silence suppression.
        double least = figures.name().equals("dtx") ? 0.6 : 0.95;
        assertThat(figures.toneShare()).as("%s", figures).isGreaterThan(least);
      }
    }
  }

  private static Figures record(Site site, RayoClient client, String name, Impairment impairment)
      throws Exception {
    Site.Answered answered =
        site.answeredCall(client, name, options -> options.impairment(impairment).audio(AUDIO));
    String component = Site.record(client, answered.address(), "wav");
    Site.await(answered.call().played());
    Site.expectResult(client.command(component, Site.STOP));
    RecordingFacts recording = client.awaitEvent(component, "complete").recording().orElseThrow();
    answered.call().hangup();
    client.awaitEvent(answered.address(), "end");
    Decoded audio = Site.decode(recording);
    assertThat(audio.durationMillis()).isEqualTo(recording.durationMillis());
    return figures(name, audio.channel(0));
  }

  private static Figures figures(String name, short[] pcm) {
    int middle = pcm.length / 2;
    ToneMeter.Span first =
        ToneMeter.find(Arrays.copyOf(pcm, middle), 8000, MARK_HZ, DBFS - 8).orElseThrow();
    ToneMeter.Span last =
        ToneMeter.find(Arrays.copyOfRange(pcm, middle, pcm.length), 8000, MARK_HZ, DBFS - 8)
            .orElseThrow();
    double millis = (middle + last.end() - first.start()) / 8.0;
    short[] between = Arrays.copyOfRange(pcm, first.end(), middle + last.start());
    List<Optional<ToneMeter.Tone>> windows = ToneMeter.windows(between, 8000, 40);
    long toned =
        windows.stream()
            .filter(
                window ->
                    window
                        .filter(tone -> Math.abs(tone.frequencyHz() - TONE_HZ) < 15)
                        .filter(tone -> tone.levelDbfs() > DBFS - 6)
                        .isPresent())
            .count();
    return new Figures(
        name, millis - (2 * MARK_MILLIS + TONE_MILLIS), (double) toned / windows.size());
  }
}

package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.testkit.audio.Decoded;
import org.rayo.testkit.audio.Speech;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received.RecordingFacts;
import org.rayo.testkit.peers.MediaTools;
import org.rayo.testkit.peers.RequiresPeer;

/** What other people's programs say of our recordings. */
@RequiresPeer({"opusinfo", "ffprobe", "ffmpeg", "mpg123", "sox"})
class DecodersTest {

  /** Six frames of 72 ms and the Info tag's, to the millisecond. */
  private static final double SHORTEST_MP3_SECONDS = 0.505;

  private static MediaTools.Probe probe(RecordingFacts recording) {
    MediaTools.Probe probe = MediaTools.probe(Site.file(recording));
    assertThat(probe.warnings()).as("%s", recording).isEmpty();
    return probe;
  }

  @Test
  void recordings_ofManyLengths_areSoundAndAsLongAsReported(@TempDir Path directory)
      throws Exception {
    try (Site site = Site.embedded(directory)) {
      RayoClient client = site.availableClient("romeo", "balcony");
      List<Callable<RecordingFacts>> calls = new ArrayList<>();
      // Around the lengths of MP3 frames (72 ms), one too short for a frame, and some seconds.
      for (int millis : new int[] {20, 40, 71, 72, 73, 144, 500, 1000, 2345, 5000}) {
        for (String attributes :
            List.of("format='mp3'", "format='wav'", "format='mp3' mix='false'", "format='opus'")) {
          String caller = "c" + calls.size();
          calls.add(() -> recorded(site, client, caller, millis, attributes));
        }
      }
      for (RecordingFacts recording : AtOnce.all(calls)) {
        if (recording.uri().endsWith(".mp3")) {
          mp3(recording);
        } else if (recording.uri().endsWith(".opus")) {
          opus(recording);
        } else {
          wav(recording);
        }
      }
      System.out.println("figure: decoders accept " + calls.size() + " recordings");
    }
  }

  private static RecordingFacts recorded(
      Site site, RayoClient client, String caller, int millis, String attributes) throws Exception {
    Site.Answered answered =
        site.answeredCall(client, caller, options -> options.audio(Speech.fiveSeconds().loop()));
    String component =
        Site.expectResult(
                client.command(
                    answered.address(),
                    "<record xmlns='urn:xmpp:rayo:record:1' start-beep='false' max-duration='"
                        + millis
                        + "' "
                        + attributes
                        + "/>"))
            .ref();
    RecordingFacts recording = client.awaitEvent(component, "complete").recording().orElseThrow();
    answered.call().hangup();
    client.awaitEvent(answered.address(), "end");
    assertThat(recording.durationMillis()).as(attributes).isEqualTo(millis);
    return recording;
  }

  private static void mp3(RecordingFacts recording) {
    Path file = Site.file(recording);
    MediaTools.Probe probe = probe(recording);
    assertThat(probe.codec()).isEqualTo("mp3");
    // ffprobe counts whole frames of 72 ms, the Info tag's and the encoder's delay included; very
    // short recordings are filled up to six frames, which the tag cuts off again.
    double seconds = recording.durationMillis() / 1000.0;
    assertThat(probe.durationSeconds() - seconds)
        .isBetween(-0.001, Math.max(0.22, SHORTEST_MP3_SECONDS - seconds));
    MediaTools.Output mpg123 = MediaTools.run(List.of("mpg123", "-q", "-t", file.toString()));
    assertThat(mpg123.text()).as("mpg123 of %s", recording).isEmpty();
    assertThat(mpg123.exitCode()).isZero();
    Decoded decoded = MediaTools.mpg123(file);
    assertThat(decoded.samples()).as("%s", recording).isEqualTo(recording.durationMillis() * 8);
    assertThat(MediaTools.ffmpeg(file).samples())
        .as("ffmpeg, %s", recording)
        .isEqualTo((int) recording.durationMillis() * 8);
    sox(file);
  }

  private static void opus(RecordingFacts recording) {
    Path file = Site.file(recording);
    assertThat(probe(recording).codec()).isEqualTo("opus");
    MediaTools.Output opusinfo = MediaTools.run(List.of("opusinfo", file.toString()));
    assertThat(opusinfo.text()).as("opusinfo of %s", recording).doesNotContain("WARNING");
    assertThat(opusinfo.exitCode()).isZero();
    assertThat(MediaTools.ffmpeg(file).durationMillis())
        .as("ffmpeg, %s", recording)
        .isEqualTo(recording.durationMillis());
  }

  private static void wav(RecordingFacts recording) {
    Path file = Site.file(recording);
    MediaTools.Probe probe = probe(recording);
    assertThat(probe.codec()).isEqualTo("pcm_s16le");
    assertThat(probe.durationSeconds())
        .isCloseTo(recording.durationMillis() / 1000.0, within(0.0001));
    assertThat(MediaTools.soxSamples(file)).isEqualTo(recording.durationMillis() * 8);
    sox(file);
  }

  /** Sox reads the whole file without a word. */
  private static void sox(Path file) {
    MediaTools.Output sox = MediaTools.run(List.of("sox", file.toString(), "-n"));
    assertThat(sox.text()).as("sox of %s", file).isEmpty();
    assertThat(sox.exitCode()).isZero();
  }
}

package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.Decoded;
import org.rayo.testkit.audio.Speech;
import org.rayo.testkit.audio.ToneMeter;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received.RecordingFacts;
import org.rayo.testkit.peers.MediaTools;
import org.rayo.testkit.peers.RequiresPeer;

/** What other people's programs say of our recordings. */
@RequiresPeer({"opusinfo", "ffprobe", "ffmpeg", "mpg123", "sox"})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DecodersTest {

  /** Six frames of 72 ms and the Info tag's, to the millisecond. */
  private static final double SHORTEST_MP3_SECONDS = 0.505;

  private static final double TONE_HZ = 700;

  private Site site;
  private RayoClient client;

  @BeforeAll
  void startSite(@TempDir Path directory) throws Exception {
    site = Site.embedded(directory);
    client = site.availableClient("romeo", "balcony");
    site.warmUp(client);
  }

  @AfterAll
  void closeSite() {
    if (site != null) {
      site.close();
    }
  }

  private static MediaTools.Probe probe(RecordingFacts recording) {
    MediaTools.Probe probe = MediaTools.probe(Site.file(recording));
    assertThat(probe.warnings()).as("%s", recording).isEmpty();
    return probe;
  }

  @Test
  void recordings_ofManyLengths_areSoundAndAsLongAsReported() throws Exception {
    List<Callable<RecordingFacts>> calls = new ArrayList<>();
    // Around the lengths of MP3 frames (72 ms), one too short for a frame, and some seconds.
    for (int millis : new int[] {20, 40, 71, 72, 73, 144, 500, 1000, 2345, 5000}) {
      for (String attributes :
          List.of("format='mp3'", "format='wav'", "format='mp3' mix='false'", "format='opus'")) {
        String caller = "c" + calls.size();
        calls.add(() -> recorded(caller, millis, attributes));
      }
    }
    for (RecordingFacts recording : AtOnce.all(calls)) {
      if (recording.uri().endsWith(".mp3")) {
        mp3(recording, 8000);
      } else if (recording.uri().endsWith(".opus")) {
        opus(recording);
      } else {
        wav(recording, "pcm_s16le", 8000);
      }
    }
    System.out.println("figure: decoders accept " + calls.size() + " recordings");
  }

  private RecordingFacts recorded(String caller, int millis, String attributes) throws Exception {
    return recorded(caller, Speech.fiveSeconds().loop(), new Kind(attributes), millis);
  }

  private RecordingFacts recorded(String caller, AudioSource said, Kind kind, int millis)
      throws Exception {
    Site.Answered answered = site.talkingCall(client, caller, said);
    boolean empty = millis == 0;
    String component =
        Site.start(
                client,
                answered.address(),
                "start-beep='false' "
                    + (empty ? "start-paused='true' " : "max-duration='" + millis + "' ")
                    + kind.attributes(),
                kind.hints())
            .ref();
    if (empty) {
      Site.expectResult(client.command(component, Site.STOP));
    }
    RecordingFacts recording = client.awaitEvent(component, "complete").recording().orElseThrow();
    answered.call().hangup();
    client.awaitEvent(answered.address(), "end");
    assertThat(recording.durationMillis()).as("%s", kind).isEqualTo(millis);
    assertThat(Site.file(recording).toFile()).hasSize(recording.sizeBytes());
    return recording;
  }

  /** What is asked of a recording. */
  private record Kind(String attributes, List<String> hintList) {
    private static final String RATE = "sample-rate=";

    Kind(String attributes, String... hints) {
      this(attributes, List.of(hints));
    }

    String[] hints() {
      return hintList.toArray(String[]::new);
    }

    boolean isStereo() {
      return attributes.contains("mix='false'");
    }

    int sampleRateHz() {
      return hintList.stream()
          .filter(hint -> hint.startsWith(RATE))
          .mapToInt(hint -> Integer.parseInt(hint.substring(RATE.length())))
          .findFirst()
          .orElse(8000);
    }

    /** What ffprobe calls its coding. */
    String codec() {
      if (attributes.contains("mp3")) {
        return "mp3";
      } else if (attributes.contains("opus")) {
        return "opus";
      } else if (hintList.contains("encoding=ulaw")) {
        return "pcm_mulaw";
      }
      return hintList.contains("encoding=alaw") ? "pcm_alaw" : "pcm_s16le";
    }
  }

  private static List<Kind> kinds() {
    List<Kind> kinds = new ArrayList<>();
    for (String mix : List.of(" mix='true'", " mix='false'")) {
      for (String encoding : List.of("pcm", "ulaw", "alaw")) {
        kinds.add(new Kind("format='wav'" + mix, "encoding=" + encoding));
      }
      for (String hint :
          List.of("quality=0", "quality=9", "bitrate=16", "bitrate=64", "double-pass=true")) {
        kinds.add(new Kind("format='mp3'" + mix, hint));
      }
      for (String hint : List.of("quality=0", "quality=9", "bitrate=48", "bitrate=64")) {
        kinds.add(new Kind("format='opus'" + mix, hint));
      }
      kinds.add(new Kind("format='wav'" + mix, "sample-rate=16000"));
      kinds.add(new Kind("format='wav'" + mix, "sample-rate=44100", "encoding=alaw"));
      kinds.add(new Kind("format='mp3'" + mix, "sample-rate=16000"));
      kinds.add(new Kind("format='mp3'" + mix, "sample-rate=44100", "bitrate=128"));
      kinds.add(new Kind("format='opus'" + mix, "sample-rate=48000"));
    }
    return kinds;
  }

  @Test
  void recordings_ofEveryKind_areSoundAndHoldWhatWasSaid() throws Exception {
    AudioSource tone = AudioSource.tone(TONE_HZ, -12, 60_000);
    List<Kind> kinds = kinds();
    List<Callable<RecordingFacts>> calls = new ArrayList<>();
    for (Kind kind : kinds) {
      String caller = "kind" + calls.size();
      calls.add(() -> recorded(caller, tone, kind, 1111));
    }
    List<RecordingFacts> recordings = AtOnce.all(calls);
    List<Callable<Boolean>> checks = new ArrayList<>();
    for (int i = 0; i < kinds.size(); i++) {
      Kind kind = kinds.get(i);
      RecordingFacts recording = recordings.get(i);
      checks.add(() -> isSound(kind, recording));
    }
    assertThat(AtOnce.all(checks)).doesNotContain(false);
    System.out.println("figure: decoders accept " + kinds.size() + " kinds of recordings");
  }

  private static boolean isSound(Kind kind, RecordingFacts recording) {
    MediaTools.Probe probe = probe(recording);
    assertThat(probe.codec()).as("%s", kind).isEqualTo(kind.codec());
    assertThat(probe.channels()).as("%s", kind).isEqualTo(kind.isStereo() ? 2 : 1);
    switch (kind.codec()) {
      case "mp3" -> mp3(recording, kind.sampleRateHz());
      case "opus" -> opus(recording);
      default -> wav(recording, kind.codec(), kind.sampleRateHz());
    }
    Decoded decoded = MediaTools.ffmpeg(Site.file(recording));
    ToneMeter.Tone tone =
        ToneMeter.dominant(decoded.channel(0), decoded.sampleRateHz()).orElseThrow();
    assertThat(tone.frequencyHz()).as("%s", kind).isBetween(TONE_HZ - 2, TONE_HZ + 2);
    assertThat(tone.levelDbfs()).as("%s", kind).isBetween(-13.5, -10.5);
    if (kind.isStereo()) {
      assertThat(ToneMeter.levelDbfs(decoded.channel(1))).as("%s", kind).isLessThan(-45);
    }
    return true;
  }

  @Test
  void recordings_thatAreEmpty_areValid() throws Exception {
    AudioSource tone = AudioSource.tone(TONE_HZ, -12, 60_000);
    List<Callable<RecordingFacts>> calls = new ArrayList<>();
    for (String mix : List.of(" mix='true'", " mix='false'")) {
      for (String format : List.of("wav", "mp3", "opus")) {
        String caller = "empty" + calls.size();
        Kind kind = new Kind("format='" + format + "'" + mix);
        calls.add(() -> recorded(caller, tone, kind, 0));
      }
    }
    AtOnce.all(calls).forEach(DecodersTest::expectValidAndEmpty);
    System.out.println("figure: decoders accept " + calls.size() + " empty recordings");
  }

  private static void expectValidAndEmpty(RecordingFacts recording) {
    Path file = Site.file(recording);
    if (recording.uri().endsWith(".opus")) {
      expectNoWarning("ffprobe", "-v", "warning", file.toString());
      MediaTools.Output opusinfo = MediaTools.run(List.of("opusinfo", file.toString()));
      assertThat(opusinfo.text()).doesNotContain("WARNING").contains("0m:00.000s");
      assertThat(opusinfo.exitCode()).isZero();
    } else if (recording.uri().endsWith(".mp3")) {
      expectNoWarning("ffprobe", "-v", "warning", file.toString());
      expectNoWarning("mpg123", "-q", "-t", file.toString());
      assertThat(MediaTools.mpg123(file).samples()).isZero();
      expectNoWarning("sox", file.toString(), "-n");
    } else {
      // Without data ffprobe cannot look for another format in it, and says so.
      assertThat(MediaTools.run(List.of("ffprobe", "-v", "error", file.toString())).text())
          .isEmpty();
      assertThat(MediaTools.soxSamples(file)).isZero();
      expectNoWarning("sox", file.toString(), "-n");
    }
  }

  /** The program reads the whole file without a word. */
  private static void expectNoWarning(String... command) {
    MediaTools.Output output = MediaTools.run(List.of(command));
    assertThat(output.text()).as("%s", List.of(command)).isEmpty();
    assertThat(output.exitCode()).isZero();
  }

  /** To the sample, where the rate has a whole number of them in these milliseconds. */
  private static void expectLength(RecordingFacts recording, long samples, int sampleRateHz) {
    long thousandths = recording.durationMillis() * sampleRateHz;
    assertThat(samples)
        .as("%s at %s Hz", recording, sampleRateHz)
        .isBetween(thousandths / 1000, (thousandths + 999) / 1000);
  }

  private static void mp3(RecordingFacts recording, int sampleRateHz) {
    Path file = Site.file(recording);
    MediaTools.Probe probe = probe(recording);
    assertThat(probe.codec()).isEqualTo("mp3");
    // ffprobe counts whole frames of 72 ms, the Info tag's and the encoder's delay included; very
    // short recordings are filled up to six frames, which the tag cuts off again.
    double seconds = recording.durationMillis() / 1000.0;
    assertThat(probe.durationSeconds() - seconds)
        .isBetween(-0.001, Math.max(0.22, SHORTEST_MP3_SECONDS - seconds));
    expectNoWarning("mpg123", "-q", "-t", file.toString());
    Decoded decoded = MediaTools.mpg123(file);
    expectLength(recording, decoded.samples(), sampleRateHz);
    expectLength(recording, MediaTools.ffmpeg(file).samples(), sampleRateHz);
    expectNoWarning("sox", file.toString(), "-n");
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

  private static void wav(RecordingFacts recording, String codec, int sampleRateHz) {
    Path file = Site.file(recording);
    MediaTools.Probe probe = probe(recording);
    assertThat(probe.codec()).isEqualTo(codec);
    assertThat(probe.durationSeconds())
        .isCloseTo(recording.durationMillis() / 1000.0, within(0.0001));
    assertThat(probe.sampleRateHz()).isEqualTo(sampleRateHz);
    expectLength(recording, MediaTools.soxSamples(file), sampleRateHz);
    expectNoWarning("sox", file.toString(), "-n");
  }
}

package org.rayo.media.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.InetAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.AudioFormat;
import org.rayo.media.MediaEvent.OutputEnd;
import org.rayo.media.MediaEvent.OutputEnded;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.OutputRequest;
import org.rayo.media.OutputRequest.AudioFile;
import org.rayo.media.OutputRequest.Pause;
import org.rayo.media.OutputRequest.Segment;
import org.rayo.media.OutputRequest.Speech;
import org.rayo.media.SampleCoding;

@Timeout(60)
final class OutputsTest {

  @TempDir Path directory;
  private final PulledAudio audio = new PulledAudio(8000);
  private final List<OutputEnded> ended = new CopyOnWriteArrayList<>();
  private final short[] tone = SoundFilesTest.tone(440, 200, 8000);
  private Outputs outputs = outputs("espeak-ng", 64 << 20, 4);
  private URI file = URI.create("file:///");

  private Outputs outputs(String speech, long cacheBytes, int threads) {
    return new Outputs(
        new OutputSettings(
            directory == null ? List.of() : List.of(directory),
            InetAddress::isLoopbackAddress,
            20 << 20,
            Duration.ofSeconds(5),
            Duration.ofSeconds(20),
            Duration.ofMinutes(1),
            cacheBytes,
            threads,
            Optional.of(new OutputSettings.Speech(speech, Duration.ofSeconds(20)))),
        (SSLSocketFactory) SSLSocketFactory.getDefault(),
        InetAddress::getAllByName);
  }

  @BeforeEach
  void prepare() throws Exception {
    outputs.close();
    outputs = outputs("espeak-ng", 64 << 20, 4);
    Path path = directory.resolve("tone.wav");
    Files.write(path, SoundFilesTest.encoded(AudioFormat.WAV, SampleCoding.PCM, tone, 8000));
    file = path.toUri();
  }

  @AfterEach
  void close() {
    outputs.close();
  }

  private static OutputRequest request(Segment... segments) {
    return new OutputRequest(
        "out-1", List.of(segments), Duration.ZERO, false, Duration.ZERO, 1, Optional.empty());
  }

  private AudioFile file(Segment... alternative) {
    return new AudioFile(file, List.of(alternative));
  }

  private AudioFile missing(Segment... alternative) {
    return new AudioFile(file.resolve("missing.wav"), List.of(alternative));
  }

  private RunningOutput start(Segment... segments) throws Exception {
    return outputs
        .start(request(segments), audio, Runnable::run, ended::add)
        .toCompletableFuture()
        .get(30, TimeUnit.SECONDS);
  }

  private MediaException failure(Segment... segments) {
    ExecutionException e = catchThrowableOfType(ExecutionException.class, () -> start(segments));
    assertThat(e).isNotNull();
    assertThat(e.getCause()).isInstanceOf(MediaException.class);
    audio.millis(20);
    assertThat(ended).isEmpty();
    assertThat(audio.playing()).isZero();
    return (MediaException) e.getCause();
  }

  private void assertEnded(OutputEnd reason) {
    assertThat(ended).containsExactly(new OutputEnded("out-1", reason, Optional.empty()));
  }

  @Test
  void start_fileAndPause_arePlayedInOrderAndFinish() throws Exception {
    start(file(), new Pause(Duration.ofMillis(100)), file());

    audio.millis(480);
    assertThat(ended).isEmpty();
    audio.millis(60);

    assertEnded(OutputEnd.FINISH);
    assertThat(Arrays.copyOf(audio.heard(), 1600)).isEqualTo(tone);
    assertThat(Arrays.copyOfRange(audio.heard(), 1600, 2400)).containsOnly(0);
    assertThat(Arrays.copyOfRange(audio.heard(), 2400, 4000)).isEqualTo(tone);
  }

  @Test
  void start_missingFile_isRefusedWithItsName() {
    MediaException e = failure(file(), missing(), file());

    assertThat(e.fault()).isEqualTo(Fault.REFUSED);
    assertThat(e).hasMessageContaining("missing.wav").hasMessageContaining("does not exist");
  }

  @Test
  void start_oneFailsWhileAnotherIsSlow_isRefusedAtOnce() throws Exception {
    try (RawServer server = new RawServer(out -> Thread.sleep(60_000))) {
      CompletableFuture<RunningOutput> starting =
          outputs
              .start(request(web(server, "/slow"), missing()), audio, Runnable::run, ended::add)
              .toCompletableFuture();

      // The fetch itself would go on for 20 s.
      assertThat(starting).failsWithin(Duration.ofSeconds(15));
    }
  }

  @Test
  void start_missingFileWithAlternativeThatIsThere_playsIt() throws Exception {
    start(missing(missing(file())));
    audio.millis(240);

    assertEnded(OutputEnd.FINISH);
    assertThat(Arrays.copyOf(audio.heard(), 1600)).isEqualTo(tone);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftp://example.org/a.wav", "data:audio/wav;base64,AAAA", "tone.wav"})
  void start_otherSchemes_areRefused(String uri) {
    assertThat(failure(new AudioFile(URI.create(uri), List.of())).fault()).isEqualTo(Fault.REFUSED);
  }

  @Test
  void start_tooMuchInAll_isRefused() throws Exception {
    Segment[] many = new Segment[301];
    Arrays.fill(many, file());

    assertThat(failure(many)).hasMessageContaining("longer than PT1M");
  }

  @Test
  void commands_whileItPlays_work() throws Exception {
    RunningOutput output = start(file());
    audio.tick();
    CompletableFuture<Void> paused = output.pause().toCompletableFuture();
    audio.millis(1000);
    assertThat(paused).isCompleted();
    assertThat(ended).isEmpty();

    output.seek(Duration.ofMillis(-500));
    output.volumeDown();
    output.volumeUp();
    output.speedUp();
    output.speedDown();
    output.resume();
    int before = audio.heard().length;
    audio.millis(240);

    assertEnded(OutputEnd.FINISH);
    assertThat(Arrays.copyOfRange(audio.heard(), before + 80, before + 1600))
        .isEqualTo(Arrays.copyOfRange(tone, 80, 1600));
  }

  @Test
  void stop_twice_endsOnceAndAnswers() throws Exception {
    RunningOutput output = start(file());
    audio.tick();
    output.stop();
    CompletableFuture<Void> second = output.stop().toCompletableFuture();
    output.callEnded();
    audio.millis(100);

    assertThat(second).isCompleted();
    assertThat(audio.playing()).isZero();
    assertEnded(OutputEnd.STOP);
    assertThat(output.pause().toCompletableFuture()).isNotCompleted();
    audio.settle();
    assertThat(output.resume().toCompletableFuture()).isNotCompletedExceptionally();
  }

  @Test
  void callEnded_whileItPlays_isHangup() throws Exception {
    RunningOutput output = start(file());
    audio.tick();
    output.callEnded();
    audio.settle();

    assertEnded(OutputEnd.HANGUP);
    assertThat(audio.playing()).isZero();
  }

  @Test
  void over_audioOfTheCall_isHangup() throws Exception {
    start(file());
    audio.tick();
    audio.over();

    assertEnded(OutputEnd.HANGUP);
  }

  @Test
  void start_sameAddressAgain_isFetchedOnce() throws Exception {
    byte[] wav = Files.readAllBytes(Path.of(file));
    try (RawServer server =
        RawServer.saying("HTTP/1.1 200 OK\nCache-Control: max-age=600\n\n", wav)) {
      Segment web = web(server, "/a.wav");
      Segment[] many = new Segment[20];
      Arrays.fill(many, web);
      start(many);
      start(web);

      assertThat(server.requests).hasSize(1);
    }
  }

  @Test
  void start_sameAddressWithEtag_isAskedForAndNotSentAgain() throws Exception {
    byte[] wav = Files.readAllBytes(Path.of(file));
    List<String> answers = new ArrayList<>(List.of("HTTP/1.1 200 OK\r\nETag: \"1\"\r\n\r\n"));
    try (RawServer server =
        new RawServer(
            out -> {
              boolean first = !answers.isEmpty();
              String head =
                  first ? answers.remove(0) : "HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n";
              out.write(head.getBytes(StandardCharsets.US_ASCII));
              out.write(first ? wav : new byte[0]);
            })) {
      start(web(server, "/a.wav"));
      start(web(server, "/a.wav"));

      assertThat(server.requests).hasSize(2);
      assertThat(server.requests.get(1)).contains("If-None-Match: \"1\"");
      audio.millis(240);
      assertThat(ended).hasSize(2);
    }
  }

  @Test
  void start_changedFile_isReadAgain() throws Exception {
    start(file());
    short[] other = SoundFilesTest.tone(600, 100, 8000);
    Files.write(
        Path.of(file), SoundFilesTest.encoded(AudioFormat.WAV, SampleCoding.PCM, other, 8000));

    audio.millis(240);
    start(file());
    int before = audio.heard().length;
    audio.millis(140);

    assertThat(Arrays.copyOfRange(audio.heard(), before, before + 800)).isEqualTo(other);
  }

  private static Segment web(RawServer server, String path) {
    return new AudioFile(URI.create("http://127.0.0.1:" + server.port() + path), List.of());
  }

  @Test
  void close_whileLoading_failsWhatWaits() throws Exception {
    outputs.close();
    outputs = outputs("espeak-ng", 0, 1);
    try (RawServer server = new RawServer(out -> Thread.sleep(60_000))) {
      List<CompletableFuture<RunningOutput>> starting = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        starting.add(
            outputs
                .start(request(web(server, "/" + i)), audio, Runnable::run, ended::add)
                .toCompletableFuture());
      }
      while (server.requests.isEmpty()) {
        Thread.onSpinWait();
      }
      outputs.close();

      for (CompletableFuture<RunningOutput> each : starting) {
        assertThat(each).failsWithin(Duration.ofSeconds(15));
      }
    }
  }

  @Test
  void start_speech_isSpoken() throws Exception {
    boolean there =
        Arrays.stream(System.getenv("PATH").split(":"))
            .anyMatch(d -> Files.isExecutable(Path.of(d, "espeak-ng")));
    if (!there) {
      System.out.println("SKIPPED: espeak-ng is not installed");
    }
    assumeTrue(there);
    start(new Speech("Please leave a message.", Optional.of("en-GB"), Optional.empty()));
    for (int i = 0; i < 300 && ended.isEmpty(); i++) {
      audio.tick();
    }

    assertEnded(OutputEnd.FINISH);
    assertThat(audio.heard().length).isBetween(8000, 40_000);
    double energy = Arrays.stream(toInts(audio.heard())).mapToDouble(s -> (double) s * s).sum();
    assertThat(Math.sqrt(energy / audio.heard().length)).isGreaterThan(300);
    ended.clear();

    assertThat(failure(new Speech("x", Optional.of("zz9"), Optional.empty())))
        .hasMessageContaining("does not speak zz9");
    assertThat(failure(new Speech("x", Optional.empty(), Optional.of("--stdout"))).fault())
        .isEqualTo(Fault.REFUSED);
    assertThat(failure(new Speech("x".repeat(10_001), Optional.empty(), Optional.empty())).fault())
        .isEqualTo(Fault.REFUSED);
  }

  private static int[] toInts(short[] samples) {
    int[] ints = new int[samples.length];
    for (int i = 0; i < ints.length; i++) {
      ints[i] = samples[i];
    }
    return ints;
  }

  @Test
  void start_speechWithoutEngine_isUnsupported() {
    outputs.close();
    outputs = outputs("/nowhere/espeak-ng", 0, 1);
    Speech speech = new Speech("x", Optional.empty(), Optional.empty());
    assertThat(failure(speech).fault()).isEqualTo(Fault.UNSUPPORTED);

    outputs.close();
    outputs = new Outputs(OutputSettings.DEFAULT);
    assertThat(failure(speech)).hasMessageContaining("no speech engine is configured");
  }

  @Test
  void start_speechThatHangs_isBrokenOff() throws Exception {
    Path program = directory.resolve("hangs");
    Files.writeString(program, "#!/bin/sh\nexec sleep 60\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
    try (Watchdog watchdog = new Watchdog()) {
      EspeakNg engine = new EspeakNg(program.toString(), Duration.ofMillis(300), watchdog, 1000);

      MediaException e =
          catchThrowableOfType(
              MediaException.class, () -> engine.speak("x", Optional.empty(), Optional.empty()));

      assertThat(e).hasMessageContaining("took longer");
    }
  }
}

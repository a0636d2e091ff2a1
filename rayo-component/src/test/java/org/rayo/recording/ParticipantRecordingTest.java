package org.rayo.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.recording.Captures.STORE;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.CapturedRecording;
import org.rayo.media.MediaRecording;
import org.rayo.media.RecordingRequest;
import org.rayo.media.audio.CallAudio;
import org.rayo.media.audio.FrameTap;
import org.rayo.media.audio.ParticipantTap;
import org.rayo.media.recorder.RecorderSettings;
import org.rayo.media.recorder.Recorders;
import org.rayo.notice.FakeNotices;
import org.rayo.notice.Notice;
import org.rayo.notice.NoticeJson;
import org.rayo.protocol.Dialect;
import org.rayo.protocol.MixerRecords;
import org.rayo.storage.file.FileRecordingStore;

/**
 * A channel for each participant, from the hint to the file in its store and what lies beside it.
 */
class ParticipantRecordingTest {

  private static final int FRAME = 160;

  @TempDir Path directory;

  /** A mixer in which somebody says one number and somebody another. */
  private static final class TwoVoices implements CallAudio {
    private final Executor media;
    private final CountDownLatch attached = new CountDownLatch(1);
    private Optional<ParticipantTap> tap = Optional.empty();

    TwoVoices(Executor media) {
      this.media = media;
    }

    @Override
    public int sampleRateHz() {
      return 8000;
    }

    @Override
    public void execute(Runnable task) {
      media.execute(task);
    }

    @Override
    public void attach(FrameTap recorder) {
      ParticipantTap told = (ParticipantTap) recorder;
      told.entered("alice");
      told.entered("bob");
      tap = Optional.of(told);
      attached.countDown();
    }

    @Override
    public void detach(FrameTap detached) {
      tap = Optional.empty();
    }

    @Override
    public void play(short[] samples, Runnable done) {
      execute(done);
    }

    void frame(int alice, int bob) {
      execute(() -> tap.ifPresent(told -> frame(told, (short) alice, (short) bob)));
    }

    private static void frame(ParticipantTap told, short alice, short bob) {
      told.said("alice", filled(alice), FRAME);
      told.said("bob", filled(bob), FRAME);
      told.frame(new short[FRAME], filled((short) (alice + bob)), FRAME);
    }

    private static short[] filled(short value) {
      short[] samples = new short[FRAME];
      Arrays.fill(samples, value);
      return samples;
    }

    void bobSpeaks(boolean speaks) {
      execute(() -> tap.ifPresent(told -> told.speaking("bob", speaks)));
    }
  }

  private static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(20, TimeUnit.SECONDS);
  }

  @Test
  void hint_toTheStore() throws Exception {
    RecordingRequest request =
        Dialect.XEP_0327.mixerRequest(
            MixerRecords.record(
                "<hint name='channels' value='participants'/>"
                    + "<hint name='participant-channels' value='4'/>"),
            8);
    Path stored = directory.resolve("stored");
    FakeNotices notices = new FakeNotices();
    PublishedNews news = new PublishedNews(notices, true);
    ExecutorService media = Executors.newSingleThreadExecutor();
    Manifest manifest =
        Captures.manifest(
            "r1", Map.of(STORE, Manifest.Delivery.pending("r1.wav")), Optional.empty(), Map.of());
    try (RecordingJournal journal =
            new RecordingJournal(directory.resolve("spool"), SpoolRoom.anything());
        GroupSync sync = new GroupSync(Duration.ofSeconds(1));
        Recorders recorders = new Recorders(RecorderSettings.DEFAULT, sync);
        Repairs repairs = new Repairs(Duration.ofMillis(10), Duration.ofMillis(50));
        RecordingDelivery delivery =
            new RecordingDelivery(
                Map.of(STORE, store(stored)),
                new RecordingDelivery.Settings(
                    2, Duration.ofMillis(10), Duration.ofMillis(50), Duration.ofHours(1)),
                SpoolSealing.NONE,
                news)) {
      JournalledRecordings recordings =
          new JournalledRecordings(
              journal,
              delivery,
              repairs,
              news,
              new JournalledRecordings.Patience(
                  Duration.ofSeconds(20),
                  Duration.ofSeconds(20),
                  Duration.ofSeconds(20),
                  Duration.ofSeconds(20)));
      TwoVoices mixer = new TwoVoices(media);
      CompletableFuture<CapturedRecording> ended = new CompletableFuture<>();
      MediaRecording recording =
          await(
              recordings.begin(
                  manifest,
                  request,
                  target ->
                      recorders
                          .start(request, target, mixer, ended::complete)
                          .thenApply(running -> running)));
      assertThat(mixer.attached.await(20, TimeUnit.SECONDS)).isTrue();
      for (int i = 0; i < 10; i++) {
        if (i == 5) {
          mixer.bobSpeaks(true);
        }
        mixer.frame(100 + i, -200 - i);
      }
      await(recording.stop());
      Recordings.Finished finished = await(recordings.finish(manifest, await(ended)));
      recordings.announced(finished);
      awaitFile(stored.resolve("r1.wav.json"));
      assertSamples(Files.readAllBytes(stored.resolve("r1.wav")));
      Notice beside = NoticeJson.read(Files.readAllBytes(stored.resolve("r1.wav.json")));
      assertThat(beside.finished().orElseThrow().channels()).isEqualTo(4);
      assertThat(beside.finished().orElseThrow().participants())
          .containsExactly(
              new Notice.Participant("alice", OptionalInt.of(1), false, 0, 200, List.of()),
              new Notice.Participant(
                  "bob", OptionalInt.of(2), false, 0, 200, List.of(new Notice.Span(100, 200))));
    } finally {
      media.shutdown();
    }
  }

  private static FileRecordingStore store(Path directory) {
    return new FileRecordingStore(
        "test", directory, Optional.empty(), Optional.empty(), Optional.empty(), Clock.systemUTC());
  }

  private static void assertSamples(byte[] wav) {
    ByteBuffer file = ByteBuffer.wrap(wav).order(ByteOrder.LITTLE_ENDIAN);
    assertThat(wav).hasSize(104 + 10 * FRAME * 4 * 2);
    for (int i = 0; i < 10 * FRAME; i++) {
      int at = 104 + i * 8;
      assertThat((int) file.getShort(at)).isEqualTo(100 + i / FRAME);
      assertThat((int) file.getShort(at + 2)).isEqualTo(-200 - i / FRAME);
      assertThat(file.getInt(at + 4)).isZero();
    }
  }

  private static void awaitFile(Path file) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!Files.exists(file) && System.nanoTime() - deadline < 0) {
      TimeUnit.MILLISECONDS.sleep(5);
    }
    assertThat(file).exists();
  }
}

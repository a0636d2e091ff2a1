package org.rayo.media.recorder;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.AudioFormat;
import org.rayo.media.CapturedRecording;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingRequest.Direction;
import org.rayo.media.encode.Decoded;
import org.rayo.media.encode.OggOpusFile;
import org.rayo.media.recorder.Studio.Ask;
import org.rayo.media.recorder.Studio.Take;
import org.rayo.media.recorder.VirtualCallAudio.Voice;

/**
 * Commands, keys, voices and frames in any order, with any options, against a model that keeps
 * every sample: whatever comes, there is one end, with the first cause, and the file plays what the
 * model kept. More of them with {@code -Drayo.test.sequences=}, others with {@code
 * -Drayo.test.sequences.from=}.
 */
class RandomSequencesTest {

  private static final int SEEDS = Integer.getInteger("rayo.test.sequences", 3000);
  private static final int FIRST = Integer.getInteger("rayo.test.sequences.from", 0);
  private static final int AT_ONCE = 50;

  /** Decoding by another program takes as long as all the rest of a seed. */
  private static final int MP3_DECODED_OF = 8;

  private static final Voice TALK = ofOneSecond(Voice.sine(300, 8000, Studio.RATE));

  private static final List<Voice> VOICES =
      List.of(
          Voice.SILENCE,
          Voice.SILENCE,
          sample -> (short) (sample % 251 - 125),
          TALK,
          TALK,
          key(1336, 941), // 0
          key(1477, 941), // #
          key(1209, 697)); // 1, which never stops

  @TempDir Path directory;

  private record Run(long seed, RecordingRequest request, Take take, RecordingModel model) {}

  @Test
  void anySequence_endsOnceWithTheTruth() throws Exception {
    Map<Cause, Integer> causes = new EnumMap<>(Cause.class);
    int cut = 0;
    Recorders recorders =
        new Recorders(
            RecorderSettings.DEFAULT,
            new Unsynced(),
            path -> new NeverSynced(FileOpener.CREATE.open(path)));
    try (Studio studio = new Studio(directory, recorders)) {
      for (int from = FIRST; from < FIRST + SEEDS; from += AT_ONCE) {
        List<Run> runs = new ArrayList<>();
        for (int seed = from; seed < from + AT_ONCE; seed++) {
          runs.add(play(studio, seed));
        }
        for (Run run : runs) {
          check(run);
          causes.merge(run.take().ended().cause(), 1, Integer::sum);
          cut += run.model().wasCut() ? 1 : 0;
        }
      }
      assertThat(studio.recorders.counters().framesDropped()).isZero();
    }
    System.out.println(
        "figure: random sequences: %d seeds, ends %s, %d of them cut back to a sample"
            .formatted(SEEDS, causes, cut));
    assertThat(causes.keySet())
        .contains(
            Cause.STOP,
            Cause.HANGUP,
            Cause.MAX_DURATION,
            Cause.INITIAL_TIMEOUT,
            Cause.FINAL_TIMEOUT,
            Cause.STOP_KEY);
    assertThat(cut).isPositive();
  }

  /** Thousands of real syncs would be most of the test's time. */
  private static final class NeverSynced extends ForwardingChannel {
    NeverSynced(FileChannel file) {
      super(file);
    }

    @Override
    public void force(boolean metaData) {}
  }

  private static Run play(Studio studio, long seed) throws Exception {
    Random random = new Random(seed);
    Ask ask = ask(random);
    RecordingModel model = new RecordingModel(ask.request());
    Take take = studio.start(ask);
    for (int step = 0; step < 90; step++) {
      step(random, take, model);
    }
    take.recording.stop();
    model.end(Cause.STOP);
    take.call.settle();
    return new Run(seed, ask.request(), take, model);
  }

  private static Ask ask(Random random) {
    Ask ask = new Ask().max(1 + random.nextInt(1800)).initial(1 + random.nextInt(3000));
    ask = random.nextInt(3) == 0 ? ask : ask.last(1 + random.nextInt(700));
    ask = random.nextInt(3) == 0 ? ask.startBeep() : ask;
    ask = random.nextInt(4) == 0 ? ask.startPaused() : ask;
    ask = random.nextBoolean() ? ask.stopBeep() : ask;
    ask = random.nextInt(3) == 0 ? ask.silentPauses() : ask;
    ask = random.nextInt(3) == 0 ? ask.stopKeys("0#") : ask;
    ask = random.nextInt(3) == 0 ? ask.trim() : ask;
    ask = random.nextInt(4) == 0 ? ask.beepEvery(1 + random.nextInt(900)) : ask;
    ask = random.nextInt(3) == 0 ? ask.duplex(random.nextBoolean()) : ask;
    switch (random.nextInt(24)) {
      case 0, 1 -> {
        return random.nextBoolean()
            ? ask.format(AudioFormat.MP3)
            : ask.format(AudioFormat.MP3).rate(random.nextBoolean() ? 11_025 : 16_000);
      }
      case 2 -> {
        return random.nextBoolean()
            ? ask.format(AudioFormat.OPUS)
            : ask.format(AudioFormat.OPUS).rate(16_000);
      }
      case 3, 4 -> {
        return ask.rate(random.nextBoolean() ? 44_100 : 11_025);
      }
      default -> {
        return ask;
      }
    }
  }

  /** Commands take effect with the next frame, as tasks on the media thread do. */
  private static void step(Random random, Take take, RecordingModel model) {
    switch (random.nextInt(40)) {
      case 0, 1, 2 -> {
        take.recording.pause();
        model.pause();
      }
      case 3, 4, 5, 6 -> {
        take.recording.resume();
        model.resume();
      }
      case 7 -> {
        if (random.nextInt(4) == 0) {
          take.recording.stop();
          model.end(Cause.STOP);
        }
      }
      case 8 -> {
        if (random.nextInt(4) == 0) {
          take.recording.callEnded();
          model.end(Cause.HANGUP);
        }
      }
      case 9 -> {
        char digit = "0#15".charAt(random.nextInt(4));
        int offset = random.nextInt(3) == 0 ? 0 : random.nextInt(160);
        take.call.key(digit, offset);
        model.key(digit, offset);
      }
      case 10, 11, 12 -> {
        Voice voice = VOICES.get(random.nextInt(VOICES.size()));
        take.call.caller(voice);
        model.caller(voice);
      }
      default -> {
        int length = random.nextInt(4) == 0 ? 1 + random.nextInt(480) : 160;
        take.call.tick(length);
        model.frame(length);
      }
    }
  }

  private void check(Run run) throws Exception {
    CapturedRecording captured = run.take().ended();
    String seed = "seed " + run.seed();
    assertThat(captured.cause()).as(seed).isEqualTo(run.model().cause().orElseThrow());
    int rate = run.request().encoding().sampleRateHz().orElse(Studio.RATE);
    long samples = Math.round((double) run.model().file().length * rate / Studio.RATE);
    assertThat(captured.samples()).as(seed).isEqualTo(samples);
    assertThat(captured.sampleRateHz()).as(seed).isEqualTo(rate);
    byte[] bytes = Files.readAllBytes(captured.file());
    assertThat(captured.sizeBytes()).as(seed).isEqualTo(bytes.length);
    assertThat(run.take().endings).as(seed).hasSize(1);
    assertThat(run.take().call.taps()).as(seed).isZero();
    assertThat(run.take().call.heard()).as(seed).hasSize(run.model().heard());
    checkContent(run, captured, bytes);
    Files.delete(captured.file());
  }

  private void checkContent(Run run, CapturedRecording captured, byte[] bytes) throws Exception {
    String seed = "seed " + run.seed();
    switch (captured.format()) {
      case WAV -> {
        WavFile wav = WavFile.parse(bytes);
        assertThat(wav.samples().length / wav.channels()).as(seed).isEqualTo(captured.samples());
        boolean caller = run.request().direction() == Direction.SEND || wav.channels() == 2;
        if (caller && wav.sampleRateHz() == Studio.RATE) {
          assertThat(wav.channel(0)).as(seed).isEqualTo(run.model().file());
        }
      }
      case OPUS -> {
        OggOpusFile opus = OggOpusFile.read(bytes);
        assertThat(opus.samples().length / opus.channels()).as(seed).isEqualTo(captured.samples());
      }
      case MP3 -> {
        if (run.seed() % MP3_DECODED_OF == 0 && Decoded.available()) {
          Path mp3 = Files.write(directory.resolve("decoded.mp3"), bytes);
          assertThat(Decoded.samples(mp3).length / captured.channels())
              .as(seed)
              .isEqualTo(captured.samples());
        }
      }
    }
  }

  private static Voice key(double columnHertz, double rowHertz) {
    Voice column = Voice.sine(columnHertz, 6000, Studio.RATE);
    Voice row = Voice.sine(rowHertz, 6000, Studio.RATE);
    return ofOneSecond(sample -> (short) (column.at(sample) + row.at(sample)));
  }

  /** Computed once: every whole number of Hz comes back after a second. */
  private static Voice ofOneSecond(Voice voice) {
    short[] second = new short[Studio.RATE];
    for (int i = 0; i < second.length; i++) {
      second[i] = voice.at(i);
    }
    return sample -> second[(int) (sample % second.length)];
  }
}

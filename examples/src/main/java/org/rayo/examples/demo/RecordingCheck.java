package org.rayo.examples.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.rayo.testkit.audio.Correlation;
import org.rayo.testkit.audio.Decoded;
import org.rayo.testkit.audio.Mp3Decoder;
import org.rayo.testkit.audio.Speech;
import org.rayo.testkit.client.Received.RecordingFacts;

/**
 * Whether a recording is what its {@code <recording/>} says: the size the file's, the duration that
 * of the decoded audio, and in it the words that were spoken.
 *
 * @param faults what is not as it should be; empty when all is well
 * @param likeness of the recorded speech and the spoken, 1 for the same
 */
record RecordingCheck(List<String> faults, long decodedMillis, long fileBytes, double likeness) {

  /** Speech that went through G.711 and mp3 at 16 kbit/s stays well above it. */
  private static final double LIKENESS_NEEDED = 0.9;

  /** Never fails: what cannot be read or decoded is a fault of the recording. */
  static RecordingCheck of(RecordingFacts facts) {
    Path file = Path.of(URI.create(facts.uri()));
    try {
      long bytes = Files.size(file);
      Decoded audio = Mp3Decoder.decode(file).audio();
      Correlation speech = Correlation.best(audio, 0, Speech.fiveSeconds());
      return new RecordingCheck(
          faults(facts, bytes, audio.durationMillis(), speech.coefficient()),
          audio.durationMillis(),
          bytes,
          speech.coefficient());
    } catch (IOException | UncheckedIOException e) {
      return new RecordingCheck(List.of("the file cannot be read: " + e.getMessage()), 0, 0, 0);
    } catch (IllegalArgumentException e) {
      return new RecordingCheck(List.of("the file cannot be decoded: " + e.getMessage()), 0, 0, 0);
    }
  }

  private static List<String> faults(
      RecordingFacts facts, long bytes, long millis, double likeness) {
    List<String> faults = new ArrayList<>();
    if (bytes != facts.sizeBytes()) {
      faults.add("the file has " + bytes + " bytes, not " + facts.sizeBytes());
    }
    if (millis != facts.durationMillis()) {
      faults.add("the audio lasts " + millis + " ms, not " + facts.durationMillis());
    }
    if (likeness < LIKENESS_NEEDED) {
      faults.add("the speech is not in it: likeness " + likeness);
    }
    return faults;
  }

  boolean holds() {
    return faults.isEmpty();
  }
}

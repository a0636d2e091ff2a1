package org.rayo.media.contract;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.rayo.media.OutputRequest;
import org.rayo.testkit.audio.Decoded;
import org.rayo.testkit.audio.WavFile;

/** What is played: tones in files. */
final class Prompts {

  private Prompts() {}

  /** A file with a tone. */
  static URI tone(Path directory, double hertz, long millis) {
    Path file = directory.resolve("tone-" + (int) hertz + "-" + millis + ".wav");
    WavFile.write(file, new Decoded(new short[][] {Hearing.tone(hertz, millis).toPcm()}, 8000));
    return file.toUri();
  }

  static OutputRequest once(String id, URI... files) {
    return request(id, 1, Duration.ZERO, Optional.empty(), files);
  }

  static OutputRequest forEver(String id, URI file) {
    return request(id, 0, Duration.ZERO, Optional.empty(), file);
  }

  static OutputRequest request(
      String id, int times, Duration interval, Optional<Duration> maxTime, URI... files) {
    List<OutputRequest.Segment> segments =
        List.of(files).stream()
            .map(uri -> (OutputRequest.Segment) new OutputRequest.AudioFile(uri, List.of()))
            .toList();
    return new OutputRequest(id, segments, Duration.ZERO, false, interval, times, maxTime);
  }
}

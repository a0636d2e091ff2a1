package org.rayo.testkit.freeswitch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.WavFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What can be played: {@code tone_stream://}, {@code silence_stream://}, {@code file_string://} of
 * several, and WAV files of 8000 Hz below a directory.
 */
final class Sounds {

  private static final Logger LOG = LoggerFactory.getLogger(Sounds.class);
  private static final Pattern TONE =
      Pattern.compile("%\\((\\d+), ?(\\d+), ?(\\d+(?:\\.\\d+)?(?:, ?\\d+(?:\\.\\d+)?)*)\\)");

  /** Where {@code v=} does not say otherwise. */
  private static final double VOLUME = -7;

  /** What {@code v=} counts from: its 0 is the crest of a sine so far below full scale. */
  private static final double VOLUME_DBFS = -3.15;

  private final Optional<Path> directory;

  Sounds(Optional<Path> directory) {
    this.directory = directory;
  }

  /** Empty for what does not exist or is not understood. */
  Optional<AudioSource> open(String name) {
    try {
      if (name.startsWith("tone_stream://")) {
        return Optional.of(tones(name.substring("tone_stream://".length())));
      }
      if (name.startsWith("silence_stream://")) {
        String millis = name.substring("silence_stream://".length()).split(",", 2)[0];
        return Optional.of(
            millis.equals("-1")
                ? AudioSource.silence(1000).loop()
                : AudioSource.silence(Long.parseLong(millis)));
      }
      if (name.startsWith("file_string://")) {
        return several(name.substring("file_string://".length()));
      }
      return file(name);
    } catch (IOException | RuntimeException e) {
      LOG.debug("{} can not be played", name, e);
      return Optional.empty();
    }
  }

  /** Those of them that exist, if any does. */
  private Optional<AudioSource> several(String names) {
    List<AudioSource> parts = new ArrayList<>();
    for (String part : names.split("!", -1)) {
      open(part).ifPresent(parts::add);
    }
    return parts.isEmpty() ? Optional.empty() : Optional.of(AudioSource.concat(parts));
  }

  private Optional<AudioSource> file(String name) throws IOException {
    Path path = Path.of(name).normalize();
    if (directory.isEmpty() || !path.startsWith(directory.get()) || !Files.isRegularFile(path)) {
      return Optional.empty();
    }
    return Optional.of(AudioSource.of(WavFile.parse(Files.readAllBytes(path)).audio()));
  }

  /** As {@code %(on,off,f1,f2)} with {@code loops=n} of its parts. */
  private static AudioSource tones(String script) {
    List<AudioSource> parts = new ArrayList<>();
    Matcher volume = Pattern.compile("v=(-?[0-9.]+)").matcher(script);
    double dbfs = VOLUME_DBFS + (volume.find() ? Double.parseDouble(volume.group(1)) : VOLUME);
    Matcher tone = TONE.matcher(script);
    while (tone.find()) {
      long on = Long.parseLong(tone.group(1));
      long off = Long.parseLong(tone.group(2));
      parts.add(chord(tone.group(3).split(", ?", -1), dbfs, on));
      parts.add(AudioSource.silence(off));
    }
    if (parts.isEmpty()) {
      throw new IllegalArgumentException("no tones: " + script);
    }
    AudioSource once = AudioSource.concat(parts);
    Matcher loops = Pattern.compile("(?:loops|[lL])=(-?\\d+)").matcher(script);
    int times = loops.find() ? Integer.parseInt(loops.group(1)) : 1;
    return times < 0
        ? once.loop()
        : AudioSource.of(once.samples() * times, at -> once.sample(at % once.samples()));
  }

  private static AudioSource chord(String[] frequencies, double dbfs, long millis) {
    List<AudioSource> tones = new ArrayList<>();
    for (String frequency : frequencies) {
      tones.add(AudioSource.tone(Double.parseDouble(frequency), dbfs, millis));
    }
    return AudioSource.of(
        tones.get(0).samples(),
        at -> ChannelAudio.clipped(tones.stream().mapToInt(tone -> tone.sample(at)).sum()));
  }
}

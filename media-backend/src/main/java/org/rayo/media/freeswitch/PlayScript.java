package org.rayo.media.freeswitch;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.rayo.media.MediaException;
import org.rayo.media.OutputRequest.AudioFile;
import org.rayo.media.OutputRequest.Pause;
import org.rayo.media.OutputRequest.Segment;
import org.rayo.media.OutputRequest.Speech;

/**
 * What FreeSWITCH is told to play, in its own terms: one round of an output.
 *
 * <p>Whatever it would read as more than a file's name is refused: {@code ${…}} runs its functions.
 */
final class PlayScript {

  /** Nothing that separates, quotes or expands. */
  private static final Pattern PLAIN_PATH = Pattern.compile("/[\\p{L}\\p{N} ._+=~/,:()-]*");

  private static final Pattern PLAIN_URL =
      Pattern.compile("https?://[A-Za-z0-9._~:/?#@&+=%-]*", Pattern.CASE_INSENSITIVE);

  private static final Pattern VOICE = Pattern.compile("[A-Za-z0-9_.-]+");

  /** {@code playback}'s way of playing several files one after the other. */
  private static final String SEVERAL = "file_string://";

  private static final String BETWEEN = "!";

  private final FreeSwitchSettings.Playing rules;

  PlayScript(FreeSwitchSettings.Playing rules) {
    this.rules = rules;
  }

  /**
   * One application that FreeSWITCH runs.
   *
   * @param files paths that must exist on its disk for it
   * @param parts of which it is made: places can be sought only in one
   * @param alternative what is played when it cannot be, if anything
   */
  record Step(Kind kind, String argument, List<String> files, int parts, List<Step> alternative) {
    Step {
      files = List.copyOf(files);
      alternative = List.copyOf(alternative);
    }

    /** Which application. */
    enum Kind {
      PLAY,
      SPEAK
    }

    /** Of what is spoken: who speaks. */
    String engine() {
      return argument.substring(0, argument.indexOf('|'));
    }

    boolean canBeSought() {
      return kind == Kind.PLAY && parts == 1;
    }
  }

  /**
   * The steps of one round.
   *
   * @throws MediaException fault {@code REFUSED} for what may not be played, {@code UNSUPPORTED}
   *     for what cannot be
   */
  List<Step> of(List<Segment> segments) throws MediaException {
    List<Step> steps = new ArrayList<>();
    for (Segment segment : segments) {
      steps.add(step(segment));
    }
    return joined(steps);
  }

  /** Files and pauses without alternatives are played by one application, without gaps. */
  private static List<Step> joined(List<Step> steps) {
    List<Step> joined = new ArrayList<>();
    List<Step> run = new ArrayList<>();
    for (Step step : steps) {
      if (step.kind() == Step.Kind.PLAY && step.alternative().isEmpty()) {
        run.add(step);
      } else {
        flush(run, joined);
        joined.add(step);
      }
    }
    flush(run, joined);
    return joined;
  }

  private static void flush(List<Step> run, List<Step> to) {
    if (run.size() == 1) {
      to.add(run.get(0));
    } else if (run.size() > 1) {
      to.add(
          new Step(
              Step.Kind.PLAY,
              SEVERAL + run.stream().map(Step::argument).collect(Collectors.joining(BETWEEN)),
              run.stream().flatMap(step -> step.files().stream()).toList(),
              run.size(),
              List.of()));
    }
    run.clear();
  }

  private Step step(Segment segment) throws MediaException {
    if (segment instanceof AudioFile file) {
      return file(file);
    }
    if (segment instanceof Pause pause) {
      long millis = Math.max(1, pause.length().toMillis());
      return new Step(Step.Kind.PLAY, "silence_stream://" + millis, List.of(), 1, List.of());
    }
    return speech((Speech) segment);
  }

  private Step file(AudioFile file) throws MediaException {
    List<Step> alternative = of(file.alternative());
    URI uri = file.uri();
    String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
    return switch (scheme) {
      case "file" -> local(uri, alternative);
      case "http", "https" -> web(uri, alternative);
      default ->
          throw new MediaException(
              MediaException.Fault.UNSUPPORTED,
              "output: '" + uri + "' is neither file:, http: nor https:");
    };
  }

  private Step local(URI uri, List<Step> alternative) throws MediaException {
    String path = uri.getPath();
    if (path == null || !PLAIN_PATH.matcher(path).matches()) {
      throw refused(uri, "its path has characters that FreeSWITCH gives a meaning");
    }
    Path plain = Path.of(path).normalize();
    if (rules.directories().stream().noneMatch(plain::startsWith)) {
      throw refused(
          uri,
          rules.directories().isEmpty()
              ? "no directory is configured from which files may be played"
              : "it is below none of " + rules.directories());
    }
    return new Step(Step.Kind.PLAY, plain.toString(), List.of(plain.toString()), 1, alternative);
  }

  private Step web(URI uri, List<Step> alternative) throws MediaException {
    String text = uri.toString();
    String host = String.valueOf(uri.getHost());
    if (!PLAIN_URL.matcher(text).matches() || uri.getUserInfo() != null) {
      throw refused(uri, "it has characters that FreeSWITCH gives a meaning, or a user");
    }
    if (rules.hosts().stream().noneMatch(pattern -> matches(pattern, host))) {
      throw refused(uri, "its host is none of " + rules.hosts());
    }
    return new Step(Step.Kind.PLAY, text, List.of(), 1, alternative);
  }

  private static boolean matches(String pattern, String host) {
    String regex =
        Arrays.stream(pattern.split("\\*", -1))
            .map(Pattern::quote)
            .collect(Collectors.joining(".*"));
    return Pattern.compile(regex, Pattern.CASE_INSENSITIVE).matcher(host).matches();
  }

  private Step speech(Speech speech) throws MediaException {
    Optional<FreeSwitchSettings.Playing.Speech> engine = rules.speech();
    if (engine.isEmpty()) {
      throw new MediaException(
          MediaException.Fault.UNSUPPORTED,
          "output: nothing is spoken here: without a speech engine, to a mixer, or with capture.mode = file");
    }
    String voice = speech.voice().orElse(engine.get().voice());
    if (!VOICE.matcher(voice).matches()) {
      throw new MediaException(
          MediaException.Fault.REFUSED,
          "output: voice '" + voice + "' has more than letters, digits and _.-");
    }
    return new Step(
        Step.Kind.SPEAK,
        engine.get().engine() + "|" + voice + "|" + spoken(speech.text()),
        List.of(),
        1,
        List.of());
  }

  /** One line, in which nothing is expanded and nothing separates. */
  private static String spoken(String text) {
    return text.codePoints()
        .map(c -> Character.isISOControl(c) || Character.isWhitespace(c) ? ' ' : c)
        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
        .toString()
        .replaceAll(" +", " ")
        .replace('|', ' ')
        .replaceAll("\\$(?=\\\\*\\{)", "\\$ ")
        .strip();
  }

  private static MediaException refused(URI uri, String why) {
    return new MediaException(
        MediaException.Fault.REFUSED, "output: '" + uri + "' is not played: " + why);
  }
}

package org.rayo.media.freeswitch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.MediaException;
import org.rayo.media.OutputRequest.AudioFile;
import org.rayo.media.OutputRequest.Pause;
import org.rayo.media.OutputRequest.Segment;
import org.rayo.media.OutputRequest.Speech;

class PlayScriptTest {

  private final PlayScript script =
      new PlayScript(
          new FreeSwitchSettings.Playing(
              List.of(Path.of("/srv/sounds")),
              List.of("*.example.org"),
              Optional.of(new FreeSwitchSettings.Playing.Speech("flite", "kal"))));

  private static AudioFile file(String uri, Segment... alternative) {
    return new AudioFile(URI.create(uri), List.of(alternative));
  }

  private static Speech speech(String text) {
    return new Speech(text, Optional.empty(), Optional.empty());
  }

  private MediaException refusal(Segment segment) {
    MediaException refusal =
        catchThrowableOfType(MediaException.class, () -> script.of(List.of(segment)));
    assertThat(refusal).as("%s", segment).isNotNull();
    return refusal;
  }

  @Test
  void of_filesAndPauses_areOneString() throws Exception {
    List<PlayScript.Step> steps =
        script.of(
            List.of(
                file("file:///srv/sounds/a.wav"),
                new Pause(Duration.ofMillis(250)),
                file("file:///srv/sounds/b%20c.wav")));

    assertThat(steps).hasSize(1);
    assertThat(steps.get(0).argument())
        .isEqualTo("file_string:///srv/sounds/a.wav!silence_stream://250!/srv/sounds/b c.wav");
    assertThat(steps.get(0).files()).containsExactly("/srv/sounds/a.wav", "/srv/sounds/b c.wav");
    assertThat(steps.get(0).canBeSought()).isFalse();
  }

  @Test
  void of_speechBetweenFiles_isAStepOfItsOwn() throws Exception {
    List<PlayScript.Step> steps =
        script.of(
            List.of(
                file("file:///srv/sounds/a.wav"),
                speech("costs ${5}\n and | more"),
                file("https://media.example.org/b.wav?x=1")));

    assertThat(steps)
        .extracting(PlayScript.Step::argument)
        .containsExactly(
            "/srv/sounds/a.wav",
            "flite|kal|costs $ {5} and   more",
            "https://media.example.org/b.wav?x=1");
    assertThat(steps.get(0).canBeSought()).isTrue();
    assertThat(steps.get(1).canBeSought()).isFalse();
  }

  @Test
  void of_alternative_isKeptWithItsFile() throws Exception {
    List<PlayScript.Step> steps =
        script.of(
            List.of(
                file("file:///srv/sounds/a.wav", speech("a")), file("file:///srv/sounds/b.wav")));

    assertThat(steps).hasSize(2);
    assertThat(steps.get(0).alternative())
        .extracting(PlayScript.Step::argument)
        .containsExactly("flite|kal|a");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file:///etc/passwd",
        "file:///srv/sounds/../../etc/passwd",
        "file:///srv/soundsandmore/a.wav",
        "file:///srv/sounds/$%7Bsystem(reboot)%7D",
        "file:///srv/sounds/$$%7Bhostname%7D.wav",
        "file:///srv/sounds/a%0Aexecute-app-name:%20hangup",
        "file:///srv/sounds/a.wav!/etc/passwd",
        "file:///srv/sounds/a.wav@@400000",
        "file:///srv/sounds/%7Ba=b%7Da.wav",
        "http://media.example.com/a.wav",
        "http://user:secret@media.example.org/a.wav",
        "http://media.example.org/$%7Ba%7D!b"
      })
  void of_whatMayNotBePlayed_isRefused(String uri) {
    assertThat(refusal(file(uri)).fault()).as(uri).isEqualTo(MediaException.Fault.REFUSED);
  }

  @Test
  void of_anotherScheme_isUnsupported() {
    assertThat(refusal(file("ftp://media.example.org/a.wav")).fault())
        .isEqualTo(MediaException.Fault.UNSUPPORTED);
  }

  @Test
  void of_voiceWithSeparators_isRefused() {
    assertThat(refusal(new Speech("hello", Optional.empty(), Optional.of("kal|x"))).fault())
        .isEqualTo(MediaException.Fault.REFUSED);
  }

  @Test
  void of_speechWithoutEngine_isUnsupported() {
    PlayScript mute =
        new PlayScript(new FreeSwitchSettings.Playing(List.of(), List.of(), Optional.empty()));

    MediaException refusal =
        catchThrowableOfType(MediaException.class, () -> mute.of(List.of(speech("hello"))));

    assertThat(refusal.fault()).isEqualTo(MediaException.Fault.UNSUPPORTED);
  }

  @Test
  void of_speechWithWhatNoCommandHolds_isMadeHarmless() throws Exception {
    String said = "a\u0085b\u009fc $\\{x} $\\\\{y} ${z} | d\r\n";

    String argument = script.of(List.of(speech(said))).get(0).argument();

    assertThat(argument.chars()).noneMatch(Character::isISOControl);
    assertThat(argument).doesNotContainPattern("\\$\\\\*\\{").endsWith("d");
    assertThat(argument.split("\\|", -1)).hasSize(3);
  }
}

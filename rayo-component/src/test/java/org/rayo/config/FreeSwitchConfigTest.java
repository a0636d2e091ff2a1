package org.rayo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.media.freeswitch.FreeSwitchSettings;

class FreeSwitchConfigTest {

  private static final String SERVER =
      "rayo.media { backend = freeswitch, freeswitch.servers.main { host = \"127.0.0.1\", password = \"pw\" } }\n";

  private static final Pattern HOCON = Pattern.compile("```hocon\\n(.*?)```", Pattern.DOTALL);

  private static RayoConfig read(String text) throws ConfigException {
    return RayoConfig.loadString("rayo.xmpp.secret = s\n" + text);
  }

  private static List<String> problems(String text) {
    return catchThrowableOfType(ConfigException.class, () -> read(text)).problems();
  }

  private static FreeSwitchSettings settings(String text) throws ConfigException {
    return read(text).media().freeswitch().settings("Rayo");
  }

  @Test
  void defaults_oneServer_socketAndRtp() throws Exception {
    FreeSwitchSettings settings = settings(SERVER);

    assertThat(settings.servers())
        .containsExactly(new FreeSwitchSettings.Server("main", "127.0.0.1", 8021, "pw"));
    assertThat(settings.servers().toString()).doesNotContain("pw");
    assertThat(settings.offering().socket().orElseThrow().port()).isEqualTo(8084);
    assertThat(settings.capture().files()).isEmpty();
    assertThat(settings.limits()).isEqualTo(FreeSwitchSettings.Limits.DEFAULT);
  }

  @Test
  void park_hasNoSocket() throws Exception {
    assertThat(settings(SERVER + "rayo.media.freeswitch.offers = park").offering())
        .isEqualTo(FreeSwitchSettings.Offering.PARKED);
  }

  @Test
  void file_seenByBothAtTheSamePlaceOrAtTwo() throws Exception {
    String file =
        SERVER + "rayo.media.freeswitch.capture { mode = file, directory = \"/srv/audio\" }\n";

    assertThat(settings(file).capture().files().orElseThrow())
        .isEqualTo(new FreeSwitchSettings.Capture.Files(Path.of("/srv/audio"), "/srv/audio"));
    assertThat(
            settings(file + "rayo.media.freeswitch.capture.directory-there = \"/mnt/audio\"")
                .capture()
                .files()
                .orElseThrow()
                .there())
        .isEqualTo("/mnt/audio");
  }

  @Test
  void backend_withoutAServer_isIncomplete() {
    assertThat(problems("rayo.media.backend = freeswitch"))
        .anyMatch(problem -> problem.contains("rayo.media.freeswitch.servers: missing"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "servers.main.port = 99999 | servers.main.port",
        "servers.main.password = \"\" | the password of main is empty",
        "servers.\"a b\" { host = h, password = p } | must be a name",
        "capture.address = \"0.0.0.0\" | capture.address",
        "capture.mode = file | capture.directory",
        "capture { mode = file, directory = \"/a b\" } | capture.directory",
        "capture.profile = \"a/b\" | capture.profile",
        "conference-profile = \"x y\" | conference-profile",
        "playback.directories = [sounds] | playback.directories",
        "playback.speech-engine = \"a;b\" | playback.speech-engine",
        "dial.routes = [{ to = \"tel:*\", gateway = \"a,b\" }] | gateway",
        "dial.from = bob | dial.from",
        "heartbeat = 10 | heartbeat",
        "offers = pool | offers",
        "lost-afer = 3s | did you mean"
      })
  void whatIsWrong_isNamed(String line, String complaint) {
    assertThat(problems(SERVER + "rayo.media.freeswitch { " + line + " }"))
        .anyMatch(problem -> problem.contains(complaint));
  }

  @Test
  void docs_configurationOfTheGuide_isInOrder() throws Exception {
    Path page = Path.of("..", "docs", "freeswitch.md");
    Matcher block = HOCON.matcher(Files.readString(page));
    assertThat(block.find()).isTrue();

    RayoConfig config =
        RayoConfig.loadString(
            "rayo.xmpp.secret = s\n" + block.group(1), Map.of("FREESWITCH_PASSWORD", "pw"));

    assertThat(config.media().backend()).isEqualTo(MediaConfig.Backend.FREESWITCH);
    assertThat(config.media().freeswitch().servers()).containsKey("main");
    assertThat(config.media().freeswitch().socket().address().getHostAddress())
        .isEqualTo("10.0.0.7");
  }
}

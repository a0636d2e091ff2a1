package org.rayo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.config.NoticesConfig.Event;
import org.rayo.config.NoticesConfig.Webhook;

/** The block {@code rayo.notices}. */
final class NoticesConfigTest {

  private static final String SECRET = "rayo.xmpp.secret = s\n";

  private static NoticesConfig read(String text) throws ConfigException {
    return RayoConfig.loadString(SECRET + text).notices();
  }

  @Test
  void read_nothing_isOff() throws Exception {
    NoticesConfig notices = read("");

    assertThat(notices.jobs().directory()).isEmpty();
    assertThat(notices.jobs().events()).containsExactly(Event.RECORDING_STORED);
    assertThat(notices.jobs().name()).isEqualTo(NoticesConfig.Jobs.name("{recording-id}"));
    assertThat(notices.webhooks()).isEmpty();
    assertThat(notices.keep()).isEqualTo(Duration.ofDays(3));
    assertThat(notices.queueLimit()).isEqualTo(100_000);
  }

  @Test
  void read_webhooks_fillsInWhatIsLeftOut() throws Exception {
    NoticesConfig notices =
        read(
            """
            rayo.notices {
              jobs.directory = /srv/jobs
              webhooks = [
                { url = "https://a.example.org/hook?x=1" }
                { url = "http://127.0.0.1:8080", secret = hush, events = [recording-failed],
                  timeout = 3s, headers { X-Api-Key = "key-value", Authorization = "Bearer b" } }
              ]
            }
            """);

    assertThat(notices.jobs().directory()).contains(Path.of("/srv/jobs"));
    assertThat(notices.webhooks())
        .containsExactly(
            new Webhook(
                URI.create("https://a.example.org/hook?x=1"),
                Secret.NONE,
                Set.of(Event.values()),
                Duration.ofSeconds(10),
                Map.of()),
            new Webhook(
                URI.create("http://127.0.0.1:8080"),
                new Secret("hush"),
                Set.of(Event.RECORDING_FAILED),
                Duration.ofSeconds(3),
                Map.of(
                    "X-Api-Key", new Secret("key-value"),
                    "Authorization", new Secret("Bearer b"))));
    assertThat(notices.toString())
        .contains("https://a.example.org,", "http://127.0.0.1:8080,")
        .doesNotContain("hush", "key-value", "Bearer", "x=1", "/hook");
  }

  @ParameterizedTest
  @CsvSource({
    "http://a.example.org/, true",
    "https://a.example.org/, false",
    "HTTP://127.0.0.1:80/, false",
    "http://[::1]/, false",
    "http://127.0.0.1.example.org/, true",
  })
  void tellsSecretsInTheClear_headersOverHttp_onlyToOthers(String url, boolean clear)
      throws Exception {
    String block = "rayo.notices.webhooks = [{ url = \"" + url + "\"";

    assertThat(read(block + ", headers { A = b } }]").webhooks().get(0).tellsSecretsInTheClear())
        .isEqualTo(clear);
    assertThat(read(block + "}]").webhooks().get(0).tellsSecretsInTheClear()).isFalse();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "webhooks = 5 | webhooks = 5: must be a list of blocks",
        "webhooks = [5] | webhooks[0]: must be a block",
        "webhooks = [{}] | webhooks[0].url: missing",
        "webhooks = [{ url = \"http://a/\" }, { url = \"http://b/\", evnts = [] }] | webhooks[1].evnts: unknown key; did you mean events?",
        "webhooks = [{ url = \"http://a/\", scret = hush }] | webhooks[0].scret: unknown key; did you mean secret?",
        "webhooks = [{ url = \"http://me:hush@a/\" }] | webhooks[0].url: must be an address without '@'",
        "webhooks = [{ url = \"ftp://a/\" }] | webhooks[0].url = \"ftp://a/\": must be an http: or https: address",
        "webhooks = [{ url = \"a/b\" }] | webhooks[0].url = \"a/b\": must be",
        "webhooks = [{ url = \"a?token=hush\" }] | webhooks[0].url: must be an http: or https: address",
        "webhooks = [{ url = \"http://a:70000/\" }] | webhooks[0].url = \"http://a:70000/\": must be",
        "webhooks = [{ url = \"http:///a\" }] | webhooks[0].url = \"http:///a\": must be",
        "webhooks = [{ url = \"http://a/#b\" }] | must be an http: or https: address without fragment",
        "webhooks = [{ url = \"http://a/\", url = null }] | url = null: must be a value",
        "webhooks = [{ url = \"http://a/\" }, { url = \"http://a/\" }] | rayo.notices.webhooks: two have the same url",
        "webhooks = [{ url = \"http://a/\", timeout = 5 }] | webhooks[0].timeout = 5: must be a duration with its unit (ms, s, m, h, d) from 100ms to 5m",
        "webhooks = [{ url = \"http://a/\", events = [] }] | webhooks[0].events = []: must be a list",
        "webhooks = [{ url = \"http://a/\", events = [stored] }] | webhooks[0].events: \"stored\" must be one of recording-started, recording-finished",
        "webhooks = [{ url = \"http://a/\", secret = [hush] }] | webhooks[0].secret: must be a text",
        "webhooks = [{ url = \"http://a/\", headers = hush }] | webhooks[0].headers: must be a block",
        "webhooks = [{ url = \"http://a/\", headers { Host = hush } }] | webhooks[0].headers: Host or its value cannot be sent",
        "webhooks = [{ url = \"http://a/\", headers { X-A = \"hush\\nx\" } }] | webhooks[0].headers: X-A or its value cannot be sent",
        "webhooks = [{ url = \"http://a/\", headers { x-rayo-event = hush } }] | headers: x-rayo-event is set by the server itself",
        "jobs.events = [recording-gone] | rayo.notices.jobs.events: \"recording-gone\" must be one of recording-started",
        "jobs.events = [] | rayo.notices.jobs.events = []: must be a list",
        "jobs.name = \"../x\" | rayo.notices.jobs.name: \"../x\" cannot be used: '..' begins a part of the path",
        "jobs.name = \"{nobody}\" | rayo.notices.jobs.name: \"{nobody}\" cannot be used: there is no word {nobody}",
        "jobs.directry = x | rayo.notices.jobs.directry: unknown key; did you mean rayo.notices.jobs.directory?",
        "keep = 0s | rayo.notices.keep = \"0s\": must be a duration",
        "queue-limit = 0 | rayo.notices.queue-limit = 0: must be a whole number from 1 to 10000000",
      })
  void read_somethingWrong_saysKeyValueAndWhatIsAllowed(String text, String problem) {
    ConfigException thrown =
        catchThrowableOfType(ConfigException.class, () -> read("rayo.notices." + text));

    assertThat(thrown).as(text).isNotNull();
    assertThat(thrown.problems())
        .singleElement()
        .asString()
        .contains(problem)
        .contains("String: 2")
        .doesNotContain("hush");
  }
}

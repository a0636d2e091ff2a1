package org.rayo.storage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;
import org.rayo.storage.StoreSettings;

final class HttpSettingsTest {

  private static HttpSettings read(String... more) throws StorageException {
    Map<String, String> values = new HashMap<>(Map.of("type", "http", "url", "http://a.example/r"));
    for (int i = 0; i < more.length; i += 2) {
      values.put(more[i], more[i + 1]);
    }
    return HttpSettings.read(StoreSettings.of("far", values));
  }

  @Test
  void read_urlOnly_putsWithMetadataInHeadersAndAsksAfterwards() throws StorageException {
    HttpSettings settings = read();

    assertThat(settings.method()).isEqualTo(HttpSettings.Method.PUT);
    assertThat(settings.metadata()).isEqualTo(HttpSettings.Metadata.HEADERS);
    assertThat(settings.verify()).isEqualTo(HttpSettings.Verify.HEAD);
    assertThat(settings.authorization()).isEmpty();
    assertThat(settings.maxRedirects()).isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "method|DELETE|method = \"DELETE\": must be POST or PUT",
        "metadata|body|metadata = \"body\": must be headers or none or query",
        "verify|yes|verify = \"yes\": must be head or none",
        "uri|there|uri = \"there\": must be location or url",
        "url|ftp://a/|url = \"ftp://a/\": must be an http: or https: address",
        "url||url: missing, and needed",
        "max-redirects|21|max-redirects = \"21\": must be a whole number from 0 to 20",
        "timeout|5ms|timeout = \"5ms\": must be from 100ms to 1d",
        "timeout|soon|timeout = \"soon\": must be a number and a unit",
        "username|a|password: username and password need each other",
        "password|hush|username: username and password need each other",
        "usrename|a|usrename: unknown key; allowed: type, connect-timeout, headers.*,",
        "headers.Content-Length|5|headers.Content-Length: this header or value cannot be sent",
      })
  void read_wrongValue_namesTheWholeKey(String key, String value, String complaint) {
    assertThatThrownBy(() -> read(key, value == null ? "" : value))
        .hasMessageStartingWith("rayo.storage.stores.far." + complaint)
        .satisfies(e -> assertThat(((StorageException) e).fault()).isEqualTo(Fault.CONFIGURATION));
  }

  @Test
  void read_wrongSecrets_areNotShown() {
    assertTellsNothing(() -> read("token", "hush\nhush"));
    assertTellsNothing(() -> read("headers.X-Key", "hush\r\nhush"));
    assertTellsNothing(() -> read("username", "a", "password", "hush", "token", "hush"));
    assertTellsNothing(() -> read("url", "https://rayo:hush@a.example/"));
    assertTellsNothing(() -> read("url", "https://rayo:hu sh@a.example/"));
    assertTellsNothing(() -> read("public-url", "https://hush@a.example/"));
  }

  private static void assertTellsNothing(ThrowingCallable reading) {
    assertThatThrownBy(reading)
        .isInstanceOf(StorageException.class)
        .satisfies(
            thrown -> {
              StringWriter text = new StringWriter();
              thrown.printStackTrace(new PrintWriter(text));
              assertThat(text.toString())
                  .contains("rayo.storage.stores.far.")
                  .doesNotContain("hush")
                  .doesNotContain("hu sh");
            });
  }

  @Test
  void toString_withSecrets_hasNone() throws StorageException {
    assertThat(read("username", "a", "password", "hush", "headers.X-Key", "hush2").toString())
        .contains("http://a.example/r")
        .doesNotContain("hush")
        .doesNotContain("Basic");
  }

  @Test
  void tellsSecretsInTheClear_httpToAnotherHost_isSo() throws StorageException {
    assertThat(read("token", "t").tellsSecretsInTheClear()).isTrue();
    assertThat(read().tellsSecretsInTheClear()).isFalse();
    assertThat(read("token", "t", "url", "https://a/").tellsSecretsInTheClear()).isFalse();
    assertThat(read("token", "t", "url", "http://127.0.0.1:80/").tellsSecretsInTheClear())
        .isFalse();
  }
}

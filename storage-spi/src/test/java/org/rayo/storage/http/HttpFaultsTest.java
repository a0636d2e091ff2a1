package org.rayo.storage.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.binaryEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;

/** A receiver that misbehaves in every way that WireMock can. */
final class HttpFaultsTest extends MisbehavingReceiver {

  @ParameterizedTest
  @CsvSource({
    "202,UNAVAILABLE",
    "400,CONFIGURATION",
    "402,CONFIGURATION",
    "401,CONFIGURATION",
    "403,CONFIGURATION",
    "404,CONFIGURATION",
    "405,CONFIGURATION",
    "407,CONFIGURATION",
    "406,CONFIGURATION",
    "408,UNAVAILABLE",
    "409,UNAVAILABLE",
    "410,CONFIGURATION",
    "411,CONFIGURATION",
    "412,CONFIGURATION",
    "413,REFUSED",
    "415,REFUSED",
    "422,REFUSED",
    "423,UNAVAILABLE",
    "425,UNAVAILABLE",
    "429,UNAVAILABLE",
    "431,CONFIGURATION",
    "451,REFUSED",
    "500,UNAVAILABLE",
    "501,CONFIGURATION",
    "502,UNAVAILABLE",
    "503,UNAVAILABLE",
    "504,UNAVAILABLE",
    "507,UNAVAILABLE",
    "300,CONFIGURATION",
    "301,CONFIGURATION",
    "303,CONFIGURATION",
    "304,CONFIGURATION"
  })
  void finish_status_saysWhoseFaultItIs(int status, Fault fault) {
    answer(aResponse().withStatus(status).withBody("Authorization: Bearer hush-hush"));

    StorageException thrown = failed();

    assertThat(thrown.fault()).isEqualTo(fault);
    assertThat(thrown).hasMessage("PUT " + receiver.baseUrl() + PATH + " answered " + status);
    receiver.verify(1, anyRequestedFor(anyUrl()));
  }

  @Test
  void finish_retryAfter_isTold() {
    answer(aResponse().withStatus(429).withHeader("Retry-After", "7"));
    assertThat(failed().retryAfter()).contains(Duration.ofSeconds(7));

    answer(aResponse().withStatus(503));
    assertThat(failed().retryAfter()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0|0", "120|120", "999999999|86400", "Sat, 21 Nov 2026 08:00:10 GMT|10",
        "Sat, 21 Nov 2020 08:00:00 GMT|0", "soon|", "-5|", "99999999999999999999|"
      })
  void retryAfter_secondsOrDate_areReadAndBounded(String text, Long seconds) {
    HttpTransport.Answer answer =
        new HttpTransport.Answer(
            "PUT",
            URI.create("http://a/"),
            503,
            HttpHeaders.of(Map.of("Retry-After", List.of(text)), (name, value) -> true),
            Optional.empty());

    assertThat(
            HttpFaults.retryAfter(answer, Instant.parse("2026-11-21T08:00:00Z"))
                .map(Duration::toSeconds))
        .isEqualTo(Optional.ofNullable(seconds));
  }

  @ParameterizedTest
  @EnumSource(com.github.tomakehurst.wiremock.http.Fault.class)
  void finish_brokenConnection_canBeTriedAgain(com.github.tomakehurst.wiremock.http.Fault fault) {
    answer(aResponse().withFault(fault));

    assertThat(failed("timeout", "10s").fault()).isEqualTo(Fault.UNAVAILABLE);
  }

  @Test
  void finish_diskThatDoesNotRead_canBeTriedAgain() throws Exception {
    Path failing = Path.of("/proc/self/mem"); // can be opened; its first byte cannot be read
    assumeTrue(Files.exists(failing), "needs /proc/self/mem, to have a file that fails");
    file = new RecordingFile("rec-1", failing, "a.mp3", "audio/mpeg", Map.of());

    StorageException thrown = failed();

    assertThat(thrown.fault()).isEqualTo(Fault.UNAVAILABLE);
    assertThat(thrown).hasMessage("cannot read /proc/self/mem");
  }

  @Test
  void finish_nobodyListens_canBeTriedAgain() throws Exception {
    Receiver gone = new Receiver();
    gone.close();

    StorageException thrown = failed("url", gone.url().toString());

    assertThat(thrown.fault()).isEqualTo(Fault.UNAVAILABLE);
    assertThat(thrown).hasMessageContaining("cannot be connected to");
  }

  @Test
  void finish_noAnswer_endsAfterTheTimeout() {
    answer(ok().withFixedDelay(60_000));

    StorageException thrown = failed("timeout", "300ms");

    assertThat(thrown.fault()).isEqualTo(Fault.UNAVAILABLE);
    assertThat(thrown).hasMessageContaining("neither progress nor answer within 300 ms");
  }

  @Test
  void finish_twice_sendsTheSameRequestWithDigestAndIdempotencyKey() throws Exception {
    answer(ok());
    stored();
    stored();

    receiver.verify(
        2,
        putRequestedFor(urlEqualTo(PATH))
            .withRequestBody(binaryEqualTo(audio))
            .withHeader("Idempotency-Key", equalTo("\"rec-1\""))
            .withHeader("Content-Digest", equalTo("sha-256=:" + sha256Base64() + ":"))
            .withHeader("X-Checksum-Sha256", equalTo(sha256Hex()))
            .withHeader("X-Rayo-recording-id", equalTo("rec-1"))
            .withHeader("X-Rayo-from", equalTo("sip:a@b"))
            .withHeader("Content-Length", equalTo("200000")));
  }

  @Test
  void finish_locationThatIsNoWebAddress_isRefused() {
    answer(aResponse().withStatus(201).withHeader("Location", "javascript:alert(1)"));

    assertThat(failed("uri", "location").fault()).isEqualTo(Fault.CONFIGURATION);
  }

  @Test
  void finish_sidecar_hasAnotherIdempotencyKeyThanItsRecording() throws Exception {
    answer(ok());
    file = file.sidecar(file.path());
    stored("method", "POST");

    receiver.verify(
        postRequestedFor(urlEqualTo(PATH + ".json"))
            .withHeader("Content-Type", equalTo("application/json"))
            .withHeader("Idempotency-Key", equalTo("\"rec-1.json\"")));
  }

  @Test
  void finish_anotherChecksumInTheAnswer_isCorrupted() {
    answer(ok().withHeader("X-Checksum-Sha256", "0".repeat(64)));

    assertThat(failed().fault()).isEqualTo(Fault.CORRUPTED);
  }

  @Test
  void finish_publicUrl_isWhatIsTold() throws Exception {
    answer(ok());

    assertThat(stored("public-url", "https://listen.example.org/x").uri())
        .isEqualTo(URI.create("https://listen.example.org/x/day/a%20b.mp3"));
  }

  @Test
  void finish_postWithQueryAndLocation_tellsTheLocation() throws Exception {
    answer(aResponse().withStatus(201).withHeader("Location", "../kept/1"));

    assertThat(stored("method", "POST", "metadata", "query", "uri", "location").uri())
        .isEqualTo(URI.create(receiver.baseUrl() + "/r/kept/1"));

    receiver.verify(
        postRequestedFor(urlEqualTo(PATH + "?recording-id=rec-1&from=sip%3Aa%40b"))
            .withRequestBody(binaryEqualTo(audio)));
  }
}

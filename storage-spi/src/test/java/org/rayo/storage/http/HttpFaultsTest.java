package org.rayo.storage.http;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.binaryEqualTo;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.head;
import static com.github.tomakehurst.wiremock.client.WireMock.headRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okForContentType;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpHeaders;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;
import org.rayo.storage.StoreSettings;
import org.rayo.storage.StoredRecording;

/** A receiver that misbehaves in every way that WireMock can. */
final class HttpFaultsTest {

  private static final String PATH = "/r/day/a%20b.mp3";

  @RegisterExtension
  static final WireMockExtension receiver =
      WireMockExtension.newInstance()
          .options(wireMockConfig().dynamicPort().bindAddress("127.0.0.1"))
          .build();

  @RegisterExtension
  static final WireMockExtension other =
      WireMockExtension.newInstance()
          .options(wireMockConfig().dynamicPort().bindAddress("127.0.0.1"))
          .build();

  @TempDir Path spool;

  private byte[] audio;
  private RecordingFile file;

  @BeforeEach
  void record() throws IOException {
    audio = new byte[200_000];
    new Random(1).nextBytes(audio);
    Path path = Files.write(spool.resolve("audio"), audio);
    file = new RecordingFile("rec-1", path, "day/a b.mp3", "audio/mpeg", Map.of("from", "sip:a@b"));
  }

  private RecordingStore store(String... more) throws StorageException {
    Map<String, String> values = new HashMap<>();
    values.put("type", "http");
    values.put("url", receiver.baseUrl() + "/r");
    values.put("token", "hush-hush");
    values.put("headers.X-Api-Key", "open-sesame");
    for (int i = 0; i < more.length; i += 2) {
      values.put(more[i], more[i + 1]);
    }
    return new HttpRecordingStoreProvider().create(StoreSettings.of("far", values));
  }

  private StoredRecording stored(String... more) throws StorageException {
    try (RecordingStore store = store(more)) {
      return store.begin(file).finish();
    }
  }

  private StorageException failed(String... more) {
    StorageException thrown = catchThrowableOfType(StorageException.class, () -> stored(more));
    assertThat(thrown).isNotNull();
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    assertThat(text.toString()).doesNotContain("hush-hush").doesNotContain("open-sesame");
    return thrown;
  }

  private static void answer(ResponseDefinitionBuilder answer) {
    receiver.stubFor(any(anyUrl()).willReturn(answer));
  }

  @ParameterizedTest
  @CsvSource({
    "400,REFUSED",
    "401,CONFIGURATION",
    "403,CONFIGURATION",
    "404,CONFIGURATION",
    "405,CONFIGURATION",
    "407,CONFIGURATION",
    "408,UNAVAILABLE",
    "409,UNAVAILABLE",
    "411,CONFIGURATION",
    "413,REFUSED",
    "415,REFUSED",
    "422,REFUSED",
    "423,UNAVAILABLE",
    "425,UNAVAILABLE",
    "429,UNAVAILABLE",
    "431,REFUSED",
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
            HttpHeaders.of(Map.of("Retry-After", List.of(text)), (name, value) -> true));

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
  void finish_redirectOnTheSameHost_keepsMethodBodyAndCredentials() throws Exception {
    receiver.stubFor(
        put(urlEqualTo(PATH)).willReturn(aResponse().withStatus(307).withHeader("Location", "/n")));
    receiver.stubFor(put(urlEqualTo("/n")).willReturn(ok()));

    assertThat(stored().uri()).isEqualTo(URI.create(receiver.baseUrl() + PATH));

    receiver.verify(
        putRequestedFor(urlEqualTo("/n"))
            .withRequestBody(binaryEqualTo(audio))
            .withHeader("Authorization", equalTo("Bearer hush-hush"))
            .withHeader("X-Api-Key", equalTo("open-sesame")));
  }

  @ParameterizedTest
  @CsvSource({"301", "302", "307", "308"})
  void finish_redirectToAnotherHost_takesTheRecordingAndNoCredentials(int status) throws Exception {
    answer(aResponse().withStatus(status).withHeader("Location", other.baseUrl() + "/n?sig=1"));
    other.stubFor(put(urlEqualTo("/n?sig=1")).willReturn(ok()));

    assertThat(stored().sizeBytes()).isEqualTo(audio.length);

    other.verify(
        putRequestedFor(urlEqualTo("/n?sig=1"))
            .withRequestBody(binaryEqualTo(audio))
            .withHeader("Content-Type", equalTo("audio/mpeg"))
            .withoutHeader("Authorization")
            .withoutHeader("X-Api-Key"));
  }

  @Test
  void finish_redirectLoop_endsAndCanBeTriedAgain() {
    answer(aResponse().withStatus(307).withHeader("Location", "/round"));

    StorageException thrown = failed();

    assertThat(thrown.fault()).isEqualTo(Fault.UNAVAILABLE);
    assertThat(thrown).hasMessageContaining("more than 3 redirects");
    receiver.verify(4, anyRequestedFor(anyUrl()));
  }

  @ParameterizedTest
  @CsvSource({"file:///etc/passwd", "ftp://a/b", "http://u:p@127.0.0.1/", "http:///x", "%%%"})
  void finish_redirectThatMayNotBeFollowed_isRefused(String location) {
    answer(aResponse().withStatus(307).withHeader("Location", location));

    assertThat(failed().fault()).isEqualTo(Fault.CONFIGURATION);
    receiver.verify(1, anyRequestedFor(anyUrl()));
  }

  @Test
  void next_fromHttpsToHttp_isRefused() {
    URI secure = URI.create("https://a.example/x");
    assertThat(
            catchThrowableOfType(
                    StorageException.class, () -> HttpTransport.next(secure, "http://a.example/y"))
                .fault())
        .isEqualTo(Fault.CONFIGURATION);
    assertThat(
            catchThrowableOfType(
                StorageException.class, () -> HttpTransport.next(secure, "//b.example/y")))
        .isNull();
  }

  @Test
  void finish_postThatRedirectsToAPage_isNotTakenForStored() {
    answer(aResponse().withStatus(302).withHeader("Location", "/login"));

    assertThat(failed("method", "POST").fault()).isEqualTo(Fault.CONFIGURATION);
    receiver.verify(1, anyRequestedFor(anyUrl()));
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

  private String sha256Base64() throws Exception {
    return Base64.getEncoder().encodeToString(sha256());
  }

  private String sha256Hex() throws Exception {
    return HexFormat.of().formatHex(sha256());
  }

  private byte[] sha256() throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(audio);
  }

  @Test
  void finish_anotherChecksumInTheAnswer_isCorrupted() {
    answer(ok().withHeader("X-Checksum-Sha256", "0".repeat(64)));

    assertThat(failed().fault()).isEqualTo(Fault.CORRUPTED);
  }

  @Test
  void finish_verified_asksForSizeAndChecksum() throws Exception {
    answer(ok());
    showing("200000", "sha-256=:" + sha256Base64() + ":");
    assertThat(stored("verify", "head").sizeBytes()).isEqualTo(200_000);
    receiver.verify(1, headRequestedFor(urlEqualTo(PATH)));

    showing("199999", "");
    assertThat(failed("verify", "head"))
        .hasMessageContaining("has 199999 bytes instead of 200000")
        .extracting(StorageException::fault)
        .isEqualTo(Fault.CORRUPTED);

    showing("200000", "sha-256=:" + "A".repeat(43) + "=:");
    assertThat(failed("verify", "head").fault()).isEqualTo(Fault.CORRUPTED);

    receiver.stubFor(head(anyUrl()).willReturn(aResponse().withStatus(404)));
    assertThat(failed("verify", "head").fault()).isEqualTo(Fault.CORRUPTED);

    receiver.stubFor(head(anyUrl()).willReturn(aResponse().withStatus(503)));
    assertThat(failed("verify", "head").fault()).isEqualTo(Fault.UNAVAILABLE);
  }

  private static void showing(String length, String digest) {
    receiver.stubFor(
        head(urlEqualTo(PATH))
            .willReturn(
                okForContentType("audio/mpeg", "")
                    .withHeader("Content-Length", length)
                    .withHeader("Repr-Digest", digest)));
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

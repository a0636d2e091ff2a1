package org.rayo.storage.s3;

import static com.github.tomakehurst.wiremock.client.WireMock.aResponse;
import static com.github.tomakehurst.wiremock.client.WireMock.absent;
import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.client.WireMock.delete;
import static com.github.tomakehurst.wiremock.client.WireMock.deleteRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.equalTo;
import static com.github.tomakehurst.wiremock.client.WireMock.get;
import static com.github.tomakehurst.wiremock.client.WireMock.head;
import static com.github.tomakehurst.wiremock.client.WireMock.matching;
import static com.github.tomakehurst.wiremock.client.WireMock.ok;
import static com.github.tomakehurst.wiremock.client.WireMock.okXml;
import static com.github.tomakehurst.wiremock.client.WireMock.post;
import static com.github.tomakehurst.wiremock.client.WireMock.postRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.put;
import static com.github.tomakehurst.wiremock.client.WireMock.putRequestedFor;
import static com.github.tomakehurst.wiremock.client.WireMock.urlPathEqualTo;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.rayo.storage.LoggedText;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;
import org.rayo.storage.StoreSettings;
import org.rayo.storage.StoredRecording;
import org.rayo.storage.Upload;

/** A server that misbehaves in every way that WireMock can. */
final class S3FaultsTest {

  private static final String PATH = "/calls/a.mp3";
  private static final int PART = 5 << 20;

  @RegisterExtension
  static final WireMockExtension s3 =
      WireMockExtension.newInstance()
          .options(wireMockConfig().dynamicPort().bindAddress("127.0.0.1"))
          .build();

  @TempDir Path spool;

  private final LoggedText log = new LoggedText();
  private byte[] audio;
  private RecordingFile file;

  @AfterEach
  void stopLogging() {
    log.close();
  }

  @BeforeEach
  void record() throws IOException {
    record(100_000);
  }

  private void record(int size) throws IOException {
    audio = new byte[size];
    Path path = Files.write(spool.resolve("audio"), audio);
    file = new RecordingFile("rec-1", path, "a.mp3", "audio/mpeg", Map.of());
  }

  private static RecordingStore store(String... more) throws StorageException {
    Map<String, String> values = new TreeMap<>();
    values.put("type", "s3");
    values.put("endpoint", s3.baseUrl());
    values.put("bucket", "calls");
    values.put("access-key", S3Server.ACCESS_KEY);
    values.put("secret-key", S3Server.SECRET_KEY);
    values.put("part-size", "5 MiB");
    values.put("attempts", "1");
    values.put("timeout", "20s");
    for (int i = 0; i < more.length; i += 2) {
      values.put(more[i], more[i + 1]);
    }
    return new S3RecordingStoreProvider().create(StoreSettings.of("far", values));
  }

  private StoredRecording stored(String... more) throws StorageException {
    try (RecordingStore store = store(more)) {
      return store.begin(file).finish();
    }
  }

  private StorageException failed(String... more) {
    return failure(() -> stored(more));
  }

  /** A failure whose texts have no secret. */
  private StorageException failure(ThrowingCallable call) {
    StorageException thrown = catchThrowableOfType(StorageException.class, call);
    assertThat(thrown).isNotNull();
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    for (String secret : S3Server.secrets()) {
      assertThat(text.toString()).doesNotContain(secret);
      assertThat(log.text()).doesNotContain(secret);
    }
    return thrown;
  }

  private static ResponseDefinitionBuilder error(int status, String code) {
    return aResponse()
        .withStatus(status)
        .withHeader("Content-Type", "application/xml")
        .withBody(
            "<?xml version=\"1.0\"?><Error><Code>" + code + "</Code><Message>no</Message></Error>");
  }

  private static void answer(ResponseDefinitionBuilder answer) {
    s3.stubFor(any(anyUrl()).willReturn(answer));
  }

  private static void show(long size, String checksum) {
    s3.stubFor(
        head(urlPathEqualTo(PATH))
            .willReturn(
                ok().withHeader("Content-Length", String.valueOf(size))
                    .withHeader("x-amz-meta-recording-id", "rec-1")
                    .withHeader("x-amz-checksum-sha256", checksum)));
  }

  private String sha256() throws Exception {
    return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-256").digest(audio));
  }

  @ParameterizedTest
  @CsvSource({
    "503,SlowDown,UNAVAILABLE",
    "500,InternalError,UNAVAILABLE",
    "502,,UNAVAILABLE",
    "503,ServiceUnavailable,UNAVAILABLE",
    "507,,UNAVAILABLE",
    "429,TooManyRequests,UNAVAILABLE",
    "400,RequestTimeout,UNAVAILABLE",
    "409,OperationAborted,UNAVAILABLE",
    "403,AccessDenied,CONFIGURATION",
    "403,InvalidAccessKeyId,CONFIGURATION",
    "403,SignatureDoesNotMatch,CONFIGURATION",
    "403,RequestTimeTooSkewed,CONFIGURATION",
    "400,ExpiredToken,CONFIGURATION",
    "400,AuthorizationHeaderMalformed,CONFIGURATION",
    "400,KMS.DisabledException,CONFIGURATION",
    "400,InvalidStorageClass,CONFIGURATION",
    "404,NoSuchBucket,CONFIGURATION",
    "405,MethodNotAllowed,CONFIGURATION",
    "501,NotImplemented,CONFIGURATION",
    "301,PermanentRedirect,CONFIGURATION",
    "400,BadDigest,CORRUPTED",
    "400,XAmzContentSHA256Mismatch,CORRUPTED",
    "400,IncompleteBody,CORRUPTED",
    "400,KeyTooLongError,REFUSED",
    "400,EntityTooLarge,REFUSED",
    "413,,REFUSED",
    "451,,REFUSED",
    "400,InvalidArgument,CONFIGURATION",
    "400,InvalidRequest,CONFIGURATION",
    "400,,CONFIGURATION",
    "412,PreconditionFailed,CONFIGURATION",
    "400,MetadataTooLarge,REFUSED"
  })
  void finish_error_saysWhoseFaultItIs(int status, String code, Fault fault) {
    answer(code == null ? aResponse().withStatus(status) : error(status, code));

    StorageException thrown = failed();

    assertThat(thrown.fault()).isEqualTo(fault);
    assertThat(thrown).hasMessageStartingWith("PutObject s3://calls/a.mp3 answered " + status);
    if (code != null) {
      assertThat(thrown).hasMessageEndingWith(" " + code);
    }
  }

  /** As Amazon does when a signature is wrong: it repeats what was signed. */
  @Test
  void finish_serverThatRepeatsWhatWasSent_isNotQuoted() {
    answer(
        aResponse()
            .withStatus(403)
            .withHeader("Content-Type", "application/xml")
            .withBody(
                "<Error><Code>SignatureDoesNotMatch</Code><Message>no</Message><CanonicalRequest>"
                    + "x-amz-security-token:session-hush</CanonicalRequest></Error>"));

    StorageException thrown = failed("session-token", "session-hush");

    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    assertThat(text.toString()).contains("SignatureDoesNotMatch").doesNotContain("session-hush");
    assertThat(log.text()).doesNotContain("session-hush");
  }

  @Test
  void finish_slowDownOnce_isTriedAgainByItself() throws Exception {
    s3.stubFor(
        put(urlPathEqualTo(PATH))
            .inScenario("slow")
            .willReturn(error(503, "SlowDown"))
            .willSetStateTo("faster"));
    s3.stubFor(
        put(urlPathEqualTo(PATH))
            .inScenario("slow")
            .whenScenarioStateIs("faster")
            .willReturn(ok()));
    show(100_000, sha256());

    assertThat(stored("attempts", "2").sizeBytes()).isEqualTo(100_000);
    s3.verify(2, putRequestedFor(urlPathEqualTo(PATH)));
  }

  @Test
  void finish_retryAfter_isTold() {
    answer(error(503, "SlowDown").withHeader("Retry-After", "9"));

    assertThat(failed().retryAfter()).contains(Duration.ofSeconds(9));
  }

  @ParameterizedTest
  @EnumSource(com.github.tomakehurst.wiremock.http.Fault.class)
  void finish_brokenConnection_canBeTriedAgain(com.github.tomakehurst.wiremock.http.Fault fault) {
    answer(aResponse().withFault(fault));

    assertThat(failed().fault().retryable()).isTrue();
  }

  @Test
  void finish_noAnswer_endsAfterTheTimeout() {
    answer(ok().withFixedDelay(60_000));

    StorageException thrown = failed("timeout", "300ms", "minimum-rate", "1 GiB");

    assertThat(thrown.fault()).isEqualTo(Fault.UNAVAILABLE);
    assertThat(thrown)
        .hasMessage("PutObject s3://calls/a.mp3: neither progress nor answer in time");
  }

  @Test
  void finish_nobodyListens_canBeTriedAgain() throws Exception {
    int port;
    try (ServerSocket gone = new ServerSocket(0)) {
      port = gone.getLocalPort();
    }
    assertThat(failed("endpoint", "http://127.0.0.1:" + port).fault()).isEqualTo(Fault.UNAVAILABLE);
  }

  @Test
  void finish_objectOfAnotherSizeOrChecksum_isCorrupted() throws Exception {
    answer(ok());
    show(99_999, sha256());
    assertThat(failed()).hasMessageContaining("has 99999 bytes instead of 100000");
    assertThat(failed().fault()).isEqualTo(Fault.CORRUPTED);

    show(100_000, "A".repeat(43) + "=");
    assertThat(failed()).hasMessageContaining("has the checksum AAAA");
    assertThat(failed().fault()).isEqualTo(Fault.CORRUPTED);

    // Not asked for: a checksum, or anything at all.
    assertThat(stored("checksum", "md5").sizeBytes()).isEqualTo(100_000);
    show(1, "");
    assertThat(stored("verify", "none").sizeBytes()).isEqualTo(100_000);
  }

  @Test
  void finish_everyOption_isSentAsS3ReadsIt() throws Exception {
    answer(ok());
    show(100_000, sha256());

    stored(
        "storage-class", "STANDARD_IA",
        "encryption", "aws:kms",
        "kms-key-id", "alias/calls",
        "tags.team", "voice + data",
        "tags.kind", "call",
        "session-token", "temporary");

    s3.verify(
        putRequestedFor(urlPathEqualTo(PATH))
            .withHeader("Content-Type", equalTo("audio/mpeg"))
            .withHeader("x-amz-checksum-sha256", equalTo(sha256()))
            .withHeader("x-amz-storage-class", equalTo("STANDARD_IA"))
            .withHeader("x-amz-server-side-encryption", equalTo("aws:kms"))
            .withHeader("x-amz-server-side-encryption-aws-kms-key-id", equalTo("alias/calls"))
            .withHeader("x-amz-tagging", equalTo("kind=call&team=voice%20%2B%20data"))
            .withHeader("x-amz-meta-recording-id", equalTo("rec-1"))
            .withHeader("x-amz-security-token", equalTo("temporary"))
            .withHeader("Authorization", matching("AWS4-HMAC-SHA256 .*"))
            .withHeader("Content-Encoding", absent()));
  }

  @Test
  void finish_md5_isSentInsteadOfNewerChecksums() throws Exception {
    answer(ok());
    show(100_000, "");

    stored("checksum", "md5");

    String md5 = Base64.getEncoder().encodeToString(MessageDigest.getInstance("MD5").digest(audio));
    s3.verify(
        putRequestedFor(urlPathEqualTo(PATH))
            .withHeader("Content-MD5", equalTo(md5))
            .withHeader("x-amz-checksum-sha256", absent()));
  }

  @Test
  void check_bucketThatCannotBeSeen_saysSo() throws Exception {
    try (RecordingStore store = store()) {
      answer(aResponse().withStatus(404));
      assertThat(failure(store::check))
          .hasMessageStartingWith(
              "rayo.storage.stores.far.bucket: HeadBucket s3://calls answered 404");
      answer(aResponse().withStatus(403));
      assertThat(failure(store::check).fault()).isEqualTo(Fault.CONFIGURATION);
      answer(aResponse().withStatus(503));
      assertThat(failure(store::check).fault()).isEqualTo(Fault.UNAVAILABLE);
    }
  }

  private static void multipart() {
    s3.stubFor(
        post(urlPathEqualTo(PATH))
            .withQueryParam("uploads", matching(".*"))
            .willReturn(
                okXml(
                    "<InitiateMultipartUploadResult><UploadId>up-1</UploadId>"
                        + "</InitiateMultipartUploadResult>")));
    s3.stubFor(
        put(urlPathEqualTo(PATH))
            .withQueryParam("uploadId", equalTo("up-1"))
            .willReturn(ok().withHeader("ETag", "\"e\"")));
    s3.stubFor(delete(urlPathEqualTo(PATH)).willReturn(aResponse().withStatus(204)));
    s3.stubFor(get(urlPathEqualTo("/calls")).willReturn(okXml("<ListMultipartUploadsResult/>")));
  }

  private static void completing(ResponseDefinitionBuilder answer) {
    s3.stubFor(
        post(urlPathEqualTo(PATH)).withQueryParam("uploadId", equalTo("up-1")).willReturn(answer));
  }

  private static ResponseDefinitionBuilder completed() {
    return okXml("<CompleteMultipartUploadResult><ETag>e</ETag></CompleteMultipartUploadResult>");
  }

  private static int sent(int part) {
    return s3.findAll(
            putRequestedFor(urlPathEqualTo(PATH))
                .withQueryParam("partNumber", equalTo(String.valueOf(part))))
        .size();
  }

  @Test
  void finish_partThatFailed_isTheOnlyOneSentAgain() throws Exception {
    record(4 * PART);
    multipart();
    completing(completed());
    show(4 * PART, "");
    s3.stubFor(
        put(urlPathEqualTo(PATH))
            .withQueryParam("partNumber", equalTo("3"))
            .willReturn(error(503, "SlowDown")));
    try (RecordingStore store = store()) {
      Upload upload = store.begin(file);
      assertThat(failure(() -> upload.advance(4 * PART)).fault()).isEqualTo(Fault.UNAVAILABLE);
      assertThat(failure(upload::finish).fault()).isEqualTo(Fault.UNAVAILABLE);

      multipart();
      assertThat(upload.finish().sizeBytes()).isEqualTo(4 * PART);
    }

    assertThat(new int[] {sent(1), sent(2), sent(3), sent(4)}).containsExactly(1, 1, 3, 1);
    s3.verify(0, deleteRequestedFor(anyUrl()));
  }

  @Test
  void finish_answerToTheLastRequestLost_findsTheObjectAndIsDone() throws Exception {
    record(3 * PART);
    multipart();
    completing(aResponse().withFault(com.github.tomakehurst.wiremock.http.Fault.EMPTY_RESPONSE));
    show(3 * PART, "");
    try (RecordingStore store = store()) {
      Upload upload = store.begin(file);
      assertThat(failure(upload::finish).fault()).isEqualTo(Fault.UNAVAILABLE);

      completing(error(404, "NoSuchUpload"));
      assertThat(upload.finish().uri()).isEqualTo(URI.create("s3://calls/a.mp3"));
    }
  }

  @Test
  void finish_uploadEndedBySomebodyElse_beginsAnew() throws Exception {
    record(3 * PART);
    multipart();
    completing(error(404, "NoSuchUpload"));
    s3.stubFor(head(urlPathEqualTo(PATH)).willReturn(aResponse().withStatus(404)));
    try (RecordingStore store = store()) {
      Upload upload = store.begin(file);
      assertThat(failure(upload::finish).fault()).isEqualTo(Fault.UNAVAILABLE);

      completing(completed());
      show(3 * PART, "");
      assertThat(upload.finish().sizeBytes()).isEqualTo(3 * PART);
    }
    assertThat(sent(2)).isEqualTo(2);
    s3.verify(2, postRequestedFor(anyUrl()).withQueryParam("uploads", matching(".*")));
  }

  @Test
  void finish_errorInsideA200_isAFailure() throws Exception {
    record(3 * PART);
    multipart();
    completing(okXml("<Error><Code>InternalError</Code><Message>no</Message></Error>"));

    assertThat(failed().fault()).isEqualTo(Fault.UNAVAILABLE);
    s3.verify(1, deleteRequestedFor(anyUrl()).withQueryParam("uploadId", equalTo("up-1")));
  }

  @Test
  void abort_thatFails_doesNotThrow() throws Exception {
    record(3 * PART);
    multipart();
    s3.stubFor(delete(anyUrl()).willReturn(error(403, "AccessDenied")));
    try (RecordingStore store = store()) {
      Upload upload = store.begin(file);
      upload.advance(3 * PART);
      upload.abort();
    }
    s3.verify(1, deleteRequestedFor(anyUrl()));
  }

  @Test
  void begin_keyBeyondS3sLimit_isRefused() throws Exception {
    RecordingFile long1025 =
        new RecordingFile("r", file.path(), "n".repeat(1_025), "audio/mpeg", Map.of());
    try (RecordingStore store = store()) {
      assertThat(failure(() -> store.begin(long1025)).fault()).isEqualTo(Fault.REFUSED);
    }
  }
}

package org.rayo.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;
import org.rayo.storage.StoredRecording;
import org.rayo.storage.Upload;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;

/** What is sent when, and what the objects are like, on S3Proxy. */
final class S3MultipartTest {

  private static final int PART = 5 << 20;

  private static S3Server server;

  @TempDir Path spool;

  @BeforeAll
  static void startServer() throws Exception {
    server = S3Server.proxy();
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.close();
  }

  @BeforeEach
  void makeBucket() {
    server.newBucket();
  }

  private static byte[] audio(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private RecordingFile recording(byte[] bytes) throws IOException {
    Path path = Files.write(spool.resolve("audio"), bytes);
    return new RecordingFile(
        "rec-1", path, "day/a b.wav", "audio/wav", Map.of("from", "sip:größe@b"));
  }

  @Test
  void advance_asPartsBecomeFinal_sendsThemFromTheSecondOn() throws Exception {
    byte[] bytes = audio(4 * PART + 1_000);
    RecordingFile file = recording(new byte[0]);
    try (RecordingStore store = server.store(server.endpoint())) {
      Upload upload = store.begin(file);

      append(file, Arrays.copyOf(bytes, 2 * PART));
      upload.advance(2 * PART - 1);
      assertThat(server.everything()).isEmpty();

      upload.advance(2 * PART);
      assertThat(server.parts()).containsExactly(2);

      append(file, Arrays.copyOfRange(bytes, 2 * PART, bytes.length));
      upload.advance(bytes.length);
      assertThat(server.parts()).containsExactly(2, 3, 4);

      // As a recorder does with the sizes in a WAV header, and with the tag of an MP3.
      byte[] head = audio(64 * 1024);
      System.arraycopy(head, 0, bytes, 0, head.length);
      try (var channel = Files.newByteChannel(file.path(), StandardOpenOption.WRITE)) {
        channel.write(ByteBuffer.wrap(head));
      }
      upload.finish();
    }

    assertThat(server.everything()).containsExactly("day/a b.wav");
    assertThat(server.bytes("day/a b.wav")).isEqualTo(bytes);
  }

  private static void append(RecordingFile file, byte[] bytes) throws IOException {
    Files.write(file.path(), bytes, StandardOpenOption.APPEND);
  }

  @ParameterizedTest
  @CsvSource({"0", "5242880", "10485760", "10485761"})
  void finish_sizesAroundWholeParts_areStored(int size) throws Exception {
    byte[] bytes = audio(size);
    for (int advanced : new int[] {0, size}) {
      try (RecordingStore store = server.store(server.endpoint(), "checksum", "crc32")) {
        Upload upload = store.begin(recording(bytes));
        upload.advance(advanced);
        assertThat(upload.finish().sizeBytes()).isEqualTo(size);
      }
      assertThat(server.everything()).containsExactly("day/a b.wav");
      assertThat(server.bytes("day/a b.wav")).isEqualTo(bytes);
    }
  }

  /** Where the last page of a format lies, over the border of two parts too. */
  @ParameterizedTest
  @CsvSource({
    "15728640,15728640",
    "15727640,15728840",
    "15728640,15728641",
    "10485759,15728639",
    "10485760,10485760",
    "10485000,10485761",
    "10485759,10485760",
    "5242881,5242881",
    "0,5242880",
    "0,0"
  })
  void finish_endThatChangedBehindWhatWasFinal_isStoredAsItIsAtLast(int last, int size)
      throws Exception {
    RecordingFile file = recording(audio(3 * PART + 7));
    try (RecordingStore store = server.store(server.endpoint())) {
      Upload upload = store.begin(file);
      upload.advance(last);
      rewriteEnd(file, last, audio(size - last));
      byte[] whole = Files.readAllBytes(file.path());
      assertThat(upload.finish().sizeBytes()).isEqualTo(size);
      assertThat(server.bytes("day/a b.wav")).isEqualTo(whole);
    }
    assertThat(server.everything()).containsExactly("day/a b.wav");
  }

  @ParameterizedTest
  @CsvSource({"15728639", "10485760", "5242880", "0"})
  void finish_fileShorterThanWhatWasFinal_isRefusedAndLeavesNothing(int size) throws Exception {
    RecordingFile file = recording(audio(3 * PART + 7));
    try (RecordingStore store = server.store(server.endpoint())) {
      Upload upload = store.begin(file);
      upload.advance(3 * PART);
      rewriteEnd(file, size, new byte[0]);

      StorageException thrown = catchThrowableOfType(StorageException.class, upload::finish);
      assertThat(thrown.fault()).isEqualTo(Fault.CORRUPTED);
      assertThat(server.objects()).isEmpty();

      upload.abort();
      assertThat(server.everything()).isEmpty();
      assertThat(store.begin(file).finish().sizeBytes()).isEqualTo(size);
    }
  }

  private static void rewriteEnd(RecordingFile file, long from, byte[] end) throws IOException {
    try (var channel = Files.newByteChannel(file.path(), StandardOpenOption.WRITE)) {
      channel.truncate(from).position(from).write(ByteBuffer.wrap(end));
    }
  }

  @Test
  void begin_afterAKilledProcess_abortsWhatItLeftForThisKeyOnly() throws Exception {
    RecordingFile file = recording(audio(3 * PART));
    RecordingFile other =
        new RecordingFile("rec-2", file.path(), file.key() + ".2", "audio/wav", Map.of());
    S3RecordingStore killed = server.store(server.endpoint());
    killed.begin(file).advance(3 * PART);
    killed.begin(other).advance(3 * PART);
    assertThat(server.uploads()).hasSize(2);

    try (RecordingStore store = server.store(server.endpoint())) {
      store.begin(file).finish();
    }

    assertThat(server.everything()).containsExactly(file.key(), "upload of " + other.key());
    killed.close();
    assertThat(server.everything()).containsExactly(file.key());
  }

  @ParameterizedTest
  @CsvSource({"1000", "20000000"})
  void finish_withPrefix_keepsTypeAndMetadata(int size) throws Exception {
    try (RecordingStore store = server.store(server.endpoint(), "prefix", "rec/2026")) {
      store.begin(recording(audio(size))).finish();
    }

    HeadObjectResponse object =
        server
            .client()
            .headObject(request -> request.bucket(server.bucket()).key("rec/2026/day/a b.wav"));
    assertThat(object.contentType()).isEqualTo("audio/wav");
    assertThat(object.metadata())
        .containsEntry("recording-id", "rec-1")
        .containsEntry("from", "sip:gr%C3%B6%C3%9Fe@b");
  }

  @Test
  void finish_presigned_canBeFetchedByWhoHasTheUri() throws Exception {
    byte[] bytes = audio(1_000);
    StoredRecording stored;
    try (RecordingStore store =
        server.store(server.endpoint(), "uri", "presigned", "presigned-life", "2h")) {
      stored = store.begin(recording(bytes)).finish();
    }

    assertThat(stored.uri().toString()).contains("X-Amz-Expires=7200");
    S3Server.secrets().forEach(s -> assertThat(stored.uri().toString()).doesNotContain(s));
    assertThat(get(stored.uri()).body()).isEqualTo(bytes);
    URI unsigned = URI.create(stored.uri().toString().replaceFirst("\\?.*", ""));
    assertThat(get(unsigned).statusCode()).isEqualTo(403);
  }

  private static HttpResponse<byte[]> get(URI uri) throws Exception {
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  @Test
  void finish_https_tellsTheOwnOrThePublicAddress() throws Exception {
    String path = "day/a%20b.wav";
    try (RecordingStore store = server.store(server.endpoint(), "uri", "https")) {
      assertThat(store.begin(recording(audio(10))).finish().uri())
          .isEqualTo(URI.create(server.endpoint() + "/" + server.bucket() + "/" + path));
    }
    try (RecordingStore store =
        server.store(
            server.endpoint(),
            "uri",
            "https",
            "prefix",
            "p",
            "public-url",
            "https://cdn.example.org/x")) {
      assertThat(store.begin(recording(audio(10))).finish().uri())
          .isEqualTo(URI.create("https://cdn.example.org/x/p/" + path));
    }
  }
}

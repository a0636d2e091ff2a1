package org.rayo.storage.http;

import static com.github.tomakehurst.wiremock.client.WireMock.any;
import static com.github.tomakehurst.wiremock.client.WireMock.anyUrl;
import static com.github.tomakehurst.wiremock.core.WireMockConfiguration.wireMockConfig;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.github.tomakehurst.wiremock.client.ResponseDefinitionBuilder;
import com.github.tomakehurst.wiremock.junit5.WireMockExtension;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.storage.LoggedText;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.StorageException;
import org.rayo.storage.StoreSettings;
import org.rayo.storage.StoredRecording;

/**
 * A store, and a receiver that misbehaves in every way that WireMock can. No failure tells a
 * secret.
 */
abstract class MisbehavingReceiver {

  static final String PATH = "/r/day/a%20b.mp3";

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

  /** As they are configured, and as a header has them. */
  private static final List<String> SECRETS = List.of("hush-hush", "open-sesame");

  @TempDir Path spool;

  private final LoggedText log = new LoggedText();

  byte[] audio;
  RecordingFile file;

  @AfterEach
  void stopLogging() {
    log.close();
  }

  @BeforeEach
  void record() throws IOException {
    audio = new byte[200_000];
    new Random(1).nextBytes(audio);
    Path path = Files.write(spool.resolve("audio"), audio);
    file = new RecordingFile("rec-1", path, "day/a b.mp3", "audio/mpeg", Map.of("from", "sip:a@b"));
  }

  RecordingStore store(String... more) throws StorageException {
    Map<String, String> values = new HashMap<>();
    values.put("type", "http");
    values.put("url", receiver.baseUrl() + "/r");
    values.put("token", "hush-hush");
    values.put("headers.X-Api-Key", "open-sesame");
    values.put("verify", "none");
    for (int i = 0; i < more.length; i += 2) {
      values.put(more[i], more[i + 1]);
    }
    return new HttpRecordingStoreProvider().create(StoreSettings.of("far", values));
  }

  StoredRecording stored(String... more) throws StorageException {
    try (RecordingStore store = store(more)) {
      return store.begin(file).finish();
    }
  }

  StorageException failed(String... more) {
    StorageException thrown = catchThrowableOfType(StorageException.class, () -> stored(more));
    assertThat(thrown).isNotNull();
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text));
    for (String secret : SECRETS) {
      assertThat(text.toString()).doesNotContain(secret);
      assertThat(log.text()).doesNotContain(secret);
    }
    return thrown;
  }

  static void answer(ResponseDefinitionBuilder answer) {
    receiver.stubFor(any(anyUrl()).willReturn(answer));
  }

  String sha256Base64() throws Exception {
    return Base64.getEncoder().encodeToString(sha256());
  }

  String sha256Hex() throws Exception {
    return HexFormat.of().formatHex(sha256());
  }

  private byte[] sha256() throws Exception {
    return MessageDigest.getInstance("SHA-256").digest(audio);
  }
}

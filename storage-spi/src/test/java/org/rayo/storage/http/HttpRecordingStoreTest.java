package org.rayo.storage.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.RecordingStoreContract;
import org.rayo.storage.RecordingStoreProvider;
import org.rayo.storage.StoreSettings;
import org.rayo.storage.StoredRecording;

/** The contract against a real server; nothing is stored there but by PUT. */
final class HttpRecordingStoreTest extends RecordingStoreContract {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private Receiver receiver;

  @Override
  protected RecordingStore open() throws Exception {
    if (receiver == null) {
      receiver = new Receiver();
    }
    return new HttpRecordingStoreProvider()
        .create(
            StoreSettings.of(
                "far",
                Map.of(
                    "type", "http",
                    "url", receiver.url().toString(),
                    "username", "rayo",
                    "password", "hush-hush",
                    "headers.X-Api-Key", "open-sesame",
                    "timeout", "20s")));
  }

  @Override
  protected List<String> secrets() {
    // The second is both as a Basic header has them.
    return List.of("hush-hush", "cmF5bzpodXNoLWh1c2g=", "open-sesame");
  }

  @Override
  protected byte[] fetch(StoredRecording stored) throws Exception {
    HttpResponse<byte[]> answer =
        CLIENT.send(
            HttpRequest.newBuilder(stored.uri()).build(), HttpResponse.BodyHandlers.ofByteArray());
    assertThat(answer.statusCode()).isEqualTo(200);
    return answer.body();
  }

  @Override
  protected List<String> everything() {
    return receiver.keys();
  }

  @Override
  protected List<String> visible() {
    return receiver.keys();
  }

  @Override
  protected void breakPlace() {
    receiver.breakWith(503);
  }

  @Override
  protected void repairPlace() {
    receiver.breakWith(0);
  }

  @AfterEach
  void closeReceiver() {
    receiver.close();
  }

  @Test
  void serviceLoader_typeHttp_findsTheProvider() {
    assertThat(ServiceLoader.load(RecordingStoreProvider.class))
        .anyMatch(provider -> provider.type().equals("http"));
  }

  /** As Kazoo's record_call names them. */
  @Test
  void namePattern_isThatOfTheField() {
    assertThat(new HttpRecordingStoreProvider().namePattern())
        .contains("call_recording_{call-id}{again}.{format}");
  }
}

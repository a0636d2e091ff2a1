package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.client.Received.RecordingFacts;

/** What others than the client hear of a recording, from the call to the web server. */
class NoticesOfRecordingsTest {

  private static final String SECRET = "hush-hook-hush";
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir Path directory;

  private Site site(WebReceiver hook) throws Exception {
    return Site.embedded(
        directory,
        "rayo.notices.jobs.directory = \"" + directory.resolve("jobs") + "\"",
        "rayo.notices.webhooks = [{ url = \"" + hook.url() + "\", secret = \"" + SECRET + "\" }]");
  }

  private static Received record(Site site, String... hints) throws Exception {
    RayoClient client = site.availableClient("romeo", "balcony");
    Site.Answered call = site.talkingCall(client, "told", AudioSource.tone(440, -10, 60_000));
    String component =
        Site.start(client, call.address(), "format='wav' start-beep='false'", hints).ref();
    return Site.stop(client, component);
  }

  private static void assertGenuine(WebReceiver.Request request) throws Exception {
    String stamp = request.header("X-Rayo-Timestamp");
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(SECRET.getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    mac.update((stamp + ".").getBytes(StandardCharsets.US_ASCII));
    assertThat(request.header("X-Rayo-Signature"))
        .isEqualTo("sha256=" + HexFormat.of().formatHex(mac.doFinal(request.body())));
    assertThat(Long.parseLong(stamp))
        .isBetween(Instant.now().getEpochSecond() - 300, Instant.now().getEpochSecond() + 300);
  }

  private static void awaitFile(Path file) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!Files.exists(file) && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
    assertThat(file).exists();
  }

  @Test
  void recording_storedInAFileStore_webhookJobAndSidecarTellTheSame() throws Exception {
    try (WebReceiver hook = new WebReceiver();
        Site site = site(hook)) {
      Received complete = record(site, "meta.case=4711");
      RecordingFacts told = complete.recording().orElseThrow();
      hook.await("stored", r -> r.header("X-Rayo-Event").equals("recording-stored"));

      List<WebReceiver.Request> requests = hook.taken();
      assertThat(requests)
          .extracting(request -> request.header("X-Rayo-Event"))
          .containsExactly("recording-started", "recording-finished", "recording-stored");
      for (WebReceiver.Request request : requests) {
        assertGenuine(request);
        JsonNode notice = JSON.readTree(request.body());
        assertThat(notice.path("id").asText()).isEqualTo(request.header("X-Rayo-Delivery"));
        assertThat(notice.path("event").asText()).isEqualTo(request.header("X-Rayo-Event"));
        assertThat(notice.path("client").asText()).isEqualTo("romeo@localhost");
        assertThat(notice.path("meta").path("case").asText()).isEqualTo("4711");
      }

      byte[] stored = requests.get(2).body();
      JsonNode notice = JSON.readTree(stored);
      Path file = Path.of(URI.create(told.uri()));
      String sha256 =
          HexFormat.of()
              .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
      assertThat(notice.path("finished").path("sha256").asText()).isEqualTo(sha256);
      assertThat(notice.path("finished").path("durationMs").asLong())
          .isEqualTo(told.durationMillis());
      assertThat(notice.path("finished").path("sizeBytes").asLong()).isEqualTo(told.sizeBytes());
      assertThat(notice.path("place").path("uri").asText()).isEqualTo(told.uri());

      awaitFile(Path.of(file + ".json"));
      assertThat(Path.of(file + ".json")).hasBinaryContent(stored);
      Path job = directory.resolve("jobs").resolve(notice.path("recordingId").asText() + ".json");
      awaitFile(job);
      assertThat(job).hasBinaryContent(stored);
    }
  }

  @Test
  void recording_storedMany_noticesOfEachComeInOrder() throws Exception {
    try (WebReceiver hook = new WebReceiver();
        Site site = site(hook)) {
      int recordings = 20;
      RayoClient client = site.availableClient("romeo", "balcony");
      Site.Answered call = site.talkingCall(client, "many", AudioSource.tone(440, -10, 60_000));
      for (int i = 0; i < recordings; i++) {
        Site.stop(client, Site.record(client, call.address(), "wav"));
      }
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
      while (hook.taken().size() < 3 * recordings && System.nanoTime() < deadline) {
        Thread.sleep(20);
      }
      List<String> ids =
          hook.taken().stream().map(request -> request.header("X-Rayo-Delivery")).toList();
      assertThat(ids).doesNotHaveDuplicates().hasSize(3 * recordings);
      for (String id : ids) {
        if (id.contains(".recording-stored")) {
          String recording = id.substring(0, id.indexOf('.'));
          assertThat(ids)
              .containsSubsequence(
                  recording + ".recording-started", recording + ".recording-finished", id);
        }
      }
    }
  }

  @Test
  void recording_webhookSaysNothing_isToldToItsClientAllTheSame() throws Exception {
    try (WebReceiver hook = new WebReceiver();
        Site site = site(hook)) {
      hook.fallSilent();
      Received complete = record(site);
      assertThat(complete.recording()).isPresent();
      assertThat(hook.taken()).isEmpty();
      hook.recover();
      hook.await("stored", r -> r.header("X-Rayo-Event").equals("recording-stored"));
    }
  }
}

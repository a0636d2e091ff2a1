package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.config.RayoConfig;
import org.rayo.storage.RecordingFile;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;

/** A server whose recordings are put to a web server, as Kazoo's are. */
class HttpStoreTest {

  @TempDir Path directory;

  private final Map<String, byte[]> received = new ConcurrentHashMap<>();
  private final AtomicInteger status = new AtomicInteger(201);
  private HttpServer receiver;

  @BeforeEach
  void startReceiver() throws IOException {
    receiver = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    receiver.createContext("/recordings", this::take);
    receiver.start();
  }

  @AfterEach
  void stopReceiver() {
    receiver.stop(0);
  }

  private void take(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String path = exchange.getRequestURI().getPath();
      boolean sidecar = path.endsWith(RecordingFile.SIDECAR_END);
      if (exchange.getRequestMethod().equals("PUT") && status.get() == 201 && !sidecar) {
        received.put(path, body);
      }
      exchange.sendResponseHeaders(status.get(), -1);
    }
  }

  private String url() {
    return "http://127.0.0.1:" + receiver.getAddress().getPort() + "/recordings";
  }

  private String[] config() {
    return new String[] {
      "rayo.storage.stores.far { type = http, url = \"" + url() + "\", verify = none }",
      "rayo.storage.default = [far]"
    };
  }

  @Test
  void stop_storeOfTypeHttp_completesWithTheAddressThatWasPutTo() throws Exception {
    try (Site site = Site.embedded(directory, config())) {
      RayoClient client = site.availableClient("romeo", "balcony");
      Site.Answered call = site.talkingCall(client, "putter", AudioSource.tone(440, -10, 60_000));
      String component = Site.record(client, call.address(), "wav");
      Received.RecordingFacts recording = Site.stop(client, component).recording().orElseThrow();

      assertThat(recording.uri()).startsWith(url() + "/");
      assertThat(received).hasSize(1);
      received.forEach(
          (path, body) -> {
            assertThat(recording.uri()).endsWith(path);
            assertThat((long) body.length).isEqualTo(recording.sizeBytes());
          });
    }
  }

  @Test
  void hindrances_receiverDown_doesNotKeepTheServerFromStarting() throws Exception {
    RayoConfig config =
        RayoConfig.loadString(
            String.join("\n", config())
                + "\nrayo.media.embedded.sip.address = \"127.0.0.1\""
                + "\nrayo.spool.directory = \""
                + directory.resolve("spool")
                + "\"",
            Map.of("RAYO_XMPP_SECRET", "secret"));
    status.set(503);

    assertThat(Preflight.hindrances(config)).isEmpty();
    assertThat(Preflight.problems(config))
        .containsExactly("rayo.storage.stores.far.url: HEAD " + url() + " answered 503");
  }
}

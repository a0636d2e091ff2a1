package org.rayo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.server.WebReceiver;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.phone.Transport;

/** Notices that were due when the server was killed. */
final class CrashedNoticesTest {

  @TempDir Path directory;

  private static String event(WebReceiver.Request request) {
    return request.header("X-Rayo-Event");
  }

  private static List<String> ids(List<WebReceiver.Request> requests) {
    return requests.stream().map(request -> request.header("X-Rayo-Delivery")).toList();
  }

  @Test
  void killed_webhookDownMeanwhile_everyNoticeComesInOrderAfterTheRestart() throws Exception {
    try (WebReceiver hook = new WebReceiver();
        CrashSite site = new CrashSite(directory)) {
      String config = "rayo.notices.webhooks = [{ url = \"" + hook.url() + "\" }]";
      String id;
      Path stored;
      hook.answer(503);
      try (RayoProcess rayo = site.serve(config)) {
        site.register(rayo);
        CrashSite.Up up = site.answered(rayo, "alice", Transport.UDP);
        String component = site.record(up);
        id = CrashSite.idOf(component);
        Received complete = site.stop(component);
        stored = Path.of(URI.create(complete.recording().orElseThrow().uri()));
        hook.awaitRefused("a notice", request -> true);
        CrashSite.awaitTrue(
            "the news of the store are written down",
            () -> !Files.exists(site.spool().resolve(id)));
        rayo.signal("KILL");
        rayo.exit();
      }
      assertThat(hook.taken()).isEmpty();
      hook.answer(204);
      try (RayoProcess rayo = site.serve(config)) {
        WebReceiver.Request last =
            hook.await("stored", request -> event(request).equals("recording-stored"));
        assertThat(last.text()).isEqualTo(Files.readString(Path.of(stored + ".json")));
        assertThat(ids(hook.taken()))
            .containsExactly(
                id + ".recording-started",
                id + ".recording-finished",
                id + ".recording-stored.local");
        site.awaitEmptySpool();
        assertThat(rayo.stderr()).doesNotContain("ERROR");
      }
    }
  }
}

package org.rayo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.server.WebReceiver;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.phone.Transport;

/** A recording that one of two stores had when the server was killed. */
final class CrashedDeliveryTest {

  @TempDir Path directory;

  private static Path publicKey(Path file) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    String key =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
            .encodeToString(generator.generateKeyPair().getPublic().getEncoded());
    return Files.writeString(
        file, "-----BEGIN PUBLIC KEY-----\n" + key + "\n-----END PUBLIC KEY-----\n");
  }

  @Test
  void killed_whileTheSecondStoreHangs_itGetsWhatTheFirstHas() throws Exception {
    try (WebReceiver far = new WebReceiver();
        CrashSite site = new CrashSite(directory)) {
      String[] config = {
        "rayo.storage.stores.far { type = http, verify = none, url = \"" + far.url() + "\" }",
        "rayo.storage.default = [local, far]",
        "rayo.storage.encryption.public-key = \"" + publicKey(directory.resolve("key.pub")) + "\""
      };
      CrashSite.Up up;
      String component;
      Received complete;
      try (RayoProcess rayo = site.serve(config)) {
        site.register(rayo);
        up = site.answered(rayo, "alice", Transport.UDP);
        component = site.record(up);
        TimeUnit.MILLISECONDS.sleep(300); // so that there is something in it
        far.fallSilent();
        complete = site.stop(component);
        rayo.signal("KILL");
        rayo.exit();
      }
      Path local = Path.of(URI.create(complete.recording().orElseThrow().uri()));
      assertThat(local.toString()).endsWith(".wav.enc");
      byte[] first = Files.readAllBytes(local);
      assertThat((long) first.length).isEqualTo(complete.recording().orElseThrow().sizeBytes());
      assertThat(far.keys()).isEmpty();

      far.recover();
      try (RayoProcess rayo = site.serve(config)) {
        assertThat(local).hasBinaryContent(first);
        String sha256 =
            HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(first));
        assertThat(far.await("its sidecar", r -> r.path().endsWith(".json")).text())
            .contains(sha256);
        site.client.awaitEvent(up.address(), "end");
        site.awaitEmptySpool();
        assertThat(far.taken())
            .filteredOn(request -> request.path().endsWith(".wav.enc"))
            .isNotEmpty()
            .allSatisfy(request -> assertThat(request.body()).isEqualTo(first));
        assertThat(Path.of(local + ".json")).content().contains(sha256);
        List<String> told =
            site.events(component, "complete").stream().map(Received::xml).distinct().toList();
        assertThat(told).containsExactly(complete.xml());
        assertThat(rayo.stderr()).doesNotContain("ERROR");
      }
    }
  }
}

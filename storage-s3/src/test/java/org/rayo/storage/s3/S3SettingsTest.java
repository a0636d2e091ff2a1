package org.rayo.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.rayo.storage.StorageException;
import org.rayo.storage.StoreSettings;
import software.amazon.awssdk.regions.Region;

final class S3SettingsTest {

  private static S3Settings read(String... more) throws StorageException {
    Map<String, String> values = new HashMap<>(Map.of("type", "s3", "bucket", "calls"));
    for (int i = 0; i < more.length; i += 2) {
      values.put(more[i], more[i + 1]);
    }
    return S3Settings.read(StoreSettings.of("far", values));
  }

  @Test
  void read_bucketOnly_isAmazons() throws StorageException {
    S3Settings settings = read();

    assertThat(settings.endpoint()).isEmpty();
    assertThat(settings.pathStyle()).isFalse();
    assertThat(settings.region()).isEqualTo(Region.US_EAST_1);
    assertThat(settings.objectKey("a/b.mp3")).isEqualTo("a/b.mp3");
  }

  @Test
  void read_compatibleServer_usesPathStyleAndPrefix() throws StorageException {
    S3Settings settings = read("endpoint", "http://127.0.0.1:9000", "prefix", "rec/2026");

    assertThat(settings.endpoint()).contains(URI.create("http://127.0.0.1:9000"));
    assertThat(settings.pathStyle()).isTrue();
    assertThat(settings.objectKey("a.mp3")).isEqualTo("rec/2026/a.mp3");
  }

  @Test
  void read_wrongValues_areRefusedByName() {
    assertThatThrownBy(() -> read("bucket", "Calls"))
        .hasMessageStartingWith("rayo.storage.stores.far.bucket = \"Calls\": must be");
    assertThatThrownBy(() -> read("prefix", "/a")).hasMessageContaining("far.prefix = \"/a\"");
    assertThatThrownBy(() -> read("endpoint", "nowhere")).hasMessageContaining("far.endpoint");
    assertThatThrownBy(() -> read("buckte", "x")).hasMessageContaining("far.buckte: unknown key");
  }
}

package org.rayo.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.storage.RecordingStore;
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

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "region|Frankfurt|region = \"Frankfurt\": must be small letters",
        "part-size|4 MiB|part-size = \"4 MiB\": must be from 5 MiB to 1 GiB",
        "checksum|sha1|checksum = \"sha1\": must be crc32 or md5 or none or sha256",
        "verify|no|verify = \"no\": must be head or none",
        "uri|ftp|uri = \"ftp\": must be https or presigned or s3",
        "presigned-life|8d|presigned-life = \"8d\": must be from 60s to 7d",
        "encryption|aes|encryption = \"aes\": must be AES256 or aws:kms or aws:kms:dsse or none",
        "kms-key-id|k|kms-key-id = \"k\": must be left out unless encryption is aws:kms",
        "storage-class|COLD|storage-class = \"COLD\": must be ",
        "minimum-rate|1 B|minimum-rate = \"1 B\": must be from 1 KiB to 1 GiB",
        "attempts|0|attempts = \"0\": must be a whole number from 1 to 10",
        "metadata|some|metadata = \"some\": must be true or false",
        "tags.a&b|c|tags.a&b = \"c\": must be at most 256 letters",
        "access-key|AKID|secret-key: access-key and secret-key need each other",
        "secret-key|hush|access-key: access-key and secret-key need each other",
        "session-token|hush|session-token: needs access-key and secret-key",
        "public-url|https://u:hush@a/|public-url: must be an address without '@'",
      })
  void read_wrongValue_namesTheWholeKeyAndNoSecret(String key, String value, String complaint) {
    assertThatThrownBy(() -> read(key, value))
        .hasMessageStartingWith("rayo.storage.stores.far." + complaint)
        .message()
        .doesNotContain("hush");
  }

  @Test
  void afterSending_moreBytes_isLongerUpToWhatSystemsBuffer() throws StorageException {
    S3Settings.Patience patience = read("timeout", "60s").transfer().patience();

    assertThat(patience.afterSending(0)).isEqualTo(Duration.ofSeconds(60));
    assertThat(patience.afterSending(1 << 20)).isEqualTo(Duration.ofSeconds(60 + 32));
    assertThat(patience.afterSending(1L << 40)).isEqualTo(Duration.ofSeconds(60 + 256));
  }

  @Test
  void toString_withSecrets_hasNone() throws StorageException {
    assertThat(
            read("access-key", "AKID", "secret-key", "hush", "session-token", "hush2").toString())
        .contains("AKID")
        .doesNotContain("hush");
  }

  @Test
  void check_noCredentialsAnywhere_saysSo() throws StorageException {
    try (RecordingStore store =
        new S3RecordingStoreProvider()
            .create(
                StoreSettings.of(
                    "far",
                    Map.of(
                        "type", "s3",
                        "bucket", "calls",
                        "endpoint", "http://127.0.0.1:9",
                        "profile", "nobody-has-this-profile")))) {
      System.setProperty("aws.disableEc2Metadata", "true");
      StorageException thrown = catchThrowableOfType(StorageException.class, store::check);
      assertThat(thrown.fault()).isEqualTo(StorageException.Fault.CONFIGURATION);
      assertThat(thrown).hasMessageStartingWith("rayo.storage.stores.far.access-key: missing");
    } finally {
      System.clearProperty("aws.disableEc2Metadata");
    }
  }
}

package org.rayo.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class StoreSettingsTest {

  private static StoreSettings one(String key, String value) {
    return StoreSettings.of("s", Map.of("type", "t", key, value));
  }

  @ParameterizedTest
  @CsvSource({"500ms,500", "10 s,10000", "5m,300000", "3h,10800000", "1d,86400000"})
  void duration_withUnit_isRead(String text, long millis) throws StorageException {
    assertThat(one("wait", text).duration("wait", Duration.ZERO))
        .isEqualTo(Duration.ofMillis(millis));
  }

  @ParameterizedTest
  @ValueSource(strings = {"5", "5 parsecs", "-5s", "1.5s", "s", "9999999999999s"})
  void duration_otherText_isRefusedByName(String text) {
    assertThatThrownBy(() -> one("wait", text).duration("wait", Duration.ZERO))
        .isInstanceOf(StorageException.class)
        .hasMessageStartingWith("rayo.storage.stores.s.wait = \"" + text + "\": must be");
  }

  @ParameterizedTest
  @CsvSource({"0,0", "17 B,17", "8 MiB,8388608", "1GiB,1073741824", "3KiB,3072"})
  void bytes_withOrWithoutUnit_areRead(String text, long bytes) throws StorageException {
    assertThat(one("part", text).bytes("part", 1)).isEqualTo(bytes);
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "1 MB", "a", "999999999999 GiB"})
  void bytes_otherText_isRefused(String text) {
    assertThatThrownBy(() -> one("part", text).bytes("part", 1))
        .isInstanceOf(StorageException.class);
  }

  @Test
  void known_name_isAllowedForEveryType() throws StorageException {
    StoreSettings settings = one("name", "{recording-id}");
    settings.known(Set.of("type"));
    assertThat(settings.optional(StoreSettings.NAME)).contains("{recording-id}");
  }

  @Test
  void flag_wordsOfBothKinds_areRead() throws StorageException {
    assertThat(one("f", "yes").flag("f", false)).isTrue();
    assertThat(one("f", "False").flag("f", true)).isFalse();
    assertThat(one("g", "x").flag("f", true)).isTrue();
    assertThatThrownBy(() -> one("f", "perhaps").flag("f", true))
        .hasMessage("rayo.storage.stores.s.f = \"perhaps\": must be true or false");
  }

  @Test
  void known_keyInAFreeBlock_isAllowed() throws StorageException {
    StoreSettings settings = one("headers.X-Any", "1");

    settings.known(Set.of("type"), Set.of("headers"));

    assertThat(settings.block("headers")).containsOnly(Map.entry("X-Any", "1"));
    assertThatThrownBy(() -> settings.known(Set.of("type", "a")))
        .hasMessage("rayo.storage.stores.s.headers.X-Any: unknown key; allowed: type, a, name");
  }

  @Test
  void toString_andUnknownKey_neverShowValues() {
    StoreSettings settings = one("pasword", "hush");

    assertThat(settings.toString()).contains("pasword").doesNotContain("hush");
    assertThatThrownBy(() -> settings.known(Set.of("type", "password")))
        .satisfies(thrown -> assertThat(thrown.getMessage()).doesNotContain("hush"));
  }

  @Test
  void optional_emptyText_isAbsent() {
    assertThat(one("base-url", "").optional("base-url")).isEmpty();
  }
}

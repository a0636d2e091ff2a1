package org.rayo.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigValue;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Holds reference.conf, the records and docs/configuration.md together. */
final class ReferenceTest {

  private static final String SECRET = "rayo.xmpp.secret = s\n";
  private static final String BEGIN = "<!-- keys: from reference.conf -->";
  private static final String END = "<!-- end of keys -->";

  /** For each key a value that is not its default. */
  private static final Map<String, String> OTHER_VALUES =
      Map.ofEntries(
          Map.entry("rayo.xmpp.server", "embedded"),
          Map.entry("rayo.xmpp.host", "xmpp.example.org"),
          Map.entry("rayo.xmpp.port", "5275"),
          Map.entry("rayo.xmpp.domain", "rayo.example.org"),
          Map.entry("rayo.xmpp.secret", "another"),
          Map.entry("rayo.xmpp.reconnect.min-backoff", "2s"),
          Map.entry("rayo.xmpp.reconnect.max-backoff", "1m"),
          Map.entry("rayo.xmpp.queue-limit", "5"),
          Map.entry("rayo.xmpp.max-stanza-size", "1 MiB"),
          Map.entry("rayo.xmpp.embedded.client-port", "5222"),
          Map.entry("rayo.xmpp.embedded.accounts", "{ alice = pw }"),
          Map.entry("rayo.media.embedded.sip.address", "\"127.0.0.2\""),
          Map.entry("rayo.media.embedded.sip.port", "5080"),
          Map.entry("rayo.media.embedded.sip.public-address", "\"192.0.2.1\""),
          Map.entry("rayo.media.embedded.sip.allowed-callers", "[\"10.0.0.0/8\"]"),
          Map.entry("rayo.media.embedded.sip.ring-timeout", "10s"),
          Map.entry("rayo.media.embedded.sip.max-calls", "7"),
          Map.entry("rayo.media.embedded.sip.gateways", "{ a { host = gw.example.net } }"),
          Map.entry(
              "rayo.media.embedded.sip.routes",
              "[{ to = \"tel:*\", gateway = a }]\n"
                  + "rayo.media.embedded.sip.gateways.a { host = gw.example.net }"),
          Map.entry("rayo.media.embedded.sip.allowed-destinations", "[\"*.example.org\"]"),
          Map.entry("rayo.media.embedded.rtp.address", "\"127.0.0.3\""),
          Map.entry("rayo.media.embedded.rtp.ports", "\"30000-30999\""),
          Map.entry("rayo.media.embedded.rtp.dead-after", "20s"),
          Map.entry("rayo.media.embedded.rtp.jitter", "100ms"),
          Map.entry(
              "rayo.media.backend",
              "freeswitch\nrayo.media.freeswitch.servers.a { host = h, password = p }"),
          Map.entry("rayo.media.freeswitch.servers", "{ a { host = h, password = p } }"),
          Map.entry("rayo.media.freeswitch.offers", "park"),
          Map.entry("rayo.media.freeswitch.socket.address", "\"127.0.0.2\""),
          Map.entry("rayo.media.freeswitch.socket.port", "8085"),
          Map.entry("rayo.media.freeswitch.socket.allowed-servers", "[\"10.0.0.5\"]"),
          Map.entry(
              "rayo.media.freeswitch.capture.mode",
              "file\nrayo.media.freeswitch.capture.directory = /audio"),
          Map.entry("rayo.media.freeswitch.capture.address", "\"127.0.0.2\""),
          Map.entry("rayo.media.freeswitch.capture.port", "5091"),
          Map.entry("rayo.media.freeswitch.capture.public-address", "\"192.0.2.1\""),
          Map.entry("rayo.media.freeswitch.capture.allowed-servers", "[\"10.0.0.5\"]"),
          Map.entry("rayo.media.freeswitch.capture.profile", "internal"),
          Map.entry("rayo.media.freeswitch.capture.directory", "/audio"),
          Map.entry("rayo.media.freeswitch.capture.directory-there", "\"/mnt/audio\""),
          Map.entry("rayo.media.freeswitch.dial.profile", "internal"),
          Map.entry("rayo.media.freeswitch.dial.routes", "[{ to = \"tel:*\", gateway = a }]"),
          Map.entry("rayo.media.freeswitch.dial.allowed-destinations", "[\"*.example.org\"]"),
          Map.entry("rayo.media.freeswitch.dial.from", "\"tel:+49\""),
          Map.entry("rayo.media.freeswitch.playback.directories", "[\"/sounds\"]"),
          Map.entry("rayo.media.freeswitch.playback.hosts", "[\"*.example.org\"]"),
          Map.entry("rayo.media.freeswitch.playback.speech-engine", "flite"),
          Map.entry(
              "rayo.media.freeswitch.playback.speech-voice",
              "slt\nrayo.media.freeswitch.playback.speech-engine = flite"),
          Map.entry("rayo.media.freeswitch.conference-profile", "wideband"),
          Map.entry("rayo.media.freeswitch.ring-timeout", "10s"),
          Map.entry("rayo.media.freeswitch.max-calls", "7"),
          Map.entry("rayo.media.freeswitch.command-timeout", "1s"),
          Map.entry("rayo.media.freeswitch.heartbeat", "20s"),
          Map.entry("rayo.media.freeswitch.lost-after", "1m"),
          Map.entry("rayo.media.output.directories", "[\"/sounds\"]"),
          Map.entry("rayo.media.output.allowed-addresses", "[\"10.1.2.0/24\"]"),
          Map.entry("rayo.media.output.max-file-size", "1 MiB"),
          Map.entry("rayo.media.output.connect-timeout", "2s"),
          Map.entry("rayo.media.output.fetch-timeout", "3s"),
          Map.entry("rayo.media.output.max-length", "1m"),
          Map.entry("rayo.media.output.cache-size", "2 MiB"),
          Map.entry("rayo.media.output.threads", "3"),
          Map.entry("rayo.media.output.speech.engine", "none"),
          Map.entry("rayo.media.output.speech.command", "/opt/espeak-ng"),
          Map.entry("rayo.media.output.speech.timeout", "4s"),
          Map.entry("rayo.spool.directory", "/spool"),
          Map.entry("rayo.spool.sync-interval", "1s"),
          Map.entry("rayo.spool.watermark", "5 GiB"),
          Map.entry("rayo.storage.stores.local.type", "s3"),
          Map.entry("rayo.storage.stores.local.directory", "/recordings"),
          Map.entry("rayo.storage.stores.local.base-url", "\"https://r.example.org/\""),
          Map.entry(
              "rayo.storage.default", "[a]\nrayo.storage.stores.a { type = file, directory = /a }"),
          Map.entry("rayo.storage.fallback", "\"\""),
          Map.entry("rayo.storage.give-up-after", "1h"),
          Map.entry("rayo.storage.parallel-uploads", "3"),
          Map.entry("rayo.storage.sidecar", "false"),
          Map.entry("rayo.storage.encryption.public-key", "/key.pem"),
          Map.entry("rayo.spool.keep-told", "1d"),
          Map.entry("rayo.spool.keep-dead", "90d"),
          Map.entry("rayo.storage.complete-deadline", "3s"),
          Map.entry("rayo.record.dialect", "xep-0327"),
          Map.entry("rayo.record.clients", "[{ jid = \"a@b\", dialect = wiki }]"),
          Map.entry("rayo.record.max-duration", "1h"),
          Map.entry("rayo.record.max-recordings", "9"),
          Map.entry("rayo.record.max-recordings-per-client", "8"),
          Map.entry("rayo.record.participant-channels", "32"),
          Map.entry("rayo.record.names.default", "\"all/{recording-id}\""),
          Map.entry("rayo.record.encoder-threads", "200"),
          Map.entry("rayo.record.mp3.native", "auto"),
          Map.entry("rayo.notices.jobs.directory", "/jobs"),
          Map.entry("rayo.notices.jobs.name", "\"job-{recording-id}\""),
          Map.entry("rayo.notices.jobs.events", "[recording-failed]"),
          Map.entry("rayo.notices.webhooks", "[{ url = \"https://a.example.org/\" }]"),
          Map.entry("rayo.notices.keep", "1h"),
          Map.entry("rayo.notices.queue-limit", "11"),
          Map.entry("rayo.offers.mode", "round-robin"),
          Map.entry("rayo.offers.timeout", "1s"),
          Map.entry("rayo.offers.rules", "[{ to = \"sip:a@*\", clients = [\"*\"] }]"),
          Map.entry("rayo.control.security-zone", "domain"),
          Map.entry("rayo.control.controller-gone", "keep"),
          Map.entry("rayo.control.controller-grace", "1s"),
          Map.entry("rayo.control.idle-timeout", "1s"),
          Map.entry("rayo.control.allowed-clients", "[\"*@example.org\"]"),
          Map.entry("rayo.control.dial-needs-presence", "true"),
          Map.entry("rayo.control.calls-per-client", "1"),
          Map.entry("rayo.shutdown.grace", "1s"),
          Map.entry("rayo.log.level", "debug"));

  private static Map<String, ConfigValue> keys() {
    Map<String, ConfigValue> keys = new LinkedHashMap<>();
    collect("", ConfigSources.reference().resolve(ConfigResolveOptions.noSystem()).root(), keys);
    return keys;
  }

  private static void collect(String prefix, ConfigObject block, Map<String, ConfigValue> keys) {
    block.entrySet().stream()
        .sorted(Comparator.comparingInt(entry -> entry.getValue().origin().lineNumber()))
        .forEach(
            entry -> {
              String path = prefix + entry.getKey();
              if (entry.getValue() instanceof ConfigObject nested && !nested.isEmpty()) {
                collect(path + ".", nested, keys);
              } else {
                keys.put(path, entry.getValue());
              }
            });
  }

  private static String meaning(ConfigValue value) {
    return value.origin().comments().stream().map(String::strip).collect(Collectors.joining(" "));
  }

  @Test
  void reference_everyKey_hasACommentAboveIt() {
    assertThat(keys())
        .hasSizeGreaterThan(35)
        .allSatisfy(
            (key, value) ->
                assertThat(meaning(value)).as(key).endsWith(".").hasSizeGreaterThan(20));
  }

  @Test
  void reference_everyKey_feedsTheRecords() throws Exception {
    String before = described(RayoConfig.loadString(SECRET));
    for (String key : keys().keySet()) {
      assertThat(OTHER_VALUES).containsKey(key);
      RayoConfig changed = RayoConfig.loadString(SECRET + key + " = " + OTHER_VALUES.get(key));
      assertThat(described(changed)).as(key).isNotEqualTo(before);
    }
  }

  private static String described(RayoConfig config) throws Exception {
    StringBuilder text = new StringBuilder(config.toString());
    text.append(config.xmpp().secret().reveal());
    for (var store : config.storage().stores().values()) {
      text.append(store.type());
      text.append(store.optional("directory")).append(store.optional("base-url"));
    }
    return text.toString();
  }

  /** Writes the table when run with {@code -Drayo.docs=write}. */
  @Test
  void documentation_tableOfKeys_isThatOfReference() throws Exception {
    Path file = Path.of(System.getProperty("rayo.root")).resolve("docs/configuration.md");
    String text = Files.readString(file);
    int begin = text.indexOf(BEGIN) + BEGIN.length();
    int end = text.indexOf(END);
    if ("write".equals(System.getProperty("rayo.docs"))) {
      text = text.substring(0, begin) + "\n" + table() + text.substring(end);
      Files.writeString(file, text);
    } else {
      assertThat(text.substring(begin, end)).isEqualTo("\n" + table());
    }
  }

  private static String table() {
    StringBuilder table = new StringBuilder("| key | default | meaning |\n|---|---|---|\n");
    keys()
        .forEach(
            (key, value) ->
                table
                    .append("| `")
                    .append(key)
                    .append("` | `")
                    .append(value.render(ConfigRenderOptions.concise()))
                    .append("` | ")
                    .append(
                        meaning(value).replace("|", "\\|").replace("*", "\\*").replace("<", "&lt;"))
                    .append(" |\n"));
    return table.toString();
  }
}

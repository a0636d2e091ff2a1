package org.rayo.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.config.StorageConfig.StoreRules;
import org.rayo.protocol.Dialect;
import org.rayo.storage.NameTemplate;
import org.slf4j.event.Level;

final class RayoConfigTest {

  private static final String SECRET = "rayo.xmpp.secret = tell-nobody\n";

  private static List<String> problems(String text) {
    ConfigException thrown =
        catchThrowableOfType(ConfigException.class, () -> RayoConfig.loadString(SECRET + text));
    assertThat(thrown).as(text).isNotNull();
    assertThat(thrown.getMessage()).doesNotContain("tell-nobody");
    return thrown.problems();
  }

  @Test
  void loadString_onlyTheSecret_hasTheDocumentedDefaults() throws Exception {
    RayoConfig config = RayoConfig.loadString(SECRET);

    assertThat(config.xmpp().server()).isEqualTo(XmppConfig.Server.EXTERNAL);
    assertThat(config.xmpp().port()).isEqualTo(5347);
    assertThat(config.xmpp().secret().reveal()).isEqualTo("tell-nobody");
    assertThat(config.xmpp().maxStanzaSizeBytes()).isEqualTo(2 << 20);
    assertThat(config.media().embedded().sip().address())
        .isEqualTo(InetAddress.getByName("0.0.0.0"));
    assertThat(config.media().embedded().rtp().address())
        .isEqualTo(InetAddress.getByName("0.0.0.0"));
    assertThat(config.media().embedded().rtp().ports()).isEqualTo(new PortRange(20000, 29999));
    assertThat(config.storage().defaultStores()).containsExactly("local");
    assertThat(config.storage().stores().get("local").required("directory"))
        .isEqualTo("var/recordings");
    assertThat(config.storage().completeDeadline()).isEqualTo(Duration.ofSeconds(10));
    assertThat(config.record().dialect()).isEqualTo(Dialect.WIKI);
    assertThat(config.record().maxDuration()).isEqualTo(Duration.ofHours(3));
    assertThat(config.record().participantChannels()).isEqualTo(8);
    assertThat(config.record().encoderThreads())
        .isEqualTo(Runtime.getRuntime().availableProcessors());
    assertThat(config.log().level()).isEqualTo(Level.INFO);
  }

  @Test
  void defaults_withoutFile_stayOnLoopback() throws Exception {
    RayoConfig config = RayoConfig.defaults();

    assertThat(config.xmpp().server()).isEqualTo(XmppConfig.Server.EMBEDDED);
    assertThat(config.media().embedded().sip().address().isLoopbackAddress()).isTrue();
    assertThat(config.media().embedded().rtp().address().isLoopbackAddress()).isTrue();
  }

  @Test
  void toString_ofEverything_hasNoSecret() throws Exception {
    RayoConfig config =
        RayoConfig.loadString(
            SECRET
                + """
                rayo.xmpp.embedded.accounts { alice = wonderland }
                rayo.storage.stores.far { type = s3, secret-key = very-secret }
                """);

    assertThat(config.xmpp().embedded().accounts().get("alice").reveal()).isEqualTo("wonderland");
    assertThat(config.toString())
        .contains("******")
        .doesNotContain("tell-nobody", "wonderland", "very-secret");
  }

  @Test
  void secret_inTheEnvironment_isTakenWhereTheFileHasNone() throws Exception {
    Map<String, String> environment = Map.of("RAYO_XMPP_SECRET", "from-outside");

    assertThat(RayoConfig.loadString("", environment).xmpp().secret().reveal())
        .isEqualTo("from-outside");
    assertThat(RayoConfig.loadString(SECRET, environment).xmpp().secret().reveal())
        .isEqualTo("tell-nobody");
  }

  @Test
  void anyKey_fromTheEnvironment_isSubstituted() throws Exception {
    String text = SECRET + "rayo.xmpp.host = ${?XMPP_HOST}\nrayo.xmpp.domain = ${?NOT_SET}";

    RayoConfig config = RayoConfig.loadString(text, Map.of("XMPP_HOST", "xmpp.example.org"));

    assertThat(config.xmpp().host()).isEqualTo("xmpp.example.org");
    assertThat(config.xmpp().domain()).isEqualTo("rayo.localhost");
  }

  @Test
  void secret_missingForAnExternalServer_isNamedWithItsVariable() {
    ConfigException thrown =
        catchThrowableOfType(ConfigException.class, () -> RayoConfig.loadString(""));

    assertThat(thrown.problems())
        .singleElement()
        .asString()
        .startsWith("rayo.xmpp.secret: missing")
        .contains("RAYO_XMPP_SECRET");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "rayo.xmpp.port = 70000 | rayo.xmpp.port = 70000: must be a whole number from 1 to 65535",
        "rayo.xmpp.port = 1.5 | rayo.xmpp.port = 1.5: must be a whole number",
        "rayo.xmpp.port = [1] | rayo.xmpp.port = [1]: must be a whole number",
        "rayo.xmpp.host = \"a b\" | rayo.xmpp.host = \"a b\": must be a host name",
        "rayo.xmpp.domain = \"\" | rayo.xmpp.domain = \"\": must be a domain as in",
        "rayo.xmpp.domain = \"a..b\" | rayo.xmpp.domain = \"a..b\": must be a domain as in",
        "rayo.xmpp { server = embedded, domain = localhost } | \"localhost\": must be another",
        "rayo.xmpp.server = extrenal | \"extrenal\": must be external or embedded; did you mean external?",
        "rayo.xmpp.max-stanza-size = 1 KiB | must be a size with its unit (B, KiB, MiB, GiB) from 10000 B",
        "rayo.xmpp.reconnect.max-backoff = 500ms | max-backoff = \"500ms\": must be no shorter than",
        "rayo.xmpp.secret = [a] | rayo.xmpp.secret: must be a text",
        "rayo.xmpp.secret = null | rayo.xmpp.secret = null: must be a value",
        "rayo.xmpp.embedded.accounts = { a = 5 } | accounts.a: must be name = \"password\"",
        "rayo.media.backend = freeswich | rayo.media.backend = \"freeswich\": must be embedded",
        "rayo.media.embedded.sip.address = localhost | \"localhost\": must be an IP address",
        "rayo.media.embedded.sip.address = \"1.2.3.256\" | \"1.2.3.256\": must be an IP address",
        "rayo.media.embedded.sip.allowed-callers = [\"10.0.0.0/33\"] | \"10.0.0.0/33\" must be an IP address or a network",
        "rayo.media.embedded.sip.allowed-callers = \"10.0.0.1\" | must be a list",
        "rayo.media.embedded.rtp.ports = \"9-8\" | \"9-8\": must be first-last as in 20000-29999",
        "rayo.media.embedded.rtp.ports = 20000 | ports = 20000: must be first-last",
        "rayo.media.embedded.rtp.jitter = 60 | jitter = 60: must be a duration with its unit",
        "rayo.media.embedded.rtp.dead-after = 5 parsecs | \"5 parsecs\": must be a duration with its unit",
        "rayo.shutdown.grace = 11m | \"11m\": must be a duration with its unit (ms, s, m, h, d) from 0s to 10m",
        "rayo.spool.directory = \"\" | rayo.spool.directory = \"\": must be the path of a directory",
        "rayo.record.dialect = wikki | \"wikki\": must be wiki or xep-0327; did you mean wiki?",
        "rayo.record.clients = [{ jid = \"a@b\" }] | rayo.record.clients[0]: must be a block with jid, dialect",
        "rayo.record.clients = [{ jid = \"a@b\", dialect = x }] | rayo.record.clients[0].dialect = \"x\": must be",
        "rayo.storage.default = [s4] | rayo.storage.default: \"s4\" must be the name of one of the stores: local",
        "rayo.storage.default = [local, local] | rayo.storage.default = [\"local\",\"local\"]: must be a list without repetition",
        "rayo.storage.fallback = far | rayo.storage.fallback = \"far\": must be the name of one of the stores, local, or \"\" for none",
        "rayo.storage.sidecar = maybe | rayo.storage.sidecar = \"maybe\": must be true or false",
        "rayo.storage.stores.\"a b\" { type = file } | rayo.storage.stores.a b: a store's name has letters, digits, - and _",
        "rayo.storage.stores.local.name = \"{call}\" | rayo.storage.stores.local.name = \"{call}\" is no name",
        "rayo.storage.default = [] | rayo.storage.default = []: must be at least one store",
        "rayo.storage.stores.far { bucket = b } | rayo.storage.stores.far.type: missing",
        "rayo.storage.stores.far = 5 | rayo.storage.stores.far: must be a block",
        "rayo.record.names.kazoo = \"call_{call}\" | rayo.record.names.kazoo: \"call_{call}\" is no name: there is no word {call}; there are {recording-id}",
        "rayo.record.names.up = \"../{recording-id}\" | rayo.record.names.up: \"../{recording-id}\" is no name: '..' begins a part of the path",
        "rayo.record.names.default = \"\" | rayo.record.names.default: \"\" is no name",
        "rayo.record.names.default = null | rayo.record.names.default: must be a text in quotes",
        "rayo.record.names.a = [x] | rayo.record.names.a: must be a text in quotes, as in \"{date:yyyy/MM/dd}",
        "rayo.record.names.\"a b\" = \"{random}\" | rayo.record.names.a b: a name has at most 64 letters",
        "rayo.record.names = x | rayo.record.names: must be a block",
        "rayo.record.participant-channels = 1 | must be a whole number from 2 to 32",
        "rayo.record.participant-channels = 33 | must be a whole number from 2 to 32",
        "rayo.record.max-recordings-per-client = -1 | must be a whole number from 0 to 100000",
        "rayo.spool.watermark = 5 | watermark = 5: must be a size with its unit",
        "rayo.log.level = loud | rayo.log.level = \"loud\": must be error or warn or info or debug or trace",
        "rayo.xmpp = 5 | rayo.xmpp: must be a block",
        "rayo.xmpp.port { a = 1 } | rayo.xmpp.port: must be a value, not a block",
        "rayo.xmpp.prot = 1 | rayo.xmpp.prot: unknown key; did you mean rayo.xmpp.port?",
        "rayo.sip.port = 1 | rayo.sip: unknown key; did you mean rayo.media.embedded.sip?",
        "rayo.spool.\"a.b c\" = 1 | rayo.spool.a.b c: unknown key; allowed: directory, keep-dead, keep-told, sync-interval, watermark",
        "xmpp.port = 1 | xmpp: unknown key; did you mean rayo.xmpp?",
      })
  void loadString_somethingWrong_saysKeyValueAndWhatIsAllowed(String text, String problem) {
    assertThat(problems(text))
        .anySatisfy(line -> assertThat(line).contains(problem).contains("String: 2"));
  }

  @Test
  void loadString_severalProblems_tellsAllInTheOrderOfTheFile() {
    List<String> problems =
        problems(
            """
            rayo.record.dialect = klingon
            rayo.xmpp.port = 70000
            rayo.xmpp.hots = nowhere
            rayo.shutdown.grace = soon
            """);

    assertThat(problems).hasSize(4);
    assertThat(problems.get(0)).startsWith("rayo.record.dialect").endsWith("(String: 2)");
    assertThat(problems.get(1)).startsWith("rayo.xmpp.port").endsWith("(String: 3)");
    assertThat(problems.get(2)).startsWith("rayo.xmpp.hots").endsWith("(String: 4)");
    assertThat(problems.get(3)).startsWith("rayo.shutdown.grace").endsWith("(String: 5)");
  }

  @Test
  void loadString_misspeltSecret_isNotShown() {
    assertThat(problems("rayo.xmpp.sercet = hush"))
        .singleElement()
        .asString()
        .contains("did you mean rayo.xmpp.secret?")
        .doesNotContain("hush");
  }

  @Test
  void load_wrongValue_namesFileAndLine(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("rayo.conf");
    Files.writeString(file, "rayo {\n  xmpp {\n    port = 0\n    secret = s\n  }\n}\n");

    ConfigException thrown =
        catchThrowableOfType(ConfigException.class, () -> RayoConfig.load(file, StoreRules.NONE));

    assertThat(thrown.problems()).singleElement().asString().contains("rayo.conf: 3)");
  }

  @Test
  void load_brokenSyntaxOrNoFile_saysWhichFile(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("rayo.conf");
    Files.writeString(file, "rayo {\n xmpp {\n");

    assertThat(
            catchThrowableOfType(
                ConfigException.class, () -> RayoConfig.load(file, StoreRules.NONE)))
        .hasMessageContaining("rayo.conf");
    Path none = directory.resolve("none.conf");
    assertThat(
            catchThrowableOfType(
                ConfigException.class, () -> RayoConfig.load(none, StoreRules.NONE)))
        .hasMessageContaining("none.conf: there is no such file");
  }

  @Test
  void stores_localOfAnotherType_inheritsNothing() throws Exception {
    RayoConfig config =
        RayoConfig.loadString(SECRET + "rayo.storage.stores.local { type = s3, bucket = b }");

    assertThat(config.storage().stores().get("local").optional("directory")).isEmpty();
    assertThat(config.storage().stores().get("local").type()).isEqualTo("s3");
  }

  @Test
  void stores_localDirectoryOnly_keepsTheType() throws Exception {
    RayoConfig config =
        RayoConfig.loadString(SECRET + "rayo.storage.stores.local.directory = /srv/calls");

    assertThat(config.storage().stores().get("local").type()).isEqualTo("file");
    assertThat(config.storage().stores().get("local").required("directory"))
        .isEqualTo("/srv/calls");
  }

  @Test
  void clients_patterns_fitWholeAddressesInEitherCase() throws Exception {
    RecordConfig record =
        RayoConfig.loadString(
                SECRET
                    + """
                    rayo.record.clients = [
                      { jid = "old@app.example.org", dialect = wiki }
                      { jid = "*@app.example.org", dialect = xep-0327 }
                    ]
                    """)
            .record();

    assertThat(record.clients())
        .extracting(RecordConfig.ClientDialect::dialect)
        .containsExactly(Dialect.WIKI, Dialect.XEP_0327);
    JidPattern old = record.clients().get(0).jid();
    JidPattern any = record.clients().get(1).jid();
    assertThat(old.matches("old@app.example.org/x")).isTrue();
    assertThat(old.matches("new@app.example.org/x")).isFalse();
    assertThat(any.matches("new@App.example.org/x")).isTrue();
    assertThat(any.matches("new@app.example.org.evil.net")).isFalse();
  }

  @Test
  void names_ofAFile_standBesideTheDefault() throws Exception {
    RecordConfig record =
        RayoConfig.loadString(
                SECRET + "rayo.record.names { by-caller = \"{from}/{date}-{recording-id}\" }")
            .record();

    assertThat(record.names())
        .containsEntry("default", NameTemplate.DEFAULT)
        .containsEntry("by-caller", NameTemplate.parse("{from}/{date}-{recording-id}"))
        .hasSize(2);
    assertThat(record.maxRecordingsPerClient()).isZero();
  }

  @Test
  void load_rulesForStores_complainBesideTheRest(@TempDir Path directory) throws Exception {
    Path file = directory.resolve("rayo.conf");
    Files.writeString(file, SECRET + "rayo.storage.stores.far { type = x }\nrayo.log.level = y\n");

    ConfigException thrown =
        catchThrowableOfType(
            ConfigException.class,
            () ->
                RayoConfig.load(
                    file,
                    settings ->
                        Optional.of(settings.path("type"))
                            .filter(path -> path.contains("far"))
                            .map(path -> path + ": is none")));

    assertThat(thrown.problems()).hasSize(2);
    assertThat(thrown.problems().get(0))
        .startsWith("rayo.storage.stores.far.type: is none")
        .endsWith("rayo.conf: 2)");
  }
}

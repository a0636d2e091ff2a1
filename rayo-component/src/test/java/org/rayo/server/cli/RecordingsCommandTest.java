package org.rayo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.server.Main;
import org.rayo.server.WebReceiver;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.phone.Transport;
import picocli.CommandLine;

/** {@code rayo recordings}, beside a server that runs and without one. */
final class RecordingsCommandTest {

  private static final int REFUSED = 422;
  private static final int TAKEN = 201;

  @TempDir Path directory;
  private CrashSite site;
  private WebReceiver far;

  /** What a command said, and its exit code. */
  private record Said(int exit, String out, String err) {}

  @BeforeEach
  void open() throws Exception {
    site = new CrashSite(directory);
    far = new WebReceiver();
  }

  @AfterEach
  void close() {
    far.close();
    site.close();
  }

  private String[] config() {
    return new String[] {
      "rayo.spool.directory = \"" + site.spool() + "\"",
      "rayo.storage.stores.local.directory = \"" + recordings() + "\"",
      "rayo.storage.stores.far { type = http, verify = none, url = \"" + far.url() + "\" }",
      "rayo.storage.default = [far]"
    };
  }

  private Path recordings() {
    return directory.resolve("var/recordings");
  }

  private Path confFile() {
    return directory.resolve("rayo.conf");
  }

  private Said rayo(String... arguments) {
    List<String> all = new ArrayList<>(List.of("recordings"));
    all.addAll(List.of(arguments));
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine rayo = Main.commandLine();
    rayo.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    int exit = rayo.execute(all.toArray(String[]::new));
    Said said = new Said(exit, out.toString(), err.toString());
    return said;
  }

  private Said withConfig(String... arguments) {
    List<String> all = new ArrayList<>(List.of(arguments));
    all.addAll(List.of("-c", confFile().toString()));
    return rayo(all.toArray(String[]::new));
  }

  /** A recording that one store refuses and another has; its id. */
  private String deadLetter(RayoProcess rayo) throws Exception {
    far.answer(REFUSED);
    CrashSite.Up up = site.answered(rayo, "alice", Transport.UDP);
    String component = site.record(up, "meta.case=4711");
    Received complete = site.stop(component);
    assertThat(complete.recording().orElseThrow().uri()).contains("/var/recordings/");
    String id = CrashSite.idOf(component);
    CrashSite.awaitTrue(
        "nothing is left to do but for one store",
        () -> {
          String shown = withConfig("show", id).out();
          return shown.contains("announced") && shown.contains(" settled, ");
        });
    up.call().hangup();
    site.client.awaitEvent(up.address(), "end");
    return id;
  }

  private void awaitGone(String id) throws Exception {
    CrashSite.awaitTrue(id + " is gone", () -> !Files.exists(site.spool().resolve(id)));
  }

  private List<String> keysOf(String id) {
    return far.keys().stream().filter(key -> key.contains(id.split("-", 2)[0])).toList();
  }

  @Test
  void deadLetter_serverRuns_isListedShownAndDeliveredOnDemand() throws Exception {
    try (RayoProcess server = site.serve(config())) {
      site.register(server);
      final String id = deadLetter(server);

      Said list = withConfig("list");
      assertThat(list.exit()).isZero();
      assertThat(list.out().lines().findFirst().orElseThrow())
          .containsSubsequence("RECORDING", "STARTED", "STATE", "LENGTH", "SIZE", "STORES");
      assertThat(list.out().lines().skip(1).findFirst().orElseThrow())
          .contains(id, "announced", "far dead", "local settled");
      assertThat(list.out())
          .contains("1 in " + site.spool().toAbsolutePath().normalize())
          .contains("not taken by a store: 1")
          .contains("a server runs (" + server.pid() + ")");
      assertThat(withConfig("list", "--dead").out()).contains(id);

      Said json = withConfig("list", "--dead", "--json");
      assertThat(json.exit()).isZero();
      JsonNode manifests = new ObjectMapper().readTree(json.out());
      assertThat(manifests).hasSize(1);
      assertThat(manifests.path(0).path("recordingId").asText()).isEqualTo(id);
      assertThat(manifests.path(0).path("deliveries").path("far").path("status").asText())
          .isEqualTo("DEAD");
      assertThat(json.out()).as("what is not known is left out").doesNotContain("null");

      Said show = withConfig("show", id);
      assertThat(show.exit()).isZero();
      assertThat(show.out())
          .contains("from sip:alice@127.0.0.1")
          .contains("romeo@localhost/balcony, wiki")
          .containsPattern("store far +dead, call_recording_.*" + REFUSED)
          .containsPattern("store local +settled, file:")
          .containsPattern("meta.case +4711");

      far.answer(TAKEN);
      Said redeliver = withConfig("redeliver", id);
      assertThat(redeliver.exit()).as(redeliver.err()).isZero();
      assertThat(redeliver.out())
          .isEqualToIgnoringNewLines(
              "1 recording is to be delivered again, by the server that runs");
      awaitGone(id);
      assertThat(keysOf(id)).hasSize(2).anyMatch(key -> key.endsWith(".wav"));
      assertThat(withConfig("list", "--dead").out()).doesNotContain(id);
      assertThat(withConfig("show", id).exit()).isEqualTo(1);
    }
  }

  @Test
  void redeliver_noServerRuns_theNextDoesIt() throws Exception {
    String id;
    try (RayoProcess server = site.serve(config())) {
      site.register(server);
      id = deadLetter(server);
      server.terminate();
      assertThat(server.exit()).isZero();
    }
    assertThat(withConfig("list").out()).contains(id).contains("no server runs");
    far.answer(TAKEN);
    Said redeliver = withConfig("redeliver", "--all");
    assertThat(redeliver.exit()).isZero();
    assertThat(redeliver.out())
        .isEqualToIgnoringNewLines(
            "1 recording is to be delivered again, by the next server that starts");
    assertThat(keysOf(id)).isEmpty();
    try (RayoProcess server = site.serve(config())) {
      awaitGone(id);
      assertThat(keysOf(id)).hasSize(2);
      site.awaitEmptySpool();
      server.terminate();
      assertThat(server.exit()).isZero();
    }
    Said again = withConfig("redeliver", "--all");
    assertThat(again.exit()).isZero();
    assertThat(again.out()).startsWith("0 recordings");
  }

  @Test
  void list_asAProcess_noSpool_saysSoAndExitsWith0() {
    RayoProcess.write(directory, String.join("\n", config()));
    try (RayoProcess rayo =
        RayoProcess.start(directory, "recordings", "list", "-c", confFile().toString())) {
      assertThat(rayo.exit()).as(rayo.stderr()).isZero();
      assertThat(rayo.stdout().strip()).isEqualTo("0 in " + site.spool() + "; no server runs");
      assertThat(rayo.stderr()).isEmpty();
    }
    Said json = withConfig("list", "--json");
    assertThat(json.exit()).as(json.err()).isZero();
    assertThat(json.out().replaceAll("\\s", "")).isEqualTo("[]");
  }

  @Test
  void list_withoutTheServersEnvironment_looksAllTheSame() {
    RayoProcess.write(
        directory,
        """
        rayo.xmpp.secret = ${NO_SUCH_SECRET}
        rayo.log.level = ${?NO_SUCH_LEVEL}
        rayo.spool.directory = "%s"
        rayo.storage.stores.far { type = http, url = "https://x.example.org/", password = ${NO_PASSWORD} }
        rayo.notices.webhooks = [{ url = "https://x.example.org/", secret = "a"${NO_SUCH_SECRET} }]
        """
            .formatted(site.spool()));
    Said list = withConfig("list");
    assertThat(list.exit()).as(list.err()).isZero();
    assertThat(list.out()).isEqualToIgnoringNewLines("0 in " + site.spool() + "; no server runs");

    RayoProcess.write(directory, "rayo.xmpp.port = ${NO_SUCH_PORT}");
    Said wrong = withConfig("list");
    assertThat(wrong.exit()).isEqualTo(2);
    assertThat(wrong.err()).startsWith("rayo: rayo.xmpp.port").contains("${NO_SUCH_PORT}");
  }

  @Test
  void commands_wrongArguments_sayWhatIsWrong() {
    RayoProcess.write(directory, String.join("\n", config()));
    Said neither = withConfig("redeliver");
    assertThat(neither.exit()).isEqualTo(2);
    assertThat(neither.err()).contains("either the ids of recordings or --all is needed");
    Said both = withConfig("redeliver", "--all", "a-b");
    assertThat(both.exit()).isEqualTo(2);
    assertThat(both.err()).contains("either the ids of recordings or --all is needed");

    Said unknown = withConfig("redeliver", "a-b");
    assertThat(unknown.exit()).isEqualTo(1);
    assertThat(unknown.err()).contains("rayo: the spool holds no recording a-b");
    for (String id : List.of("a-b", "../etc", ".calls", "")) {
      Said shown = withConfig("show", id);
      assertThat(shown.exit()).as(id).isEqualTo(1);
      assertThat(shown.err()).contains("rayo: the spool holds no recording " + id);
      assertThat(shown.out()).isEmpty();
    }
    assertThat(withConfig("show").exit()).isEqualTo(2);
    assertThat(rayo().exit()).isEqualTo(2);
    assertThat(rayo("list", "-c", directory.resolve("none.conf").toString()).exit()).isEqualTo(2);
    assertThat(rayo("decrypt", "x.enc").exit()).isEqualTo(2);
  }

  @Test
  void show_manifestTorn_saysSoInOneLine() throws Exception {
    RayoProcess.write(directory, String.join("\n", config()));
    Files.createDirectories(site.spool().resolve("a-b"));
    Files.writeString(site.spool().resolve("a-b/manifest.json"), "{ \"recordingId\" : \"a-");
    Said list = withConfig("list");
    assertThat(list.exit()).isZero();
    assertThat(list.out()).contains("a-b  has no readable manifest and is left as it is");
    for (String command : List.of("show", "redeliver")) {
      Said said = withConfig(command, "a-b");
      assertThat(said.exit()).isEqualTo(1);
      assertThat(said.err()).startsWith("rayo: ").contains("a-b").hasLineCount(1);
    }
  }

  @Test
  void verify_oneByteChangedAndOneFileMissing_namesBoth() throws Exception {
    List<Path> files = new ArrayList<>();
    try (RayoProcess server = site.serve(config())) {
      site.register(server);
      CrashSite.Up up = site.answered(server, "bob", Transport.UDP);
      for (int i = 0; i < 3; i++) {
        Received complete = site.stop(site.record(up, "store=local"));
        files.add(Path.of(URI.create(complete.recording().orElseThrow().uri())));
        CrashSite.awaitFile(Path.of(files.get(i) + ".json"));
      }
      Said beside = withConfig("verify", "-v");
      assertThat(beside.exit()).isZero();
      assertThat(beside.out())
          .contains(files.get(0) + ": in order")
          .endsWith("3 in order, 0 damaged, 0 missing, 0 without a document\n");
      server.terminate();
      assertThat(server.exit()).isZero();
    }
    byte[] bytes = Files.readAllBytes(files.get(0));
    bytes[bytes.length / 2] ^= 1;
    Files.write(files.get(0), bytes);
    Files.delete(files.get(1));
    Path stranger =
        Files.write(recordings().resolve("notes.txt"), "x".getBytes(StandardCharsets.UTF_8));

    Said verify = withConfig("verify");
    assertThat(verify.exit()).isEqualTo(1);
    assertThat(verify.out())
        .contains(files.get(0) + ": another SHA-256 than when it was stored")
        .contains(files.get(1) + ": missing")
        .contains(stranger + ": no document beside it")
        .doesNotContain(files.get(2).toString())
        .contains("1 in order, 1 damaged, 1 missing, 1 without a document");

    Files.write(files.get(0), new byte[] {1});
    assertThat(rayo("verify", recordings().toString()).out())
        .contains(files.get(0) + ": 1 bytes instead of " + bytes.length);
    Said nowhere = rayo("verify", directory.resolve("nowhere").toString());
    assertThat(nowhere.exit()).isEqualTo(2);
    assertThat(nowhere.err()).contains("is no directory");
  }
}

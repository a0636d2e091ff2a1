package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.client.Received.RecordingFacts;

/** Which stores get a recording, under what name, and which of them a client is told of. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SeveralStoresTest {

  private static final String WAV = "format='wav' start-beep='false' direction='send'";

  private Path directory;
  private WebReceiver far;
  private Site site;
  private RayoClient client;
  private int calls;

  @BeforeAll
  void startSite(@TempDir Path directory) throws Exception {
    this.directory = directory;
    far = new WebReceiver();
    site =
        Site.embedded(
            directory,
            "rayo.storage.stores.second { type = file, directory = \""
                + directory.resolve("second")
                + "\", name = \"calls/{call-id}/{recording-id}.{format}\" }",
            "rayo.storage.stores.far { type = http, verify = none, url = \"" + far.url() + "\" }",
            "rayo.record.names.chosen = \"chosen/{recording-id}.{format}\"");
    client = site.availableClient("romeo", "balcony");
    site.warmUp(client);
  }

  @AfterAll
  void closeSite() {
    if (site != null) {
      site.close();
    }
    far.close();
  }

  private String call() throws Exception {
    calls++;
    return site.talkingCall(client, "several" + calls, AudioSource.tone(440, -10, 60_000))
        .address();
  }

  private static String callId(String call) {
    return call.substring(0, call.indexOf('@'));
  }

  private static String resource(String component) {
    return component.substring(component.indexOf('/') + 1);
  }

  private static List<String> files(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      return List.of();
    }
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.filter(Files::isRegularFile)
          .map(file -> directory.relativize(file).toString())
          .filter(name -> !name.startsWith(".parts"))
          .toList();
    }
  }

  private static RecordingFacts facts(Received complete) {
    assertThat(complete.reason()).isEqualTo("stop");
    return complete.recording().orElseThrow();
  }

  @Test
  void storeHint_one_onlyThatStoreGetsItUnderItsOwnName() throws Exception {
    String call = call();
    String component = Site.start(client, call, WAV, "store=second").ref();
    RecordingFacts recording = facts(Site.stop(client, component));

    String id = callId(call) + "-" + resource(component);
    Path expected = directory.resolve("second/calls/" + callId(call) + "/" + id + ".wav");
    assertThat(Path.of(URI.create(recording.uri())).toRealPath()).isEqualTo(expected.toRealPath());
    assertThat(Files.size(expected)).isEqualTo(recording.sizeBytes());
    assertThat(Site.decode(recording).durationMillis()).isEqualTo(recording.durationMillis());
    assertThat(files(directory.resolve("recordings"))).noneMatch(name -> name.contains(id));
    assertThat(far.keys()).noneMatch(key -> key.contains(callId(call)));
  }

  @Test
  void storeHint_two_bothGetItAndTheFirstIsTold() throws Exception {
    String call = call();
    String component = Site.start(client, call, WAV, "store=far,second").ref();
    RecordingFacts recording = facts(Site.stop(client, component));

    String key = "call_recording_" + callId(call) + ".wav";
    assertThat(recording.uri()).isEqualTo(far.url() + "/" + key);
    byte[] sent = far.await(key, request -> request.path().endsWith(key)).body();
    assertThat((long) sent.length).isEqualTo(recording.sizeBytes());
    String id = callId(call) + "-" + resource(component);
    Path second = directory.resolve("second/calls/" + callId(call) + "/" + id + ".wav");
    awaitFile(second);
    assertThat(second).hasBinaryContent(sent);
    assertThat(files(directory.resolve("recordings"))).noneMatch(name -> name.contains(id));
  }

  @Test
  void storeHint_unknown_isBadRequestThatNamesItAndNothingIsRecorded() throws Exception {
    String call = call();
    for (String hint : List.of("nowhere", "second,nowhere", "nowhere,second")) {
      Received refused = client.command(call, Site.recordCommand(WAV, "store=" + hint));
      assertThat(refused.error()).as(hint).isEqualTo("bad-request/modify");
      assertThat(refused.errorText()).contains("store", "nowhere", "far, local, second");
    }
    for (String hint : List.of("", "second,second", "second,", "../second")) {
      Received refused = client.command(call, Site.recordCommand(WAV, "store=" + hint));
      assertThat(refused.error()).as(hint).isEqualTo("bad-request/modify");
    }
    assertThat(Site.of(client, call)).noneMatch(s -> s.isEvent("complete"));
  }

  @Test
  void names_secondRecordingOfACallInAStoreOfTypeHttp_hasItsComponentToo() throws Exception {
    String call = call();
    String first = Site.start(client, call, WAV, "store=far").ref();
    final RecordingFacts one = facts(Site.stop(client, first));
    String second = Site.start(client, call, WAV, "store=far").ref();
    final RecordingFacts two = facts(Site.stop(client, second));

    String name = far.url() + "/call_recording_" + callId(call);
    assertThat(one.uri()).isEqualTo(name + ".wav");
    assertThat(two.uri()).isEqualTo(name + "_" + resource(second) + ".wav");
  }

  @Test
  void nameHint_comesBeforeTheStoresOwn() throws Exception {
    String call = call();
    String component = Site.start(client, call, WAV, "store=far,second", "name=chosen").ref();
    RecordingFacts recording = facts(Site.stop(client, component));

    String key = "chosen/" + callId(call) + "-" + resource(component) + ".wav";
    assertThat(recording.uri()).isEqualTo(far.url() + "/" + key);
    awaitFile(directory.resolve("second").resolve(key));
  }

  @Test
  void firstStoreHangs_fallbackIsToldInTimeAndTheFirstGetsItLater(@TempDir Path other)
      throws Exception {
    try (WebReceiver hung = new WebReceiver();
        Site waiting =
            Site.embedded(
                other,
                "rayo.storage.stores.hung { type = http, verify = none, url = \""
                    + hung.url()
                    + "\" }",
                "rayo.storage.default = [hung]",
                "rayo.storage.complete-deadline = 500ms")) {
      RayoClient romeo = waiting.availableClient("romeo", "garden");
      Site.Answered answered =
          waiting.talkingCall(romeo, "hung", AudioSource.tone(440, -10, 60_000));
      String component = Site.record(romeo, answered.address(), "wav");
      hung.fallSilent();
      RecordingFacts recording = facts(Site.stop(romeo, component));

      Path local = Path.of(URI.create(recording.uri()));
      assertThat(local.toRealPath()).startsWith(other.resolve("recordings").toRealPath());
      assertThat(Files.size(local)).isEqualTo(recording.sizeBytes());
      assertThat(Site.decode(recording).durationMillis()).isEqualTo(recording.durationMillis());
      assertThat(hung.keys()).isEmpty();

      hung.recover();
      byte[] late = hung.await("the recording", r -> r.path().endsWith(".wav")).body();
      assertThat(local).hasBinaryContent(late);
    }
  }

  private static void awaitFile(Path file) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
    while (!Files.exists(file) && System.nanoTime() < deadline) {
      Thread.sleep(20);
    }
    assertThat(file).exists();
  }
}

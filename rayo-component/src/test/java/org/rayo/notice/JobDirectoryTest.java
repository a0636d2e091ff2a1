package org.rayo.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.notice.NoticeFixture.SHORT;
import static org.rayo.notice.NoticeFixture.await;
import static org.rayo.notice.NoticeFixture.awaitThat;
import static org.rayo.notice.NoticeFixture.notice;
import static org.rayo.notice.NoticeFixture.stored;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.config.NoticesConfig.Jobs;

/** Files for programs that wait for files. */
@Timeout(120)
final class JobDirectoryTest {

  @TempDir Path directory;

  private Path jobs() {
    return directory.resolve("jobs");
  }

  private static Sink.Outcome tell(Path jobs, String name, Notice notice) {
    return new JobDirectory(jobs, Jobs.name(name)).tell(notice, NoticeJson.bytes(notice));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> directory.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "{recording-id}.json, 9f-1.json",
    "{recording-id}, 9f-1.json",
    "{date:yyyy/MM}/{recording-id}.json, 2026/11/9f-1.json",
    "{format}/{recording-id}.{format}.json, mp3/9f-1.mp3.json",
    "job.json, job-9f-1.json",
    "{meta.case}/{call-id}-{client}.json, 4711/9f00061-juliet@capulet.lit-9f-1.json",
  })
  void tell_byTemplate_namesTheFile(String template, String name) throws Exception {
    assertThat(tell(jobs(), template, stored("9f-1"))).isEqualTo(Sink.Outcome.TOLD);

    assertThat(names()).containsExactly("jobs/" + name);
    assertThat(Files.readAllBytes(jobs().resolve(name)))
        .isEqualTo(NoticeJson.bytes(stored("9f-1")));
  }

  @Test
  void tell_janusPattern_namesEachRecordingDifferently() throws Exception {
    for (int i = 0; i < 10; i++) {
      tell(jobs(), "job-#{md5}", stored("r" + i));
      tell(jobs(), "job-#{md5}", stored("r" + i));
    }

    assertThat(names()).hasSize(10).allMatch(name -> name.matches("jobs/job-[0-9a-f]{32}\\.json"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../../etc/x",
        "..",
        ".",
        "",
        "-rf",
        "a/b/../../../c",
        "a\u0000b",
        "a\r\nb",
        "ö😀",
        "\\..\\"
      })
  void tell_hostileTexts_stayInTheDirectory(String text) throws Exception {
    Notice notice =
        notice(NoticeKind.RECORDING_STORED, "r", text, Map.of("x", text, "y", text.repeat(500)));

    assertThat(tell(jobs(), "{from}/{meta.x}/{meta.y}{from}{meta.x}.json", notice))
        .isEqualTo(Sink.Outcome.TOLD);

    assertThat(names())
        .singleElement()
        .asString()
        .matches("jobs/[\\w@+=~][\\w.@+=~-]*/[\\w@+=~][\\w.@+=~-]*/[\\w@+=~][\\w.@+=~-]*\\.json");
  }

  @Test
  void tell_again_leavesOneFile() throws Exception {
    tell(jobs(), "{recording-id}", stored("r"));
    tell(jobs(), "{recording-id}", stored("r"));

    assertThat(names()).containsExactly("jobs/r.json");
  }

  @Test
  void tell_nameThatIsTaken_overwritesNothing() throws Exception {
    Files.createDirectories(jobs());
    Files.writeString(jobs().resolve("r.json"), "somebody else's");
    Files.createDirectory(jobs().resolve("r-2.json"));

    tell(jobs(), "{recording-id}", stored("r"));
    tell(jobs(), "{recording-id}", notice(NoticeKind.RECORDING_FINISHED, "r"));
    tell(jobs(), "{recording-id}", stored("r"));

    assertThat(jobs().resolve("r.json")).hasContent("somebody else's");
    assertThat(names()).containsExactly("jobs/r-3.json", "jobs/r-4.json", "jobs/r.json");
    assertThat(NoticeJson.read(Files.readAllBytes(jobs().resolve("r-4.json"))).kind())
        .isEqualTo(NoticeKind.RECORDING_FINISHED);
  }

  /** The second notice of "a" and the first of "a-2" want the same name, which is given once. */
  @Test
  void tell_twoAtOnceForOneName_keepsBoth() throws Exception {
    tell(jobs(), "{recording-id}", notice(NoticeKind.RECORDING_FINISHED, "a"));
    JobDirectory sink = new JobDirectory(jobs(), Jobs.name("{recording-id}"));
    List<Thread> threads = new ArrayList<>();
    synchronized (sink) {
      for (String id : List.of("a", "a-2")) {
        threads.add(new Thread(() -> sink.tell(stored(id), NoticeJson.bytes(stored(id)))));
      }
      threads.forEach(Thread::start);
      // Both have prepared their files, and neither has looked for a name.
      awaitThat(
          "both wait", () -> threads.stream().allMatch(t -> t.getState() == Thread.State.BLOCKED));
    }
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(HookReceiver.PATIENCE_SECONDS));
    }

    Set<String> ids = new HashSet<>();
    consume(jobs(), ids);
    assertThat(ids).hasSize(3);
  }

  @Test
  void tell_longestName_isNumberedWithinTheLimit() throws Exception {
    Notice first = notice(NoticeKind.RECORDING_STORED, "r", "f".repeat(400), Map.of());
    Notice second = notice(NoticeKind.RECORDING_FINISHED, "r", "f".repeat(400), Map.of());
    String template = "{from}{from}{from}{recording-id}";

    assertThat(tell(jobs(), template, first)).isEqualTo(Sink.Outcome.TOLD);
    assertThat(tell(jobs(), template, second)).isEqualTo(Sink.Outcome.TOLD);

    assertThat(names()).hasSize(2).anyMatch(name -> name.endsWith("-2.json"));
  }

  /** What is told again after a crash takes the half that the crash has left. */
  @Test
  void tell_afterACrashInTheMiddle_leavesNoHalfBehind() throws Exception {
    Files.createDirectories(jobs().resolve("r.json").resolve("in-the-way"));
    List<String> halves = new ArrayList<>();
    try (WatchService watch = directory.getFileSystem().newWatchService()) {
      jobs().register(watch, StandardWatchEventKinds.ENTRY_CREATE);
      tell(jobs(), "{recording-id}", stored("r"));
      WatchKey key = watch.poll(HookReceiver.PATIENCE_SECONDS, TimeUnit.SECONDS);
      key.pollEvents().forEach(event -> halves.add(event.context().toString()));
    }
    assertThat(halves.get(0)).startsWith(".");
    Files.delete(jobs().resolve("r-2.json"));
    Files.writeString(jobs().resolve(halves.get(0)), "{ \"id\" :");

    assertThat(tell(jobs(), "{recording-id}", stored("r"))).isEqualTo(Sink.Outcome.TOLD);
    assertThat(names()).containsExactly("jobs/r-2.json");
  }

  @Test
  void publish_watchedDirectory_neverShowsHalfAFile() throws Exception {
    int count = 300;
    Set<String> seen = new HashSet<>();
    try (SpooledNotices notices =
        new SpooledNotices(
            NoticeFixture.jobs(jobs(), "{recording-id}.json"), directory.resolve("spool"), SHORT)) {
      String long2000 = "x".repeat(2000);
      for (int i = 0; i < count; i++) {
        notices.publish(
            notice(
                NoticeKind.RECORDING_STORED,
                "r" + i,
                long2000,
                Map.of("a", long2000, "b", long2000, "c", long2000)));
      }
      awaitThat("all are there", () -> consume(jobs(), seen) == count);
      await(notices.publishDurably(stored("last")));
    }
    assertThat(names()).containsExactly("jobs/last.json");
  }

  /** As a program that waits for jobs: reads every whole name at once, and takes it away. */
  private static int consume(Path jobs, Set<String> seen) {
    try (Stream<Path> files = Files.list(jobs)) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).toList()) {
        if (!file.getFileName().toString().startsWith(".")) {
          Notice notice = NoticeJson.read(Files.readAllBytes(file));
          assertThat(file.getFileName().toString()).startsWith(notice.recordingId());
          assertThat(seen.add(notice.id())).isTrue();
          Files.delete(file);
        }
      }
    } catch (NoSuchFileException e) {
      // Not made yet.
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return seen.size();
  }
}

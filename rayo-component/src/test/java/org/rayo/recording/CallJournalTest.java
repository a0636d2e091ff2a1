package org.rayo.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaEvent.EndReason;

/** What a run finds of the calls of the run before. */
class CallJournalTest {

  @TempDir Path spool;
  private Path directory;
  private SpoolWriters writers;
  private CallJournal journal;

  @BeforeEach
  void open() throws IOException {
    directory = spool.resolve(".calls");
    writers = new SpoolWriters();
    journal = new CallJournal(directory, writers);
  }

  @AfterEach
  void close() {
    writers.close();
  }

  private static CallNote note(String id, String dialog) {
    return new CallNote(
        id, Optional.of(dialog), List.of("juliet@example.org/balcony"), Optional.empty());
  }

  /** Whatever was told before is on the disk, and nothing else is: the next run's view. */
  private List<CallNote> nextRun() throws IOException {
    writers.close();
    open();
    return journal.leftOver();
  }

  private List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void note_whole_isTheSameInTheNextRun() throws IOException {
    CallNote.End end =
        new CallNote.End(
            new MediaEvent.Ended(EndReason.TIMEOUT, Optional.of("16"), List.of()),
            Instant.parse("2026-01-01T00:00:00.123Z"));
    CallNote note =
        new CallNote(
            "c1",
            Optional.of("a dialog with \"quotes\" and \\"),
            List.of("juliet@example.org/balcony", "romeo@example.org/gärten"),
            Optional.of(end));
    journal.note(note);
    journal.note(note("c2", "d"));
    assertThat(nextRun()).containsExactlyInAnyOrder(note, note("c2", "d"));
  }

  @Test
  void note_many_theLastIsKept() throws IOException {
    for (int i = 0; i < 500; i++) {
      for (String id : List.of("c1", "c2", "c3")) {
        journal.note(note(id, "state " + i));
      }
    }
    assertThat(nextRun())
        .containsExactlyInAnyOrder(
            note("c1", "state 499"), note("c2", "state 499"), note("c3", "state 499"));
    assertThat(files()).containsExactly("c1.json", "c2.json", "c3.json");
  }

  @Test
  void note_byManyThreads_eachCallsLastIsKept() throws Exception {
    List<Thread> threads =
        IntStream.range(0, 8)
            .mapToObj(
                call ->
                    new Thread(
                        () -> {
                          for (int i = 0; i <= 200; i++) {
                            journal.note(note("c" + call, "state " + i));
                          }
                          if (call % 2 == 1) {
                            journal.forget("c" + call);
                          }
                        }))
            .toList();
    threads.forEach(Thread::start);
    for (Thread thread : threads) {
      thread.join(TimeUnit.SECONDS.toMillis(30));
    }
    assertThat(nextRun())
        .containsExactlyInAnyOrder(
            note("c0", "state 200"),
            note("c2", "state 200"),
            note("c4", "state 200"),
            note("c6", "state 200"));
  }

  @Test
  void forget_rightAfterANote_leavesNothing() throws IOException {
    for (int i = 0; i < 200; i++) {
      journal.note(note("c" + i, "d"));
      journal.forget("c" + i);
    }
    journal.forget("never noted");
    assertThat(nextRun()).isEmpty();
    assertThat(files()).isEmpty();
  }

  @Test
  void leftOver_tornFile_isLeftAndTheOthersAreRead() throws IOException {
    journal.note(note("c1", "d1"));
    journal.note(note("c2", "d2"));
    journal.note(note("c3", "d3"));
    writers.close();
    byte[] whole = Files.readAllBytes(directory.resolve("c2.json"));
    for (int length = 0; length < whole.length - 1; length++) {
      Files.write(directory.resolve("c2.json"), Arrays.copyOf(whole, length));
      assertThat(nextRun())
          .as("%d bytes of %d", length, whole.length)
          .containsExactlyInAnyOrder(note("c1", "d1"), note("c3", "d3"));
    }
    assertThat(files()).contains("c2.json");
  }

  @Test
  void leftOver_halfOfALaterNote_isRemovedAndTheOneBeforeHolds() throws IOException {
    journal.note(note("c1", "d1"));
    writers.close();
    Files.writeString(directory.resolve("c1.json.next"), "{ \"callId\" : \"c1\", \"dia");
    Files.writeString(directory.resolve("c9.json.next"), "{");
    assertThat(nextRun()).containsExactly(note("c1", "d1"));
    assertThat(files()).containsExactly("c1.json");
  }

  @Test
  void leftOver_noteOfAnotherCall_isNotRead() throws IOException {
    journal.note(note("c1", "d1"));
    writers.close();
    Files.copy(directory.resolve("c1.json"), directory.resolve("c2.json"));
    assertThat(nextRun()).containsExactly(note("c1", "d1"));
  }

  @Test
  void leftOver_somethingElseLiesThere_doesNotHideTheCalls() throws IOException {
    Files.createDirectories(directory.resolve("a-directory").resolve("with something"));
    journal.note(note("b", "d"));
    journal.note(note("z", "d"));
    assertThat(nextRun()).containsExactlyInAnyOrder(note("b", "d"), note("z", "d"));
  }
}

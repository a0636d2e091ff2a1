package org.rayo.recording;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.CapturedRecording;
import org.rayo.media.ParticipantTimeline;
import org.rayo.media.ParticipantTimeline.Speech;
import org.rayo.media.ParticipantTimeline.Stay;

/** The participants of a recording outlive the server, and never cost it its manifest. */
class SpooledParticipantsTest {

  private static final Instant AT = Instant.EPOCH;

  private static final ParticipantTimeline WHO =
      new ParticipantTimeline(
          List.of(
              new Stay("a", OptionalInt.of(3), true, 0, 1000, List.of(new Speech(20, 40))),
              new Stay("b", OptionalInt.empty(), false, 5, 7, List.of())),
          true);

  @TempDir Path spool;
  private RecordingJournal journal;

  @BeforeEach
  void open() throws JournalException {
    journal = new RecordingJournal(spool, SpoolRoom.anything());
  }

  @AfterEach
  void close() {
    journal.close();
  }

  private static <T> T await(CompletionStage<T> stage) throws Exception {
    return stage.toCompletableFuture().get(10, TimeUnit.SECONDS);
  }

  private Manifest begun() throws Exception {
    Manifest manifest = Captures.manifest("r1");
    await(journal.begin(manifest, Captures.request()));
    return manifest;
  }

  private Manifest captured(Manifest begun, ParticipantTimeline who) throws Exception {
    CapturedRecording captured =
        Captures.captured("r1", journal.audio(begun)).with(Optional.of(who));
    return await(journal.change("r1", known -> known.captured(captured, AT)));
  }

  private List<Manifest> restarted() throws Exception {
    close();
    open();
    return journal.leftOver();
  }

  @Test
  void captured_thenRestarted_areKnownAgain() throws Exception {
    Manifest captured = captured(begun(), WHO);
    assertThat(Files.readString(spool.resolve("r1/manifest.json"))).doesNotContain("participants");
    assertThat(restarted()).containsExactly(captured);
    Path audio = journal.audio(captured);
    assertThat(journal.leftOver().get(0).captured(audio).orElseThrow().participants())
        .contains(WHO);
  }

  /** However many there are: what a full disk keeps room for is the manifest. */
  @Test
  void most_makeTheManifestNoLarger() throws Exception {
    List<Stay> stays = new ArrayList<>();
    for (int i = 0; i < ParticipantTimeline.MOST_STAYS; i++) {
      stays.add(
          new Stay("p" + i, OptionalInt.of(1), true, i, i + 1, List.of(new Speech(i, i + 1))));
    }
    Manifest captured = captured(begun(), new ParticipantTimeline(stays, false));
    assertThat(Files.size(spool.resolve("r1/manifest.json"))).isLessThan(4096);
    assertThat(restarted()).containsExactly(captured);
  }

  @Test
  void disk_thatDoesNotTakeThem_takesTheManifestAllTheSame() throws Exception {
    Manifest begun = begun();
    Path inTheWay = Files.createDirectory(spool.resolve("r1/participants.json.next"));
    Path full = Files.createFile(inTheWay.resolve("full"));
    Manifest captured = captured(begun, WHO);
    assertThat(captured.captured().orElseThrow().participants()).contains(WHO);
    Manifest left = restarted().get(0);
    assertThat(left.state()).isEqualTo(Manifest.State.CAPTURED);
    assertThat(left.captured().orElseThrow().participants()).isEmpty();
    Files.delete(full);
  }

  @Test
  void torn_theRecordingGoesOnWithout() throws Exception {
    captured(begun(), WHO);
    for (String torn : new String[] {"{", "", "null", "[]", "{\"stays\":[{}]}"}) {
      Files.writeString(spool.resolve("r1/participants.json"), torn);
      assertThat(restarted().get(0).captured().orElseThrow().participants()).as(torn).isEmpty();
    }
  }

  @Test
  void forgotten_areGoneWithTheRecording() throws Exception {
    captured(begun(), WHO);
    await(journal.forget("r1"));
    assertThat(spool.resolve("r1")).doesNotExist();
  }
}

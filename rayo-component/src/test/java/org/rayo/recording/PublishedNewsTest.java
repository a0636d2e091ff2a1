package org.rayo.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.recording.Captures.STORE;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.rayo.media.CapturedRecording;
import org.rayo.media.CapturedRecording.Cause;
import org.rayo.media.ParticipantTimeline;
import org.rayo.media.ParticipantTimeline.Speech;
import org.rayo.media.ParticipantTimeline.Stay;
import org.rayo.notice.FakeNotices;
import org.rayo.notice.Notice;
import org.rayo.storage.StoredRecording;

/** What lies beside a recording, and what others are told of it. */
class PublishedNewsTest {

  private static final String SIGNED =
      "https://b.s3.example.org/k.mp3?X-Amz-Expires=60&X-Amz-Signature=abc123";

  private final FakeNotices nobody = new FakeNotices();

  private String sidecar(String uri) {
    Manifest stored =
        Captures.manifest("r1")
            .captured(Captures.facts("r1", Path.of("r1"), Cause.STOP), Instant.EPOCH)
            .stored(STORE, new StoredRecording(URI.create(uri), 10));
    return new String(
        new PublishedNews(nobody, true).sidecar(stored, STORE, "00").orElseThrow(),
        StandardCharsets.UTF_8);
  }

  @Test
  void sidecar_ofASignedUri_givesNobodyAccess() {
    assertThat(sidecar(SIGNED))
        .contains("\"https://b.s3.example.org/k.mp3\"")
        .doesNotContain("abc123");
  }

  @Test
  void sidecar_ofAnyOtherUri_hasItWhole() {
    assertThat(sidecar("https://r.example.org/k.mp3?call=7"))
        .contains("\"https://r.example.org/k.mp3?call=7\"");
  }

  private static final ParticipantTimeline WHO =
      new ParticipantTimeline(
          List.of(
              new Stay(
                  "alice",
                  OptionalInt.of(1),
                  false,
                  0,
                  61_020,
                  List.of(new Speech(1200, 3400), new Speech(5000, 5020))),
              new Stay("bob", OptionalInt.of(2), true, 40, 50, List.of())),
          true);

  private static Manifest ofAMixer(ParticipantTimeline who) {
    CapturedRecording captured =
        Captures.facts("r1", Path.of("r1"), Cause.STOP).with(Optional.of(who));
    return Captures.manifest("r1")
        .captured(captured, Instant.EPOCH)
        .stored(STORE, new StoredRecording(URI.create("https://r.example.org/k"), 10));
  }

  @Test
  void everyNoticeAfterTheEnd_ofAMixer_hasItsParticipants() throws Exception {
    PublishedNews news = new PublishedNews(nobody, true);
    Manifest mixer = ofAMixer(WHO);
    news.started(mixer);
    news.finished(mixer);
    news.stored(mixer, STORE, "00");
    news.failed(mixer, STORE, "no");
    assertThat(nobody.published()).hasSize(4);
    assertThat(nobody.published().get(0).finished()).isEmpty();
    assertThat(nobody.published().subList(1, 4))
        .allSatisfy(
            notice -> {
              Notice.Finished finished = notice.finished().orElseThrow();
              assertThat(finished.participants())
                  .containsExactly(
                      new Notice.Participant(
                          "alice",
                          OptionalInt.of(1),
                          false,
                          0,
                          61_020,
                          List.of(new Notice.Span(1200, 3400), new Notice.Span(5000, 5020))),
                      new Notice.Participant("bob", OptionalInt.of(2), true, 40, 50, List.of()));
              assertThat(finished.participantsTruncated()).isTrue();
            });
  }

  @Test
  void sidecar_ofAMixer_saysWhoWasOnWhichChannelAndSpoke() {
    String json =
        new String(
            new PublishedNews(nobody, true).sidecar(ofAMixer(WHO), STORE, "00").orElseThrow(),
            StandardCharsets.UTF_8);
    assertThat(json)
        .contains(
            """
                "participants" : [ {
                  "participant" : "alice",
                  "channel" : 1,
                  "fromMs" : 0,
                  "toMs" : 61020,
                  "speaking" : [ [ 1200, 3400 ], [ 5000, 5020 ] ]
                }, {
                  "participant" : "bob",
                  "channel" : 2,
                  "shared" : true,
                  "fromMs" : 40,
                  "toMs" : 50,
                  "speaking" : [ ]
                } ],
                "participantsTruncated" : true
            """);
    assertThat(sidecar("https://r.example.org/k.mp3")).doesNotContain("participants");
  }
}

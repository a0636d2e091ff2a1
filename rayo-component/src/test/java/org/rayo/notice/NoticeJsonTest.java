package org.rayo.notice;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.rayo.notice.NoticeFixture.notice;
import static org.rayo.notice.NoticeFixture.stored;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.rayo.config.NoticesConfig.Event;
import org.rayo.media.ParticipantTimeline;

/** The JSON of notices, there and back. */
final class NoticeJsonTest {

  private static final int ROUNDS = Integer.getInteger("rayo.notices", 2_000);

  private static String text(Notice notice) {
    return new String(NoticeJson.bytes(notice), StandardCharsets.UTF_8);
  }

  private static Notice with(Notice notice, String store) {
    return new Notice(
        notice.kind(),
        notice.recordingId(),
        notice.callId(),
        notice.componentId(),
        notice.client(),
        notice.from(),
        notice.to(),
        notice.format(),
        notice.direction(),
        notice.startedAt(),
        notice.finished(),
        Optional.of(new Notice.Place(store, "k", Optional.empty())),
        notice.problem(),
        notice.meta(),
        notice.at());
  }

  /** The documented example is what is written, to the letter. */
  @Test
  void bytes_ofTheExample_areThoseOfTheDocumentation() throws Exception {
    Path page = Path.of(System.getProperty("rayo.root")).resolve("docs/notices.md");
    Matcher example =
        Pattern.compile("```json\n(\\{.*?\n)```", Pattern.DOTALL).matcher(Files.readString(page));
    assertThat(example.find()).isTrue();

    assertThat(text(stored("9f00061-fgh4590"))).isEqualTo(example.group(1));
  }

  @Test
  void documentation_everyField_isExplained() throws Exception {
    Path page = Path.of(System.getProperty("rayo.root")).resolve("docs/notices.md");
    String docs = Files.readString(page);
    Notice whole = notice(NoticeKind.RECORDING_FAILED, "r");

    Matcher fields = Pattern.compile("\"(\\w+)\" :").matcher(text(whole));
    Set<String> seen = new HashSet<>();
    while (fields.find()) {
      seen.add(fields.group(1));
    }
    seen.remove("case");
    assertThat(seen)
        .hasSizeGreaterThan(20)
        .allSatisfy(field -> assertThat(docs).containsPattern("[`.]" + field + "`"));
    for (NoticeKind kind : NoticeKind.values()) {
      assertThat(docs).contains("| `" + kind.token() + "`");
    }
  }

  @Test
  void kinds_areThoseThatCanBeConfigured() {
    assertThat(Arrays.stream(NoticeKind.values()).map(NoticeKind::event))
        .containsExactlyInAnyOrder(Event.values());
  }

  @Test
  void id_isMadeOfRecordingKindAndStore() {
    assertThat(stored("a-b").id()).isEqualTo("a-b.recording-stored.local");
    assertThat(notice(NoticeKind.RECORDING_STARTED, "a-b").id()).isEqualTo("a-b.recording-started");
    assertThat(with(stored("a"), "x y\r\n:é").id())
        .isEqualTo("a.recording-stored.x%20y%0D%0A%3A%C3%A9");
    assertThat(with(stored("a"), "s".repeat(1999) + "1").id())
        .isNotEqualTo(with(stored("a"), "s".repeat(1999) + "2").id())
        .hasSizeLessThan(200);
  }

  @Test
  void bytes_hostileTexts_areValidJsonOnOneValueEach() throws Exception {
    String evil = "a\r\nX-Evil: 1\u0000\u2028\"\\<\ud800x\udc00";
    Notice notice = notice(NoticeKind.RECORDING_STORED, "r", evil, Map.of(evil, evil));

    String json = text(notice);

    assertThat(json).doesNotContain("\r", "\u0000").doesNotContain("\nX-Evil");
    Notice read = NoticeJson.read(json.getBytes(StandardCharsets.UTF_8));
    assertThat(read).isEqualTo(notice);
    assertThat(read.from()).startsWith("a\r\nX-Evil: 1").endsWith("\ufffdx\ufffd");
  }

  @Test
  void bytes_hugeTexts_areCut() {
    Map<String, String> meta = new TreeMap<>();
    for (int i = 0; i < 10_000; i++) {
      meta.put("m" + i, "\u0001".repeat(3_000));
    }
    Notice notice = notice(NoticeKind.RECORDING_STORED, "r", "😀".repeat(1_000_000), meta);

    assertThat(notice.from()).hasSize(Notice.LONGEST_TEXT).doesNotContain("\ufffd");
    assertThat(notice.meta()).hasSize(Notice.MOST_META);
    assertThat(NoticeJson.bytes(notice).length).isLessThan(2_000_000);
  }

  private static Notice ofAMixer(List<Notice.Participant> who, boolean truncated) {
    Notice stored = stored("r");
    Notice.Finished how = stored.finished().orElseThrow();
    Notice.Finished mixer =
        new Notice.Finished(
            how.reason(),
            how.durationMs(),
            how.samples(),
            how.sampleRateHz(),
            how.channels(),
            how.sizeBytes(),
            how.sha256(),
            how.failure(),
            who,
            truncated);
    return new Notice(
        stored.kind(),
        stored.recordingId(),
        stored.callId(),
        stored.componentId(),
        stored.client(),
        stored.from(),
        stored.to(),
        stored.format(),
        stored.direction(),
        stored.startedAt(),
        Optional.of(mixer),
        stored.place(),
        stored.problem(),
        stored.meta(),
        stored.at());
  }

  /** As many as a recorder tells, with names and times of the longest. */
  @Test
  void bytes_mostParticipants_stayWithinTheLimit() {
    List<Notice.Participant> who = new ArrayList<>();
    for (int i = 0; i < ParticipantTimeline.MOST_STAYS; i++) {
      Notice.Span span = new Notice.Span(2_073_000_000L + i, 2_073_600_000L);
      who.add(
          new Notice.Participant(
              "\u0001".repeat(3_000),
              OptionalInt.of(32),
              true,
              2_073_600_000L,
              2_073_600_000L,
              Collections.nCopies(
                  ParticipantTimeline.MOST_SPEECHES / ParticipantTimeline.MOST_STAYS, span)));
    }
    Notice notice = ofAMixer(who, true);
    assertThat(who.get(0).participant()).hasSize(Notice.LONGEST_PARTICIPANT);
    assertThat(NoticeJson.bytes(notice).length).isLessThan(2_000_000);
  }

  /** What an earlier version has left in the queue. */
  @Test
  void read_withoutParticipants_hasNone() throws Exception {
    String json = text(stored("r"));
    assertThat(json).doesNotContain("participants");
    Notice read = NoticeJson.read(json.getBytes(StandardCharsets.UTF_8));
    assertThat(read.finished().orElseThrow().participants()).isEmpty();
    assertThat(read).isEqualTo(stored("r"));
  }

  @Test
  void documentation_fieldsOfAMixer_areExplained() throws Exception {
    Path page = Path.of(System.getProperty("rayo.root")).resolve("docs/notices.md");
    String docs = Files.readString(page);
    String json =
        text(
            ofAMixer(
                List.of(new Notice.Participant("a", OptionalInt.of(2), true, 1, 2, List.of())),
                true));
    String mixer = json.substring(json.indexOf("\"participants\""), json.indexOf("\"place\""));
    Matcher fields = Pattern.compile("\"(\\w+)\" :").matcher(mixer);
    int seen = 0;
    while (fields.find()) {
      seen++;
      assertThat(docs).containsPattern("[`.]" + fields.group(1) + "`");
    }
    assertThat(seen).isEqualTo(8);
  }

  @Test
  void notice_idsThatLeadSomewhere_areRefused() {
    for (String id : new String[] {"", "../x", "a/b", "a.b", "x".repeat(101), "a\n"}) {
      assertThatIllegalArgumentException().as(id).isThrownBy(() -> stored(id));
    }
  }

  @Test
  void read_fieldsOfALaterVersion_areIgnored() throws Exception {
    String json = text(stored("r")).replaceFirst("\\{", "{ \"room\" : {\"id\":[1,2]},");

    assertThat(NoticeJson.read(json.getBytes(StandardCharsets.UTF_8))).isEqualTo(stored("r"));
  }

  @Test
  void read_somethingElse_isRefusedWithoutBeingQuoted() {
    for (String text : new String[] {"", "null", "[]", "{}", "{\"event\":\"hush\"}", "hush", "1"}) {
      assertThatThrownBy(() -> NoticeJson.read(text.getBytes(StandardCharsets.UTF_8)))
          .as(text)
          .isInstanceOf(IOException.class)
          .hasMessageNotContaining("hush");
    }
  }

  @Test
  void read_anyNotice_isWhatWasWritten() throws Exception {
    Random random = new Random(7);
    for (int i = 0; i < ROUNDS; i++) {
      Notice notice = any(random);
      byte[] json = NoticeJson.bytes(notice);
      assertThat(NoticeJson.read(json)).isEqualTo(notice);
      assertThat(NoticeJson.bytes(NoticeJson.read(json))).isEqualTo(json);
    }
  }

  /** Whatever a disk makes of a file, it is a notice or it is refused. */
  @Test
  void read_garbledBytes_areReadOrRefused() {
    Random random = new Random(8);
    int refused = 0;
    for (int i = 0; i < ROUNDS; i++) {
      byte[] json = NoticeJson.bytes(any(random));
      int cut = random.nextBoolean() ? json.length : random.nextInt(json.length);
      byte[] garbled = Arrays.copyOf(json, cut);
      for (int n = random.nextInt(4); n > 0 && cut > 0; n--) {
        garbled[random.nextInt(cut)] = (byte) random.nextInt(256);
      }
      try {
        assertThat(NoticeJson.read(garbled).id()).isNotEmpty();
      } catch (IOException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(ROUNDS / 4, ROUNDS);
  }

  private static Notice any(Random random) {
    Map<String, String> meta = new TreeMap<>();
    for (int n = random.nextInt(5); n > 0; n--) {
      meta.put(anyText(random), anyText(random));
    }
    return new Notice(
        List.of(NoticeKind.values()).get(random.nextInt(NoticeKind.values().length)),
        "r" + random.nextInt(1_000_000),
        anyText(random),
        anyText(random),
        anyText(random),
        anyText(random),
        anyText(random),
        random.nextBoolean() ? "mp3" : "opus",
        random.nextBoolean() ? "send" : "duplex",
        anyTime(random),
        random.nextBoolean()
            ? Optional.empty()
            : Optional.of(
                new Notice.Finished(
                    "stop-key",
                    random.nextLong() >>> 1,
                    random.nextLong() >>> 1,
                    random.nextInt(),
                    random.nextInt(),
                    random.nextLong() >>> 1,
                    anyOptional(random),
                    anyOptional(random),
                    anyParticipants(random),
                    random.nextBoolean())),
        random.nextBoolean()
            ? Optional.empty()
            : Optional.of(
                new Notice.Place(
                    anyText(random),
                    anyText(random),
                    random.nextBoolean()
                        ? Optional.empty()
                        : Optional.of(URI.create("s3://b/k%20" + random.nextInt())))),
        anyOptional(random),
        meta,
        anyTime(random));
  }

  private static List<Notice.Participant> anyParticipants(Random random) {
    List<Notice.Participant> who = new ArrayList<>();
    for (int n = random.nextInt(3); n > 0; n--) {
      List<Notice.Span> speaking = new ArrayList<>();
      for (int m = random.nextInt(3); m > 0; m--) {
        speaking.add(new Notice.Span(random.nextInt(1000), random.nextInt()));
      }
      who.add(
          new Notice.Participant(
              anyText(random),
              random.nextBoolean() ? OptionalInt.empty() : OptionalInt.of(random.nextInt(32)),
              random.nextBoolean(),
              random.nextInt(1000),
              random.nextLong(),
              speaking));
    }
    return who;
  }

  private static Instant anyTime(Random random) {
    return random.nextInt(10) == 0
        ? Instant.ofEpochSecond(random.nextLong() >> 14, random.nextInt(1_000_000_000))
        : Instant.ofEpochMilli(random.nextInt());
  }

  private static Optional<String> anyOptional(Random random) {
    return random.nextBoolean() ? Optional.empty() : Optional.of(anyText(random));
  }

  /** Any UTF-16 there can be, halves of characters among it. */
  private static String anyText(Random random) {
    StringBuilder text = new StringBuilder();
    for (int n = random.nextInt(30); n > 0; n--) {
      switch (random.nextInt(5)) {
        case 0 -> text.append((char) random.nextInt(0x20));
        case 1 -> text.append((char) (0xD800 + random.nextInt(0x800)));
        case 2 -> text.append((char) random.nextInt(0x10000));
        case 3 -> text.appendCodePoint(random.nextInt(0x110000));
        default -> text.append((char) (' ' + random.nextInt(95)));
      }
    }
    return text.toString();
  }
}

package org.rayo.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names by template: what they are, and what no fact can make of them. */
class NameTemplateTest {

  private static final UUID RANDOM = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");
  private static final Instant WHEN = Instant.parse("2026-03-04T05:06:07.089Z");

  private static RecordingFacts facts(String id, Map<String, String> meta) {
    return new RecordingFacts(
        id,
        "9f00061",
        "r1",
        true,
        "juliet@example.org",
        "sip:+15550100@carrier.example.net;user=phone",
        "tel:+15550199",
        "mp3",
        WHEN,
        RANDOM,
        Optional.empty(),
        meta);
  }

  private static String name(String template) {
    return NameTemplate.parse(template).name(facts("9f00061-r1", Map.of("case", "A/7 ü")));
  }

  @ParameterizedTest
  @CsvSource({
    "{date:yyyy/MM/dd}/{recording-id}.{format}, 2026/03/04/9f00061-r1.mp3",
    "{recording-id}, 9f00061-r1.mp3",
    "call_recording_{call-id}.{format}, call_recording_9f00061-9f00061-r1.mp3",
    "{from}/{to}/{recording-id}.{format}, +15550100@carrier.example.net/+15550199/9f00061-r1.mp3",
    "{client}/{date}_{time}, juliet@example.org/2026-03-04_050607-9f00061-r1.mp3",
    "{date:yyyy-DDD}/{time:HH.mm.ss.SSS}_{random}.{format},"
        + " 2026-063/05.06.07.089_0123456789abcdef0123456789abcdef.mp3",
    "{meta.case}/{recording-id}.{format}, A_7__/9f00061-r1.mp3",
    "{meta.none}/{mixer}/{recording-id}, _/_/9f00061-r1.mp3",
    "year={date:yyyy}/{format}/{recording-id}, year=2026/mp3/9f00061-r1.mp3",
    "rec-#{id}-#{time}-#{type}, rec-9f00061-r1-1772600767089000-audio.mp3",
    "job-#{plugin}-#{rand}, job-rayo-2309737967-9f00061-r1.mp3",
    "job-#{md5}.{format}, job-cc15ebfb83fe072ebee3ab508c0aeed2.mp3",
    "{format}, mp3-9f00061-r1",
    "{format}-{recording-id}.json, mp3-9f00061-r1_json",
    "call_recording_{call-id}{again}.{format}, call_recording_9f00061.mp3",
    "{date:yyyy}/{call-id}{again}, 2026/9f00061.mp3",
    "{from}_{call-id}{again}, +15550100@carrier.example.net_9f00061-9f00061-r1.mp3",
    "#{rand}{call-id}{again}, 23097379679f00061-9f00061-r1.mp3",
    "{again}{call-id}, 9f00061-9f00061-r1.mp3",
  })
  void name_ofEveryWord_isAsDocumented(String template, String name) {
    assertThat(name(template)).isEqualTo(name);
  }

  /** Those of janus-gateway-audioroom, each, and all in one. */
  @ParameterizedTest
  @CsvSource({
    "#{id}, 9f00061-r1.mp3",
    "#{time}, 1772600767089000-9f00061-r1.mp3",
    "#{type}, audio-9f00061-r1.mp3",
    "#{rand}, 2309737967-9f00061-r1.mp3",
    "#{md5}, cc15ebfb83fe072ebee3ab508c0aeed2.mp3",
    "#{plugin}, rayo-9f00061-r1.mp3",
    "#{plugin}/#{type}/rec-#{id}_#{time}_#{rand}_#{md5}.{format},"
        + " rayo/audio/rec-9f00061-r1_1772600767089000_2309737967"
        + "_cc15ebfb83fe072ebee3ab508c0aeed2.mp3",
  })
  void name_ofEveryJanusAlias_isUnderstood(String template, String name) {
    assertThat(name(template)).isEqualTo(name);
  }

  private static RecordingFacts recorded(String callId, String componentId, boolean first) {
    return new RecordingFacts(
        "x-" + componentId,
        callId,
        componentId,
        first,
        "juliet@example.org",
        "a",
        "b",
        "mp3",
        WHEN,
        RANDOM,
        Optional.empty(),
        Map.of());
  }

  @ParameterizedTest
  @CsvSource({
    "9f00061, r1, true, call_recording_9f00061.mp3",
    "9f00061, r2, false, call_recording_9f00061_r2.mp3",
    // Could be the second recording of the call 9f00061.
    "9f00061_r2, r3, true, call_recording_9f00061_r2_x-r3.mp3",
    "a/b, r4, true, call_recording_a_b_x-r4.mp3",
    "a:b, r5, true, call_recording_a_b_x-r5.mp3",
    "'', r6, true, call_recording__x-r6.mp3",
  })
  void name_again_differsForAllButTheFirstRecordingOfACall(
      String callId, String componentId, boolean first, String name) {
    String kazoos = "call_recording_{call-id}{again}.{format}";
    assertThat(NameTemplate.parse(kazoos).name(recorded(callId, componentId, first)))
        .isEqualTo(name);
  }

  @Test
  void name_againWithCallIdsThatDifferOnlyWhereTheyAreCut_isUnique() {
    NameTemplate template = NameTemplate.parse("{call-id}{again}");
    String id = "c".repeat(100);
    assertThat(template.name(recorded(id, "r1", true))).isEqualTo(id + ".mp3");
    assertThat(template.name(recorded(id + "d", "r2", true))).isEqualTo(id + "_x-r2.mp3");
    assertThat(template.name(recorded(id + "e", "r3", true))).isEqualTo(id + "_x-r3.mp3");
  }

  @Test
  void default_isByDayAndId() {
    assertThat(NameTemplate.DEFAULT.name(facts("9f00061-r1", Map.of())))
        .isEqualTo("2026/03/04/9f00061-r1.mp3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "`` | empty",
        "/{recording-id} | must not begin or end with /",
        "{recording-id}/ | must not begin or end with /",
        "a//{recording-id} | hold //",
        "../{recording-id} | '..' begins a part",
        "a/./{recording-id} | '.' begins a part",
        ".hidden/{recording-id} | '.hidden' begins a part",
        "-rf/{recording-id} | '-rf' begins a part",
        "a b/{recording-id} | 'a b' cannot stand in a name",
        "a\\b/{recording-id} | cannot stand in a name",
        "ü/{recording-id} | 'ü' cannot stand in a name",
        "a:b | 'a:b' cannot stand in a name",
        "{recording-id | '{recording-id' cannot stand in a name",
        "recording-id} | cannot stand in a name",
        "#recording-id | '#recording-id' cannot stand in a name",
        "{recording} | there is no word {recording}; there are {recording-id} {call-id}",
        "{} | there is no word {}",
        "#{uuid} | there is no word #{uuid}",
        "{meta.} | there is no word {meta.}",
        "{meta.a/b} | there is no word {meta.a/b}",
        "{date:} | '' is no form of a date; allowed are yyyy",
        "{date:yyyy-MMM} | 'yyyy-MMM' is no form of a date",
        "{date:'x'} | is no form of a date",
        "{date:/yyyy} | has nothing before, after or between slashes",
        "{date:yyyy//MM} | has nothing before, after or between slashes",
        "{recording-id}{recording-id}{recording-id} | can get 317 bytes long; at most 255",
      })
  void parse_whatCannotBe_isRefusedWithWhatIsAllowed(String template, String complaint) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NameTemplate.parse(template))
        .withMessageContaining(complaint);
  }

  @Test
  void parse_tooLong_isRefused() {
    String segments = "{recording-id}/".repeat(11) + "a";
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NameTemplate.parse(segments))
        .withMessageContaining("at most 1024");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> NameTemplate.parse("a".repeat(1025)))
        .withMessageContaining("1025 characters");
  }

  @Test
  void name_longFacts_areCutAndIdAndExtensionStay() {
    Map<String, String> meta = new HashMap<>();
    for (int i = 0; i < 20; i++) {
      meta.put("m" + i, "x".repeat(5000));
    }
    StringBuilder template = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      template.append("{meta.m").append(i).append('}').append(i % 5 == 4 ? "/" : "");
    }
    String name =
        NameTemplate.parse(template + "{meta.m1}{meta.m2}{recording-id}{meta.m3}.{format}")
            .name(facts("i".repeat(100), meta));
    assertThat(name).contains("i".repeat(100)).endsWith(".mp3").hasSizeLessThanOrEqualTo(1024);
    assertThat(name.split("/", -1)).hasSize(5).allMatch(segment -> segment.length() <= 255);
  }

  private static final List<String> TEMPLATES =
      List.of(
          "{date:yyyy/MM/dd}/{recording-id}.{format}",
          "{meta.a}",
          "{meta.a}/{meta.b}/{meta.c}",
          "{from}/{to}/{client}/{mixer}",
          "{call-id}.{meta.a}.{format}",
          "x{meta.a}/{recording-id}{meta.b}",
          "{meta.a}{meta.b}{meta.c}{from}{to}{client}{mixer}{call-id}.{format}",
          "#{id}-#{time}-#{type}/{meta.a}",
          "{meta.a}/#{md5}",
          "{random}.{meta.b}",
          "call_recording_{call-id}{again}.{format}",
          "{format}_{call-id}{again}",
          "{recording-id}{format}{meta.a}");

  private static final List<String> HOSTILE =
      List.of(
          "",
          ".",
          "..",
          "../../etc/passwd",
          "/etc/passwd",
          "..\\..\\windows",
          "C:\\",
          "a/b/c",
          "\0",
          "\n\r\t",
          "-rf",
          "~",
          "~root",
          "$(id)",
          "`id`",
          "%2e%2e%2f",
          "{recording-id}",
          "#{id}",
          "\u202e3pm.exe",
          "\ud800",
          "\udfff\ud800",
          "😀😀😀",
          "ＡＢ",
          "\u2025/\u2024\u2024",
          "CON",
          "x.json",
          ".JSON",
          "x",
          ".parts",
          "manifest.json",
          "a".repeat(300),
          "😀".repeat(300),
          ".".repeat(300),
          "/".repeat(300),
          "sip:../../x;y=z",
          "SIP:?",
          "tel:;",
          "sip:");

  private final Random random = new Random(4);

  private String hostile() {
    String text = HOSTILE.get(random.nextInt(HOSTILE.size()));
    return switch (random.nextInt(4)) {
      case 0 -> text + HOSTILE.get(random.nextInt(HOSTILE.size()));
      case 1 -> text + (char) random.nextInt(0x10000);
      case 2 ->
          random
              .ints(random.nextInt(400), 0, 0x110000)
              .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
              .toString();
      default -> text;
    };
  }

  private final Set<String> calls = new HashSet<>();

  private RecordingFacts hostileFacts(int number) {
    String callId = hostile();
    return new RecordingFacts(
        "c" + number + "-r" + number,
        callId,
        "r" + number,
        calls.add(callId),
        hostile(),
        hostile(),
        hostile(),
        "wav",
        WHEN,
        new UUID(random.nextLong(), random.nextLong()),
        random.nextBoolean() ? Optional.of(hostile()) : Optional.empty(),
        Map.of("a", hostile(), "b", hostile(), "c", hostile()));
  }

  /** Names that every store may follow, all different, and nowhere but in the store. */
  @Test
  void name_hostileFacts_isSafeAndUnique() {
    Path root = Path.of("/srv/recordings");
    Set<String> names = new HashSet<>();
    int made = 0;
    for (int i = 0; i < 400; i++) {
      RecordingFacts facts = hostileFacts(i);
      for (String template : TEMPLATES) {
        String name = NameTemplate.parse(template).name(facts);
        made++;
        assertThat(names.add(template + " " + name)).as("%s twice", name).isTrue();
        assertThat(names.add(template + " " + name + RecordingFile.SIDECAR_END))
            .as("the sidecar of %s twice", name)
            .isTrue();
        assertThat(NameTemplate.parse(template).name(facts)).isEqualTo(name);
        assertThat(name).matches("[A-Za-z0-9._@+=~/-]+");
        assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(1024);
        long slashes = template.chars().filter(c -> c == '/').count();
        assertThat(name.split("/", -1))
            .hasSize((int) slashes + 1)
            .allSatisfy(
                segment ->
                    assertThat(segment)
                        .hasSizeBetween(1, 255)
                        .doesNotStartWith(".")
                        .doesNotEndWith("."));
        RecordingFile file =
            new RecordingFile(facts.recordingId(), root, name, "audio/wav", Map.of());
        assertThat(root.resolve(file.key()).normalize()).hasToString(root + "/" + name);
      }
    }
    System.out.println("figure: names of hostile facts, all safe and different: " + made);
  }

  /** Any text is a template or is refused with a sentence. */
  @Test
  void parse_anyText_isATemplateOrRefused() {
    List<String> words =
        List.of("{recording-id}", "{date:yyyy/MM}", "{meta.a}", "/", ".", "..", "{", "}", "#", "a");
    int templates = 0;
    for (int i = 0; i < 5_000; i++) {
      StringBuilder text = new StringBuilder();
      for (int n = random.nextInt(8); n >= 0; n--) {
        text.append(random.nextInt(6) == 0 ? hostile() : words.get(random.nextInt(words.size())));
      }
      try {
        String name = NameTemplate.parse(text.toString()).name(hostileFacts(i));
        assertThat(new RecordingFile("r", Path.of("/x"), name, "a/b", Map.of()).key())
            .isEqualTo(name);
        templates++;
      } catch (IllegalArgumentException e) {
        assertThat(e).hasMessageMatching("(?s).{20,}");
      }
    }
    assertThat(templates).isBetween(200, 4_800);
  }
}

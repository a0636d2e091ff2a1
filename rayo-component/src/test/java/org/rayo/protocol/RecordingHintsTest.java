package org.rayo.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.RecordingRequest;
import org.rayo.media.RecordingRequest.Encoding;
import org.rayo.media.RecordingRequest.Handling;
import org.rayo.media.RecordingRequest.PauseMode;
import org.rayo.media.SampleCoding;
import org.rayo.protocol.CallCommand.Hint;
import org.rayo.protocol.CallCommand.RecordCommand;
import org.xmpp.packet.PacketError;

/** Every hint: what it asks for, and what is refused. */
class RecordingHintsTest {

  private static String text(String name, String value) {
    return refusal(List.of(new Hint(name, value)));
  }

  private static String refusal(List<Hint> hints) {
    CommandRefusedException refused =
        catchThrowableOfType(CommandRefusedException.class, () -> RecordingHints.of(hints));
    assertThat(refused).as("refusal of %s", hints).isNotNull();
    assertThat(refused.error().condition()).isEqualTo(PacketError.Condition.bad_request);
    assertThat(refused.error().type()).isEqualTo(PacketError.Type.modify);
    return refused.error().text();
  }

  @Test
  void of_none_leavesEverythingToDefaults() throws Exception {
    assertThat(RecordingHints.of(List.of()))
        .isEqualTo(
            new RecordingHints(
                List.of(),
                Encoding.DEFAULT,
                Handling.DEFAULT,
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Map.of()));
  }

  @Test
  void of_all_isUnderstoodAndReachesTheRequest() throws Exception {
    RecordCommand command =
        (RecordCommand)
            RayoReader.read(
                Xml.parse(
                    """
                    <record xmlns='urn:xmpp:rayo:record:1'>
                      <hint name='quality' value='2'/>
                      <hint name='bitrate' value='48'/>
                      <hint name='double-pass' value='false'/>
                      <hint name='sample-rate' value='16000'/>
                      <hint name='encoding' value='alaw'/>
                      <hint name='pause-mode' value='silence'/>
                      <hint name='stop-keys' value='#*9D'/>
                      <hint name='trim' value='true'/>
                      <hint name='min-duration' value='500'/>
                      <hint name='name' value='by-caller'/>
                      <hint name='beep-interval' value='15000'/>
                      <hint name='meta.case' value='A 7, Müller'/>
                      <hint name='meta.Agent_2.x' value=''/>
                      <hint name='colour' value='red'/>
                    </record>"""),
                Dialect.XEP_0327);

    RecordingHints hints = command.hints();
    RecordingRequest request = Dialect.XEP_0327.request(command);

    assertThat(request.encoding())
        .isEqualTo(
            new Encoding(
                OptionalInt.of(2),
                OptionalInt.of(48),
                Optional.of(SampleCoding.ALAW),
                OptionalInt.of(16000)))
        .isEqualTo(hints.encoding());
    assertThat(request.handling())
        .isEqualTo(
            new Handling(
                PauseMode.SILENCE,
                Set.of('#', '*', '9', 'D'),
                true,
                Optional.of(Duration.ofSeconds(15))))
        .isEqualTo(hints.handling());
    assertThat(hints.minDuration()).contains(Duration.ofMillis(500));
    assertThat(hints.name()).contains("by-caller");
    assertThat(hints.meta())
        .containsExactlyEntriesOf(
            new TreeMap<>(Map.of("Agent_2.x", "", "case", "A 7, Müller")).descendingMap());
    assertThat(RayoReader.read(RayoWriter.write(command), Dialect.XEP_0327)).isEqualTo(command);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "quality | 0",
        "quality | 9",
        "bitrate | 6",
        "bitrate | 320",
        "sample-rate | 8000",
        "sample-rate | 48000",
        "sample-rate | 44100",
        "encoding | pcm",
        "encoding | ulaw",
        "double-pass | true",
        "pause-mode | skip",
        "stop-keys | 0",
        "stop-keys | 0123456789*#ABCD",
        "trim | false",
        "min-duration | 1",
        "min-duration | 2073600000",
        "beep-interval | 1000",
        "beep-interval | 86400000",
        "channels | participants",
        "name | a-B_9",
        "meta.a | \uD83D\uDE00",
        "meta.x-y.Z_1 | \u0645\u200C\u0646",
      })
  void of_valuesAtTheEdge_areAllowed(String name, String value) throws Exception {
    RecordingHints.of(List.of(new Hint(name, value)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "quality | 10 | 0 to 9 are allowed",
        "bitrate | 321 | 6 to 320 kbit/s are allowed",
        "sample-rate | 7999 | 8000 to 48000 Hz are allowed",
        "sample-rate | 48001 | 8000 to 48000 Hz are allowed",
        "sample-rate | 8 kHz | 8000 to 48000 Hz are allowed",
        "encoding | mp3 | pcm, ulaw and alaw are allowed",
        "double-pass | 1 | true and false are allowed",
        "pause-mode | stop | skip and silence are allowed",
        "pause-mode | SKIP | skip and silence are allowed",
        "stop-keys | `` | at least one of the keys 0 to 9, *, # and A to D",
        "stop-keys | 11 | none twice",
        "stop-keys | 1,2 | none twice",
        "stop-keys | a | A to D",
        "stop-keys | E | A to D",
        "stop-keys | 1 2 | A to D",
        "stop-keys | any | A to D",
        "stop-keys | \u0661 | A to D",
        "trim | yes | true and false are allowed",
        "min-duration | 0 | 1 to 2073600000 ms are allowed",
        "min-duration | -5 | 1 to 2073600000 ms are allowed",
        "min-duration | 1.5 | 1 to 2073600000 ms are allowed",
        "min-duration | 2073600001 | 1 to 2073600000 ms are allowed",
        "min-duration | 99999999999999999999 | 1 to 2073600000 ms are allowed",
        "beep-interval | 999 | 1000 to 86400000 ms are allowed",
        "channels | mono | participants is allowed",
        "channels | 8 | participants is allowed",
        "channels | Participants | participants is allowed",
        "participant-channels | 1 | 2 to 32 are allowed",
        "participant-channels | 33 | 2 to 32 are allowed",
        "participant-channels | all | 2 to 32 are allowed",
        "participant-channels | 8 | it is allowed with the hint channels='participants' only",
        "beep-interval | 86400001 | 1000 to 86400000 ms are allowed",
        "name | `` | at most 64 letters, digits, - and _",
        "name | ../x | at most 64 letters, digits, - and _",
        "meta.a | `a\nb` | printable",
        "meta.a | `a\tb` | printable",
        "meta.a | \u202E | printable",
        "meta.a | \u2028 | printable",
        "meta.a | \uE000 | printable",
        "meta.a | \uFEFF | printable",
      })
  void of_badValue_isRefusedWithNameValueAndRule(String name, String value, String allowed) {
    assertThat(text(name, value))
        .startsWith("hint " + name + " is '" + value + "'; ")
        .contains(allowed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"meta.", "meta.a b", "meta.a/b", "meta.ü", "meta.a:b"})
  void of_badNameOfMetadata_isRefused(String name) {
    assertThat(text(name, "x")).contains("'" + name + "'", "1 to 64 letters");
  }

  @Test
  void of_anyKnownHintTwice_isRefusedWithBothValues() {
    Map<String, List<String>> known =
        Map.ofEntries(
            Map.entry("quality", List.of("1", "2")),
            Map.entry("bitrate", List.of("8", "16")),
            Map.entry("double-pass", List.of("true", "true")),
            Map.entry("sample-rate", List.of("8000", "16000")),
            Map.entry("encoding", List.of("pcm", "ulaw")),
            Map.entry("pause-mode", List.of("skip", "silence")),
            Map.entry("stop-keys", List.of("1", "2")),
            Map.entry("trim", List.of("true", "false")),
            Map.entry("min-duration", List.of("1", "2")),
            Map.entry("name", List.of("a", "b")),
            Map.entry("channels", List.of("participants", "participants")),
            Map.entry("participant-channels", List.of("2", "3")),
            Map.entry("beep-interval", List.of("1000", "2000")));
    known.forEach(
        (name, values) ->
            assertThat(
                    refusal(List.of(new Hint(name, values.get(0)), new Hint(name, values.get(1)))))
                .isEqualTo(
                    "hint "
                        + name
                        + " is given twice: '"
                        + values.get(0)
                        + "' and '"
                        + values.get(1)
                        + "'; once is allowed"));
    assertThat(refusal(List.of(new Hint("meta.Case", "1"), new Hint("meta.case", "2"))))
        .contains("meta.case is given twice", "upper and lower case");
  }

  @Test
  void of_metadata_isLimitedInNumberAndLength() throws Exception {
    List<Hint> hints = new ArrayList<>();
    for (int i = 0; i < 32; i++) {
      hints.add(new Hint("meta.m" + i, "😀".repeat(512)));
    }
    assertThat(RecordingHints.of(hints).meta()).hasSize(32);
    hints.add(new Hint("meta.one-more", ""));
    assertThat(refusal(hints)).contains("more than 32");
    assertThat(text("meta.a", "x".repeat(513)))
        .contains("at most 512 characters")
        .hasSizeLessThan(300);
    assertThat(text("meta." + "n".repeat(65), "x")).contains("1 to 64").hasSizeLessThan(300);
  }

  @Test
  void of_unknownHints_areIgnoredHoweverOftenAndWhateverTheySay() throws Exception {
    assertThat(
            RecordingHints.of(
                List.of(
                    new Hint("Quality", "x"),
                    new Hint("stop-key", ""),
                    new Hint("metadata", "\u202E"),
                    new Hint("stop-key", "y"))))
        .usingRecursiveComparison()
        .ignoringFields("written")
        .isEqualTo(RecordingHints.of(List.of()));
  }

  @Test
  void nameAmong_unknown_isRefusedWithTheNamesThatAre() throws Exception {
    Map<String, Integer> configured = Map.of("default", 1, "kazoo", 2);
    assertThat(RecordingHints.of(List.of()).nameAmong(configured)).isEqualTo(1);
    RecordingHints kazoo = RecordingHints.of(List.of(new Hint("name", "kazoo")));
    assertThat(kazoo.nameAmong(configured)).isEqualTo(2);
    RecordingHints other = RecordingHints.of(List.of(new Hint("name", "other")));
    assertThat(
            catchThrowableOfType(CommandRefusedException.class, () -> other.nameAmong(configured))
                .error())
        .isEqualTo(
            StanzaError.badRequest(
                "hint name is 'other'; the names configured here are default, kazoo"));
  }

  @Test
  void minDuration_longerThanTheServerRecords_isRefused() throws Exception {
    RecordingHints hints = RecordingHints.of(List.of(new Hint("min-duration", "2000")));
    hints.requireMinDurationWithin(Duration.ofSeconds(2));
    RecordingHints.of(List.of()).requireMinDurationWithin(Duration.ofMillis(1));
    StanzaError error =
        catchThrowableOfType(
                CommandRefusedException.class,
                () -> hints.requireMinDurationWithin(Duration.ofMillis(1999)))
            .error();
    assertThat(error.condition()).isEqualTo(PacketError.Condition.bad_request);
    assertThat(error.text()).contains("min-duration is '2000'", "1999 ms that this server records");
  }

  @Test
  void minDuration_longerThanMaxDuration_isRefused() throws Exception {
    String record =
        "<record xmlns='urn:xmpp:rayo:record:1' max-duration='%s'>"
            + "<hint name='min-duration' value='2000'/></record>";
    RayoReader.read(Xml.parse(record.formatted("2000")), Dialect.WIKI);
    RayoReader.read(Xml.parse(record.formatted("-1")), Dialect.WIKI);
    assertThat(
            catchThrowableOfType(
                    CommandRefusedException.class,
                    () -> RayoReader.read(Xml.parse(record.formatted("1999")), Dialect.WIKI))
                .error()
                .text())
        .contains("min-duration is '2000'", "max-duration", "1 to 1999 ms");
  }
}

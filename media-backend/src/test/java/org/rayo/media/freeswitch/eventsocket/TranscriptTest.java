package org.rayo.media.freeswitch.eventsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.testkit.freeswitch.Transcript;
import org.rayo.testkit.freeswitch.TranscriptSwitch;

/**
 * The dialogue with a real FreeSWITCH, which the environment's {@code RAYO_FREESWITCH_TRANSCRIPT}
 * names; where there is none, the test is skipped, but not in CI.
 */
@Timeout(120)
class TranscriptTest {

  private static final Path TRANSCRIPT =
      Path.of(
          Optional.ofNullable(System.getenv("RAYO_FREESWITCH_TRANSCRIPT"))
              .orElse(
                  System.getProperty("rayo.root", "..")
                      + "/../shared/freeswitch/esl-transcript.txt"));

  private static List<Transcript.Section> sections() {
    if (!Files.isRegularFile(TRANSCRIPT)) {
      String reason = "no dialogue is in " + TRANSCRIPT + " (RAYO_FREESWITCH_TRANSCRIPT)";
      System.out.println("skipped: " + reason);
      assertThat(System.getenv("CI")).as("CI, where %s", reason).isNotEqualTo("true");
      assumeTrue(false, reason);
    }
    return Transcript.read(TRANSCRIPT);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 7, 1000})
  void dialogue_whateverTheFragments_repliesAndEventsAsTheyWere(int fragmentBytes)
      throws Exception {
    List<Transcript.Section> sections = sections();
    assertThat(sections).hasSizeGreaterThan(10);
    ScheduledExecutorService timers = Executors.newSingleThreadScheduledExecutor();
    EventSocketLoop loop = EventSocketLoop.start("transcript");
    Heard heard = new Heard();
    try (TranscriptSwitch server = TranscriptSwitch.open();
        SwitchConnection connection =
            SwitchConnection.open(
                loop,
                new Address("127.0.0.1", server.address().getPort(), "ClueCon"),
                Connected.PATIENT,
                List.of("RECORD_START", "RECORD_STOP"),
                List.of(),
                heard,
                timers)) {
      heard.expectUp();
      server.faults().fragment(fragmentBytes);
      for (Transcript.Section section : sections) {
        server.play(section);
        for (Transcript.Exchange exchange : section.exchanges()) {
          Reply reply = Connected.get(connection.api(command(exchange.request())));
          String plain = exchange.reply().replaceFirst("^(\\+OK|-ERR|-USAGE:) ?", "");
          assertThat(reply.text().strip()).as(exchange.request()).endsWith(plain);
          assertThat(reply.ok()).isEqualTo(exchange.reply().startsWith("+OK"));
        }
        for (Map<String, String> event : section.events()) {
          SwitchEvent came = heard.expectEvent();
          assertThat(came.headers())
              .containsExactlyElementsOf(
                  event.entrySet().stream()
                      .map(each -> new SwitchEvent.Field(each.getKey(), each.getValue()))
                      .toList());
        }
      }
      assertThat(server.unexpected()).isEmpty();
      assertThat(heard.waiting()).isZero();
    } finally {
      loop.close();
      timers.shutdownNow();
    }
  }

  private static ApiCommand command(String request) {
    List<String> words = List.of(request.split(" ", -1));
    return ApiCommand.of(words.get(1), words.subList(2, words.size()).toArray(new String[0]));
  }
}

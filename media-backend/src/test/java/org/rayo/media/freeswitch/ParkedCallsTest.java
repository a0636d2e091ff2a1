package org.rayo.media.freeswitch;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent;
import org.rayo.media.RecordingTarget;
import org.rayo.testkit.freeswitch.ScriptedSwitch;
import org.rayo.testkit.freeswitch.SwitchOptions;
import org.rayo.testkit.phone.CallOptions;
import org.rayo.testkit.phone.PhoneCall;

/** Which of the calls that FreeSWITCH parks are taken, and when. */
@Timeout(60)
class ParkedCallsTest {

  @TempDir Path directory;
  private ScriptedSwitch server;
  private EventSocketProxy proxy;
  private SwitchSite site;

  @BeforeEach
  void start() throws Exception {
    server = ScriptedSwitch.start(SwitchOptions.defaults());
    proxy = new EventSocketProxy(server.eventSocket());
    site = new SwitchSite(SwitchSite.Limits.SHORT, directory, server, proxy);
  }

  @AfterEach
  void stop() {
    proxy.hold(command -> false);
    site.close();
    proxy.close();
  }

  /** Frames with such a word say something else instead. */
  private void alter(String word, UnaryOperator<String> body) {
    proxy.tell(
        frame -> {
          int end = frame.indexOf("\n\n") + 2;
          if (!frame.substring(end).contains(word)) {
            return List.of(frame);
          }
          String altered = body.apply(frame.substring(end));
          int bytes = altered.getBytes(StandardCharsets.ISO_8859_1).length;
          return List.of(
              frame
                      .substring(0, end)
                      .replaceAll("Content-Length: *\\d+", "Content-Length: " + bytes)
                  + altered);
        });
  }

  private PhoneCall rings(String extension) throws Exception {
    return site.phone.call(CallOptions.to(server.uri(extension)).build());
  }

  @ParameterizedTest
  @ValueSource(strings = {"all", "ALL", "a%20b", "x%0Aexit", "%27"})
  void idThatIsMoreThanOneChannel_isNotTakenAndInNoCommand(String id) throws Exception {
    alter("CHANNEL_PARK", body -> body.replaceAll("(?m)^Unique-ID: .*$", "Unique-ID: " + id));
    PhoneCall strange = rings("park");
    SwitchSite.await("it is there", () -> server.channels().size() == 1);
    assertThat(site.incoming(Duration.ofMillis(500))).isEmpty();
    strange.hangup();

    proxy.tell(List::of);
    SwitchSite.done(site.ringing(0).call().answer(List.of()));
    assertThat(proxy.commands())
        .noneMatch(sent -> sent.matches("(?is)(bg)?api uuid_\\w+ (all|a b|x|').*"));
  }

  @Test
  void answeredByTheDialplan_isUpFromTheBeginning() throws Exception {
    rings("parkans");
    MediaCall call = site.incoming();
    SwitchSite.Heard heard = new SwitchSite.Heard();
    call.listen(heard::add);

    heard.await(MediaEvent.DialogChanged.class);
    assertThat(call.dialogState()).isPresent();
    RecordingTarget target = new RecordingTarget("r1", directory.resolve("r1.wav"));
    SwitchSite.done(SwitchSite.done(call.record(SwitchSite.wav(), target)).stop());
    heard.await(MediaEvent.RecordingEnded.class);
  }

  @Test
  void serverDoesNotSayWhoItIs_isAskedAgainAndWhatItParkedMeanwhileIsTaken() throws Exception {
    AtomicInteger refused = new AtomicInteger();
    proxy.hold(command -> command.contains("global_getvar core_uuid"));
    proxy.drop();
    SwitchSite.await("it is gone", () -> site.backend.serversUp() == 0);
    SwitchSite.await(
        "it is asked again",
        () -> proxy.commands().stream().filter(sent -> sent.contains("core_uuid")).count() >= 2);
    String core = server.api("global_getvar core_uuid").strip();
    alter(
        core,
        body ->
            body.strip().endsWith(core) && refused.getAndIncrement() == 0
                ? body.replace(core, "")
                : body);
    PhoneCall call = rings("park");
    SwitchSite.await("it is there", () -> server.channels().size() == 1);
    assertThat(site.incoming(Duration.ofMillis(300))).isEmpty();

    proxy.hold(command -> false);

    MediaCall offered = site.incoming();
    assertThat(refused).hasPositiveValue();
    assertThat(site.backend.serversUp()).isEqualTo(1);
    SwitchSite.done(offered.answer(List.of()));
    call.hangup();
  }
}

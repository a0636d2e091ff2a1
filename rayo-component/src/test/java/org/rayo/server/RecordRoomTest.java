package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.server.Site.Answered;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;

/** What the server has no room for is refused before it begins, and told which room that is. */
class RecordRoomTest {

  private static final String WAV = "format='wav' start-beep='false'";
  private static final String NO_ROOM = "resource-constraint/wait";

  private static void expectRefused(Received answer, String inText) {
    assertThat(answer.error()).as(answer.xml()).isEqualTo(NO_ROOM);
    assertThat(answer.errorText()).contains(inText);
    assertThat(answer.child("record")).isPresent();
    System.out.println("figure: refused: " + answer.errorText());
  }

  @Test
  void recordings_beyondTheLimits_areRefusedUntilThereIsRoom(@TempDir Path directory)
      throws Exception {
    try (Site site =
        Site.bilingual(
            directory,
            "rayo.record.max-recordings = 3",
            "rayo.record.max-recordings-per-client = 2",
            "rayo.record.max-duration = 1s")) {
      RayoClient romeo = site.availableClient("romeo", "balcony");
      RayoClient juliet = site.availableClient("juliet", "orchard");
      Answered one = site.talkingCall(romeo, "one", AudioSource.tone(440, -12, 60_000));
      Answered two = site.talkingCall(juliet, "two", AudioSource.tone(440, -12, 60_000));
      String paused = WAV + " start-paused='true'";
      List<String> ofRomeo =
          List.of(
              Site.start(romeo, one.address(), paused).ref(),
              Site.start(romeo, one.address(), paused).ref());
      expectRefused(
          romeo.command(one.address(), Site.recordCommand(paused)), "2 recordings of this client");
      String ofJuliet = Site.start(juliet, two.address(), paused).ref();
      expectRefused(juliet.command(two.address(), Site.recordCommand(paused)), "3 recordings");
      Site.stop(romeo, ofRomeo.get(0));
      String next = Site.start(juliet, two.address(), WAV).ref();
      Received longest = juliet.awaitEvent(next, "complete");
      assertThat(longest.reason()).isEqualTo("max-duration");
      assertThat(longest.recording().orElseThrow().durationMillis()).isEqualTo(1000);
      Site.stop(juliet, ofJuliet);
      one.call().hangup();
      assertThat(romeo.awaitEvent(ofRomeo.get(1), "complete").reason()).isEqualTo("hangup");
      two.call().hangup();
      juliet.awaitEvent(two.address(), "end");
      assertThat(site.server().figures().recorder().active()).isZero();
    }
  }

  @Test
  void recordings_withTooLittleSpool_areRefused(@TempDir Path directory) throws Exception {
    try (Site site = Site.bilingual(directory, "rayo.spool.watermark = 1024 TiB")) {
      RayoClient client = site.availableClient("juliet", "orchard");
      Answered answered = site.talkingCall(client, "full", AudioSource.silence(10));
      expectRefused(client.command(answered.address(), Site.recordCommand(WAV)), "spool");
      answered.call().hangup();
      client.awaitEvent(answered.address(), "end");
      assertThat(Site.of(client, answered.address())).noneMatch(s -> s.isEvent("complete"));
    }
  }
}

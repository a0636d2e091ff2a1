package org.rayo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.phone.HangupCause;
import org.rayo.testkit.phone.Transport;

/** After kill -9 the next run hangs up the callers, and ends the calls for their clients. */
final class CrashedCallsTest {

  @TempDir Path directory;
  private CrashSite site;

  @BeforeEach
  void open() throws Exception {
    site = new CrashSite(directory);
  }

  @AfterEach
  void close() {
    site.close();
  }

  private static void kill(RayoProcess rayo) throws Exception {
    rayo.signal("KILL");
    rayo.exit();
  }

  private Received endOf(CrashSite.Up up) {
    Received end = site.client.awaitEvent(up.address(), "end");
    assertThat(end.reason()).isEqualTo("error");
    return end;
  }

  @Test
  void killed_callsUp_callersGetByeAndClientsTheEnd() throws Exception {
    List<CrashSite.Up> plain = new ArrayList<>();
    List<CrashSite.Up> recorded = new ArrayList<>();
    List<String> components = new ArrayList<>();
    try (RayoProcess rayo = site.serve()) {
      site.register(rayo);
      for (Transport transport : Transport.values()) {
        plain.add(site.answered(rayo, "plain-" + transport, transport));
        recorded.add(site.answered(rayo, "recorded-" + transport, transport));
        components.add(site.record(recorded.get(recorded.size() - 1)));
      }
      TimeUnit.SECONDS.sleep(1); // so that there is something in the files
      kill(rayo);
    }
    try (RayoProcess rayo = site.serve()) {
      for (CrashSite.Up up : plain) {
        assertThat(CrashSite.await(up.call().ended())).isEqualTo(HangupCause.REMOTE_BYE);
        endOf(up);
      }
      for (int i = 0; i < recorded.size(); i++) {
        CrashSite.Up up = recorded.get(i);
        assertThat(CrashSite.await(up.call().ended())).isEqualTo(HangupCause.REMOTE_BYE);
        Received complete = site.client.awaitEvent(components.get(i), "complete");
        assertThat(complete.reason()).isEqualTo("error");
        Received.RecordingFacts facts = complete.recording().orElseThrow();
        assertThat(CrashSite.millis(Path.of(URI.create(facts.uri()))))
            .isEqualTo(facts.durationMillis());
        assertThat(endOf(up).number()).isGreaterThan(complete.number());
      }
      site.awaitEmptySpool();
      for (CrashSite.Up up : plain) {
        assertThat(site.events(up.address(), "end")).hasSize(1);
      }
      assertThat(rayo.stderr()).doesNotContain("ERROR");
    }
  }

  @Test
  void killed_mixerIsRecorded_recordingIsToldAndThenThatTheMixerIsGone() throws Exception {
    CrashSite.Up up;
    String mixer;
    String minutes;
    try (RayoProcess rayo = site.serve()) {
      site.register(rayo);
      up = site.answered(rayo, "alone", Transport.UDP);
      mixer =
          site.command(up.address(), "<join xmlns='urn:xmpp:rayo:1' mixer-name='room.1'/>").ref();
      minutes =
          site.command(
                  mixer,
                  "<record xmlns='urn:xmpp:rayo:record:1' format='wav' start-beep='false'>"
                      + "<hint name='channels' value='participants'/></record>")
              .ref();
      TimeUnit.SECONDS.sleep(1);
      kill(rayo);
    }
    try (RayoProcess rayo = site.serve()) {
      Received complete = site.client.awaitEvent(minutes, "complete");
      assertThat(complete.reason()).isEqualTo("error");
      Received.RecordingFacts facts = complete.recording().orElseThrow();
      assertThat(CrashSite.millis(Path.of(URI.create(facts.uri()))))
          .isEqualTo(facts.durationMillis())
          .isPositive();
      Received gone =
          site.client.await(
              "the mixer's end", s -> s.from().equals(mixer) && s.type().equals("unavailable"));
      assertThat(gone.number()).isGreaterThan(complete.number());
      endOf(up);
      site.awaitEmptySpool();
      assertThat(rayo.stderr()).doesNotContain("ERROR");
    }
  }

  @Test
  void killed_callAcceptedAndNotAnswered_clientGetsTheEnd() throws Exception {
    CrashSite.Up offered;
    CrashSite.Up accepted;
    try (RayoProcess rayo = site.serve()) {
      site.register(rayo);
      offered = site.ring(rayo, "offered", Transport.UDP);
      accepted = site.ring(rayo, "accepted", Transport.UDP);
      site.command(accepted.address(), "<accept xmlns='urn:xmpp:rayo:1'/>");
      assertThat(CrashSite.await(accepted.call().ringing())).isEqualTo(180);
      kill(rayo);
    }
    try (RayoProcess rayo = site.serve()) {
      endOf(offered);
      endOf(accepted);
      site.awaitEmptySpool();
      assertThat(rayo.stderr()).doesNotContain("ERROR");
    }
  }

  @Test
  void killed_callAlreadyOver_nobodyIsToldTwice() throws Exception {
    CrashSite.Up over;
    try (RayoProcess rayo = site.serve()) {
      site.register(rayo);
      over = site.answered(rayo, "over", Transport.UDP);
      over.call().hangup();
      assertThat(site.client.awaitEvent(over.address(), "end").reason()).isEqualTo("hungup");
      site.awaitEmptySpool();
      kill(rayo);
    }
    try (RayoProcess rayo = site.serve()) {
      // What is told after it would have been told before it.
      site.register(rayo);
      CrashSite.Up next = site.answered(rayo, "next", Transport.UDP);
      next.call().hangup();
      site.client.awaitEvent(next.address(), "end");
      assertThat(site.events(over.address(), "end")).hasSize(1);
    }
  }

  @Test
  void killedTwice_endStillOutstanding_isTheSameStanza() throws Exception {
    CrashSite.Up up;
    try (RayoProcess rayo = site.serve()) {
      site.register(rayo);
      up = site.answered(rayo, "twice", Transport.UDP);
      kill(rayo);
    }
    Received first;
    try (RayoProcess rayo = site.serve()) {
      first = endOf(up);
      kill(rayo);
    }
    try (RayoProcess rayo = site.serve()) {
      site.awaitEmptySpool();
      List<Received> ends = site.events(up.address(), "end");
      assertThat(ends).allSatisfy(end -> assertThat(end.xml()).isEqualTo(first.xml()));
      assertThat(rayo.stderr()).doesNotContain("ERROR");
    }
  }
}

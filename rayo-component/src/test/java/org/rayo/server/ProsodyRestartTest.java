package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.server.Site.await;
import static org.rayo.server.Site.expectResult;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jivesoftware.smack.packet.IQ;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.Decoded;
import org.rayo.testkit.audio.ToneMeter;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.client.Received.RecordingFacts;
import org.rayo.testkit.peers.Prosody;
import org.rayo.testkit.peers.RequiresPeer;
import org.rayo.testkit.peers.XmppServerOptions;
import org.rayo.testkit.phone.HangupCause;
import org.rayo.testkit.phone.PhoneCall;

/**
 * The XMPP server goes away and comes back while recordings run: they go on, and what is to be said
 * of them is said.
 */
@RequiresPeer("prosody")
class ProsodyRestartTest {

  private static final int TORN = 12;

  /** How Prosody goes. */
  enum Leaving {
    STOPPED,
    KILLED
  }

  /** A client with a call that is being recorded. */
  private record Party(
      RayoClient client, Site.Answered answered, String component, double hertz, long begunNanos) {}

  @ParameterizedTest
  @EnumSource
  void recordings_whileProsodyIsRestarted_goOnAndComplete(Leaving leaving, @TempDir Path directory)
      throws Exception {
    Prosody prosody =
        Prosody.start(directory.resolve("prosody"), XmppServerOptions.withAccounts(Site.ACCOUNTS));
    try (Site site = Site.on(prosody, directory)) {
      Party stopsLater = party(site, "stopper", 700);
      Party hungUpMeanwhile = party(site, "heir", 900);
      Party comesBackSilently = party(site, "mute", 1100);
      List<Party> torn = new ArrayList<>();
      for (int i = 0; i < TORN; i++) {
        torn.add(party(site, "torn" + i, 500));
      }
      Thread.sleep(500);

      // Some of their events are on the way when the server goes.
      List<Callable<HangupCause>> hangups = new ArrayList<>();
      for (int i = 0; i < TORN; i++) {
        PhoneCall call = torn.get(i).answered().call();
        int delay = 6 * i;
        hangups.add(
            () -> {
              Thread.sleep(delay);
              call.hangup();
              return await(call.ended());
            });
      }
      hangups.add(
          () -> {
            Thread.sleep(5 * TORN);
            leave(prosody, leaving);
            return HangupCause.TIMED_OUT;
          });
      AtOnce.all(hangups);
      Thread.sleep(300);
      hungUpMeanwhile.answered().call().hangup();
      comesBackSilently.answered().call().hangup();
      await(hungUpMeanwhile.answered().call().ended());
      await(comesBackSilently.answered().call().ended());
      Thread.sleep(500);
      prosody.start();
      final long back = System.nanoTime();

      comesBackSilently.client().reconnect();
      List<Party> withPresence = new ArrayList<>(torn);
      withPresence.addAll(List.of(stopsLater, hungUpMeanwhile));
      for (Party party : withPresence) {
        party.client().reconnect();
        party.client().available();
      }
      hangupIsTold(hungUpMeanwhile);
      figure(leaving, "complete of a client that sent presence", back);
      hangupIsTold(comesBackSilently);
      figure(leaving, "complete of a client that only answers pings", back);
      for (Party party : torn) {
        hangupIsTold(party);
      }
      figure(leaving, "complete of " + TORN + " calls that ended as it went", back);
      // Its recording has run all the time.
      awaitServer(site, stopsLater.client());
      Received stopped =
          expectResult(stopsLater.client().command(stopsLater.component(), Site.STOP));
      final long stoppedNanos = System.nanoTime();
      Received complete = stopsLater.client().awaitEvent(stopsLater.component(), "complete");
      assertThat(stopped.number()).isLessThan(complete.number());
      assertThat(complete.reason()).isEqualTo("stop");
      RecordingFacts recording = complete.recording().orElseThrow();
      assertThat((double) recording.durationMillis())
          .isBetween(
              (stoppedNanos - stopsLater.begunNanos()) / 1e6 - 700,
              (stoppedNanos - stopsLater.begunNanos()) / 1e6 + 200);
      wholeTone(recording, stopsLater.hertz());
      stopsLater.answered().call().hangup();
      stopsLater.client().awaitEvent(stopsLater.answered().address(), "end");

      normalCall(site, stopsLater.client());
      withPresence.forEach(ProsodyRestartTest::toldOnce);
      toldOnce(comesBackSilently);
      System.out.println(
          "figure: Prosody "
              + leaving
              + ", events sent again: "
              + site.server().figures().eventsResent());
    }
  }

  private static void leave(Prosody prosody, Leaving leaving) {
    if (leaving == Leaving.KILLED) {
      prosody.kill();
    } else {
      prosody.stop();
    }
  }

  private static Party party(Site site, String resource, double hertz) throws Exception {
    RayoClient client = site.availableClient("romeo", resource);
    Site.Answered answered =
        site.answeredCall(
            client, resource, options -> options.audio(AudioSource.tone(hertz, -10, 120_000)));
    String component = Site.record(client, answered.address(), "wav");
    return new Party(client, answered, component, hertz, System.nanoTime());
  }

  private static void hangupIsTold(Party party) {
    Received complete = party.client().awaitEvent(party.component(), "complete");
    Received end = party.client().awaitEvent(party.answered().address(), "end");
    assertThat(complete.reason()).isEqualTo("hangup");
    assertThat(complete.number()).isLessThan(end.number());
    wholeTone(complete.recording().orElseThrow(), party.hertz());
  }

  /**
   * Each event came, in one sending or several that are the same; only the order of attributes is
   * Prosody's, and another after each start.
   */
  private static void toldOnce(Party party) {
    List<Received> told = Site.of(party.client(), party.answered().address());
    for (String event : List.of("complete", "end")) {
      List<Received> all = told.stream().filter(s -> s.isEvent(event)).toList();
      assertThat(all.stream().map(Received::id).distinct()).as("%s", all).hasSize(1);
      assertThat(all).allMatch(again -> again.stanza().isEqualNode(all.get(0).stanza()));
    }
  }

  /** The tone is there from start to end, without a gap of more than 40 ms. */
  private static void wholeTone(RecordingFacts recording, double hertz) {
    Decoded audio = Site.decode(recording);
    assertThat(audio.durationMillis()).isEqualTo(recording.durationMillis());
    assertThat(audio.durationMillis()).isGreaterThan(400);
    List<Integer> gaps = new ArrayList<>();
    int gap = 0;
    List<Optional<ToneMeter.Tone>> windows =
        ToneMeter.windows(audio.channel(0), audio.sampleRateHz(), 20);
    // The first packets are on their way when the recording begins.
    for (Optional<ToneMeter.Tone> window : windows.subList(10, windows.size())) {
      boolean there =
          window
              .filter(tone -> Math.abs(tone.frequencyHz() - hertz) < 10)
              .filter(tone -> tone.levelDbfs() > -16)
              .isPresent();
      gap = there ? 0 : gap + 1;
      if (gap > 2) {
        gaps.add(gap);
      }
    }
    assertThat(gaps).as("gaps in %s", recording).isEmpty();
  }

  /** Until the component is back its XMPP server answers in its place. */
  private static void awaitServer(Site site, RayoClient client) throws Exception {
    for (int attempt = 0; attempt < 100; attempt++) {
      Received answer =
          client.await(
              client.sendIq(IQ.Type.get, site.component(), "<ping xmlns='urn:xmpp:ping'/>"));
      if (answer.type().equals("result")) {
        return;
      }
      Thread.sleep(100);
    }
    throw new AssertionError("the component has not come back");
  }

  private static void normalCall(Site site, RayoClient client) throws Exception {
    client.available();
    site.settle(client);
    Site.Answered answered = site.answeredCall(client, "afterwards", options -> {});
    String component = Site.record(client, answered.address(), "mp3");
    expectResult(client.command(component, Site.STOP));
    client.awaitEvent(component, "complete");
    answered.call().hangup();
    client.awaitEvent(answered.address(), "end");
  }

  private static void figure(Leaving leaving, String what, long sinceNanos) {
    System.out.printf(
        Locale.ROOT,
        "figure: Prosody %s and started again, %s after %.1f s%n",
        leaving,
        what,
        (System.nanoTime() - sinceNanos) / 1e9);
  }
}

package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.rayo.server.Site.ANSWER;
import static org.rayo.server.Site.await;
import static org.rayo.server.Site.expectResult;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.storage.RecordingFile;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.ToneMeter;
import org.rayo.testkit.audio.WavFile;
import org.rayo.testkit.client.RayoClient;
import org.rayo.testkit.client.Received;
import org.rayo.testkit.phone.CallFailed;
import org.rayo.testkit.phone.HangupCause;
import org.rayo.testkit.phone.PhoneCall;

/** Who is offered a call, and what becomes of it when clients go and come. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class AvailabilityContract {

  /** How long a call waits for its controlling client. */
  static final String GRACE = "rayo.control.controller-grace = 1500ms";

  private static final long GRACE_MILLIS = 1500;

  private Site site;
  private Path recordings;

  /** A site with {@link #GRACE} on the XMPP server that is to be tested. */
  abstract Site start(Path directory) throws Exception;

  @BeforeAll
  void startSite(@TempDir Path directory) throws Exception {
    site = start(directory);
    recordings = directory.resolve("recordings");
  }

  @AfterAll
  void closeSite() {
    if (site != null) {
      site.close();
    }
  }

  private static int refusal(PhoneCall call) throws Exception {
    try {
      await(call.answered());
      throw new AssertionError("the call was answered");
    } catch (ExecutionException e) {
      return ((CallFailed) e.getCause()).status();
    }
  }

  @Test
  void call_nobodyAvailable_isUnavailable() throws Exception {
    RayoClient busy = site.client("romeo", "desk");
    assertThat(refusal(site.ring())).isEqualTo(480);
    busy.doNotDisturb();
    site.settle(busy);
    assertThat(refusal(site.ring())).isEqualTo(480);
    busy.available();
    site.settle(busy);
    busy.unavailable();
    site.settle(busy);
    assertThat(refusal(site.ring())).isEqualTo(480);
    assertThat(busy.received().stream().filter(s -> s.isEvent("offer"))).isEmpty();
  }

  @Test
  void call_oneOfTwoDoesNotDisturb_isOfferedToTheOther() throws Exception {
    RayoClient free = site.availableClient("romeo", "free");
    RayoClient busy = site.availableClient("juliet", "busy");
    busy.doNotDisturb();
    site.settle(busy);
    PhoneCall call = site.ring("two", options -> {});
    String address = site.offer(free, "two").from();
    expectResult(free.command(address, ANSWER));
    call.hangup();
    free.awaitEvent(address, "end");
    site.settle(busy);
    assertThat(Site.of(busy, address)).isEmpty();
    free.unavailable();
    site.settle(free);
  }

  @Test
  void offer_theOnlyClientVanishes_isRefused() throws Exception {
    RayoClient only = site.availableClient("romeo", "vanishing");
    PhoneCall call = site.ring("vanish", options -> {});
    site.offer(only, "vanish");
    only.cut();
    assertThat(refusal(call)).isEqualTo(480);
  }

  @Test
  void offer_oneOfTwoVanishes_staysWithTheOther() throws Exception {
    RayoClient stays = site.availableClient("romeo", "stays");
    RayoClient goes = site.availableClient("juliet", "goes");
    PhoneCall call = site.ring("both", options -> {});
    String address = site.offer(stays, "both").from();
    site.offer(goes, "both");
    goes.cut();
    // Presence and commands of different clients may overtake each other: what is awaited here is
    // that nothing happens.
    Thread.sleep(300);
    expectResult(stays.command(address, ANSWER));
    await(call.answered());
    call.hangup();
    stays.awaitEvent(address, "end");
    stays.unavailable();
    site.settle(stays);
  }

  @Test
  void controller_vanishesForGood_callIsHungUpAndItsRecordingKept() throws Exception {
    RayoClient controller = site.availableClient("romeo", "gone");
    Site.Answered answered = site.answeredCall(controller, "lost", options -> {});
    String component = Site.record(controller, answered.address(), "wav");
    await(answered.call().send(AudioSource.tone(440, -10, 1000)));
    long cut = System.nanoTime();
    controller.cut();
    assertThat(await(answered.call().ended())).isEqualTo(HangupCause.REMOTE_BYE);
    long waited = (System.nanoTime() - cut) / 1_000_000;
    assertThat(waited).isBetween(GRACE_MILLIS - 50, GRACE_MILLIS + 3000);
    Path kept = storedRecording(answered.address());
    short[] audio = WavFile.read(kept).audio().channel(0);
    assertThat(ToneMeter.find(audio, 8000, 440, -16).orElseThrow().samples()).isBetween(7840, 8160);

    controller.reconnect();
    controller.available();
    Received complete = controller.awaitEvent(component, "complete");
    Received end = controller.awaitEvent(answered.address(), "end");
    assertThat(complete.reason()).isEqualTo("hangup");
    assertThat(Site.file(complete.recording().orElseThrow()).toRealPath())
        .isEqualTo(kept.toRealPath());
    assertThat(complete.number()).isLessThan(end.number());
    site.settle(controller);
    assertThat(
            Site.of(controller, answered.address()).stream()
                .filter(s -> s.isEvent("complete") || s.isEvent("end"))
                .map(Received::id)
                .distinct())
        .hasSize(2);
    controller.unavailable();
    site.settle(controller);
  }

  private Path storedRecording(String call) throws Exception {
    String id = call.substring(0, call.indexOf('@'));
    for (int i = 0; i < 200; i++) {
      try (Stream<Path> files =
          Files.exists(recordings) ? Files.walk(recordings) : Stream.empty()) {
        List<Path> found =
            files
                .filter(file -> file.getFileName().toString().startsWith(id))
                .filter(file -> !file.toString().endsWith(RecordingFile.SIDECAR_END))
                .toList();
        if (!found.isEmpty()) {
          return found.get(0);
        }
      }
      Thread.sleep(50);
    }
    throw new AssertionError("no recording of " + call + " in the store");
  }

  @Test
  void controller_backWithinTheGrace_keepsItsCall() throws Exception {
    RayoClient controller = site.availableClient("romeo", "back");
    Site.Answered answered = site.answeredCall(controller, "kept", options -> {});
    String component = Site.record(controller, answered.address(), "mp3");
    controller.cut();
    Thread.sleep(GRACE_MILLIS / 3);
    controller.reconnect();
    controller.available();
    Thread.sleep(GRACE_MILLIS + 500);
    assertThat(answered.call().ended().toCompletableFuture()).isNotDone();
    expectResult(controller.command(component, Site.STOP));
    assertThat(controller.awaitEvent(component, "complete").reason()).isEqualTo("stop");
    answered.call().hangup();
    controller.awaitEvent(answered.address(), "end");
    controller.unavailable();
    site.settle(controller);
  }
}

package org.rayo.media.freeswitch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.CapturedRecording;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaEvent.EndReason;
import org.rayo.media.RecordingTarget;
import org.rayo.testkit.freeswitch.ScriptedSwitch;
import org.rayo.testkit.freeswitch.SwitchOptions;

/** What becomes of calls and recordings when the event socket, or FreeSWITCH, goes away. */
@Timeout(60)
class LostServerTest {

  @TempDir Path directory;
  private ScriptedSwitch server;
  private SwitchSite site;

  @BeforeEach
  void start() throws Exception {
    server = ScriptedSwitch.start(SwitchOptions.defaults());
    site = new SwitchSite(SwitchSite.Limits.SHORT, directory, server);
  }

  @AfterEach
  void stop() {
    site.close();
  }

  private RecordingTarget target(String id) {
    return new RecordingTarget(id, directory.resolve(id + ".wav"));
  }

  private static CapturedRecording recording(SwitchSite.Up up) throws InterruptedException {
    return up.heard().await(MediaEvent.RecordingEnded.class).recording();
  }

  @Test
  void connectionDrops_callAndRecordingGoOn() throws Exception {
    SwitchSite.Up up = site.answered(0);
    var recording = SwitchSite.done(up.call().record(SwitchSite.wav(), target("r1")));

    server.dropConnections();
    SwitchSite.await("it is gone", () -> site.backend.serversUp() == 0);
    SwitchSite.await("it is back", () -> site.backend.serversUp() == 1);
    Thread.sleep(300);
    SwitchSite.done(recording.stop());

    CapturedRecording captured = recording(up);
    assertThat(captured.cause()).isEqualTo(CapturedRecording.Cause.STOP);
    assertThat(captured.duration()).isGreaterThan(Duration.ofMillis(500));
    assertThat(up.heard().all()).noneMatch(MediaEvent.Ended.class::isInstance);
    SwitchSite.done(up.call().hangup(java.util.List.of()));
    assertThat(up.heard().await(MediaEvent.Ended.class).reason())
        .isEqualTo(EndReason.HANGUP_COMMAND);
  }

  @Test
  void callEndsWhileTheConnectionIsGone_isToldAfterIt() throws Exception {
    SwitchSite.Up up = site.answered(0);
    SwitchSite.done(up.call().record(SwitchSite.wav(), target("r1")));
    server.faults().rejectConnections(true);
    server.dropConnections();
    SwitchSite.await("it is gone", () -> site.backend.serversUp() == 0);

    up.phone().hangup();
    SwitchSite.await("the channel is gone", () -> server.channels().isEmpty());
    server.faults().rejectConnections(false);

    assertThat(up.heard().await(MediaEvent.Ended.class).reason())
        .isIn(EndReason.HUNGUP, EndReason.ERROR);
    assertThat(recording(up).cause()).isEqualTo(CapturedRecording.Cause.HANGUP);
  }

  @Test
  void freeSwitchRestarts_callsEndAndRecordingsAreComplete() throws Exception {
    SwitchSite.Up up = site.answered(0);
    SwitchSite.done(up.call().record(SwitchSite.wav(), target("r1")));
    Thread.sleep(500);

    server.restart();

    assertThat(up.heard().await(MediaEvent.Ended.class).reason()).isEqualTo(EndReason.ERROR);
    CapturedRecording captured = recording(up);
    assertThat(captured.cause()).isEqualTo(CapturedRecording.Cause.HANGUP);
    assertThat(captured.duration()).isGreaterThan(Duration.ofMillis(400));
    assertThat(up.heard().all()).filteredOn(MediaEvent.Ended.class::isInstance).hasSize(1);
    SwitchSite.await("it can be used again", () -> site.backend.serversUp() == 1);
    SwitchSite.Up next = site.answered(0);
    next.phone().hangup();
    assertThat(next.heard().await(MediaEvent.Ended.class).reason()).isEqualTo(EndReason.HUNGUP);
  }

  @Test
  void freeSwitchStaysAway_callsEndAfterALittleWhile() throws Exception {
    SwitchSite.Up up = site.answered(0);
    SwitchSite.done(up.call().record(SwitchSite.wav(), target("r1")));

    server.faults().rejectConnections(true);
    server.dropConnections();
    long lost = System.nanoTime();

    assertThat(up.heard().await(MediaEvent.Ended.class).reason()).isEqualTo(EndReason.ERROR);
    assertThat(Duration.ofNanos(System.nanoTime() - lost)).isGreaterThan(Duration.ofSeconds(2));
    assertThat(recording(up).cause()).isEqualTo(CapturedRecording.Cause.HANGUP);
  }

  @Test
  void freeSwitchSaysNothing_isNoticedWithinTheHeartbeatAndNoCommandWaits() throws Exception {
    SwitchSite.Up up = site.answered(0);

    server.faults().silence(true);
    long silent = System.nanoTime();
    var asked = up.call().accept(java.util.List.of());
    var hungUp = up.call().hangup(java.util.List.of());

    assertThatThrownBy(() -> SwitchSite.done(asked)).isInstanceOf(ExecutionException.class);
    assertThatThrownBy(() -> SwitchSite.done(hungUp)).isInstanceOf(ExecutionException.class);
    SwitchSite.await("it is noticed", () -> site.backend.serversUp() == 0);
    assertThat(Duration.ofNanos(System.nanoTime() - silent)).isLessThan(Duration.ofSeconds(5));
    assertThat(up.heard().await(MediaEvent.Ended.class)).isNotNull();
  }

  @Test
  void dialWithoutAServer_isRefusedAtOnce() throws Exception {
    server.faults().rejectConnections(true);
    server.dropConnections();
    SwitchSite.await("it is gone", () -> site.backend.serversUp() == 0);

    assertThatThrownBy(() -> SwitchSite.done(site.backend.dial(site.toThePhone())))
        .hasMessageContaining("no FreeSWITCH server can be reached");
  }
}

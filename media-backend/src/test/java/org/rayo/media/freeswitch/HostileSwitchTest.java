package org.rayo.media.freeswitch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.CapturedRecording;
import org.rayo.media.DialRequest;
import org.rayo.media.Header;
import org.rayo.media.JoinRequest;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaException;
import org.rayo.media.MediaMixer;
import org.rayo.media.MediaOutput;
import org.rayo.media.OutputRequest;
import org.rayo.media.RecordingTarget;
import org.rayo.testkit.freeswitch.ScriptedSwitch;
import org.rayo.testkit.freeswitch.SwitchOptions;

/** A FreeSWITCH that answers late, loses and doubles what it tells, and clients that race it. */
@Timeout(60)
class HostileSwitchTest {

  private static final JoinRequest BOTH =
      new JoinRequest("a", JoinRequest.Direction.DUPLEX, JoinRequest.Media.BRIDGE);

  @TempDir Path directory;
  private ScriptedSwitch server;
  private EventSocketProxy proxy;
  private SwitchSite site;

  @BeforeEach
  void start() throws Exception {
    server = ScriptedSwitch.start(SwitchOptions.defaults());
    proxy = new EventSocketProxy(server.eventSocket());
    site =
        new SwitchSite(
            new SwitchSite.Limits(
                Duration.ofSeconds(5), Duration.ofSeconds(20), Duration.ofSeconds(2)),
            directory,
            server,
            proxy);
  }

  @AfterEach
  void stop() {
    proxy.hold(command -> false);
    site.close();
    proxy.close();
  }

  private RecordingTarget target(String id) {
    return new RecordingTarget(id, directory.resolve(id + ".wav"));
  }

  private static OutputRequest silence(String id, Duration length) {
    return new OutputRequest(
        id,
        List.of(new OutputRequest.Pause(length)),
        Duration.ZERO,
        false,
        Duration.ZERO,
        1,
        Optional.empty());
  }

  private long inConferences() {
    return server.channels().stream()
        .filter(
            uuid -> server.api("uuid_getvar " + uuid + " current_application").contains("confer"))
        .count();
  }

  private void awaitHeld(String what) throws InterruptedException {
    SwitchSite.await(what, () -> proxy.commands().stream().anyMatch(sent -> sent.contains(what)));
  }

  @Test
  void serverStaysAway_callsThatWereGivenUp_areEndedWhenItIsBack() throws Exception {
    SwitchSite.Up up = site.answered(0);
    proxy.refuse(true);
    assertThat(up.heard().await(MediaEvent.Ended.class).reason())
        .isEqualTo(MediaEvent.EndReason.ERROR);
    assertThat(server.channels()).hasSize(1);

    proxy.refuse(false);

    SwitchSite.await("nothing is left over", () -> server.channels().isEmpty());
  }

  @Test
  void connectionIsLostWhileDialling_theCallIsEndedWhenItIsBack() throws Exception {
    AtomicBoolean deaf = new AtomicBoolean(true);
    proxy.tell(
        frame -> deaf.get() && frame.contains("text/event-plain") ? List.of() : List.of(frame));
    var dialled = site.backend.dial(site.toThePhone());
    SwitchSite.await("there is a channel", () -> server.channels().size() == 1);

    proxy.refuse(true);
    assertThatThrownBy(() -> SwitchSite.done(dialled))
        .hasMessageContaining("FreeSWITCH fs0")
        .hasMessageContaining("how originate ended is not known");
    deaf.set(false);
    proxy.refuse(false);

    SwitchSite.await("nothing is left over", () -> server.channels().isEmpty());
  }

  @Test
  void connectionIsLostBeforeTheForkIsConfirmed_itsAudioIsHeardOnce() throws Exception {
    SwitchSite.Up up = site.answered(0);
    proxy.lose("BACKGROUND_JOB");
    var recording = SwitchSite.done(up.call().record(SwitchSite.wav(), target("r1")));
    long began = System.nanoTime();

    proxy.drop();
    SwitchSite.await("it is back", () -> site.backend.serversUp() == 1);
    Thread.sleep(2000);
    assertThat(server.channels()).as("the call and one fork").hasSize(2);
    SwitchSite.done(recording.stop());
    Duration atMost = Duration.ofNanos(System.nanoTime() - began).plusMillis(1500);

    CapturedRecording captured = up.heard().await(MediaEvent.RecordingEnded.class).recording();
    assertThat(captured.duration()).isBetween(Duration.ofMillis(1500), atMost);
  }

  @Test
  void stop_endThatIsNeverTold_isToldNevertheless() throws Exception {
    SwitchSite.Up up = site.answered(0);
    MediaOutput output = SwitchSite.done(up.call().output(silence("o1", Duration.ofSeconds(60))));
    proxy.lose("CHANNEL_EXECUTE_COMPLETE");

    SwitchSite.done(output.stop());

    assertThat(up.heard().await(MediaEvent.OutputEnded.class).reason())
        .isEqualTo(MediaEvent.OutputEnd.STOP);
  }

  @Test
  void redirect_toWhatNoCommandHolds_leavesTheCallAsItWas() throws Exception {
    SwitchSite.Up up = site.ringing(0);

    assertThatThrownBy(
            () -> SwitchSite.done(up.call().redirect(URI.create("sip:o'neill@x"), List.of())))
        .hasMessageContaining("quote");

    SwitchSite.done(up.call().answer(List.of()));
    assertThat(up.heard().all()).noneMatch(MediaEvent.Ended.class::isInstance);
  }

  @Test
  void close_callOnItsWayIntoTheMixer_isNotLeftInIt() throws Exception {
    SwitchSite.Up up = site.answered(0);
    MediaMixer mixer = SwitchSite.done(site.backend.createMixer("m1"));
    proxy.hold(command -> command.contains("execute-app-name: conference"));
    var joined = up.call().join(mixer, BOTH);
    awaitHeld("execute-app-name: conference");

    SwitchSite.done(mixer.close());
    proxy.hold(command -> false);
    assertThatThrownBy(() -> SwitchSite.done(joined)).hasMessageContaining("taken out");

    SwitchSite.await("nobody is in it", () -> inConferences() == 0);
    SwitchSite.done(up.call().output(silence("o1", Duration.ofMillis(20))));
    up.heard().await(MediaEvent.OutputEnded.class);
  }

  @Test
  void unjoin_callOnItsWayIntoTheMixer_isNotLeftInIt() throws Exception {
    SwitchSite.Up up = site.answered(0);
    MediaMixer mixer = SwitchSite.done(site.backend.createMixer("m1"));
    proxy.hold(command -> command.contains("execute-app-name: conference"));
    var joined = up.call().join(mixer, BOTH);
    awaitHeld("execute-app-name: conference");

    var left = up.call().unjoin(mixer);
    proxy.hold(command -> false);
    SwitchSite.done(left);
    assertThatThrownBy(() -> SwitchSite.done(joined)).hasMessageContaining("taken out");

    SwitchSite.await("nobody is in it", () -> inConferences() == 0);
    SwitchSite.done(up.call().join(mixer, BOTH));
    assertThat(inConferences()).isEqualTo(1);
  }

  @Test
  void unjoin_whileTheCallsAreBeingJoined_partsThem() throws Exception {
    SwitchSite.Up one = site.answered(0);
    SwitchSite.Up other = site.answered(0);
    proxy.hold(command -> command.contains("uuid_bridge"));
    var joined = one.call().join(other.call(), BOTH);
    awaitHeld("uuid_bridge");

    var parted = other.call().unjoin(one.call());
    proxy.hold(command -> false);
    SwitchSite.done(parted);

    assertThatThrownBy(() -> SwitchSite.done(joined)).isNotNull();
    SwitchSite.done(one.call().join(other.call(), BOTH));
    SwitchSite.done(other.call().unjoin(one.call()));
  }

  @Test
  void join_thatIsRefused_doesNotCutWhatPlays() throws Exception {
    SwitchSite.Up one = site.answered(0);
    var dialled = SwitchSite.done(site.backend.dial(site.toThePhone()));
    SwitchSite.done(one.call().output(silence("o1", Duration.ofMillis(1500))));
    SwitchSite.done(dialled.hangup(List.of()));

    assertThatThrownBy(() -> SwitchSite.done(one.call().join(dialled, BOTH))).isNotNull();

    assertThat(proxy.commands()).noneMatch(sent -> sent.contains("uuid_transfer"));
  }

  @Test
  void events_doubledAndOfUnknownChannels_areHarmless() throws Exception {
    proxy.tell(
        frame ->
            frame.contains("text/event-plain") && !frame.contains("CHANNEL_PARK")
                ? List.of(frame, frame)
                : List.of(frame));
    SwitchSite.Up up = site.answered(0);
    server.publish("CHANNEL_HANGUP_COMPLETE", "Unique-ID", "nobody");
    server.publish("CHANNEL_ANSWER", "X-Nothing", "");
    SwitchSite.done(up.call().record(SwitchSite.wav(), target("r1")));
    up.phone().hangup();

    up.heard().await(MediaEvent.Ended.class);
    up.heard().await(MediaEvent.RecordingEnded.class);
    Thread.sleep(200);
    assertThat(up.heard().all()).filteredOn(MediaEvent.Ended.class::isInstance).hasSize(1);
    assertThat(up.heard().all()).filteredOn(MediaEvent.RecordingEnded.class::isInstance).hasSize(1);
    assertThat(site.offered()).isZero();
  }

  @Test
  void textsOfClients_getIntoNoCommandUnchecked() throws Exception {
    SwitchSite.Up up = site.ringing(0);
    List<Header> bad = List.of(new Header("X-A", "${system(touch /tmp/x)}"));

    refused(up.call().accept(bad));
    refused(up.call().answer(bad));
    refused(up.call().reject(MediaCall.RejectReason.BUSY, bad));
    refused(up.call().redirect(URI.create("sip:a$%7B@b"), bad));
    refused(up.call().hangup(bad));
    refused(
        site.backend.dial(
            new DialRequest(
                URI.create(site.phone.uri("bob")), Optional.empty(), bad, Optional.empty())));
    refused(
        site.backend.dial(
            new DialRequest(
                URI.create(site.phone.uri("bob")),
                Optional.of(URI.create("sip:a'b@x")),
                List.of(),
                Optional.empty())));
    SwitchSite.done(up.call().answer(List.of(new Header("X-A", "a'b\\c;d=e,f g"))));
    MediaMixer mixer = SwitchSite.done(site.backend.createMixer("${x}\nexit\n\n"));
    SwitchSite.done(
        up.call()
            .join(
                mixer,
                new JoinRequest(
                    "${y}\nexit", JoinRequest.Direction.DUPLEX, JoinRequest.Media.BRIDGE)));

    assertThat(proxy.commands()).noneMatch(sent -> sent.contains("${"));
    assertThat(proxy.commands()).noneMatch(sent -> sent.contains("exit"));
    assertThat(proxy.commands()).noneMatch(sent -> sent.contains("touch"));
  }

  private static void refused(CompletionStage<?> stage) {
    assertThatThrownBy(() -> SwitchSite.done(stage)).hasCauseInstanceOf(MediaException.class);
  }

  @Test
  void startBeepOfAMixer_connectionIsGone_recordingEndsNevertheless() throws Exception {
    SwitchSite.Up up = site.answered(0);
    MediaMixer mixer = SwitchSite.done(site.backend.createMixer("m1"));
    SwitchSite.Heard heard = new SwitchSite.Heard();
    mixer.listen(heard::add);
    SwitchSite.done(up.call().join(mixer, BOTH));
    var recording = SwitchSite.done(mixer.record(SwitchSite.withStopBeep(), target("r1")));

    proxy.refuse(true);
    SwitchSite.await("it is gone", () -> site.backend.serversUp() == 0);
    SwitchSite.done(recording.stop());

    heard.await(MediaEvent.RecordingEnded.class);
  }
}

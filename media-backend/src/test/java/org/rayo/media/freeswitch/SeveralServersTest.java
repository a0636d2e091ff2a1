package org.rayo.media.freeswitch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.media.JoinRequest;
import org.rayo.media.MediaCall;
import org.rayo.media.MediaEvent;
import org.rayo.media.MediaMixer;
import org.rayo.testkit.freeswitch.ScriptedSwitch;
import org.rayo.testkit.freeswitch.SwitchOptions;

@Timeout(60)
class SeveralServersTest {

  private static final JoinRequest BOTH =
      new JoinRequest("a", JoinRequest.Direction.DUPLEX, JoinRequest.Media.BRIDGE);

  @TempDir Path directory;
  private ScriptedSwitch first;
  private ScriptedSwitch second;
  private SwitchSite site;

  @BeforeEach
  void start() throws Exception {
    first = ScriptedSwitch.start(SwitchOptions.defaults());
    second = ScriptedSwitch.start(SwitchOptions.defaults());
    site = new SwitchSite(SwitchSite.Limits.SHORT, directory, first, second);
  }

  @AfterEach
  void stop() {
    site.close();
  }

  @Test
  void dial_goesToTheServerWithFewerCalls() throws Exception {
    SwitchSite.Up busy = site.answered(0);

    MediaCall dialled = SwitchSite.done(site.backend.dial(site.toThePhone()));

    assertThat(first.channels()).hasSize(1);
    assertThat(second.channels()).hasSize(1);
    SwitchSite.done(dialled.hangup(List.of()));
    busy.phone().hangup();
  }

  @Test
  void dial_firstServerIsGone_goesToTheOther() throws Exception {
    first.faults().rejectConnections(true);
    first.dropConnections();
    SwitchSite.await("it is gone", () -> site.backend.serversUp() == 1);
    SwitchSite.Up busy = site.answered(1);

    MediaCall dialled = SwitchSite.done(site.backend.dial(site.toThePhone()));

    assertThat(second.channels()).hasSize(2);
    SwitchSite.done(dialled.hangup(List.of()));
    busy.phone().hangup();
  }

  @Test
  void lostServer_onlyItsCallsEnd() throws Exception {
    SwitchSite.Up lost = site.answered(0);
    SwitchSite.Up kept = site.answered(1);

    first.restart();

    assertThat(lost.heard().await(MediaEvent.Ended.class).reason())
        .isEqualTo(MediaEvent.EndReason.ERROR);
    assertThat(kept.heard().all()).noneMatch(MediaEvent.Ended.class::isInstance);
    kept.phone().hangup();
    kept.heard().await(MediaEvent.Ended.class);
  }

  @Test
  void mixer_goesWhereItsFirstCallIs() throws Exception {
    SwitchSite.Up busy = site.answered(0);
    SwitchSite.Up other = site.answered(0);
    MediaMixer mixer = SwitchSite.done(site.backend.createMixer("m"));

    SwitchSite.done(busy.call().join(mixer, BOTH));

    SwitchSite.Up elsewhere = site.answered(1);
    assertThatThrownBy(() -> SwitchSite.done(elsewhere.call().join(mixer, BOTH)))
        .hasMessageContaining("fs0");
    SwitchSite.done(busy.call().unjoin(mixer));
    SwitchSite.done(mixer.close());
    for (SwitchSite.Up up : List.of(busy, other, elsewhere)) {
      up.phone().hangup();
    }
  }

  @Test
  void join_callsOfDifferentServers_isRefusedAndSaysWhich() throws Exception {
    SwitchSite.Up one = site.answered(0);
    SwitchSite.Up other = site.answered(1);

    assertThatThrownBy(() -> SwitchSite.done(one.call().join(other.call(), BOTH)))
        .hasMessageContaining("fs0")
        .hasMessageContaining("fs1");
    one.phone().hangup();
    other.phone().hangup();
  }
}

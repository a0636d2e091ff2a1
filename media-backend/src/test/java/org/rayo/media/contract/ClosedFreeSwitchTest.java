package org.rayo.media.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.rayo.testkit.freeswitch.ScriptedSwitch;
import org.rayo.testkit.freeswitch.SwitchOptions;

/** What is left of a closed backend. */
@Timeout(60)
class ClosedFreeSwitchTest {

  @Test
  void close_afterCalls_noConnectionIsLeftAndTheNextBackendGetsTheCalls() throws Exception {
    Path shared = Files.createTempDirectory("shared").toRealPath();
    try (ScriptedSwitch server = ScriptedSwitch.start(SwitchOptions.defaults().files(shared))) {
      for (int i = 0; i < 2; i++) {
        try (FreeSwitchWorld world =
            new FreeSwitchWorld(server.eventSocket(), "ClueCon", server.uri("park"), shared)) {
          server.awaitSubscribers(1);
          assertThat(server.connections()).isEqualTo(1);
          world.answered().end();
        }
        for (int wait = 0; wait < 200 && server.connections() > 0; wait++) {
          Thread.sleep(20);
        }
        assertThat(server.connections()).isZero();
      }
    }
  }
}

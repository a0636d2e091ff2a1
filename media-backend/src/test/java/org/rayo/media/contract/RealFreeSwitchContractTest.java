package org.rayo.media.contract;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The FreeSWITCH backend keeps the contract on a real FreeSWITCH: {@code RAYO_FREESWITCH} is the
 * event socket's host:port:password, {@code RAYO_FREESWITCH_URI} a SIP URI that its dialplan parks.
 */
@EnabledIfEnvironmentVariable(named = "RAYO_FREESWITCH", matches = ".+")
class RealFreeSwitchContractTest {

  private static World world;

  @BeforeAll
  static void open() throws Exception {
    world = RealFreeSwitchWorld.open();
  }

  @AfterAll
  static void close() throws Exception {
    world.close();
  }

  @Nested
  class Calls extends CallContract {
    @Override
    World world() {
      return world;
    }
  }

  @Nested
  class Recordings extends RecordingContract {
    @Override
    World world() {
      return world;
    }
  }

  @Nested
  class Outputs extends OutputContract {
    @Override
    World world() {
      return world;
    }
  }

  @Nested
  class Joins extends JoinContract {
    @Override
    World world() {
      return world;
    }
  }

  @Nested
  class Mixers extends MixerContract {
    @Override
    World world() {
      return world;
    }
  }

  @Nested
  class Dials extends DialContract {
    @Override
    World world() {
      return world;
    }
  }
}

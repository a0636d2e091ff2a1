package org.rayo.media.contract;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

/** The FreeSWITCH backend keeps the contract, on the scripted switch. */
class ScriptedFreeSwitchContractTest {

  private static World world;

  @BeforeAll
  static void open() throws Exception {
    world = ScriptedFreeSwitchWorld.open();
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

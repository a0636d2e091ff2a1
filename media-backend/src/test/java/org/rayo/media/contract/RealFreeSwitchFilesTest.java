package org.rayo.media.contract;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * Recordings of what a real FreeSWITCH of this machine writes to files; where, is said as for
 * {@link RealFreeSwitchContractTest}.
 */
@EnabledIfEnvironmentVariable(named = "RAYO_FREESWITCH", matches = ".+")
class RealFreeSwitchFilesTest extends RecordingContract {

  private static World world;

  @BeforeAll
  static void open() throws Exception {
    world = RealFreeSwitchWorld.writing();
  }

  @AfterAll
  static void close() throws Exception {
    world.close();
  }

  @Override
  World world() {
    return world;
  }
}

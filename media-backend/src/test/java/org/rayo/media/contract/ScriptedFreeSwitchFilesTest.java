package org.rayo.media.contract;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** Recordings of what the scripted switch writes to files. */
class ScriptedFreeSwitchFilesTest extends RecordingContract {

  private static World world;

  @BeforeAll
  static void open() throws Exception {
    world = ScriptedFreeSwitchWorld.writing();
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

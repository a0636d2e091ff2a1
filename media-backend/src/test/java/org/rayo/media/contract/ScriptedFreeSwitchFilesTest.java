package org.rayo.media.contract;

import org.junit.jupiter.api.extension.RegisterExtension;

/** Recordings of what the scripted switch writes to files. */
class ScriptedFreeSwitchFilesTest extends RecordingContract {

  @RegisterExtension static final InWorld WORLD = new InWorld(ScriptedFreeSwitchWorld::writing);
}

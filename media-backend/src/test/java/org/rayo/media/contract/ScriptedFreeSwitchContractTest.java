package org.rayo.media.contract;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The FreeSWITCH backend keeps the contract, on the scripted switch. */
class ScriptedFreeSwitchContractTest {

  @RegisterExtension static final InWorld WORLD = new InWorld(ScriptedFreeSwitchWorld::open);

  @Nested
  class Calls extends CallContract {}

  @Nested
  class Recordings extends RecordingContract {}

  @Nested
  class Outputs extends OutputContract {}

  @Nested
  class Joins extends JoinContract {}

  @Nested
  class Mixers extends MixerContract {}

  @Nested
  class Dials extends DialContract {}
}

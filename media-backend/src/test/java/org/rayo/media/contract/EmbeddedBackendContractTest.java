package org.rayo.media.contract;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The embedded backend keeps the contract. */
class EmbeddedBackendContractTest {

  @RegisterExtension static final InWorld WORLD = new InWorld(EmbeddedWorld::new);

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

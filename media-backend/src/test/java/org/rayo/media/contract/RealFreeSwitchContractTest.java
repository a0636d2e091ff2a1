package org.rayo.media.contract;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * The FreeSWITCH backend keeps the contract on a real FreeSWITCH: {@code RAYO_FREESWITCH} is the
 * event socket's host:port:password, {@code RAYO_FREESWITCH_URI} a SIP URI that its dialplan parks.
 */
@EnabledIfEnvironmentVariable(
    named = "RAYO_FREESWITCH",
    matches = ".+",
    disabledReason = "RAYO_FREESWITCH names no FreeSWITCH: host:port:password")
class RealFreeSwitchContractTest {

  @RegisterExtension static final InWorld WORLD = new InWorld(RealFreeSwitchWorld::open);

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

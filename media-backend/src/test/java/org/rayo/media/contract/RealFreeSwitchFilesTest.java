package org.rayo.media.contract;

import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Recordings of what a real FreeSWITCH of this machine writes to files; where, is said as for
 * {@link RealFreeSwitchContractTest}.
 */
@EnabledIfEnvironmentVariable(
    named = "RAYO_FREESWITCH",
    matches = ".+",
    disabledReason = "RAYO_FREESWITCH names no FreeSWITCH: host:port:password")
class RealFreeSwitchFilesTest extends RecordingContract {

  @RegisterExtension static final InWorld WORLD = new InWorld(RealFreeSwitchWorld::writing);
}

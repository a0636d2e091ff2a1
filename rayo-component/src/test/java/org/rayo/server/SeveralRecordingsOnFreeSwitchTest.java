package org.rayo.server;

import java.nio.file.Path;

/** The same on a scripted FreeSWITCH. */
class SeveralRecordingsOnFreeSwitchTest extends SeveralRecordingsContract {

  @Override
  Site open(Path directory, String... config) throws Exception {
    return Site.bilingualOnFreeSwitch(directory, config);
  }

  /** A real one leaves 40 ms out where a beep ends, and at the answer. */
  @Override
  int piecesAcrossTheAnswer() {
    return System.getenv("RAYO_FREESWITCH") == null ? 1 : 3;
  }
}

package org.rayo.server;

import java.nio.file.Path;

/** The same on a scripted FreeSWITCH. */
class RecordHintsOnFreeSwitchTest extends RecordHintsContract {

  @Override
  Site open(Path directory, String... config) throws Exception {
    return Site.bilingualOnFreeSwitch(directory, config);
  }

  /** Each beep is a command to FreeSWITCH, which begins it with a frame of its own. */
  @Override
  int lateSamples() {
    return 1600;
  }
}

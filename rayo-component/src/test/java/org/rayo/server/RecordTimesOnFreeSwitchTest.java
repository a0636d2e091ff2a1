package org.rayo.server;

import java.nio.file.Path;

/** The same on a scripted FreeSWITCH. */
class RecordTimesOnFreeSwitchTest extends RecordTimesContract {

  @Override
  Site open(Path directory, String... config) throws Exception {
    return Site.bilingualOnFreeSwitch(directory, config);
  }
}

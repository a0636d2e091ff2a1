package org.rayo.server;

import java.nio.file.Path;

/** The same on the embedded media backend. */
class RecordTimesTest extends RecordTimesContract {

  @Override
  Site open(Path directory, String... config) throws Exception {
    return Site.bilingual(directory, config);
  }
}

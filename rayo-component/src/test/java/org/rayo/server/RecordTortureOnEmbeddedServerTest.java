package org.rayo.server;

import java.nio.file.Path;

/** Nonsense through the embedded XMPP server. */
class RecordTortureOnEmbeddedServerTest extends RecordTortureContract {

  @Override
  Site start(Path directory) throws Exception {
    return Site.bilingual(directory);
  }
}

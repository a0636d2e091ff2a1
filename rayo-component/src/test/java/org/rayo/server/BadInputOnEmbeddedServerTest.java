package org.rayo.server;

import java.nio.file.Path;

/** Bad input by way of the embedded XMPP server. */
class BadInputOnEmbeddedServerTest extends BadInputContract {

  @Override
  Site start(Path directory) throws Exception {
    return Site.embedded(directory);
  }
}

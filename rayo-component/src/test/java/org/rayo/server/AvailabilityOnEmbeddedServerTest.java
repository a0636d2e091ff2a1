package org.rayo.server;

import java.nio.file.Path;

/** Clients that come and go, on the embedded XMPP server. */
class AvailabilityOnEmbeddedServerTest extends AvailabilityContract {

  @Override
  Site start(Path directory) throws Exception {
    return Site.embedded(directory, GRACE);
  }
}

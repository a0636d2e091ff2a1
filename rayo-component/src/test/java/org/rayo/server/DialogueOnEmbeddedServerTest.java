package org.rayo.server;

import java.nio.file.Path;

/** The dialogue on the embedded XMPP server. */
class DialogueOnEmbeddedServerTest extends DialogueContract {

  @Override
  Site start(Path directory) throws Exception {
    return Site.embedded(directory);
  }
}

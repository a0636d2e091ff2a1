package org.rayo.server;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.rayo.testkit.peers.Prosody;
import org.rayo.testkit.peers.RequiresPeer;
import org.rayo.testkit.peers.XmppServerOptions;

/** The dialogue on a real Prosody. */
@RequiresPeer("prosody")
class DialogueOnProsodyTest extends DialogueContract {

  private Prosody xmppServer;

  @Override
  Site start(Path directory) throws Exception {
    xmppServer =
        Prosody.start(directory.resolve("prosody"), XmppServerOptions.withAccounts(Site.ACCOUNTS));
    return Site.on(xmppServer, directory);
  }

  @AfterAll
  void stopXmppServer() {
    if (xmppServer != null) {
      xmppServer.close();
    }
  }
}

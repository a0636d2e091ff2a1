package org.rayo.server;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.rayo.testkit.peers.Ejabberd;
import org.rayo.testkit.peers.RequiresPeer;
import org.rayo.testkit.peers.XmppServerOptions;

/** The dialogue on a real Ejabberd. */
@RequiresPeer("ejabberdctl")
class DialogueOnEjabberdTest extends DialogueContract {

  private Ejabberd xmppServer;

  @Override
  Site start(Path directory) throws Exception {
    xmppServer =
        Ejabberd.start(
            directory.resolve("ejabberd"), XmppServerOptions.withAccounts(Site.ACCOUNTS));
    return Site.on(xmppServer, directory);
  }

  @AfterAll
  void stopXmppServer() {
    if (xmppServer != null) {
      xmppServer.close();
    }
  }
}

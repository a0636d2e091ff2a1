package org.rayo.server;

import java.nio.file.Path;
import org.rayo.testkit.peers.Prosody;
import org.rayo.testkit.peers.RequiresPeer;
import org.rayo.testkit.peers.XmppServerOptions;

/** The dialogue on a real Prosody. */
@RequiresPeer("prosody")
class DialogueOnProsodyTest extends DialogueContract {

  @Override
  Site start(Path directory) throws Exception {
    return Site.on(
        Prosody.start(directory.resolve("prosody"), XmppServerOptions.withAccounts(Site.ACCOUNTS)),
        directory);
  }
}

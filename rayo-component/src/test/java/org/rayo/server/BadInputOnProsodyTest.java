package org.rayo.server;

import java.nio.file.Path;
import org.rayo.testkit.peers.Prosody;
import org.rayo.testkit.peers.RequiresPeer;
import org.rayo.testkit.peers.XmppServerOptions;

/** Bad input by way of a real Prosody. */
@RequiresPeer("prosody")
class BadInputOnProsodyTest extends BadInputContract {

  @Override
  Site start(Path directory) throws Exception {
    return Site.on(
        Prosody.start(directory.resolve("prosody"), XmppServerOptions.withAccounts(Site.ACCOUNTS)),
        directory);
  }
}

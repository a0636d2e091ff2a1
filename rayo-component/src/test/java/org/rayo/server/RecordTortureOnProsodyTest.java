package org.rayo.server;

import java.nio.file.Path;
import org.rayo.testkit.peers.Prosody;
import org.rayo.testkit.peers.RequiresPeer;
import org.rayo.testkit.peers.XmppServerOptions;

/** Nonsense through a real Prosody. */
@RequiresPeer("prosody")
class RecordTortureOnProsodyTest extends RecordTortureContract {

  @Override
  Site start(Path directory) throws Exception {
    return Site.on(
        Prosody.start(directory.resolve("prosody"), XmppServerOptions.withAccounts(Site.ACCOUNTS)),
        directory);
  }
}

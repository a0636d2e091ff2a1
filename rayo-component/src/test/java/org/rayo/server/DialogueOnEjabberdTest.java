package org.rayo.server;

import java.nio.file.Path;
import org.rayo.testkit.peers.Ejabberd;
import org.rayo.testkit.peers.RequiresPeer;
import org.rayo.testkit.peers.XmppServerOptions;

/** The dialogue on a real ejabberd. */
@RequiresPeer({"ejabberdctl", "erl"})
class DialogueOnEjabberdTest extends DialogueContract {

  @Override
  Site start(Path directory) throws Exception {
    return Site.on(
        Ejabberd.start(
            directory.resolve("ejabberd"), XmppServerOptions.withAccounts(Site.ACCOUNTS)),
        directory);
  }
}

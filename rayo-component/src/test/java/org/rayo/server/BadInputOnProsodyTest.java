package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.rayo.testkit.client.Received;
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

  /** Prosody lets it through; it must cost its sender an error, and nobody the stream. */
  @Test
  void command_nestedTooDeep_isRefusedAndTheStreamGoesOn() {
    for (int depth : new int[] {100, 127, 200}) {
      Received answer =
          client.command(
              "nobody@" + site.domain,
              "<record xmlns='urn:xmpp:rayo:record:1'>"
                  + "<a>".repeat(depth)
                  + "</a>".repeat(depth)
                  + "</record>");
      assertThat(answer.type()).as("%d deep", depth).isEqualTo("error");
    }
  }
}

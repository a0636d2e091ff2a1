package org.rayo.protocol;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.rayo.media.Header;
import org.xmpp.packet.JID;

/** A command to the server itself. */
public sealed interface ServerCommand extends RayoCommand {

  /**
   * {@code <dial/>}: places a call.
   *
   * @param uri the address that the client wishes the call to have: a bare JID
   * @param timeoutMillis positive; empty for no limit of the client's
   * @param joins to be made once the call has media
   * @see <a
   *     href="https://xmpp.org/extensions/xep-0327.html#session-establishment-outbound">XEP-0327,
   *     outbound sessions</a>
   */
  record Dial(
      URI to,
      Optional<URI> from,
      Optional<JID> uri,
      OptionalLong timeoutMillis,
      List<Header> headers,
      List<CallCommand.Join> joins)
      implements ServerCommand {
    public Dial {
      headers = List.copyOf(headers);
      joins = List.copyOf(joins);
    }
  }
}

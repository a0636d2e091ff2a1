package org.rayo.protocol;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.rayo.media.Header;
import org.rayo.media.MediaEvent.EndReason;

/**
 * What the server tells a client: a directed presence from the call or component.
 *
 * @see <a href="https://xmpp.org/extensions/xep-0327.html#protocol-events">XEP-0327, events</a>
 */
public sealed interface RayoEvent {

  /** {@code <offer/>}, sent with the call's entity capabilities. */
  record Offer(URI to, URI from, List<Header> headers) implements RayoEvent {
    public Offer {
      headers = List.copyOf(headers);
    }
  }

  /** {@code <ringing/>}: the other side of an outbound call rings. */
  record Ringing(List<Header> headers) implements RayoEvent {
    public Ringing {
      headers = List.copyOf(headers);
    }
  }

  /** {@code <answered/>}: the other side of an outbound call has answered. */
  record Answered(List<Header> headers) implements RayoEvent {
    public Answered {
      headers = List.copyOf(headers);
    }
  }

  /** {@code <end/>}, the call's last event; presence of type unavailable. */
  record End(EndReason reason, Optional<String> platformCode, List<Header> headers)
      implements RayoEvent {
    public End {
      headers = List.copyOf(headers);
    }
  }

  /** {@code <complete/>}, a component's last event; presence of type unavailable. */
  record Complete(CompleteReason reason, Optional<Recording> recording) implements RayoEvent {}

  /**
   * {@code <recording/>} beside the reason of a record component.
   *
   * @param durationMillis from samples
   * @param sizeBytes of the file at {@code uri}
   */
  record Recording(URI uri, long durationMillis, long sizeBytes) {}
}

package org.rayo.media.call;

import java.net.URI;
import java.util.List;
import org.rayo.media.Header;

/**
 * Who calls whom.
 *
 * @param callId what the call is called in its signalling
 * @param headers those worth telling
 */
public record Caller(String callId, URI to, URI from, List<Header> headers) {
  public Caller {
    headers = List.copyOf(headers);
  }
}

package org.rayo.xmpp;

import java.util.Map;
import java.util.Optional;

/**
 * The opening tag of a stream.
 *
 * @param contentNamespace the default namespace it declares, that of the stanzas on the stream;
 *     empty when it declares none
 * @param attributes its attributes that are in no namespace, such as {@code id} and {@code to}
 */
record StreamHeader(String contentNamespace, Map<String, String> attributes) {
  StreamHeader {
    attributes = Map.copyOf(attributes);
  }

  /** An attribute's value; empty when it is missing. */
  Optional<String> attribute(String name) {
    return Optional.ofNullable(attributes.get(name));
  }
}

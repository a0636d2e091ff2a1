package org.rayo.xmpp;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.xmpp.packet.JID;

/** The users that may log in to the embedded server. Immutable. */
final class Accounts {
  private final String domain;
  private final Map<String, String> passwords = new HashMap<>();

  /**
   * @param domain the server's
   * @param accounts user name to password
   */
  Accounts(String domain, Map<String, String> accounts) {
    this.domain = domain;
    accounts.forEach(
        (name, password) ->
            passwords.put(
                user(name)
                    .orElseThrow(
                        () -> new IllegalArgumentException("\"" + name + "\" is no user name")),
                password));
  }

  /** The name in normal form; empty when it cannot be one. */
  Optional<String> user(String name) {
    return Addresses.parse(name + "@" + domain)
        .filter(address -> address.getNode() != null && address.getResource() == null)
        .map(JID::getNode);
  }

  /** A user's password; empty when there is no such user. */
  Optional<String> password(String user) {
    return Optional.ofNullable(passwords.get(user));
  }

  /** Whether the authorization identity is absent or the user's own address. */
  boolean mayActAs(String user, String authorizationIdentity) {
    return authorizationIdentity.isEmpty()
        || Addresses.parse(authorizationIdentity)
            .filter(new JID(user, domain, null)::equals)
            .isPresent();
  }
}

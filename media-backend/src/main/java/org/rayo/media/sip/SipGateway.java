package org.rayo.media.sip;

import java.net.URI;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Somebody who carries calls that we place: a carrier, a PBX, a proxy.
 *
 * @param name in routes and logs
 * @param host an IP address or a host name, looked up (A, AAAA) for each call
 * @param port 1 to 65535
 * @param credentials for its challenges
 * @param from who calls, where nobody else is named; {@code sip:} or {@code tel:}
 */
public record SipGateway(
    String name,
    String host,
    int port,
    Transport transport,
    Optional<Credentials> credentials,
    Optional<URI> from) {

  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._-]+|[0-9A-Fa-f:.]+");

  /** What SIP travels by. */
  public enum Transport {
    UDP,
    TCP;

    /** As the parameter {@code transport} has it. */
    String token() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public SipGateway {
    Objects.requireNonNull(transport, "transport");
    Objects.requireNonNull(credentials, "credentials");
    Objects.requireNonNull(from, "from");
    if (!HOST.matcher(host).matches()) {
      throw new IllegalArgumentException(
          "host '" + host + "' is neither a host name nor an IP address");
    }
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port is " + port + "; 1 to 65535 are allowed");
    }
    from.ifPresent(
        uri -> {
          String scheme = String.valueOf(uri.getScheme());
          if (!scheme.equalsIgnoreCase("sip") && !scheme.equalsIgnoreCase("tel")) {
            throw new IllegalArgumentException("from '" + uri + "' is neither sip: nor tel:");
          }
        });
  }

  /**
   * For digest authentication.
   *
   * @param realm the only one that they are for; empty: whichever the gateway names
   */
  public record Credentials(String user, String password, Optional<String> realm) {
    public Credentials {
      Objects.requireNonNull(password, "password");
      Objects.requireNonNull(realm, "realm");
      if (user.isEmpty() || user.chars().anyMatch(c -> c < ' ' || c == 0x7f)) {
        throw new IllegalArgumentException("user is empty or holds a control character");
      }
    }

    /** Without the password. */
    @Override
    public String toString() {
      return "Credentials[" + user + "]";
    }
  }
}

package org.rayo.media.freeswitch.eventsocket;

/**
 * Where an event socket listens, and its password.
 *
 * @param host a name or an address
 * @param port 1 to 65535
 * @param password not empty; {@link #toString} leaves it out
 */
public record Address(String host, int port, String password) {

  public Address {
    Arguments.word("host", host);
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port " + port + " is not in 1 to 65535");
    }
    if (password.isBlank() || password.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "the password of " + host + ":" + port + " is empty or holds a control character");
    }
  }

  /** Host and port. */
  @Override
  public String toString() {
    return host + ":" + port;
  }
}

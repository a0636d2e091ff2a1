package org.rayo.xmpp;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * The server's side of one SASL authentication. Used by one thread.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6120#section-6">RFC 6120 section 6</a>
 */
interface SaslExchange {
  /** What the server answers to the client's data. */
  sealed interface Step {}

  /** More data is asked for. */
  record Challenge(String data) implements Step {}

  /** The user is who they say; the data may be empty. */
  record Success(String user, String data) implements Step {}

  /** The exchange is over; the condition is an element's name such as {@code not-authorized}. */
  record Failure(String condition) implements Step {}

  /** Takes what the client sent, decoded. */
  Step respond(String data);

  /** The exchange for a mechanism; empty when it is not offered. */
  static Optional<SaslExchange> of(String mechanism, Accounts accounts) {
    return switch (mechanism) {
      case "PLAIN" -> Optional.of(data -> plain(data, accounts));
      case "SCRAM-SHA-1" -> Optional.of(new ScramSha1Exchange(accounts));
      default -> Optional.empty();
    };
  }

  /** RFC 4616. */
  private static Step plain(String data, Accounts accounts) {
    String[] parts = data.split("\0", -1);
    if (parts.length != 3 || parts[1].isEmpty() || parts[2].isEmpty()) {
      return new Failure("malformed-request");
    }
    Optional<String> user = accounts.user(parts[1]);
    boolean right =
        user.flatMap(accounts::password).filter(password -> same(password, parts[2])).isPresent();
    if (!right) {
      return new Failure("not-authorized");
    }
    return accounts.mayActAs(user.orElseThrow(), parts[0])
        ? new Success(user.orElseThrow(), "")
        : new Failure("invalid-authzid");
  }

  /** Compares without telling by its time how much was right. */
  private static boolean same(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }
}

package org.rayo.media.sip;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import javax.sip.header.WWWAuthenticateHeader;

/**
 * Answers a challenge of the scheme Digest: MD5 and SHA-256, with quality {@code auth} where it is
 * offered, without any where none is.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7616">RFC 7616</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8760">RFC 8760</a>
 */
final class DigestAnswer {

  /** The count of the first request with a nonce, and we send but one with each. */
  private static final String FIRST = "00000001";

  private DigestAnswer() {}

  /**
   * A challenge.
   *
   * @param algorithm {@code MD5} or {@code SHA-256}; empty when none was named, which is MD5
   * @param auth whether the quality {@code auth} is offered
   * @param opaque comes back with the answer, as it is
   */
  record Challenge(
      String realm,
      String nonce,
      Optional<String> algorithm,
      boolean auth,
      Optional<String> opaque,
      boolean stale) {

    /** Reads one; empty when it is not of a kind that can be answered. */
    static Optional<Challenge> of(WWWAuthenticateHeader header) {
      String qop = header.getQop();
      boolean auth =
          qop != null
              && Arrays.stream(qop.split(",", -1))
                  .anyMatch(q -> q.strip().equalsIgnoreCase("auth"));
      Optional<String> algorithm =
          Optional.ofNullable(header.getAlgorithm()).map(name -> name.toUpperCase(Locale.ROOT));
      boolean known =
          algorithm.filter(a -> !a.equals("MD5") && !a.equals("SHA-256")).isEmpty()
              && (qop == null || auth);
      if (!"Digest".equalsIgnoreCase(header.getScheme())
          || !known
          || header.getRealm() == null
          || header.getNonce() == null) {
        return Optional.empty();
      }
      return Optional.of(
          new Challenge(
              header.getRealm(),
              header.getNonce(),
              algorithm,
              auth,
              Optional.ofNullable(header.getOpaque()),
              header.isStale()));
    }

    boolean isStrong() {
      return algorithm.filter("SHA-256"::equals).isPresent();
    }
  }

  /**
   * The value of the header Authorization, or Proxy-Authorization.
   *
   * @param uri of the request, as it is sent
   * @param cnonce never used before
   */
  static String value(
      Challenge challenge,
      SipGateway.Credentials credentials,
      String method,
      String uri,
      String cnonce) {
    String algorithm = challenge.algorithm().orElse("MD5");
    String user = credentials.user();
    String secret = hash(algorithm, user, challenge.realm(), credentials.password());
    String asked = hash(algorithm, method, uri);
    String response =
        challenge.auth()
            ? hash(algorithm, secret, challenge.nonce(), FIRST, cnonce, "auth", asked)
            : hash(algorithm, secret, challenge.nonce(), asked);
    StringBuilder value = new StringBuilder("Digest username=").append(quoted(user));
    value.append(",realm=").append(quoted(challenge.realm()));
    value.append(",nonce=").append(quoted(challenge.nonce()));
    value.append(",uri=").append(quoted(uri));
    value.append(",response=").append(quoted(response));
    challenge.algorithm().ifPresent(named -> value.append(",algorithm=").append(named));
    if (challenge.auth()) {
      value.append(",cnonce=").append(quoted(cnonce)).append(",qop=auth,nc=").append(FIRST);
    }
    challenge.opaque().ifPresent(opaque -> value.append(",opaque=").append(quoted(opaque)));
    return value.toString();
  }

  private static String quoted(String text) {
    return '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static String hash(String algorithm, String... parts) {
    try {
      byte[] digest =
          MessageDigest.getInstance(algorithm)
              .digest(String.join(":", parts).getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }
}

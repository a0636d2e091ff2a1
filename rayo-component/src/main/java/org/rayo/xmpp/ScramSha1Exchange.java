package org.rayo.xmpp;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * SCRAM-SHA-1 without channel binding, the server's side. An unknown user is led through the whole
 * exchange, so that names cannot be tried out.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5802">RFC 5802</a>
 */
final class ScramSha1Exchange implements SaslExchange {
  private static final int ITERATIONS = 4096;
  private static final int KEY_BITS = 160;
  private static final SecureRandom RANDOM = new SecureRandom();

  /** What the first message established. */
  private record First(
      String gs2Header,
      String user,
      boolean known,
      String bare,
      String nonce,
      String serverFirst) {}

  private final Accounts accounts;
  private final byte[] salt = random(16);
  private Optional<First> first = Optional.empty();

  ScramSha1Exchange(Accounts accounts) {
    this.accounts = accounts;
  }

  @Override
  public Step respond(String data) {
    return first.isEmpty() ? begin(data) : finish(first.get(), data);
  }

  private Step begin(String data) {
    String[] parts = data.split(",", 3);
    boolean flagged = parts.length == 3 && (parts[0].equals("n") || parts[0].equals("y"));
    if (!flagged) {
      return new Failure("malformed-request");
    }
    Map<String, String> fields = fields(parts[2]);
    String name = fields.getOrDefault("n", "").replace("=2C", ",").replace("=3D", "=");
    String clientNonce = fields.getOrDefault("r", "");
    // "m" is a mandatory extension, and none is known.
    if (name.isEmpty() || clientNonce.isEmpty() || fields.containsKey("m")) {
      return new Failure("malformed-request");
    }
    Optional<String> known =
        accounts.user(name).filter(user -> accounts.password(user).isPresent());
    String actingAs = parts[1].startsWith("a=") ? parts[1].substring(2) : "";
    if (known.isPresent() && !accounts.mayActAs(known.get(), actingAs)) {
      return new Failure("invalid-authzid");
    }
    String nonce = clientNonce + base64(random(18));
    String serverFirst = "r=" + nonce + ",s=" + base64(salt) + ",i=" + ITERATIONS;
    first =
        Optional.of(
            new First(
                parts[0] + "," + parts[1] + ",",
                known.orElse(name),
                known.isPresent(),
                parts[2],
                nonce,
                serverFirst));
    return new Challenge(serverFirst);
  }

  private Step finish(First begun, String data) {
    Map<String, String> fields = fields(data);
    int proofAt = data.lastIndexOf(",p=");
    String binding = base64(begun.gs2Header().getBytes(StandardCharsets.UTF_8));
    if (proofAt < 0 || !binding.equals(fields.get("c")) || !begun.nonce().equals(fields.get("r"))) {
      return new Failure("malformed-request");
    }
    byte[] proof;
    try {
      proof = Base64.getDecoder().decode(data.substring(proofAt + 3));
    } catch (IllegalArgumentException e) {
      return new Failure("incorrect-encoding");
    }
    String message = begun.bare() + "," + begun.serverFirst() + "," + data.substring(0, proofAt);
    try {
      return verify(begun, message, proof);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java runtime has HMAC and PBKDF2 with SHA-1", e);
    }
  }

  private Step verify(First begun, String message, byte[] proof) throws GeneralSecurityException {
    String password = accounts.password(begun.user()).orElseGet(() -> base64(random(12)));
    byte[] salted =
        SecretKeyFactory.getInstance("PBKDF2WithHmacSHA1")
            .generateSecret(new PBEKeySpec(password.toCharArray(), salt, ITERATIONS, KEY_BITS))
            .getEncoded();
    byte[] storedKey = MessageDigest.getInstance("SHA-1").digest(hmac(salted, "Client Key"));
    byte[] signature = hmac(storedKey, message);
    if (proof.length != signature.length || !begun.known()) {
      return new Failure("not-authorized");
    }
    byte[] clientKey = new byte[proof.length];
    for (int i = 0; i < proof.length; i++) {
      clientKey[i] = (byte) (proof[i] ^ signature[i]);
    }
    if (!MessageDigest.isEqual(storedKey, MessageDigest.getInstance("SHA-1").digest(clientKey))) {
      return new Failure("not-authorized");
    }
    return new Success(begun.user(), "v=" + base64(hmac(hmac(salted, "Server Key"), message)));
  }

  private static Map<String, String> fields(String message) {
    Map<String, String> fields = new LinkedHashMap<>();
    for (String field : message.split(",", -1)) {
      if (field.length() >= 2 && field.charAt(1) == '=') {
        fields.putIfAbsent(field.substring(0, 1), field.substring(2));
      }
    }
    return fields;
  }

  private static byte[] hmac(byte[] key, String message) throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA1");
    mac.init(new SecretKeySpec(key, "HmacSHA1"));
    return mac.doFinal(message.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] random(int length) {
    byte[] bytes = new byte[length];
    RANDOM.nextBytes(bytes);
    return bytes;
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}

package org.rayo.storage.encryption;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateFactory;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.RSAPublicKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;

/**
 * RSA keys in PEM. Complaints are about the configuration; those about a private key have nothing
 * of what is in the file.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7468">RFC 7468</a>
 */
final class PemKeys {

  private static final int LEAST_BITS = 2048;
  private static final long MOST_BYTES = 1 << 20;

  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");

  private PemKeys() {}

  /** One block of a PEM file. */
  private record Block(String label, String base64) {
    byte[] bytes() {
      return Base64.getMimeDecoder().decode(base64);
    }
  }

  /** A public key ({@code PUBLIC KEY}), or that of a certificate ({@code CERTIFICATE}). */
  static RSAPublicKey publicKey(Path pem) throws StorageException {
    Block block = block(pem, "a public key or a certificate");
    try {
      PublicKey key =
          switch (block.label()) {
            case "PUBLIC KEY" ->
                KeyFactory.getInstance("RSA").generatePublic(new X509EncodedKeySpec(block.bytes()));
            case "CERTIFICATE" ->
                CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(block.bytes()))
                    .getPublicKey();
            default -> throw unfit(pem, "has a " + block.label() + "; it must be a PUBLIC KEY");
          };
      if (key instanceof RSAPublicKey rsa) {
        if (rsa.getModulus().bitLength() < LEAST_BITS) {
          throw unfit(pem, "has fewer than " + LEAST_BITS + " bits");
        }
        return rsa;
      }
    } catch (GeneralSecurityException e) {
      throw unfit(pem, "has no public key of RSA");
    }
    throw unfit(pem, "has no public key of RSA");
  }

  /** A private key in PKCS #8, not encrypted ({@code PRIVATE KEY}). */
  static RSAPrivateCrtKey privateKey(Path pem) throws StorageException {
    Block block = block(pem, "a private key");
    switch (block.label()) {
      case "PRIVATE KEY" -> {}
      case "ENCRYPTED PRIVATE KEY" ->
          throw unfit(pem, "is encrypted; decrypt it: openssl pkey -in KEY -out PLAIN");
      case "RSA PRIVATE KEY" ->
          throw unfit(pem, "is in PKCS #1; convert it: openssl pkey -in KEY -out PLAIN");
      default -> throw unfit(pem, "has a " + block.label() + "; it must be a PRIVATE KEY");
    }
    try {
      PrivateKey key =
          KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(block.bytes()));
      if (key instanceof RSAPrivateCrtKey rsa) {
        return rsa;
      }
    } catch (GeneralSecurityException e) {
      // Its text may tell of the key.
      throw unfit(pem, "has no private key of RSA");
    }
    throw unfit(pem, "has no private key of RSA");
  }

  private static Block block(Path pem, String what) throws StorageException {
    String text;
    try {
      if (Files.size(pem) > MOST_BYTES) {
        throw unfit(pem, "is too large for " + what);
      }
      text = Files.readString(pem, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new StorageException(Fault.CONFIGURATION, pem + ": cannot be read as " + what, e);
    }
    Matcher matcher = BLOCK.matcher(text);
    if (matcher.find()) {
      try {
        Block block = new Block(matcher.group(1), matcher.group(2));
        block.bytes(); // fails here if it cannot be read
        return block;
      } catch (IllegalArgumentException e) {
        throw unfit(pem, "is not whole");
      }
    }
    throw unfit(pem, "is not " + what + " in PEM");
  }

  private static StorageException unfit(Path pem, String complaint) {
    return new StorageException(Fault.CONFIGURATION, pem + ": " + complaint);
  }

  /** SHA-256 of the encoded key, its SubjectPublicKeyInfo. */
  static byte[] id(PublicKey key) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }

  /** The id of the pair's public key. */
  static byte[] id(RSAPrivateCrtKey key) {
    try {
      return id(
          KeyFactory.getInstance("RSA")
              .generatePublic(new RSAPublicKeySpec(key.getModulus(), key.getPublicExponent())));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every Java has RSA", e);
    }
  }
}

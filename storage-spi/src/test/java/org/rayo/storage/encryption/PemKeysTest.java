package org.rayo.storage.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.interfaces.RSAPrivateCrtKey;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;

final class PemKeysTest {

  @TempDir Path directory;

  private String publicKeyComplaint(Path pem) {
    StorageException thrown =
        catchThrowableOfType(StorageException.class, () -> PemKeys.publicKey(pem));
    assertThat(thrown.fault()).isEqualTo(Fault.CONFIGURATION);
    assertThat(thrown).hasMessageStartingWith(pem + ": ");
    return thrown.getMessage();
  }

  private String privateKeyComplaint(Path pem) {
    StorageException thrown =
        catchThrowableOfType(StorageException.class, () -> PemKeys.privateKey(pem));
    assertThat(thrown.fault()).isEqualTo(Fault.CONFIGURATION);
    return thrown.getMessage();
  }

  @Test
  void id_ofBothHalves_isTheSame() throws Exception {
    KeyFiles pair = KeyFiles.make(directory, "own");

    assertThat(PemKeys.id(PemKeys.privateKey(pair.privatePem())))
        .isEqualTo(PemKeys.id(PemKeys.publicKey(pair.publicPem())));
  }

  /** With text before the block, as openssl writes it. */
  @Test
  void publicKey_ofACertificate_isItsKey() throws Exception {
    Path store = directory.resolve("keys.p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "RSA",
                "-keysize",
                "2048",
                "-dname",
                "CN=recordings",
                "-alias",
                "own",
                "-storepass",
                "changeit",
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .redirectOutput(directory.resolve("log").toFile())
            .start();
    assertThat(keytool.waitFor(60, TimeUnit.SECONDS)).isTrue();
    KeyStore keys = KeyStore.getInstance(store.toFile(), "changeit".toCharArray());
    Path pem =
        KeyFiles.pem(
            directory.resolve("cert.pem"), "CERTIFICATE", keys.getCertificate("own").getEncoded());
    Files.writeString(pem, "subject=CN = recordings\n" + Files.readString(pem));

    RSAPrivateCrtKey privateKey = (RSAPrivateCrtKey) keys.getKey("own", "changeit".toCharArray());
    assertThat(PemKeys.id(PemKeys.publicKey(pem))).isEqualTo(PemKeys.id(privateKey));
  }

  @Test
  void publicKey_missing_saysSo() {
    assertThat(publicKeyComplaint(directory.resolve("gone.pem")))
        .endsWith("cannot be read as a public key or a certificate");
    assertThat(publicKeyComplaint(directory)).contains("cannot be read");
  }

  @ParameterizedTest
  @CsvSource({
    "PUBLIC KEY, has no public key of RSA",
    "CERTIFICATE, has no public key of RSA",
    "PRIVATE KEY, has a PRIVATE KEY; it must be a PUBLIC KEY",
    "RSA PUBLIC KEY, has a RSA PUBLIC KEY; it must be a PUBLIC KEY",
  })
  void publicKey_somethingElse_isNamed(String label, String complaint) throws Exception {
    Path pem =
        KeyFiles.pem(
            directory.resolve("x.pem"), label, "nothing".getBytes(StandardCharsets.US_ASCII));
    assertThat(publicKeyComplaint(pem)).endsWith(complaint);
  }

  @Test
  void publicKey_notPemOrTooShort_isRefused() throws Exception {
    assertThat(publicKeyComplaint(Files.writeString(directory.resolve("x"), "ssh-rsa AAAA")))
        .endsWith("is not a public key or a certificate in PEM");

    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    Path weak =
        KeyFiles.pem(
            directory.resolve("weak"),
            "PUBLIC KEY",
            generator.generateKeyPair().getPublic().getEncoded());
    assertThat(publicKeyComplaint(weak)).endsWith("has fewer than 2048 bits");

    Path curve =
        KeyFiles.pem(
            directory.resolve("curve"),
            "PUBLIC KEY",
            KeyPairGenerator.getInstance("EC").generateKeyPair().getPublic().getEncoded());
    assertThat(publicKeyComplaint(curve)).endsWith("has no public key of RSA");
  }

  @ParameterizedTest
  @CsvSource({
    "PRIVATE KEY, has no private key of RSA",
    "ENCRYPTED PRIVATE KEY, is encrypted; decrypt it: openssl pkey -in KEY -out PLAIN",
    "RSA PRIVATE KEY, is in PKCS #1; convert it: openssl pkey -in KEY -out PLAIN",
    "PUBLIC KEY, has a PUBLIC KEY; it must be a PRIVATE KEY",
  })
  void privateKey_somethingElse_isNamed(String label, String complaint) throws Exception {
    Path pem =
        KeyFiles.pem(
            directory.resolve("x.pem"), label, "nothing".getBytes(StandardCharsets.US_ASCII));
    assertThat(privateKeyComplaint(pem)).endsWith(complaint);
  }
}

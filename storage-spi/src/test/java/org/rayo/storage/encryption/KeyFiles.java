package org.rayo.storage.encryption;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;

/** A new key pair of RSA in two PEM files, as openssl writes them. */
record KeyFiles(Path publicPem, Path privatePem) {

  static KeyFiles make(Path directory, String name) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    KeyPair pair = generator.generateKeyPair();
    return new KeyFiles(
        pem(directory.resolve(name + ".pub"), "PUBLIC KEY", pair.getPublic().getEncoded()),
        pem(directory.resolve(name + ".key"), "PRIVATE KEY", pair.getPrivate().getEncoded()));
  }

  static Path pem(Path file, String label, byte[] bytes) throws IOException {
    Base64.Encoder lines = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    return Files.writeString(
        file,
        "-----BEGIN "
            + label
            + "-----\n"
            + lines.encodeToString(bytes)
            + "\n-----END "
            + label
            + "-----\n");
  }
}

package org.rayo.storage.s3;

import java.util.Optional;
import org.rayo.storage.StorageException;
import org.rayo.storage.StoreSettings;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/**
 * Who the store is. Without a key pair the SDK's usual chain finds out: environment, system
 * properties, profile, container, instance.
 *
 * @param keyPair of the configuration; secret
 * @param profile that the chain shall use
 */
record S3Credentials(Optional<KeyPair> keyPair, Optional<String> profile) {

  /** An access key, its secret, and the token of temporary ones. */
  record KeyPair(String accessKey, String secretKey, Optional<String> sessionToken) {
    @Override
    public String toString() {
      return "KeyPair[" + accessKey + "]";
    }
  }

  static S3Credentials read(StoreSettings settings) throws StorageException {
    Optional<String> accessKey = settings.optional("access-key");
    Optional<String> secretKey = settings.secret("secret-key");
    Optional<String> token = settings.secret("session-token");
    Optional<String> profile = settings.optional("profile");
    if (accessKey.isPresent() != secretKey.isPresent()) {
      throw settings.unfit(
          accessKey.isPresent() ? "secret-key" : "access-key",
          "access-key and secret-key need each other");
    }
    if (accessKey.isEmpty()) {
      if (token.isPresent()) {
        throw settings.unfit("session-token", "needs access-key and secret-key");
      }
      return new S3Credentials(Optional.empty(), profile);
    }
    if (profile.isPresent()) {
      throw settings.wrong("profile", "left out where there is an access-key");
    }
    return new S3Credentials(
        Optional.of(new KeyPair(accessKey.get(), secretKey.orElseThrow(), token)), profile);
  }

  /** Nothing is looked for before it is needed. */
  AwsCredentialsProvider provider() {
    if (keyPair.isEmpty()) {
      DefaultCredentialsProvider.Builder chain = DefaultCredentialsProvider.builder();
      profile.ifPresent(chain::profileName);
      return chain.build();
    }
    KeyPair pair = keyPair.get();
    return StaticCredentialsProvider.create(
        pair.sessionToken().isPresent()
            ? AwsSessionCredentials.create(
                pair.accessKey(), pair.secretKey(), pair.sessionToken().get())
            : AwsBasicCredentials.create(pair.accessKey(), pair.secretKey()));
  }
}

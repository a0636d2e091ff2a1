package org.rayo.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.rayo.storage.RecordingStoreProvider;

/** The contract against S3Proxy. */
final class S3RecordingStoreTest extends S3Contract {

  private static S3Server server;

  @BeforeAll
  static void startServer() throws Exception {
    server = S3Server.proxy();
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.close();
  }

  @Override
  S3Server server() {
    return server;
  }

  @Test
  void serviceLoader_typeS3_findsTheProvider() {
    assertThat(ServiceLoader.load(RecordingStoreProvider.class))
        .anyMatch(provider -> provider.type().equals("s3"));
  }
}

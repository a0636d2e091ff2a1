package org.rayo.storage.s3;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/** The contract against whatever server one has. */
@EnabledIfEnvironmentVariable(
    named = "RAYO_S3_ENDPOINT",
    matches = "http.*",
    disabledReason = "no S3 server of one's own is named (docs/storage.md)")
final class S3OnNamedServerTest extends S3Contract {

  private static S3Server server;

  @BeforeAll
  static void connect() {
    server = S3Server.named();
  }

  @AfterAll
  static void disconnect() throws Exception {
    server.close();
  }

  @Override
  S3Server server() {
    return server;
  }
}

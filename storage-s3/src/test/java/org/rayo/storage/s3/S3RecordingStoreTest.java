package org.rayo.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import java.util.ServiceLoader;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.RecordingStoreContract;
import org.rayo.storage.RecordingStoreProvider;
import org.rayo.storage.StoredRecording;

/** The contract against S3Proxy. */
final class S3RecordingStoreTest extends RecordingStoreContract {

  private static S3Server server;

  private boolean bucketMade;

  @BeforeAll
  static void startServer() throws Exception {
    server = new S3Server();
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.close();
  }

  @Override
  protected RecordingStore open() throws Exception {
    if (!bucketMade) {
      server.newBucket();
      bucketMade = true;
    }
    return server.store(server.endpoint(), "attempts", "1");
  }

  @Override
  protected List<String> secrets() {
    return S3Server.secrets();
  }

  /** Three parts and a bit. */
  @Override
  protected int largeBytes() {
    return 16 * 1024 * 1024 + 1;
  }

  @Override
  protected byte[] fetch(StoredRecording stored) {
    URI uri = stored.uri();
    assertThat(uri.getScheme()).isEqualTo("s3");
    assertThat(uri.getAuthority()).isEqualTo(server.bucket());
    return server.bytes(uri.getPath().substring(1));
  }

  @Override
  protected List<String> everything() {
    return server.everything();
  }

  @Override
  protected List<String> visible() {
    return server.objects();
  }

  @Override
  protected void breakPlace() {
    server.deleteBucket();
  }

  @Override
  protected void repairPlace() {
    server.createBucket();
  }

  @Test
  void serviceLoader_typeS3_findsTheProvider() {
    assertThat(ServiceLoader.load(RecordingStoreProvider.class))
        .anyMatch(provider -> provider.type().equals("s3"));
  }
}

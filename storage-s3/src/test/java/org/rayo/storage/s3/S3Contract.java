package org.rayo.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.util.List;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.RecordingStoreContract;
import org.rayo.storage.StoredRecording;

/** The contract, against some server. */
abstract class S3Contract extends RecordingStoreContract {

  private boolean bucketMade;

  /** The server that all tests of a class share. */
  abstract S3Server server();

  @Override
  protected RecordingStore open() throws Exception {
    if (!bucketMade) {
      server().newBucket();
      bucketMade = true;
    }
    return server().store(server().endpoint(), "attempts", "1");
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
    assertThat(uri.getAuthority()).isEqualTo(server().bucket());
    return server().bytes(uri.getPath().substring(1));
  }

  @Override
  protected List<String> everything() {
    return server().everything();
  }

  @Override
  protected List<String> visible() {
    return server().objects();
  }

  @Override
  protected void breakPlace() {
    server().deleteBucket();
  }

  @Override
  protected void repairPlace() {
    server().createBucket();
  }
}

package org.rayo.storage.s3;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.rayo.storage.PercentEncoding;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;
import org.rayo.storage.Upload;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.services.s3.S3Utilities;
import software.amazon.awssdk.services.s3.presigner.S3Presigner;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Keeps recordings as objects of a bucket, on Amazon S3 or a compatible server. An object appears
 * as a whole or not at all, and the same recording always at the same key. Objects are never
 * deleted.
 */
final class S3RecordingStore implements RecordingStore {

  private static final int MOST_KEY_BYTES = 1024;

  private final S3Settings settings;
  private final AwsCredentialsProvider credentials;
  private final S3Bucket bucket;
  private final Set<S3Upload> underWay = new HashSet<>();
  private boolean closed;

  S3RecordingStore(S3Settings settings) {
    this.settings = settings;
    credentials = settings.credentials().provider();
    bucket = new S3Bucket(settings, credentials);
  }

  @Override
  public void check() throws StorageException {
    bucket.check();
  }

  @Override
  public synchronized Upload begin(RecordingFile file) throws StorageException {
    if (closed) {
      throw new StorageException(Fault.UNAVAILABLE, "the store is closed");
    }
    String key = settings.objectKey(file.key());
    if (key.getBytes(StandardCharsets.UTF_8).length > MOST_KEY_BYTES) {
      throw new StorageException(
          Fault.REFUSED, "key '" + key + "' has more than " + MOST_KEY_BYTES + " bytes");
    }
    S3Upload upload = new S3Upload(this, settings, bucket, file);
    underWay.add(upload);
    return upload;
  }

  /** What clients are told of an object. */
  URI uri(String objectKey) throws StorageException {
    return switch (settings.uris().kind()) {
      case S3 -> URI.create("s3://" + settings.bucket() + "/" + PercentEncoding.path(objectKey));
      case HTTPS ->
          settings
              .uris()
              .publicUrl()
              .map(base -> PercentEncoding.append(base, objectKey))
              .orElseGet(() -> ownAddress(objectKey));
      case PRESIGNED -> presigned(objectKey);
    };
  }

  private URI ownAddress(String objectKey) {
    S3Utilities.Builder utilities =
        S3Utilities.builder()
            .region(settings.region())
            .s3Configuration(S3Bucket.configuration(settings));
    settings.endpoint().ifPresent(utilities::endpoint);
    return URI.create(
        utilities
            .build()
            .getUrl(request -> request.bucket(settings.bucket()).key(objectKey))
            .toExternalForm());
  }

  private URI presigned(String objectKey) throws StorageException {
    bucket.requireCredentials();
    S3Presigner.Builder builder =
        S3Presigner.builder()
            .region(settings.region())
            .credentialsProvider(credentials)
            .serviceConfiguration(S3Bucket.configuration(settings));
    settings.endpoint().ifPresent(builder::endpointOverride);
    try (S3Presigner presigner = builder.build()) {
      return URI.create(
          presigner
              .presignGetObject(
                  request ->
                      request
                          .signatureDuration(settings.uris().life())
                          .getObjectRequest(get -> get.bucket(settings.bucket()).key(objectKey)))
              .url()
              .toExternalForm());
    }
  }

  synchronized void settled(S3Upload upload) {
    underWay.remove(upload);
  }

  @Override
  public void close() {
    List<S3Upload> unsettled;
    synchronized (this) {
      closed = true;
      unsettled = List.copyOf(underWay);
    }
    // An upload is locked while it sends, which may take long.
    bucket.endSending();
    unsettled.forEach(S3Upload::abort);
    bucket.close();
    if (credentials instanceof SdkAutoCloseable chain) {
      chain.close();
    }
  }
}

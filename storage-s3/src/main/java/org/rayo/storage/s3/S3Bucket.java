package org.rayo.storage.s3;

import java.util.List;
import java.util.function.Supplier;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.AbortedException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.apache5.Apache5HttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.ChecksumMode;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/**
 * The requests that the store makes, each with its failure as a {@link StorageException}. Keys are
 * those of objects. Thread-safe; every method blocks.
 */
final class S3Bucket implements AutoCloseable {

  private static final int CONNECTIONS = 128;

  private final S3Settings settings;
  private final AwsCredentialsProvider credentials;
  private final ProgressTimeout http;
  private final S3Client client;

  S3Bucket(S3Settings settings, AwsCredentialsProvider credentials) {
    this.settings = settings;
    this.credentials = credentials;
    http = http(settings.transfer());
    client = client(settings, credentials, http);
  }

  private static ProgressTimeout http(S3Settings.Transfer transfer) {
    S3Settings.Patience patience = transfer.patience();
    return new ProgressTimeout(
        Apache5HttpClient.builder()
            .connectionTimeout(transfer.connectTimeout())
            .connectionAcquisitionTimeout(patience.timeout())
            .socketTimeout(patience.longest())
            .maxConnections(CONNECTIONS)
            .build(),
        patience);
  }

  private static S3Client client(
      S3Settings settings, AwsCredentialsProvider credentials, SdkHttpClient http) {
    S3Settings.Transfer transfer = settings.transfer();
    var builder =
        S3Client.builder()
            .region(settings.region())
            .credentialsProvider(credentials)
            .serviceConfiguration(configuration(settings))
            // The store computes checksums itself: those of the SDK come in a trailer, which
            // not every compatible server understands.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .httpClient(http)
            .overrideConfiguration(
                call ->
                    call.retryStrategy(
                        AwsRetryStrategy.standardRetryStrategy().toBuilder()
                            .maxAttempts(transfer.attempts())
                            .build()));
    settings.endpoint().ifPresent(builder::endpointOverride);
    return builder.build();
  }

  static S3Configuration configuration(S3Settings settings) {
    return S3Configuration.builder()
        .pathStyleAccessEnabled(settings.pathStyle())
        .chunkedEncodingEnabled(false)
        .build();
  }

  /** Whether there are credentials, and the bucket can be seen with them. */
  void check() throws StorageException {
    requireCredentials();
    String key = "rayo.storage.stores." + settings.name() + ".bucket";
    call(
        key + ": HeadBucket s3://" + settings.bucket(),
        () -> client.headBucket(request -> request.bucket(settings.bucket())));
  }

  /** The SDK's exception for absent credentials is the same as for a broken network. */
  void requireCredentials() throws StorageException {
    try {
      credentials.resolveCredentials();
    } catch (SdkClientException e) {
      throw new StorageException(
          Fault.CONFIGURATION,
          "rayo.storage.stores."
              + settings.name()
              + ".access-key: missing, and the AWS SDK's chain"
              + " (environment, profile, container, instance) has no credentials either",
          e);
    }
  }

  void put(String key, RecordingFile file, FileSlice slice, String checksum)
      throws StorageException {
    PutObjectRequest.Builder request =
        PutObjectRequest.builder().bucket(settings.bucket()).key(key);
    settings.objects().applyTo(request, file);
    settings.transfer().checksum().applyTo(request, checksum);
    call(
        "PutObject " + shown(key),
        () -> client.putObject(request.build(), slice.body(file.mediaType())));
  }

  /** The id of a new multipart upload. */
  String create(String key, RecordingFile file) throws StorageException {
    CreateMultipartUploadRequest.Builder request =
        CreateMultipartUploadRequest.builder().bucket(settings.bucket()).key(key);
    settings.objects().applyTo(request, file);
    settings.transfer().checksum().applyTo(request);
    return call(
            "CreateMultipartUpload " + shown(key),
            () -> client.createMultipartUpload(request.build()))
        .uploadId();
  }

  /** Sends a part, or sends it again in another form, and gives its ETag. */
  String uploadPart(String key, String uploadId, int number, FileSlice slice, String checksum)
      throws StorageException {
    UploadPartRequest.Builder request =
        UploadPartRequest.builder()
            .bucket(settings.bucket())
            .key(key)
            .uploadId(uploadId)
            .partNumber(number);
    settings.transfer().checksum().applyTo(request, checksum);
    return call(
            "UploadPart " + number + " " + shown(key),
            () -> client.uploadPart(request.build(), slice.body("application/octet-stream")))
        .eTag();
  }

  /** Parts that are not named are thrown away by the server. */
  void complete(String key, String uploadId, List<CompletedPart> parts) throws StorageException {
    call(
        "CompleteMultipartUpload " + shown(key),
        () ->
            client.completeMultipartUpload(
                request ->
                    request
                        .bucket(settings.bucket())
                        .key(key)
                        .uploadId(uploadId)
                        .multipartUpload(upload -> upload.parts(parts))));
  }

  void abort(String key, String uploadId) throws StorageException {
    call(
        "AbortMultipartUpload " + shown(key),
        () ->
            client.abortMultipartUpload(
                request -> request.bucket(settings.bucket()).key(key).uploadId(uploadId)));
  }

  /** Ids of the uploads under way for exactly this key. */
  List<String> uploads(String key) throws StorageException {
    return call(
            "ListMultipartUploads " + shown(key),
            () ->
                client.listMultipartUploads(
                    request -> request.bucket(settings.bucket()).prefix(key)))
        .uploads()
        .stream()
        .filter(upload -> upload.key().equals(key))
        .map(MultipartUpload::uploadId)
        .toList();
  }

  HeadObjectResponse head(String key) throws StorageException {
    HeadObjectRequest.Builder request =
        HeadObjectRequest.builder().bucket(settings.bucket()).key(key);
    switch (settings.transfer().checksum()) {
      case SHA256, CRC32 -> request.checksumMode(ChecksumMode.ENABLED);
      case MD5, NONE -> {}
    }
    return call("HeadObject " + shown(key), () -> client.headObject(request.build()));
  }

  /** Ends what sends something, now and later, so that nobody waits for it. */
  void endSending() {
    http.endSending();
  }

  String shown(String key) {
    return "s3://" + settings.bucket() + "/" + key;
  }

  private static <T> T call(String what, Supplier<T> request) throws StorageException {
    try {
      return request.get();
    } catch (AbortedException e) {
      Thread.currentThread().interrupt();
      throw new StorageException(Fault.UNAVAILABLE, what + ": interrupted", e);
    } catch (SdkException e) {
      throw S3Faults.of(what, e);
    } catch (IllegalStateException e) {
      // The SDK's way to say that its client is closed.
      throw new StorageException(Fault.UNAVAILABLE, what + ": the store is closed", e);
    }
  }

  @Override
  public void close() {
    client.close();
    http.close();
  }
}

package org.rayo.storage.s3;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * What failures mean. The texts have the request, the status and S3's error code.
 *
 * @see <a href="https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html">Amazon S3:
 *     error responses</a>
 */
final class S3Faults {

  /** Where the code says more than the status does. */
  private static final Map<String, Fault> BY_CODE =
      Map.ofEntries(
          Map.entry("BadDigest", Fault.CORRUPTED),
          Map.entry("InvalidDigest", Fault.CORRUPTED),
          Map.entry("XAmzContentSHA256Mismatch", Fault.CORRUPTED),
          Map.entry("XAmzContentChecksumMismatch", Fault.CORRUPTED),
          Map.entry("IncompleteBody", Fault.CORRUPTED),
          Map.entry("InvalidPart", Fault.CORRUPTED),
          Map.entry("InvalidPartOrder", Fault.CORRUPTED),
          Map.entry("NoSuchUpload", Fault.UNAVAILABLE),
          Map.entry("RequestTimeout", Fault.UNAVAILABLE),
          Map.entry("SlowDown", Fault.UNAVAILABLE),
          Map.entry("RequestTimeTooSkewed", Fault.CONFIGURATION),
          Map.entry("ExpiredToken", Fault.CONFIGURATION),
          Map.entry("InvalidToken", Fault.CONFIGURATION),
          Map.entry("TokenRefreshRequired", Fault.CONFIGURATION),
          Map.entry("AuthorizationHeaderMalformed", Fault.CONFIGURATION),
          Map.entry("InvalidBucketName", Fault.CONFIGURATION),
          Map.entry("InvalidStorageClass", Fault.CONFIGURATION),
          Map.entry("InvalidEncryptionAlgorithmError", Fault.CONFIGURATION),
          Map.entry("IllegalLocationConstraintException", Fault.CONFIGURATION));

  /** How the codes of the key service begin. */
  private static final String KMS = "KMS.";

  private static final Set<Integer> PASSING = Set.of(408, 409, 423, 425, 429);

  private S3Faults() {}

  /**
   * The failure of one request.
   *
   * @param what was asked, as in {@code PutObject s3://bucket/key}
   */
  static StorageException of(String what, SdkException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ProgressTimeout.NoProgressException) {
        return new StorageException(
            Fault.UNAVAILABLE, what + ": neither progress nor answer in time", failure);
      }
      if (cause instanceof FileSlice.SourceException source) {
        return source.told();
      }
    }
    if (failure instanceof S3Exception answer) {
      return answered(what, answer);
    }
    return new StorageException(Fault.UNAVAILABLE, what + ": no answer", failure);
  }

  private static StorageException answered(String what, S3Exception answer) {
    String code = code(answer);
    int status = answer.statusCode();
    StorageException told =
        new StorageException(
            fault(status, code),
            what + " answered " + status + (code.isEmpty() ? "" : " " + code),
            retryAfter(answer));
    told.initCause(answer);
    return told;
  }

  /** S3's name for what happened; empty where there is none, as after HEAD. */
  static String code(S3Exception answer) {
    @Nullable AwsErrorDetails details = answer.awsErrorDetails();
    if (details == null) {
      return "";
    }
    @Nullable String code = details.errorCode();
    return code != null && code.matches("[A-Za-z0-9.]{1,64}") ? code : "";
  }

  static Fault fault(int status, String code) {
    Optional<Fault> byCode = Optional.ofNullable(BY_CODE.get(code));
    if (byCode.isPresent()) {
      return byCode.get();
    }
    if (PASSING.contains(status)) {
      return Fault.UNAVAILABLE;
    }
    return switch (status) {
      case 400 -> code.startsWith(KMS) ? Fault.CONFIGURATION : Fault.REFUSED;
      case 401, 403, 404, 405, 501 -> Fault.CONFIGURATION;
      default ->
          switch (status / 100) {
            case 4 -> Fault.REFUSED;
            // Another region than the configured one.
            case 3 -> Fault.CONFIGURATION;
            default -> Fault.UNAVAILABLE;
          };
    };
  }

  private static Optional<Duration> retryAfter(S3Exception answer) {
    @Nullable AwsErrorDetails details = answer.awsErrorDetails();
    if (details == null || details.sdkHttpResponse() == null) {
      return Optional.empty();
    }
    return details
        .sdkHttpResponse()
        .firstMatchingHeader("Retry-After")
        .filter(text -> text.matches("\\d{1,5}"))
        .map(text -> Duration.ofSeconds(Long.parseLong(text)));
  }
}

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
          Map.entry("KeyTooLongError", Fault.REFUSED),
          Map.entry("EntityTooLarge", Fault.REFUSED),
          Map.entry("MetadataTooLarge", Fault.REFUSED),
          Map.entry("NoSuchUpload", Fault.UNAVAILABLE),
          Map.entry("RequestTimeout", Fault.UNAVAILABLE),
          Map.entry("SlowDown", Fault.UNAVAILABLE));

  /** About this recording, whatever the code. */
  private static final Set<Integer> REFUSED = Set.of(413, 451);

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
    if (REFUSED.contains(status)) {
      return Fault.REFUSED;
    }
    // Of 3xx, another region than the configured one. Of 4xx, what somebody may mend: a request
    // that this server does not take, a key, a right, a class of storage.
    boolean mendable = status / 100 == 3 || status / 100 == 4 || status == 501;
    return mendable && !PASSING.contains(status) ? Fault.CONFIGURATION : Fault.UNAVAILABLE;
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

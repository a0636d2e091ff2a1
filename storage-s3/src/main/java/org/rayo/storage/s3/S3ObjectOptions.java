package org.rayo.storage.s3;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.rayo.storage.MetadataFields;
import org.rayo.storage.PercentEncoding;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.StorageException;
import org.rayo.storage.StoreSettings;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.StorageClass;

/**
 * What objects are given besides their bytes.
 *
 * @param tags of every object, at most ten
 * @param metadata whether the recording's goes along; {@code recording-id} always does
 */
record S3ObjectOptions(
    Optional<StorageClass> storageClass,
    Optional<ServerSideEncryption> encryption,
    Optional<String> kmsKeyId,
    Map<String, String> tags,
    boolean metadata) {

  /** S3 takes 2 KiB of names and values. */
  private static final int METADATA_BYTES = 2000;

  private static final int MOST_TAGS = 10;
  private static final String TAG_CHARACTERS = "[\\p{L}\\p{Z}\\p{N}_.:/=+\\-@]*";

  static S3ObjectOptions read(StoreSettings settings) throws StorageException {
    Optional<ServerSideEncryption> encryption =
        settings.choice(
            "encryption",
            Optional.empty(),
            Map.of(
                "none", Optional.empty(),
                "AES256", Optional.of(ServerSideEncryption.AES256),
                "aws:kms", Optional.of(ServerSideEncryption.AWS_KMS),
                "aws:kms:dsse", Optional.of(ServerSideEncryption.AWS_KMS_DSSE)));
    Optional<String> kmsKeyId = settings.optional("kms-key-id");
    boolean kms = encryption.isPresent() && !encryption.get().equals(ServerSideEncryption.AES256);
    if (kmsKeyId.isPresent() && !kms) {
      throw settings.wrong("kms-key-id", "left out unless encryption is aws:kms");
    }
    return new S3ObjectOptions(
        settings.choice(
            "storage-class",
            Optional.empty(),
            StorageClass.knownValues().stream()
                .collect(Collectors.toMap(StorageClass::toString, Optional::of))),
        encryption,
        kmsKeyId,
        tags(settings),
        settings.flag("metadata", true));
  }

  private static Map<String, String> tags(StoreSettings settings) throws StorageException {
    Map<String, String> tags = new TreeMap<>(settings.block("tags"));
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      if (tag.getKey().length() > 128
          || tag.getValue().length() > 256
          || !tag.getKey().matches(TAG_CHARACTERS)
          || !tag.getValue().matches(TAG_CHARACTERS)) {
        throw settings.wrong(
            "tags." + tag.getKey(), "at most 256 letters, digits, spaces and any of _.:/=+-@");
      }
    }
    if (tags.size() > MOST_TAGS) {
      throw settings.unfit("tags", "has " + tags.size() + " tags; an object can have ten");
    }
    return tags;
  }

  void applyTo(PutObjectRequest.Builder request, RecordingFile file) {
    storageClass.ifPresent(request::storageClass);
    encryption.ifPresent(request::serverSideEncryption);
    kmsKeyId.ifPresent(request::ssekmsKeyId);
    tagging().ifPresent(request::tagging);
    request.contentType(file.mediaType()).metadata(metadata(file));
  }

  void applyTo(CreateMultipartUploadRequest.Builder request, RecordingFile file) {
    storageClass.ifPresent(request::storageClass);
    encryption.ifPresent(request::serverSideEncryption);
    kmsKeyId.ifPresent(request::ssekmsKeyId);
    tagging().ifPresent(request::tagging);
    request.contentType(file.mediaType()).metadata(metadata(file));
  }

  private Optional<String> tagging() {
    return tags.isEmpty()
        ? Optional.empty()
        : Optional.of(
            tags.entrySet().stream()
                .map(
                    tag ->
                        PercentEncoding.component(tag.getKey())
                            + "="
                            + PercentEncoding.component(tag.getValue()))
                .collect(Collectors.joining("&")));
  }

  /** With {@code recording-id}, by which an object is known as this recording's. */
  Map<String, String> metadata(RecordingFile file) {
    return MetadataFields.headers(file, metadata ? METADATA_BYTES : 0);
  }
}

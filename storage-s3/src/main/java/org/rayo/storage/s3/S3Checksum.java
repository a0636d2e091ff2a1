package org.rayo.storage.s3;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;

/**
 * How the server is told what it has to receive; it refuses bytes that differ. Values are in Base64
 * of big-endian bytes, as S3 writes them.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html">
 *     Amazon S3: checking object integrity</a>
 */
enum S3Checksum {
  SHA256,
  CRC32,
  /** By {@code Content-MD5}, which the oldest servers know. */
  MD5,
  /** Only the size is compared. */
  NONE;

  /** Takes bytes and gives their checksum. */
  interface Sum {
    void add(byte[] bytes, int length);

    byte[] value();
  }

  Sum begin() {
    return switch (this) {
      case SHA256 -> digest("SHA-256");
      case MD5 -> digest("MD5");
      case CRC32, NONE -> crc32();
    };
  }

  private static Sum digest(String algorithm) {
    try {
      MessageDigest digest = MessageDigest.getInstance(algorithm);
      return new Sum() {
        @Override
        public void add(byte[] bytes, int length) {
          digest.update(bytes, 0, length);
        }

        @Override
        public byte[] value() {
          return digest.digest();
        }
      };
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has " + algorithm, e);
    }
  }

  private static Sum crc32() {
    CRC32 crc = new CRC32();
    return new Sum() {
      @Override
      public void add(byte[] bytes, int length) {
        crc.update(bytes, 0, length);
      }

      @Override
      public byte[] value() {
        return ByteBuffer.allocate(Integer.BYTES).putInt((int) crc.getValue()).array();
      }
    };
  }

  /** The checksum of checksums that S3 gives to an object of several parts: {@code value-count}. */
  String composite(List<String> parts) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    parts.forEach(part -> all.writeBytes(Base64.getDecoder().decode(part)));
    Sum sum = begin();
    sum.add(all.toByteArray(), all.size());
    return Base64.getEncoder().encodeToString(sum.value()) + "-" + parts.size();
  }

  void applyTo(PutObjectRequest.Builder request, String value) {
    switch (this) {
      case SHA256 -> request.checksumSHA256(value);
      case CRC32 -> request.checksumCRC32(value);
      case MD5 -> request.contentMD5(value);
      case NONE -> {}
    }
  }

  void applyTo(CreateMultipartUploadRequest.Builder request) {
    switch (this) {
      case SHA256 -> request.checksumAlgorithm(ChecksumAlgorithm.SHA256);
      case CRC32 -> request.checksumAlgorithm(ChecksumAlgorithm.CRC32);
      case MD5, NONE -> {}
    }
  }

  void applyTo(UploadPartRequest.Builder request, String value) {
    switch (this) {
      case SHA256 -> request.checksumSHA256(value);
      case CRC32 -> request.checksumCRC32(value);
      case MD5 -> request.contentMD5(value);
      case NONE -> {}
    }
  }

  void applyTo(CompletedPart.Builder part, String value) {
    switch (this) {
      case SHA256 -> part.checksumSHA256(value);
      case CRC32 -> part.checksumCRC32(value);
      case MD5, NONE -> {}
    }
  }

  /** What the server says it holds, where it says so. */
  Optional<String> told(HeadObjectResponse object) {
    return switch (this) {
      case SHA256 -> told(object.checksumSHA256());
      case CRC32 -> told(object.checksumCRC32());
      case MD5, NONE -> Optional.empty();
    };
  }

  private static Optional<String> told(@Nullable String value) {
    return Optional.ofNullable(value);
  }
}

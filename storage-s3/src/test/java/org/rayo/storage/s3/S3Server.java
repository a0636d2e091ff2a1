package org.rayo.storage.s3;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import org.gaul.s3proxy.BlobStores;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.rayo.storage.StorageException;
import org.rayo.storage.StoreSettings;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.S3Object;

/** A server, and a view of what is in the bucket last made. */
final class S3Server implements AutoCloseable {

  static final String ACCESS_KEY = "AKIDRAYO";
  static final String SECRET_KEY = "hush-hush-hush-hush";

  private final Optional<S3Proxy> proxy;
  private final URI endpoint;
  private final AwsBasicCredentials keys;
  private final S3Client client;
  private final String run = Long.toString(System.currentTimeMillis(), 36);
  private String bucket = "none";
  private int buckets;

  private S3Server(Optional<S3Proxy> proxy, URI endpoint, AwsBasicCredentials keys) {
    this.proxy = proxy;
    this.endpoint = endpoint;
    this.keys = keys;
    client =
        S3Client.builder()
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .endpointOverride(endpoint)
            .credentialsProvider(StaticCredentialsProvider.create(keys))
            .build();
  }

  /** S3Proxy, which keeps everything in memory. */
  static S3Server proxy() throws Exception {
    S3Proxy proxy =
        S3Proxy.builder()
            .blobStore(BlobStores.create("transient-nio2", new Properties()))
            .endpoint(URI.create("http://127.0.0.1:0"))
            .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
            .build();
    proxy.start();
    return new S3Server(
        Optional.of(proxy),
        URI.create("http://127.0.0.1:" + proxy.getPort()),
        AwsBasicCredentials.create(ACCESS_KEY, SECRET_KEY));
  }

  /** The one that the environment names. */
  static S3Server named() {
    return at(
        URI.create(System.getenv("RAYO_S3_ENDPOINT")),
        System.getenv("RAYO_S3_ACCESS_KEY"),
        System.getenv("RAYO_S3_SECRET_KEY"));
  }

  /** One that runs already. */
  static S3Server at(URI endpoint, String accessKey, String secretKey) {
    return new S3Server(
        Optional.empty(), endpoint, AwsBasicCredentials.create(accessKey, secretKey));
  }

  URI endpoint() {
    return endpoint;
  }

  /** A store's settings for this server, or for what stands before it. */
  StoreSettings settings(URI endpoint, String... more) {
    Map<String, String> values = new TreeMap<>();
    values.put("type", "s3");
    values.put("endpoint", endpoint.toString());
    values.put("bucket", bucket);
    values.put("access-key", keys.accessKeyId());
    values.put("secret-key", keys.secretAccessKey());
    values.put("part-size", "5 MiB");
    for (int i = 0; i < more.length; i += 2) {
      values.put(more[i], more[i + 1]);
    }
    return StoreSettings.of("far", values);
  }

  S3RecordingStore store(URI endpoint, String... more) throws StorageException {
    return (S3RecordingStore) new S3RecordingStoreProvider().create(settings(endpoint, more));
  }

  /** The secret key, and as it may be written. */
  static List<String> secrets() {
    return List.of(
        SECRET_KEY,
        Base64.getEncoder().encodeToString(SECRET_KEY.getBytes(StandardCharsets.UTF_8)));
  }

  S3Client client() {
    return client;
  }

  /** An empty bucket that no other test has. */
  void newBucket() {
    buckets++;
    bucket = "rayo-" + run + "-" + buckets;
    createBucket();
  }

  String bucket() {
    return bucket;
  }

  void createBucket() {
    client.createBucket(request -> request.bucket(bucket));
  }

  void deleteBucket() {
    client.deleteBucket(request -> request.bucket(bucket));
  }

  List<String> objects() {
    return client.listObjectsV2Paginator(request -> request.bucket(bucket)).contents().stream()
        .map(S3Object::key)
        .sorted()
        .toList();
  }

  List<MultipartUpload> uploads() {
    return client.listMultipartUploads(request -> request.bucket(bucket)).uploads();
  }

  /** The numbers of the parts of the only upload under way. */
  List<Integer> parts() {
    List<MultipartUpload> uploads = uploads();
    if (uploads.size() != 1) {
      throw new AssertionError("not one upload: " + uploads);
    }
    MultipartUpload upload = uploads.get(0);
    return client
        .listParts(request -> request.bucket(bucket).key(upload.key()).uploadId(upload.uploadId()))
        .parts()
        .stream()
        .map(Part::partNumber)
        .toList();
  }

  List<String> everything() {
    List<String> all = new ArrayList<>(objects());
    uploads().forEach(upload -> all.add("upload of " + upload.key()));
    return all;
  }

  byte[] bytes(String key) {
    return client.getObjectAsBytes(request -> request.bucket(bucket).key(key)).asByteArrayUnsafe();
  }

  @Override
  public void close() throws Exception {
    client.close();
    if (proxy.isPresent()) {
      proxy.get().stop();
    }
  }
}

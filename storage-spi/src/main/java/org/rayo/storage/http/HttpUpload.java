package org.rayo.storage.http;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.rayo.storage.MetadataFields;
import org.rayo.storage.PercentEncoding;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;
import org.rayo.storage.StoredRecording;
import org.rayo.storage.Upload;
import org.rayo.storage.http.HttpTransport.Answer;
import org.rayo.storage.http.HttpTransport.Request;

/**
 * One recording on its way to a receiver. The store may abort it while closing, from another thread
 * than the one that is in {@link #finish}.
 */
final class HttpUpload implements Upload {

  /** Of metadata in headers; servers take 8 KiB of headers or more. */
  private static final int HEADER_BYTES = 4096;

  /** Of metadata in the query; servers take addresses of 8 KiB or more. */
  private static final int QUERY_BYTES = 2048;

  private enum State {
    UNDER_WAY,
    FINISHED,
    ABORTED
  }

  private final HttpRecordingStore store;
  private final HttpSettings settings;
  private final HttpTransport transport;
  private final RecordingFile file;
  private final Cancellation cancellation = new Cancellation();
  private State state = State.UNDER_WAY;
  private @Nullable StoredRecording stored;

  HttpUpload(
      HttpRecordingStore store,
      HttpSettings settings,
      HttpTransport transport,
      RecordingFile file) {
    this.store = store;
    this.settings = settings;
    this.transport = transport;
    this.file = file;
  }

  /** Nothing is sent yet: the receiver shall not see what may still change. */
  @Override
  public void advance(long finalBytes) throws StorageException {
    requireUnderWay();
  }

  @Override
  public StoredRecording finish() throws StorageException {
    Optional<StoredRecording> before = stored();
    if (before.isPresent()) {
      return before.get();
    }
    requireUnderWay();
    StoredRecording done;
    try (SpoolBody body = SpoolBody.of(file.path())) {
      Answer answer = transport.send(request(body), cancellation);
      switch (settings.verify()) {
        case HEAD -> {
          if (answer.status() != HttpFaults.ACCEPTED) {
            HttpFaults.requireSuccess(answer);
          }
          check().verify(address(answer), body, answer.status() == HttpFaults.ACCEPTED);
        }
        case NONE -> HttpFaults.requireSuccess(answer);
      }
      StoredCheck.requireSameChecksum(answer, "X-Checksum-Sha256", body);
      done = new StoredRecording(uri(answer), body.sizeBytes());
    } catch (IOException e) {
      throw StorageException.unreadable(file.path(), e);
    }
    return settle(done);
  }

  private StoredCheck check() {
    return new StoredCheck(settings, transport, cancellation);
  }

  private Request request(SpoolBody body) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", file.mediaType());
    headers.put("Content-Digest", "sha-256=:" + base64(body.sha256()) + ":");
    headers.put("X-Checksum-Sha256", HexFormat.of().formatHex(body.sha256()));
    headers.put("Idempotency-Key", "\"" + PercentEncoding.component(idempotencyKey()) + "\"");
    URI uri = PercentEncoding.append(settings.url(), file.key());
    switch (settings.metadata()) {
      case HEADERS ->
          MetadataFields.headers(file, HEADER_BYTES)
              .forEach((name, value) -> headers.put("X-Rayo-" + name, value));
      case QUERY -> uri = URI.create(uri + "?" + MetadataFields.query(file, QUERY_BYTES));
      case NONE -> {}
    }
    return new Request(settings.method().name(), uri, headers, Optional.of(body));
  }

  /** A recording and its sidecar are no repetitions of each other. */
  private String idempotencyKey() {
    return file.recordingId() + (file.isSidecar() ? RecordingFile.SIDECAR_END : "");
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** Where the recording is now, as far as the answer tells. */
  private URI address(Answer answer) throws StorageException {
    if (settings.uris() == HttpSettings.Uris.LOCATION) {
      Optional<String> location = answer.headers().firstValue("Location");
      if (answer.seeOther().isPresent()) {
        return answer.seeOther().get();
      }
      if (location.isPresent()) {
        return located(answer, location.get());
      }
    }
    return PercentEncoding.append(settings.url(), file.key());
  }

  private static URI located(Answer answer, String location) throws StorageException {
    String from = HttpTransport.shown(answer.uri());
    try {
      URI uri = URI.create(answer.uri().resolve(new URI(location)).toASCIIString());
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web && uri.getHost() != null && uri.getUserInfo() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      throw new StorageException(
          Fault.CONFIGURATION, from + " answered with a Location that is no address");
    }
    throw new StorageException(
        Fault.CONFIGURATION, from + " answered with a Location that is no web address");
  }

  private URI uri(Answer answer) throws StorageException {
    Optional<URI> base = settings.publicUrl();
    return base.isPresent() ? PercentEncoding.append(base.get(), file.key()) : address(answer);
  }

  private synchronized Optional<StoredRecording> stored() {
    return Optional.ofNullable(stored);
  }

  private synchronized StoredRecording settle(StoredRecording done) throws StorageException {
    requireUnderWay();
    stored = done;
    state = State.FINISHED;
    store.settled(this);
    return done;
  }

  private synchronized void requireUnderWay() throws StorageException {
    if (state != State.UNDER_WAY) {
      throw new StorageException(Fault.UNAVAILABLE, "the upload of '" + file.key() + "' has ended");
    }
  }

  /**
   * Ends a request that is under way. What the receiver has already is not deleted: it may be what
   * an earlier upload of the same recording has brought.
   */
  @Override
  public void abort() {
    synchronized (this) {
      if (state != State.UNDER_WAY) {
        return;
      }
      state = State.ABORTED;
    }
    cancellation.cancel();
    store.settled(this);
  }
}

package org.rayo.storage.http;

import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

  /** RFC 9530, as in {@code sha-256=:…:}. */
  private static final Pattern DIGEST = Pattern.compile("sha-256=:([A-Za-z0-9+/]{43}=):");

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
      HttpFaults.requireSuccess(answer);
      requireSameChecksum(answer, "X-Checksum-Sha256", body);
      if (settings.verify() == HttpSettings.Verify.HEAD) {
        verify(address(answer), body);
      }
      done = new StoredRecording(uri(answer), body.sizeBytes());
    } catch (IOException e) {
      throw new StorageException(Fault.SOURCE, "cannot close " + file.path(), e);
    }
    return settle(done);
  }

  private Request request(SpoolBody body) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("Content-Type", file.mediaType());
    headers.put("Content-Digest", "sha-256=:" + base64(body.sha256()) + ":");
    headers.put("X-Checksum-Sha256", HexFormat.of().formatHex(body.sha256()));
    headers.put("Idempotency-Key", "\"" + PercentEncoding.component(file.recordingId()) + "\"");
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

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  /** Where the recording is now, as far as the answer tells. */
  private URI address(Answer answer) throws StorageException {
    Optional<String> location = answer.headers().firstValue("Location");
    if (settings.uris() == HttpSettings.Uris.LOCATION && location.isPresent()) {
      return located(answer, location.get());
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

  private void verify(URI uri, SpoolBody body) throws StorageException {
    Answer answer = transport.send(Request.head(uri), cancellation);
    String where = HttpTransport.shown(answer.uri());
    if (answer.status() == 404 || answer.status() == 410) {
      throw new StorageException(
          Fault.CORRUPTED, where + " is not there, though the receiver said it had stored it");
    }
    HttpFaults.requireSuccess(answer);
    OptionalLong size = size(answer);
    if (size.isEmpty()) {
      throw new StorageException(
          Fault.CONFIGURATION,
          "rayo.storage.stores."
              + settings.name()
              + ".verify = \"head\": "
              + where
              + " does not tell its Content-Length");
    }
    if (size.getAsLong() != body.sizeBytes()) {
      throw new StorageException(
          Fault.CORRUPTED,
          where + " has " + size.getAsLong() + " bytes instead of " + body.sizeBytes());
    }
    requireSameChecksum(answer, "X-Checksum-Sha256", body);
    requireSameChecksum(answer, "Repr-Digest", body);
  }

  private static OptionalLong size(Answer answer) {
    Optional<String> text = answer.headers().firstValue("Content-Length");
    return text.isPresent() && text.get().matches("\\d{1,18}")
        ? OptionalLong.of(Long.parseLong(text.get()))
        : OptionalLong.empty();
  }

  /** A receiver need not tell a checksum, but one that it tells has to be right. */
  private static void requireSameChecksum(Answer answer, String header, SpoolBody body)
      throws StorageException {
    Optional<String> told = answer.headers().firstValue(header).flatMap(HttpUpload::hex);
    if (told.isPresent() && !told.get().equals(HexFormat.of().formatHex(body.sha256()))) {
      throw new StorageException(
          Fault.CORRUPTED,
          HttpTransport.shown(answer.uri()) + " has another checksum: " + told.get());
    }
  }

  private static Optional<String> hex(String header) {
    if (header.matches("[0-9A-Fa-f]{64}")) {
      return Optional.of(header.toLowerCase(java.util.Locale.ROOT));
    }
    Matcher digest = DIGEST.matcher(header);
    return digest.find()
        ? Optional.of(HexFormat.of().formatHex(Base64.getDecoder().decode(digest.group(1))))
        : Optional.empty();
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

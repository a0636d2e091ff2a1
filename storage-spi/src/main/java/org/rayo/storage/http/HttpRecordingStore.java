package org.rayo.storage.http;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;
import org.rayo.storage.Upload;
import org.rayo.storage.http.HttpTransport.Answer;
import org.rayo.storage.http.HttpTransport.Request;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends recordings to a web server, each with one request to {@code url/key}. Nothing is sent
 * before {@link Upload#finish}, so a receiver never sees half a recording that may still change.
 *
 * <p>What was sent again after a failure replaces what came before, if the receiver does with PUT
 * what RFC 9110 asks for; a receiver of POST tells repetitions by their {@code Idempotency-Key},
 * which is the recording's id. Nothing is ever deleted at the receiver.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-9.3.4">RFC 9110 §9.3.4</a>
 */
final class HttpRecordingStore implements RecordingStore {

  private static final Logger log = LoggerFactory.getLogger(HttpRecordingStore.class);

  private final HttpSettings settings;
  private final HttpTransport transport;
  private final Set<HttpUpload> underWay = new HashSet<>();
  private boolean closed;

  HttpRecordingStore(HttpSettings settings) {
    this.settings = settings;
    transport = new HttpTransport(settings);
  }

  /** Asks for {@code url}. All but 5xx will do: a receiver need not answer to HEAD, or show it. */
  @Override
  public void check() throws StorageException {
    if (settings.tellsSecretsInTheClear()) {
      log.warn("store {}: credentials go to {} unencrypted", settings.name(), settings.url());
    }
    try {
      Answer answer = transport.send(Request.head(settings.url()), new Cancellation());
      if (answer.status() / 100 == 5 && HttpFaults.fault(answer.status()) == Fault.UNAVAILABLE) {
        HttpFaults.requireSuccess(answer);
      }
    } catch (StorageException e) {
      String key = "rayo.storage.stores." + settings.name() + ".url";
      throw new StorageException(e.fault(), key + ": " + e.getMessage(), e);
    }
  }

  @Override
  public synchronized Upload begin(RecordingFile file) throws StorageException {
    if (closed) {
      throw new StorageException(Fault.UNAVAILABLE, "the store is closed");
    }
    HttpUpload upload = new HttpUpload(this, settings, transport, file);
    underWay.add(upload);
    return upload;
  }

  synchronized void settled(HttpUpload upload) {
    underWay.remove(upload);
  }

  @Override
  public void close() {
    List<HttpUpload> unsettled;
    synchronized (this) {
      closed = true;
      unsettled = List.copyOf(underWay);
    }
    unsettled.forEach(HttpUpload::abort);
  }
}

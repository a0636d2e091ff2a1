package org.rayo.storage.s3;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;

/**
 * An HTTP client whose requests end when the server neither takes bytes nor answers for {@link
 * S3Settings.Patience#afterSending so long}, however long the whole takes. Ends them by closing the
 * connection, as a write that hangs can be ended in no other way. Thread-safe.
 */
final class ProgressTimeout implements SdkHttpClient {

  /** A request was ended for want of progress. */
  static final class NoProgressException extends IOException {
    private static final long serialVersionUID = 1L;

    NoProgressException(IOException cause) {
      super("neither progress nor answer", cause);
    }
  }

  private final SdkHttpClient client;
  private final S3Settings.Patience patience;
  private final ScheduledThreadPoolExecutor watch;
  private final Set<Watched> sending = ConcurrentHashMap.newKeySet();
  private volatile boolean sendsNoMore;

  ProgressTimeout(SdkHttpClient client, S3Settings.Patience patience) {
    this.client = client;
    this.patience = patience;
    watch =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "rayo-s3-progress");
              thread.setDaemon(true);
              return thread;
            });
    watch.setRemoveOnCancelPolicy(true);
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    Watched watched = new Watched(request.contentStreamProvider().isPresent());
    HttpExecuteRequest.Builder noted = HttpExecuteRequest.builder().request(request.httpRequest());
    request
        .contentStreamProvider()
        .ifPresent(body -> noted.contentStreamProvider(watched.noting(body)));
    request.metricCollector().ifPresent(noted::metricCollector);
    watched.request = client.prepareRequest(noted.build());
    return watched;
  }

  /**
   * Ends what sends something, now and later. Requests without a body, as to abort an upload, are
   * made still.
   */
  void endSending() {
    sendsNoMore = true;
    sending.forEach(Watched::abort);
  }

  @Override
  public String clientName() {
    return client.clientName();
  }

  @Override
  public void close() {
    watch.shutdownNow();
    client.close();
  }

  /** One request, and when it last got on. */
  private final class Watched implements ExecutableHttpRequest {
    private final boolean sends;
    private @Nullable ExecutableHttpRequest request;
    private volatile long lastNanos = System.nanoTime();
    private final AtomicLong sentBytes = new AtomicLong();
    private volatile boolean ended;
    private volatile boolean done;
    private volatile @Nullable Future<?> next;

    Watched(boolean sends) {
      this.sends = sends;
    }

    ContentStreamProvider noting(ContentStreamProvider body) {
      return () -> new Noted(body.newStream(), this);
    }

    private ExecutableHttpRequest request() {
      ExecutableHttpRequest prepared = request;
      if (prepared == null) {
        throw new IllegalStateException("not prepared yet");
      }
      return prepared;
    }

    @Override
    public HttpExecuteResponse call() throws IOException {
      lastNanos = System.nanoTime();
      look();
      try {
        if (sends) {
          sending.add(this);
          if (sendsNoMore) {
            throw new IOException("the store is closed");
          }
        }
        return request().call();
      } catch (IOException e) {
        throw ended ? new NoProgressException(e) : e;
      } finally {
        done = true;
        sending.remove(this);
        Future<?> scheduled = next;
        if (scheduled != null) {
          scheduled.cancel(false);
        }
      }
    }

    /** Ends the request if it is time, or looks again when it may be. */
    private void look() {
      if (done) {
        return;
      }
      long leftNanos =
          patience.afterSending(sentBytes.get()).toNanos() - (System.nanoTime() - lastNanos);
      if (leftNanos <= 0) {
        ended = true;
        request().abort();
      } else if (!watch.isShutdown()) {
        next = watch.schedule(this::look, leftNanos, TimeUnit.NANOSECONDS);
      }
    }

    void sent(int bytes) {
      sentBytes.addAndGet(bytes);
      lastNanos = System.nanoTime();
    }

    @Override
    public void abort() {
      request().abort();
    }
  }

  /** A body that tells when bytes of it are taken. */
  private static final class Noted extends FilterInputStream {
    private final Watched watched;

    Noted(InputStream body, Watched watched) {
      super(body);
      this.watched = watched;
    }

    @Override
    public int read() throws IOException {
      int octet = super.read();
      watched.sent(octet < 0 ? 0 : 1);
      return octet;
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      int read = super.read(buffer, offset, length);
      watched.sent(Math.max(read, 0));
      return read;
    }
  }
}

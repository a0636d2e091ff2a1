package org.rayo.storage.http;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;

/**
 * Sends requests and follows redirects: a bounded number, never from {@code https} to {@code http},
 * and credentials go to the configured host only. After a 303 the other address is asked with HEAD;
 * nothing is sent there. A request ends when the receiver neither takes bytes nor answers for the
 * configured time, however long the whole takes. Thread-safe.
 */
final class HttpTransport {

  /**
   * After which threads end; so there is nothing to close, and nothing that a late answer needs.
   */
  private static final Duration IDLE = Duration.ofSeconds(5);

  private static final Set<Integer> KEEP_METHOD = Set.of(307, 308);
  private static final Set<Integer> MOVED = Set.of(301, 302);
  private static final int SEE_OTHER = 303;

  private final HttpSettings settings;
  private final HttpClient client;

  /**
   * A request.
   *
   * @param body none for HEAD
   */
  record Request(String method, URI uri, Map<String, String> headers, Optional<SpoolBody> body) {
    static Request head(URI uri) {
      return new Request("HEAD", uri, Map.of(), Optional.empty());
    }
  }

  /**
   * An answer.
   *
   * @param method that it answers: HEAD after a 303, whatever was sent
   * @param uri who gave it, after all redirects
   * @param seeOther where a 303 has led, if there was one
   */
  record Answer(String method, URI uri, int status, HttpHeaders headers, Optional<URI> seeOther) {}

  HttpTransport(HttpSettings settings) {
    this.settings = settings;
    Executor threads =
        new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE.toSeconds(),
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> {
              Thread thread = new Thread(task, "rayo-http-store");
              thread.setDaemon(true);
              return thread;
            });
    client =
        HttpClient.newBuilder()
            .executor(threads)
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(settings.connectTimeout())
            .build();
  }

  /**
   * Sends a request.
   *
   * @return whatever the answer is, but for redirects that can be followed
   * @throws StorageException there is no answer, or the redirects lead nowhere
   */
  Answer send(Request request, Cancellation cancellation) throws StorageException {
    Request asked = request;
    URI uri = request.uri();
    Optional<URI> seeOther = Optional.empty();
    for (int redirects = 0; ; redirects++) {
      Answer answer = once(asked, uri, seeOther, cancellation);
      Optional<String> location = answer.headers().firstValue("Location");
      if (location.isEmpty() || !followed(asked.method(), answer.status())) {
        return answer;
      }
      if (redirects == settings.maxRedirects()) {
        throw new StorageException(
            Fault.UNAVAILABLE,
            request.method()
                + " "
                + shown(request.uri())
                + ": more than "
                + redirects
                + " redirects, the last to "
                + shown(uri));
      }
      uri = next(uri, location.get());
      if (answer.status() == SEE_OTHER && asked.body().isPresent()) {
        asked = Request.head(uri);
        seeOther = Optional.of(uri);
      }
    }
  }

  /**
   * A 301 or 302 would make a GET of a POST, which stores nothing.
   *
   * @see <a href="https://www.rfc-editor.org/rfc/rfc9110#section-15.4.4">RFC 9110 §15.4.4</a>
   */
  private static boolean followed(String method, int status) {
    return KEEP_METHOD.contains(status)
        || status == SEE_OTHER
        || (MOVED.contains(status) && !method.equals("POST"));
  }

  /** Where a redirect leads, if it may be followed. */
  static URI next(URI from, String location) throws StorageException {
    try {
      URI next = from.resolve(new URI(location));
      String scheme = String.valueOf(next.getScheme()).toLowerCase(Locale.ROOT);
      boolean downgrade = scheme.equals("http") && "https".equalsIgnoreCase(from.getScheme());
      if ((scheme.equals("http") || scheme.equals("https"))
          && !downgrade
          && next.getHost() != null
          && next.getUserInfo() == null) {
        return next;
      }
    } catch (URISyntaxException e) {
      throw new StorageException(
          Fault.CONFIGURATION, shown(from) + " redirects to what is no address");
    }
    throw new StorageException(
        Fault.CONFIGURATION, shown(from) + " redirects to what may not be followed");
  }

  /** A connection kept from before may have been closed by now: that is worth a second one. */
  private Answer once(Request request, URI uri, Optional<URI> seeOther, Cancellation cancellation)
      throws StorageException {
    try {
      return attempt(request, uri, seeOther, cancellation);
    } catch (IOException first) {
      requireSource(request);
      if (first instanceof ConnectException
          || first instanceof HttpConnectTimeoutException
          || TlsFailure.lasts(first)) {
        throw unreachable(request, uri, first);
      }
      try {
        return attempt(request, uri, seeOther, cancellation);
      } catch (IOException second) {
        requireSource(request);
        throw unreachable(request, uri, second);
      }
    }
  }

  private static void requireSource(Request request) throws StorageException {
    Optional<IOException> failure = request.body().flatMap(SpoolBody::failure);
    if (failure.isPresent()) {
      throw StorageException.unreadable(request.body().orElseThrow().path(), failure.get());
    }
  }

  private static StorageException unreachable(Request request, URI uri, IOException cause) {
    String what = request.method() + " " + shown(uri);
    if (cause instanceof HttpConnectTimeoutException) {
      return new StorageException(Fault.UNAVAILABLE, what + ": no connection in time", cause);
    }
    if (TlsFailure.lasts(cause)) {
      return new StorageException(
          Fault.CONFIGURATION, what + ": no secure connection (" + cause.getMessage() + ")", cause);
    }
    if (cause instanceof ConnectException) {
      return new StorageException(Fault.UNAVAILABLE, what + ": cannot be connected to", cause);
    }
    return new StorageException(Fault.UNAVAILABLE, what + ": the connection broke", cause);
  }

  private Answer attempt(
      Request request, URI uri, Optional<URI> seeOther, Cancellation cancellation)
      throws IOException, StorageException {
    long startedNanos = System.nanoTime();
    CompletableFuture<HttpResponse<Void>> response =
        client.sendAsync(asked(request, uri), BodyHandlers.discarding());
    cancellation.register(response);
    while (true) {
      long lastNanos =
          request
              .body()
              .map(body -> later(startedNanos, body.lastReadNanos()))
              .orElse(startedNanos);
      long leftNanos = settings.timeout().toNanos() - (System.nanoTime() - lastNanos);
      if (leftNanos <= 0) {
        response.cancel(true);
        throw new StorageException(
            Fault.UNAVAILABLE,
            request.method()
                + " "
                + shown(uri)
                + ": neither progress nor answer within "
                + settings.timeout().toMillis()
                + " ms");
      }
      try {
        HttpResponse<Void> answer = response.get(leftNanos, TimeUnit.NANOSECONDS);
        return new Answer(request.method(), uri, answer.statusCode(), answer.headers(), seeOther);
      } catch (TimeoutException e) {
        // Unless bytes were taken in the meantime, the time is over now.
      } catch (ExecutionException e) {
        throw broken(e);
      } catch (CancellationException e) {
        throw new StorageException(Fault.UNAVAILABLE, "the upload was given up", e);
      } catch (InterruptedException e) {
        response.cancel(true);
        Thread.currentThread().interrupt();
        throw new StorageException(Fault.UNAVAILABLE, "interrupted while sending", e);
      }
    }
  }

  private static IOException broken(ExecutionException e) {
    Throwable cause = e.getCause() == null ? e : e.getCause();
    return cause instanceof IOException io ? io : new IOException(cause.toString(), cause);
  }

  private static long later(long firstNanos, long secondNanos) {
    return firstNanos - secondNanos > 0 ? firstNanos : secondNanos;
  }

  private HttpRequest asked(Request request, URI uri) {
    HttpRequest.Builder builder =
        HttpRequest.newBuilder(uri)
            .method(
                request.method(),
                request.body().map(SpoolBody::publisher).orElseGet(BodyPublishers::noBody));
    Map<String, String> headers = new LinkedHashMap<>(request.headers());
    if (trusted(uri)) {
      headers.putAll(settings.headers());
      settings.authorization().ifPresent(value -> headers.put("Authorization", value));
    }
    headers.forEach(builder::setHeader);
    return builder.build();
  }

  /** Whether this is the host that the credentials were configured for. */
  private boolean trusted(URI uri) {
    URI own = settings.url();
    return own.getScheme().equalsIgnoreCase(uri.getScheme())
        && own.getHost().equalsIgnoreCase(uri.getHost())
        && port(own) == port(uri);
  }

  private static int port(URI uri) {
    if (uri.getPort() >= 0) {
      return uri.getPort();
    }
    return "https".equalsIgnoreCase(uri.getScheme()) ? 443 : 80;
  }

  /** An address without its query, which may hold what is secret or personal. */
  static String shown(URI uri) {
    return uri.getScheme() + "://" + uri.getRawAuthority() + uri.getRawPath();
  }
}

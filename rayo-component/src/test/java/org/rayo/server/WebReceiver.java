package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A web server that takes recordings or notices, refuses them, or says nothing, as it is told. */
public final class WebReceiver implements AutoCloseable {

  private static final long PATIENCE_SECONDS = 30;

  /** A request, with its body. */
  public static final class Request {
    private final String method;
    private final String path;
    private final Map<String, String> headers;
    private final byte[] body;

    private Request(String method, String path, Map<String, String> headers, byte[] body) {
      this.method = method;
      this.path = path;
      this.headers = headers;
      this.body = body;
    }

    public String path() {
      return path;
    }

    public String header(String name) {
      return Optional.ofNullable(headers.get(name.toLowerCase(Locale.ROOT))).orElse("");
    }

    public byte[] body() {
      return body.clone();
    }

    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
      return method + " " + path + " with " + headers + " and " + body.length + " bytes";
    }
  }

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpServer server;
  private final List<Request> taken = new CopyOnWriteArrayList<>();
  private final List<Request> refused = new CopyOnWriteArrayList<>();
  private volatile int status = 201;
  private volatile CountDownLatch gate = new CountDownLatch(0);

  public WebReceiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  public String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort() + "/in";
  }

  /** From now on this is answered. */
  public void answer(int next) {
    status = next;
  }

  /** Requests that come from now on get no answer, until {@link #recover}. */
  public void fallSilent() {
    gate = new CountDownLatch(1);
  }

  /** Everybody gets an answer again. */
  public void recover() {
    gate.countDown();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Map<String, String> headers = new ConcurrentHashMap<>();
      exchange
          .getRequestHeaders()
          .forEach(
              (name, values) ->
                  headers.put(name.toLowerCase(Locale.ROOT), String.join(",", values)));
      Request request =
          new Request(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getPath(),
              headers,
              exchange.getRequestBody().readAllBytes());
      gate.await();
      int answer = status;
      (answer / 100 == 2 ? taken : refused).add(request);
      exchange.sendResponseHeaders(answer, -1);
    } catch (InterruptedException closed) {
      Thread.currentThread().interrupt();
    }
  }

  /** What was answered with 2xx, in order. */
  public List<Request> taken() {
    return taken;
  }

  /** What was answered with anything else, in order. */
  public List<Request> refused() {
    return refused;
  }

  /** The paths of recordings and sidecars that were taken, beyond that of {@link #url}. */
  public List<String> keys() {
    return keys(taken.stream());
  }

  private static List<String> keys(Stream<Request> requests) {
    return requests
        .filter(request -> request.method.equals("PUT"))
        .map(request -> request.path.substring("/in/".length()))
        .toList();
  }

  /** Waits until a request was answered with 2xx that is so. */
  public Request await(String what, Predicate<Request> so) throws InterruptedException {
    return await(what, taken, so);
  }

  /** Waits until a request was answered with anything else. */
  public Request awaitRefused(String what, Predicate<Request> so) throws InterruptedException {
    return await(what, refused, so);
  }

  private static Request await(String what, List<Request> among, Predicate<Request> so)
      throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    Optional<Request> found = among.stream().filter(so).findFirst();
    while (found.isEmpty()) {
      assertThat(System.nanoTime()).as(what + " among " + among).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(10);
      found = among.stream().filter(so).findFirst();
    }
    return found.get();
  }

  @Override
  public void close() {
    gate.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}

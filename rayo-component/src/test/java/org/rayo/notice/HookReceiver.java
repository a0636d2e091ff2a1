package org.rayo.notice;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A receiver of webhooks as somebody may write one; what it answers is for the test to say. */
final class HookReceiver implements AutoCloseable {

  /** Long enough for a machine that has much else to do. */
  static final long PATIENCE_SECONDS = 30;

  /** A request that came. */
  record Received(String method, String path, Map<String, List<String>> headers, String body) {
    String header(String name) {
      return headers.entrySet().stream()
          .filter(entry -> entry.getKey().equalsIgnoreCase(name))
          .map(entry -> String.join(",", entry.getValue()))
          .findFirst()
          .orElse("");
    }

    Notice notice() {
      try {
        return NoticeJson.read(body.getBytes(StandardCharsets.UTF_8));
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** What is answered. */
  interface Answers {
    int to(HttpExchange exchange, Received received) throws IOException, InterruptedException;
  }

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final BlockingQueue<Received> taken = new LinkedBlockingQueue<>();
  private final BlockingQueue<Received> refused = new LinkedBlockingQueue<>();
  private volatile Answers answers = (exchange, received) -> 204;

  HookReceiver() throws IOException {
    this(0);
  }

  HookReceiver(int port) throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 100);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + port() + "/hook");
  }

  void answer(Answers next) {
    answers = next;
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Received received =
          new Received(
              exchange.getRequestMethod(),
              exchange.getRequestURI().toString(),
              Map.copyOf(exchange.getRequestHeaders()),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      int status = answers.to(exchange, received);
      (status / 100 == 2 ? taken : refused).add(received);
      exchange.sendResponseHeaders(status, -1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The next request that was answered with 2xx. */
  Received taken() throws InterruptedException {
    return Optional.ofNullable(taken.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).orElseThrow();
  }

  /** The next request that was answered with anything else. */
  Received refused() throws InterruptedException {
    return Optional.ofNullable(refused.poll(PATIENCE_SECONDS, TimeUnit.SECONDS)).orElseThrow();
  }

  int takenSoFar() {
    return taken.size();
  }

  int refusedSoFar() {
    return refused.size();
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

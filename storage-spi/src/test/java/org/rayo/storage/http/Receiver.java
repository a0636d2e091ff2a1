package org.rayo.storage.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;

/** A receiver of recordings as somebody may write one: PUT stores, HEAD and GET show. */
final class Receiver implements AutoCloseable {

  private static final String ROOT = "/calls/";

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Map<String, byte[]> stored = new ConcurrentSkipListMap<>();
  private final AtomicInteger brokenWith = new AtomicInteger();

  Receiver() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 100);
    server.setExecutor(threads);
    server.createContext(ROOT, this::handle);
    server.start();
  }

  URI url() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + ROOT);
  }

  List<String> keys() {
    return List.copyOf(new TreeMap<>(stored).keySet());
  }

  /** Answers with this status from now on; 0: works again. */
  void breakWith(int status) {
    brokenWith.set(status);
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      String key = exchange.getRequestURI().getPath().substring(ROOT.length());
      if (brokenWith.get() != 0) {
        exchange.sendResponseHeaders(brokenWith.get(), -1);
        return;
      }
      if (exchange.getRequestMethod().equals("PUT")) {
        int status = stored.put(key, body) == null ? 201 : 204;
        exchange.sendResponseHeaders(status, -1);
        return;
      }
      byte[] found = stored.get(key);
      if (found == null) {
        exchange.sendResponseHeaders(404, -1);
      } else if (exchange.getRequestMethod().equals("HEAD")) {
        exchange.getResponseHeaders().set("Content-Length", String.valueOf(found.length));
        exchange.sendResponseHeaders(200, -1);
      } else {
        exchange.sendResponseHeaders(200, found.length == 0 ? -1 : found.length);
        exchange.getResponseBody().write(found);
      }
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}

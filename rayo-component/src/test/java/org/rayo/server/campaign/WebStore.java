package org.rayo.server.campaign;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/** A receiver of recordings that fails in all the ways that such servers have. */
final class WebStore implements TroubledStore {

  /** What is wrong with it. */
  enum Trouble {
    NONE,
    /** Connections are closed at once. */
    DOWN,
    /** Answers 500. */
    STATUS_500,
    /** Answers 503. */
    STATUS_503,
    /** Answers 403. */
    STATUS_403,
    /** Takes everything and answers nothing. */
    SILENT,
    /** Resets the connection in the middle of the body. */
    RESET_IN_BODY,
    /** Keeps the recording, and resets the connection without an answer. */
    RESET_AFTER_BODY,
    /** Keeps the recording, and answers 500. */
    STATUS_500_AFTER_BODY,
    /** Takes the body in small bits. */
    SLOW,
    /** Says that what it has is shorter than what was sent. */
    WRONG_SIZE,
    /** Answers 307 to itself. */
    REDIRECT_LOOP
  }

  private static final String ROOT = "/calls/";
  private static final List<Trouble> TROUBLES =
      Stream.of(Trouble.values()).filter(t -> t != Trouble.NONE).toList();

  private final Path directory;
  private final WebServer server;
  private final AtomicInteger changed = new AtomicInteger();
  private final AtomicInteger requests = new AtomicInteger();
  private volatile Trouble trouble = Trouble.NONE;

  WebStore(Path home) throws IOException {
    directory = home.resolve("received");
    Files.createDirectories(directory);
    server = new WebServer(this::answer);
  }

  private String url() {
    return "http://127.0.0.1:" + server.port() + ROOT;
  }

  @Override
  public String config() {
    return """
    rayo.storage.stores.far { type = http, url = "%s", connect-timeout = 2s, timeout = 2s }
    rayo.storage.stores.far.name = "{recording-id}.{format}"
    rayo.storage.default = [far]
    """
        .formatted(url());
  }

  @Override
  public String trouble(Random random) {
    Trouble next = TROUBLES.get(random.nextInt(TROUBLES.size()));
    trouble(next);
    return next.name();
  }

  /** This is wrong with it from now on. */
  void trouble(Trouble next) {
    trouble = next;
  }

  /** How often it was asked for anything. */
  int requests() {
    return requests.get();
  }

  @Override
  public void heal() {
    trouble = Trouble.NONE;
  }

  /** Says it from the beginning of the exchange to its end. */
  private void answer(WebServer.Exchange exchange) throws IOException {
    requests.incrementAndGet();
    Trouble now = trouble;
    switch (now) {
      case DOWN -> {}
      case STATUS_500 -> refuse(exchange, 500);
      case STATUS_503 -> refuse(exchange, 503);
      case STATUS_403 -> refuse(exchange, 403);
      case SILENT -> {
        exchange.body(0);
        exchange.awaitEnd();
      }
      case RESET_IN_BODY -> {
        exchange.halfOfBody();
        exchange.reset();
      }
      case RESET_AFTER_BODY -> {
        store(exchange, 0);
        exchange.reset();
      }
      case STATUS_500_AFTER_BODY -> {
        store(exchange, 0);
        exchange.answer(500);
      }
      case REDIRECT_LOOP -> {
        exchange.body(0);
        exchange.answer(307, "Location: " + exchange.path());
      }
      case NONE, SLOW, WRONG_SIZE -> serve(exchange, now);
    }
  }

  private static void refuse(WebServer.Exchange exchange, int status) throws IOException {
    exchange.body(0);
    exchange.answer(status);
  }

  private void serve(WebServer.Exchange exchange, Trouble now) throws IOException {
    if (exchange.method().equals("PUT")) {
      store(exchange, now == Trouble.SLOW ? 20 : 0);
      exchange.answer(201);
    } else {
      Path file = file(exchange.path());
      if (Files.exists(file)) {
        long wrong = now == Trouble.WRONG_SIZE ? 1 : 0;
        exchange.head(Math.max(0, Files.size(file) - wrong));
      } else {
        exchange.answer(404);
      }
    }
  }

  private void store(WebServer.Exchange exchange, int pauseMillis) throws IOException {
    byte[] body = exchange.body(pauseMillis);
    if (!exchange.method().equals("PUT")) {
      return;
    }
    Path file = file(exchange.path());
    synchronized (this) {
      if (Files.exists(file) && !Arrays.equals(Files.readAllBytes(file), body)) {
        changed.incrementAndGet();
      }
      Path part = Files.createTempFile(directory, "part", ".part");
      Files.write(part, body);
      Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private Path file(String path) {
    return directory.resolve(path.substring(ROOT.length()).replace('/', '+'));
  }

  @Override
  public synchronized List<Path> objects(String recordingId) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files
          .filter(file -> file.getFileName().toString().contains(recordingId))
          .filter(file -> !file.toString().endsWith(".json"))
          .toList();
    }
  }

  @Override
  public Optional<Path> at(String uri) {
    Path file = uri.startsWith(url()) ? file(URI.create(uri).getPath()) : Path.of(URI.create(uri));
    return Optional.of(file).filter(Files::exists);
  }

  @Override
  public int changed() {
    return changed.get();
  }

  @Override
  public void close() {
    server.close();
  }
}

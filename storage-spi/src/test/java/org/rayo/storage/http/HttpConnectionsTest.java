package org.rayo.storage.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;
import org.rayo.storage.StoreSettings;
import org.rayo.storage.StoredRecording;
import org.rayo.storage.Upload;

/** Receivers that take the bytes as no HTTP library would: not at all, slowly, or just once. */
final class HttpConnectionsTest {

  private static final int LARGE = 16 * 1024 * 1024;
  private static final String CREATED = "HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n";

  @TempDir Path spool;

  private final ServerSocket server = listen();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Socket> connections = Collections.synchronizedList(new ArrayList<>());

  private static ServerSocket listen() {
    try {
      return new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @AfterEach
  void close() throws IOException {
    server.close();
    synchronized (connections) {
      for (Socket connection : connections) {
        connection.close();
      }
    }
    threads.shutdownNow();
  }

  /** Talks to one connection. */
  @FunctionalInterface
  private interface Talk {
    void with(Socket connection, InputStream in) throws Exception;
  }

  private void serve(Talk talk) {
    Future<?> unused =
        threads.submit(
            () -> {
              while (true) {
                Socket connection = server.accept();
                connections.add(connection);
                Future<?> unusedTalk =
                    threads.submit(
                        () -> {
                          talk.with(
                              connection, new BufferedInputStream(connection.getInputStream()));
                          return null;
                        });
              }
            });
  }

  private RecordingStore store(String timeout) throws StorageException {
    return new HttpRecordingStoreProvider()
        .create(
            StoreSettings.of(
                "far",
                Map.of(
                    "type",
                    "http",
                    "url",
                    "http://127.0.0.1:" + server.getLocalPort() + "/r",
                    "verify",
                    "none",
                    "timeout",
                    timeout)));
  }

  private RecordingFile recording(int size) throws IOException {
    Path path = Files.write(spool.resolve("audio"), new byte[size]);
    return new RecordingFile("rec-1", path, "a.mp3", "audio/mpeg", Map.of());
  }

  /** Reads a request's head and gives the length of its body. */
  private static int head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (!head.toString().endsWith("\r\n\r\n")) {
      int octet = in.read();
      if (octet < 0) {
        return -1;
      }
      head.append((char) octet);
    }
    return head.toString()
        .lines()
        .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("content-length:"))
        .mapToInt(line -> Integer.parseInt(line.substring(15).strip()))
        .findFirst()
        .orElse(0);
  }

  @Test
  void finish_receiverThatTakesNothing_endsAfterTheTimeout() throws Exception {
    serve((connection, in) -> head(in));

    try (RecordingStore store = store("500ms")) {
      Upload upload = store.begin(recording(LARGE));
      assertThat(catchThrowableOfType(StorageException.class, upload::finish).fault())
          .isEqualTo(Fault.UNAVAILABLE);
    }
  }

  @Test
  void finish_receiverSlowerThanTheTimeoutInAll_isWaitedForWhileItTakesBytes() throws Exception {
    serve(
        (connection, in) -> {
          int left = head(in);
          while (left > 0) {
            left -= in.readNBytes(Math.min(left, LARGE / 24)).length;
            TimeUnit.MILLISECONDS.sleep(150); // the slowness that is tested
          }
          connection.getOutputStream().write(CREATED.getBytes(StandardCharsets.US_ASCII));
        });

    try (RecordingStore store = store("3s")) {
      assertThat(store.begin(recording(LARGE)).finish().sizeBytes()).isEqualTo(LARGE);
    }
  }

  @Test
  void finish_keptConnectionThatWasClosedMeanwhile_takesANewOne() throws Exception {
    CountDownLatch closed = new CountDownLatch(1);
    serve(
        (connection, in) -> {
          in.readNBytes(head(in));
          connection.getOutputStream().write(CREATED.getBytes(StandardCharsets.US_ASCII));
          if (connections.size() == 1) {
            head(in); // the second request, which is not answered
            closed.countDown();
            connection.close();
          }
        });

    try (RecordingStore store = store("20s")) {
      store.begin(recording(1_000)).finish();
      assertThat(store.begin(recording(1_000)).finish().sizeBytes()).isEqualTo(1_000);
    }
    assertThat(closed.getCount()).isZero();
    assertThat(connections).hasSize(2);
  }

  @Test
  void close_whileAnUploadHangs_endsIt() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    serve(
        (connection, in) -> {
          head(in);
          hanging.countDown();
        });
    RecordingStore store = store("1d");
    Upload upload = store.begin(recording(LARGE));
    Future<StoredRecording> finishing = threads.submit(upload::finish);
    assertThat(hanging.await(20, TimeUnit.SECONDS)).isTrue();

    store.close();

    assertThat(
            catchThrowableOfType(
                ExecutionException.class, () -> finishing.get(20, TimeUnit.SECONDS)))
        .hasCauseInstanceOf(StorageException.class)
        .hasMessageContaining("given up");
  }

  @Test
  void finish_interruptedWhileItHangs_endsAndStaysInterrupted() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    serve(
        (connection, in) -> {
          head(in);
          hanging.countDown();
        });
    try (RecordingStore store = store("1d")) {
      Upload upload = store.begin(recording(LARGE));
      Thread uploading = Thread.currentThread();
      Future<?> unused =
          threads.submit(
              () -> {
                hanging.await();
                uploading.interrupt();
                return null;
              });

      StorageException thrown = catchThrowableOfType(StorageException.class, upload::finish);

      assertThat(Thread.interrupted()).isTrue();
      assertThat(thrown.fault()).isEqualTo(Fault.UNAVAILABLE);
    }
  }

  @Test
  void finish_fileThatShrinksWhileItIsSent_isWorthANewUpload() throws Exception {
    RecordingFile file = recording(LARGE);
    serve(
        (connection, in) -> {
          head(in);
          Files.write(file.path(), new byte[1_000]);
          in.readNBytes(LARGE);
        });

    try (RecordingStore store = store("20s")) {
      assertThat(
              catchThrowableOfType(StorageException.class, () -> store.begin(file).finish())
                  .fault())
          .isEqualTo(Fault.CORRUPTED);
    }
  }
}

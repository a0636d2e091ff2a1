package org.rayo.storage.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;
import org.rayo.storage.StoredRecording;
import org.rayo.storage.Upload;

/** A link to the server that is slow, or takes nothing at all. */
final class S3SlowLinkTest {

  private static final int MIB = 1 << 20;

  private static S3Server server;

  @TempDir Path spool;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private ServerSocket link;

  @BeforeAll
  static void startServer() throws Exception {
    server = S3Server.proxy();
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.close();
  }

  @BeforeEach
  void openLink() throws IOException {
    server.newBucket();
    link = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  }

  @AfterEach
  void closeLink() throws IOException {
    link.close();
    for (Socket connection : connections) {
      connection.close();
    }
    threads.shutdownNow();
  }

  /** Some of the client's bytes, on their way to the server. */
  @FunctionalInterface
  private interface Way {
    void carry(InputStream from, OutputStream to) throws Exception;
  }

  private URI linked(Way way) {
    Future<?> unused =
        threads.submit(
            () -> {
              while (true) {
                Socket client = link.accept();
                Socket far = new Socket(server.endpoint().getHost(), server.endpoint().getPort());
                connections.addAll(List.of(client, far));
                run(() -> way.carry(client.getInputStream(), far.getOutputStream()));
                run(() -> far.getInputStream().transferTo(client.getOutputStream()));
              }
            });
    return URI.create("http://127.0.0.1:" + link.getLocalPort());
  }

  /** What may throw. */
  @FunctionalInterface
  private interface Task {
    void run() throws Exception;
  }

  private void run(Task task) {
    Future<?> unused =
        threads.submit(
            () -> {
              task.run();
              return null;
            });
  }

  private RecordingFile recording(int size) throws IOException {
    Path path = Files.write(spool.resolve("audio"), new byte[size]);
    return new RecordingFile("rec-1", path, "a.mp3", "audio/mpeg", Map.of());
  }

  private static void slowly(InputStream from, OutputStream to) throws Exception {
    byte[] buffer = new byte[MIB / 4];
    for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
      to.write(buffer, 0, read);
      to.flush();
      TimeUnit.MILLISECONDS.sleep(read / 2048); // 2 MiB/s: the slowness that is tested
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {6 * MIB, 16 * MIB})
  void finish_requestThatTakesLongerThanTheTimeout_isWaitedForWhileItGetsOn(int size)
      throws Exception {
    try (RecordingStore store =
        server.store(linked(S3SlowLinkTest::slowly), "timeout", "1s", "attempts", "1")) {
      assertThat(store.begin(recording(size)).finish().sizeBytes()).isEqualTo(size);
    }
    assertThat(server.bytes("a.mp3")).hasSize(size);
  }

  @Test
  void close_whileAnUploadHangs_endsIt() throws Exception {
    CountDownLatch hanging = new CountDownLatch(1);
    URI taking =
        linked(
            (from, to) -> {
              from.read();
              hanging.countDown();
              TimeUnit.DAYS.sleep(1);
            });
    RecordingStore store = server.store(taking, "timeout", "1h");
    Upload upload = store.begin(recording(9 * MIB));
    Future<StoredRecording> finishing = threads.submit(upload::finish);
    assertThat(hanging.await(20, TimeUnit.SECONDS)).isTrue();

    Future<?> closing = threads.submit(store::close);

    assertThat(
            catchThrowableOfType(
                ExecutionException.class, () -> finishing.get(20, TimeUnit.SECONDS)))
        .hasCauseInstanceOf(StorageException.class);
    closing.get(20, TimeUnit.SECONDS);
  }

  @Test
  void finish_linkThatTakesNothing_endsAfterTheTimeout() throws Exception {
    URI taking = linked((from, to) -> TimeUnit.DAYS.sleep(1));
    try (RecordingStore store =
        server.store(taking, "timeout", "500ms", "minimum-rate", "1 GiB", "attempts", "1")) {
      Upload upload = store.begin(recording(9 * MIB));
      long startedNanos = System.nanoTime();

      StorageException thrown = catchThrowableOfType(StorageException.class, upload::finish);

      assertThat(thrown.fault()).isEqualTo(Fault.UNAVAILABLE);
      assertThat(thrown)
          .hasMessage(
              "PutObject s3://" + server.bucket() + "/a.mp3: neither progress nor answer in time");
      assertThat(Duration.ofNanos(System.nanoTime() - startedNanos))
          .isBetween(Duration.ofMillis(400), Duration.ofSeconds(20));
    }
  }
}

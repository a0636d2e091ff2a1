package org.rayo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.config.RayoConfig;
import org.rayo.server.RayoServer;

/** A server that has been closed has left nothing in its JVM. */
final class LeakTest {

  private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
  private static final int STARTS = 20;

  /** Some threads of the SIP stack end a moment after it was stopped. */
  private static final Duration PATIENCE = Duration.ofSeconds(15);

  @Test
  void startAndClose_twentyTimes_leavesNoThreadAndNoDescriptor(@TempDir Path directory)
      throws Exception {
    assumeTrue(Files.isDirectory(DESCRIPTORS), "this system has no " + DESCRIPTORS);
    startAndClose(directory);
    await(() -> threads().values().stream().noneMatch(LeakTest::ours));
    long threadsBefore = threads().size();
    long descriptorsBefore = descriptors();

    for (int i = 0; i < STARTS; i++) {
      startAndClose(directory);
    }

    await(() -> threads().size() <= threadsBefore && descriptors() <= descriptorsBefore);
    assertThat(threads()).as("threads").hasSizeLessThanOrEqualTo((int) threadsBefore);
    assertThat(descriptors()).as("descriptors").isLessThanOrEqualTo(descriptorsBefore);
    System.out.printf(
        "%d starts and stops in one JVM: threads %d -> %d, open descriptors %d -> %d%n",
        STARTS, threadsBefore, threads().size(), descriptorsBefore, descriptors());
  }

  private static void startAndClose(Path directory) throws Exception {
    RayoConfig config =
        RayoConfig.loadString(
            """
            rayo.xmpp.server = embedded
            rayo.media.embedded.sip { address = "127.0.0.1", port = 0 }
            rayo.spool.directory = "%s/spool"
            rayo.storage.stores.local.directory = "%s/recordings"
            """
                .formatted(directory, directory));
    try (RayoServer server = RayoServer.start(config, true)) {
      server.connection().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }
  }

  private static boolean ours(String name) {
    return name.startsWith("rayo")
        || name.startsWith("sip-")
        || name.startsWith("rtp-")
        || name.startsWith("recordings")
        || name.startsWith("xmpp-");
  }

  /** All but those that JUnit makes more of whenever one of them waits. */
  private static Map<Long, String> threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> !thread.getName().startsWith("ForkJoinPool-"))
        .collect(Collectors.toMap(Thread::getId, Thread::getName));
  }

  private static long descriptors() {
    try (Stream<Path> open = Files.list(DESCRIPTORS)) {
      return open.count();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static void await(BooleanSupplier holds) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!holds.getAsBoolean() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }
}

package org.rayo.recording;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.rayo.media.recorder.SpoolSync.Watch;

/** Files brought onto the disk together. */
class GroupSyncTest {

  private final GroupSync sync = new GroupSync(Duration.ofMillis(20));

  @AfterEach
  void close() {
    sync.close();
  }

  @Test
  void written_isSyncedWithinTheInterval_andOnlyWhenDirty() throws Exception {
    Channel channel = new Channel(() -> {});
    Channel idle = new Channel(() -> {});
    try (Watch watch = sync.watch(channel);
        Watch other = sync.watch(idle)) {
      assertThat(other).isNotSameAs(watch);
      watch.written();
      assertThat(channel.forced(1)).isTrue();
      // Rounds go by without another write.
      Channel pacemaker = new Channel(() -> {});
      try (Watch beat = sync.watch(pacemaker)) {
        for (int i = 1; i <= 3; i++) {
          beat.written();
          assertThat(pacemaker.forced(i)).isTrue();
        }
      }
      assertThat(channel.times()).isEqualTo(1);
      assertThat(idle.times()).isZero();
    }
    assertThat(sync.size()).isZero();
  }

  @Test
  void channelFails_othersAreSyncedAndItIsTriedAgain() throws Exception {
    AtomicInteger failures = new AtomicInteger();
    Channel failing =
        new Channel(
            () -> {
              if (failures.incrementAndGet() <= 3) {
                throw new IOException("told to fail");
              }
            });
    Channel throwing =
        new Channel(
            () -> {
              throw new IllegalStateException("told to throw");
            });
    Channel good = new Channel(() -> {});
    Watch bad = sync.watch(failing);
    Watch worse = sync.watch(throwing);
    Watch fine = sync.watch(good);
    bad.written();
    worse.written();
    fine.written();
    assertThat(good.forced(1)).isTrue();
    assertThat(failing.forced(4)).isTrue();
    fine.written();
    assertThat(good.forced(2)).isTrue();
  }

  @Test
  void channelIsClosed_isForgotten() throws Exception {
    Channel channel = new Channel(() -> {});
    channel.close();
    Channel pacemaker = new Channel(() -> {});
    Watch watch = sync.watch(channel);
    Watch beat = sync.watch(pacemaker);
    watch.written();
    for (int i = 1; i <= 3; i++) {
      beat.written();
      assertThat(pacemaker.forced(i)).isTrue();
    }
    assertThat(sync.size()).isEqualTo(1);
    assertThatCode(watch::close).doesNotThrowAnyException();
  }

  private interface Forcing {
    void run() throws IOException;
  }

  /** A channel of which only {@link #force} is used. */
  private static final class Channel extends FileChannel {
    private final Forcing forcing;
    private final AtomicInteger times = new AtomicInteger();
    private volatile CountDownLatch next = new CountDownLatch(1);

    Channel(Forcing forcing) {
      this.forcing = forcing;
    }

    int times() {
      return times.get();
    }

    /** Waits until it has been forced so often. */
    boolean forced(int wanted) throws InterruptedException {
      for (int i = 0; i < 100 && times.get() < wanted; i++) {
        boolean unused = next.await(100, TimeUnit.MILLISECONDS);
        next = new CountDownLatch(1);
      }
      return times.get() >= wanted;
    }

    @Override
    public void force(boolean metaData) throws IOException {
      if (!isOpen()) {
        throw new java.nio.channels.ClosedChannelException();
      }
      times.incrementAndGet();
      next.countDown();
      forcing.run();
    }

    @Override
    public int read(ByteBuffer dst) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long read(ByteBuffer[] dsts, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer src) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long write(ByteBuffer[] srcs, int offset, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long position() {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel position(long newPosition) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long size() {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileChannel truncate(long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
      throw new UnsupportedOperationException();
    }

    @Override
    public long transferFrom(ReadableByteChannel src, long position, long count) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int read(ByteBuffer dst, long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public int write(ByteBuffer src, long position) {
      throw new UnsupportedOperationException();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) {
      throw new UnsupportedOperationException();
    }

    @Override
    protected void implCloseChannel() {
      // Nothing is open.
    }
  }
}

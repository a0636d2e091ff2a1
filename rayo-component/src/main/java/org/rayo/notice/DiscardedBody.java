package org.rayo.notice;

import java.net.http.HttpResponse.BodySubscriber;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * An answer's body that nobody wants. A short one is read to its end, so that the connection can be
 * used again; one that is long, or does not end in time, is broken off with its connection.
 */
final class DiscardedBody implements BodySubscriber<Boolean> {

  private static final long LONGEST_BYTES = 64 << 10;

  private final AtomicReference<Flow.Subscription> subscription = new AtomicReference<>();
  private final CountDownLatch ended = new CountDownLatch(1);
  private long readBytes;

  /** There is nothing to wait for before the status is known. */
  @Override
  public CompletionStage<Boolean> getBody() {
    return CompletableFuture.completedFuture(true);
  }

  @Override
  public void onSubscribe(Flow.Subscription given) {
    subscription.set(given);
    given.request(1);
  }

  @Override
  public void onNext(List<ByteBuffer> buffers) {
    for (ByteBuffer buffer : buffers) {
      readBytes += buffer.remaining();
    }
    if (readBytes > LONGEST_BYTES) {
      breakOff();
      ended.countDown();
    } else {
      Optional.ofNullable(subscription.get()).ifPresent(given -> given.request(1));
    }
  }

  @Override
  public void onError(Throwable failure) {
    ended.countDown();
  }

  @Override
  public void onComplete() {
    ended.countDown();
  }

  /** Waits for the end, and breaks off when it does not come. */
  void awaitEnd(long nanos) throws InterruptedException {
    if (!ended.await(nanos, TimeUnit.NANOSECONDS)) {
      breakOff();
    }
  }

  private void breakOff() {
    Optional.ofNullable(subscription.get()).ifPresent(Flow.Subscription::cancel);
  }
}

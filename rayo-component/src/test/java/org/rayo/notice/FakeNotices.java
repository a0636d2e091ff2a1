package org.rayo.notice;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** Remembers notices, for tests of those who hand them in. */
public final class FakeNotices implements Notices {

  private final List<Notice> published = new CopyOnWriteArrayList<>();
  private volatile Optional<NoticeException> failure = Optional.empty();

  /** All that were handed in, in their order. */
  public List<Notice> published() {
    return published;
  }

  /** Has every notice fail from now on that is to be written down. */
  public void failWith(NoticeException next) {
    failure = Optional.of(next);
  }

  @Override
  public void publish(Notice notice) {
    published.add(notice);
  }

  @Override
  public CompletionStage<Void> publishDurably(Notice notice) {
    if (failure.isPresent()) {
      return CompletableFuture.failedFuture(failure.get());
    }
    published.add(notice);
    return CompletableFuture.completedFuture(null);
  }

  @Override
  public NoticeCounters counters() {
    return new NoticeCounters(0, published.size(), 0, 0);
  }

  @Override
  public void close() {
    // There is nothing to close.
  }
}

package org.rayo.notice;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A notice on its way to the disk: a file for each of its sinks, and whoever waits for them. */
final class Writing {

  private final Notice notice;
  private final byte[] json;
  private final List<Courier> targets;
  private final CompletableFuture<Void> written = new CompletableFuture<>();
  private final List<Part> parts = new ArrayList<>();
  private Optional<NoticeException> refused = Optional.empty();

  Writing(Notice notice, List<Courier> targets) {
    this.notice = notice;
    this.json = NoticeJson.bytes(notice);
    this.targets = List.copyOf(targets);
  }

  List<Courier> targets() {
    return targets;
  }

  int sizeBytes() {
    return json.length;
  }

  CompletableFuture<Void> written() {
    return written;
  }

  /** Adds the file for a sink. */
  Part part(Courier courier, long sequence) {
    Part part = new Part(courier, QueuedNotice.of(sequence, notice, System.currentTimeMillis()));
    parts.add(part);
    return part;
  }

  /** Writes the files, without their names; what fails is left to {@link #answer}. */
  void prepare() {
    Optional<Path> same = Optional.empty();
    for (Part part : parts) {
      Optional<Path> prepared = part.prepare(same);
      same = same.or(() -> prepared);
    }
  }

  /** A sink will not get it that must not miss any. */
  void refuse(NoticeException why) {
    refused = Optional.of(why);
  }

  /** Tells whoever waits what came of it. */
  void answer() {
    Optional<NoticeException> failure =
        refused.or(() -> parts.stream().flatMap(part -> part.failure.stream()).findFirst());
    if (failure.isPresent()) {
      written.completeExceptionally(failure.get());
    } else {
      written.complete(null);
    }
  }

  /**
   * The file for one sink. The steps are for one thread at a time; after a failure none does
   * anything.
   */
  final class Part {
    private final Courier courier;
    private final QueuedNotice queued;
    private boolean named;
    private Optional<NoticeException> failure = Optional.empty();

    private Part(Courier courier, QueuedNotice queued) {
      this.courier = courier;
      this.queued = queued;
    }

    Courier courier() {
      return courier;
    }

    private Optional<Path> prepare(Optional<Path> same) {
      try {
        return Optional.of(courier.files().prepare(queued, json, same));
      } catch (IOException e) {
        failure = Optional.of(new NoticeException("it cannot be written down: " + e, e));
        return Optional.empty();
      }
    }

    void commit() {
      if (failure.isEmpty()) {
        try {
          courier.files().commit(queued);
          named = true;
        } catch (IOException e) {
          failure = Optional.of(new NoticeException("it cannot be written down: " + e, e));
        }
      }
    }

    /** It is there, and will be told, but a power failure may take it. */
    void mayNotLast(IOException why) {
      failure = Optional.of(new NoticeException("it is written down, but may not last", why));
    }

    /** Gives it to the courier, if it is there. */
    void handOver() {
      if (named) {
        courier.add(queued);
      }
    }
  }
}

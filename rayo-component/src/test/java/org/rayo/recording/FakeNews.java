package org.rayo.recording;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Keeps the news, or fails as told. */
final class FakeNews implements RecordingNews {

  final List<String> heard = new CopyOnWriteArrayList<>();
  final List<String> checksums = new CopyOnWriteArrayList<>();

  /** So many of the next news of a store fail. */
  final AtomicInteger failures = new AtomicInteger();

  volatile boolean sidecar;

  @Override
  public void started(Manifest manifest) {
    heard.add("started " + manifest.recordingId());
  }

  @Override
  public void finished(Manifest manifest) {
    heard.add("finished " + manifest.recordingId());
  }

  @Override
  public Optional<byte[]> sidecar(Manifest manifest, String store, String sha256) {
    return sidecar ? Optional.of("{}".getBytes(StandardCharsets.UTF_8)) : Optional.empty();
  }

  @Override
  public void stored(Manifest manifest, String store, String sha256) throws JournalException {
    if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new JournalException("told to fail");
    }
    checksums.add(sha256);
    heard.add("stored " + manifest.recordingId() + " in " + store);
  }

  @Override
  public void failed(Manifest manifest, String store, String problem) {
    heard.add("failed " + manifest.recordingId() + " in " + store);
  }
}

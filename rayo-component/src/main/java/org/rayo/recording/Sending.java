package org.rayo.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.rayo.recording.Manifest.Delivery.Status;
import org.rayo.recording.RecordingDelivery.Progress;
import org.rayo.storage.RecordingFile;
import org.rayo.storage.RecordingStore;
import org.rayo.storage.StorageException;
import org.rayo.storage.StorageException.Fault;
import org.rayo.storage.StoredRecording;
import org.rayo.storage.Upload;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One recording on its way into one store: first the recording; then, when its client may know
 * already, its checksum, what lies beside it, and the news. One thread at a time.
 */
final class Sending implements StoreQueue.Work {

  private static final Logger LOG = LoggerFactory.getLogger(Sending.class);

  /** With the pauses between them, some hours. */
  private static final int MOST_SIDECAR_ATTEMPTS = 200;

  private final Manifest manifest;
  private final String store;
  private final Path audio;
  private final SpoolSealing sealing;
  private final RecordingNews news;
  private final Supplier<Optional<Upload>> sentAhead;
  private final Progress progress;
  private boolean stored;
  private boolean told;
  private int sidecarAttempts;

  /**
   * @param sentAhead what was sent while it was recorded, once
   */
  Sending(
      Manifest manifest,
      String store,
      Path audio,
      SpoolSealing sealing,
      RecordingNews news,
      Supplier<Optional<Upload>> sentAhead,
      Progress progress) {
    this.manifest = manifest;
    this.store = store;
    this.audio = audio;
    this.sealing = sealing;
    this.news = news;
    this.sentAhead = sentAhead;
    this.progress = progress;
    stored = manifest.delivery(store).status() == Status.STORED;
  }

  /** What a store gets to know of a recording. */
  static RecordingFile file(Manifest manifest, String store, Path path, SpoolSealing sealing) {
    return new RecordingFile(
        manifest.recordingId(),
        path,
        manifest.delivery(store).key(),
        sealing.mediaType(manifest.format()),
        metadata(manifest));
  }

  /** What a client calls its own keeps its prefix, so that it cannot pass for ours. */
  private static Map<String, String> metadata(Manifest manifest) {
    Map<String, String> metadata = new LinkedHashMap<>();
    metadata.put("call-id", manifest.origin().callId());
    metadata.put("component-id", manifest.origin().componentId());
    manifest.meta().forEach((name, value) -> metadata.put("meta." + name, value));
    return metadata;
  }

  @Override
  public String name() {
    return "recording " + manifest.recordingId();
  }

  @Override
  public void attempt(RecordingStore into) throws StorageException {
    Path file = toSend();
    if (!stored) {
      StoredRecording there = send(into, file(manifest, store, file, sealing));
      stored = true;
      progress.stored(there);
    }
    String sha256 = checksum(file);
    Manifest now = progress.manifest();
    if (!told) {
      try {
        news.stored(now, store, sha256);
        told = true;
      } catch (JournalException e) {
        throw new StorageException(Fault.UNAVAILABLE, "the news could not be written", e);
      }
    }
    Optional<byte[]> sidecar = news.sidecar(now, store, sha256);
    if (sidecar.isPresent()) {
      trySidecar(into, sidecar.get());
    }
    progress.settled();
  }

  /** A store that takes recordings and no documents must not keep them in the spool for that. */
  private void trySidecar(RecordingStore into, byte[] json) throws StorageException {
    sidecarAttempts++;
    try {
      sendSidecar(into, json);
    } catch (StorageException e) {
      boolean mayPass = e.fault() == Fault.UNAVAILABLE || e.fault() == Fault.CORRUPTED;
      if (mayPass && sidecarAttempts < MOST_SIDECAR_ATTEMPTS) {
        throw e;
      }
      LOG.error(
          "{} lies in the store {} without the document beside it ({}: {})",
          name(),
          store,
          e.fault(),
          e.getMessage());
    }
  }

  /** As it was when the recording began: its name in the store says so. */
  private Path toSend() throws StorageException {
    boolean sealed = manifest.delivery(store).key().endsWith(EncryptedSealing.SUFFIX);
    if (sealed && !sealing.isOn()) {
      throw new StorageException(
          Fault.CONFIGURATION,
          "it is to be encrypted, and rayo.storage.encryption.public-key is not set any more");
    }
    return sealed ? sealing.sealed(manifest, audio) : audio;
  }

  private StoredRecording send(RecordingStore into, RecordingFile file) throws StorageException {
    long size = size(file.path());
    Optional<Upload> begun = sentAhead.get();
    Upload upload = begun.isPresent() ? begun.get() : into.begin(file);
    try {
      StoredRecording there = upload.finish();
      if (there.sizeBytes() != size) {
        throw new StorageException(
            Fault.CORRUPTED, "the store holds " + there.sizeBytes() + " bytes of " + size);
      }
      return there;
    } finally {
      upload.abort();
    }
  }

  private void sendSidecar(RecordingStore into, byte[] json) throws StorageException {
    Path file = audio.resolveSibling("sidecar-" + store + RecordingFile.SIDECAR_END);
    try {
      // A store may hold what was here before under another name of the same file.
      Files.deleteIfExists(file);
      Files.write(file, json);
      Upload upload = into.begin(file(manifest, store, file, sealing).sidecar(file));
      try {
        upload.finish();
      } finally {
        upload.abort();
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new StorageException(Fault.UNAVAILABLE, "the spool cannot be written", e);
    }
  }

  private static long size(Path file) throws StorageException {
    try {
      return Files.size(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static String checksum(Path file) throws StorageException {
    try {
      return Checksums.sha256(file);
    } catch (IOException e) {
      throw unreadable(file, e);
    }
  }

  private static StorageException unreadable(Path file, IOException cause) {
    return new StorageException(
        cause instanceof NoSuchFileException ? Fault.SOURCE : Fault.UNAVAILABLE,
        "cannot read " + file,
        cause);
  }

  private static String inWords(Fault fault) {
    return switch (fault) {
      case REFUSED -> "the store refuses the recording";
      case SOURCE -> "the recording's file cannot be read";
      case CONFIGURATION -> "the store is not configured as it should be";
      case UNAVAILABLE -> "the store cannot be reached";
      case CORRUPTED -> "what the store holds is not what was sent";
    };
  }

  @Override
  public void givenUp(StorageException why) {
    String problem = why.fault() + ": " + why.getMessage();
    if (stored) {
      LOG.error("{} is in the store {}, but what is told of it is not", name(), store, why);
      progress.settled();
      return;
    }
    try {
      // The store's own words may name files of this machine; they are in the log and the manifest.
      news.failed(progress.manifest(), store, inWords(why.fault()));
    } catch (JournalException e) {
      LOG.error("nobody is told that the store {} does not take {}", store, name(), e);
    }
    LOG.error(
        "the store {} does not take {}, which stays in the spool; `rayo recordings redeliver {}`"
            + " has it asked again",
        store,
        name(),
        manifest.recordingId());
    progress.dead(problem);
  }
}

package org.rayo.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Stream;
import org.rayo.media.AudioFormat;
import org.rayo.storage.StorageException;
import org.rayo.storage.encryption.RecordingCipher;

/**
 * Recordings leave the spool encrypted. The key is read for every recording, so that one that was
 * missing can be put in its place while the server runs; until then the spool keeps them.
 */
public final class EncryptedSealing implements SpoolSealing {

  /** Of what is encrypted; behind the format's own ending. */
  public static final String SUFFIX = ".enc";

  private static final int LOCKS = 64;

  private final Path publicKeyPem;

  /** One recording is encrypted once, however many stores ask for it; a lock for some of them. */
  private final List<Object> locks = Stream.generate(Object::new).limit(LOCKS).toList();

  /**
   * @param publicKeyPem a file with the public key
   */
  public EncryptedSealing(Path publicKeyPem) {
    this.publicKeyPem = publicKeyPem;
  }

  @Override
  public boolean isOn() {
    return true;
  }

  @Override
  public String suffix() {
    return SUFFIX;
  }

  @Override
  public String mediaType(AudioFormat format) {
    return "application/octet-stream";
  }

  @Override
  public Path sealed(Manifest manifest, Path audio) throws StorageException {
    Path sealed = audio.resolveSibling(audio.getFileName() + SUFFIX);
    Object lock = locks.get(Math.floorMod(manifest.recordingId().hashCode(), LOCKS));
    try {
      synchronized (lock) {
        if (!Files.exists(sealed)) {
          Path next = audio.resolveSibling(sealed.getFileName() + ".next");
          RecordingCipher.of(publicKeyPem).encrypt(audio, next);
          Files.move(next, sealed, StandardCopyOption.ATOMIC_MOVE);
          SpoolDocuments.syncNames(audio.resolveSibling("."));
        }
      }
      return sealed;
    } catch (IOException e) {
      throw new StorageException(
          StorageException.Fault.UNAVAILABLE, "cannot put " + sealed + " in its place", e);
    }
  }
}

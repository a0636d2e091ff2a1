package org.rayo.recording;

import java.nio.file.Path;
import org.rayo.media.AudioFormat;
import org.rayo.storage.StorageException;

/** What the stores get of a recording: its audio, or something made of it. Thread safe. */
public interface SpoolSealing {

  /** The stores get the audio. */
  SpoolSealing NONE =
      new SpoolSealing() {
        @Override
        public boolean isOn() {
          return false;
        }

        @Override
        public String suffix() {
          return "";
        }

        @Override
        public String mediaType(AudioFormat format) {
          return format.mediaType();
        }

        @Override
        public Path sealed(Manifest manifest, Path audio) {
          return audio;
        }
      };

  /** Whether the stores get something else than the audio. */
  boolean isOn();

  /** Behind the name of what the stores get. */
  String suffix();

  /** What the stores get is of this type. */
  String mediaType(AudioFormat format);

  /**
   * The file for the stores, in the recording's directory of the spool; made once, and then the
   * same. Blocks.
   *
   * @throws StorageException when it cannot be made; whose fault it is says whether trying again
   *     can help
   */
  Path sealed(Manifest manifest, Path audio) throws StorageException;
}

package org.rayo.recording;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.rayo.media.ParticipantTimeline;
import org.rayo.recording.SpoolDocuments.Lasting;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who of a mixer's participants was in a recording: {@code participants.json} beside its manifest,
 * which has to fit where the disk is full, as this need not. A recording whose disk does not take
 * or give it goes on without. Blocks.
 */
final class SpooledParticipants {

  private static final Logger LOG = LoggerFactory.getLogger(SpooledParticipants.class);
  static final String FILE = "participants.json";

  private SpooledParticipants() {}

  /** Writes them, if there are any and they have not been written; before the manifest. */
  static void write(Path directory, Manifest manifest) {
    Optional<ParticipantTimeline> who =
        manifest.captured().flatMap(Manifest.Captured::participants);
    Path file = directory.resolve(FILE);
    if (who.isEmpty() || Files.exists(file)) {
      return;
    }
    try {
      SpoolDocuments.replace(file, who.get(), Lasting.POWER_FAILURE);
    } catch (IOException e) {
      LOG.warn("{} cannot be written: only until a restart its participants are known", file, e);
      deleteHalf(file.resolveSibling(FILE + ".next"));
    }
  }

  /** What a full disk has room for is wanted for the manifest. */
  private static void deleteHalf(Path half) {
    try {
      Files.deleteIfExists(half);
    } catch (IOException e) {
      LOG.warn("{} cannot be removed", half, e);
    }
  }

  /** The manifest that was read there, with the participants if there are any. */
  static Manifest read(Path directory, Manifest manifest) {
    Path file = directory.resolve(FILE);
    try {
      return manifest.with(SpoolDocuments.read(file, ParticipantTimeline.class));
    } catch (NoSuchFileException | FileNotFoundException none) {
      return manifest;
    } catch (IOException e) {
      LOG.warn("{} cannot be read; its recording goes on without it", file, e);
      return manifest;
    }
  }
}

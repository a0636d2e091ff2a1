package org.rayo.media.encode;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Optional;
import org.rayo.media.SampleCoding;

/** Finds what can be saved of a wav file: all whole samples, whatever the head says. */
final class WavRepair {

  private WavRepair() {}

  static Optional<AudioRepair.Saved> save(FileChannel file, AudioRepair.Expected expected)
      throws IOException {
    byte[] head = AudioRepair.read(file, 0, WavLayout.MAX_HEAD_BYTES);
    WavLayout layout = WavLayout.read(head).orElseGet(() -> layout(expected));
    if (file.size() < layout.headBytes()) {
      return Optional.empty();
    }
    long declared = layout.samplesSaidBy(head);
    // A byte behind odd samples is told from a sample by the head alone.
    Ending ending =
        declared >= 0 && layout.fileBytes(declared) == file.size()
            ? new Ending(declared, file.size(), List.of())
            : layout.ending(layout.samplesIn(file.size()));
    return Optional.of(new AudioRepair.Saved(layout.sampleRateHz(), layout.channels(), ending));
  }

  private static WavLayout layout(AudioRepair.Expected expected) {
    return new WavLayout(
        expected.fileRateHz(),
        expected.channels(),
        expected.encoding().coding().orElse(SampleCoding.PCM),
        WavLayout.RIFF_LIMIT_BYTES);
  }
}

package org.rayo.media.encode;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Finds what can be saved of an mp3 file: all whole frames that follow each other, with a tag that
 * says so.
 */
final class Mp3Repair {

  private static final int HEADER_BYTES = 4;
  private static final int FRAMES_AT_ONCE = 256;

  /** Of the frame's header, what all frames have in common: all but the mode's extension. */
  private static final int COMMON_OF_LAST_BYTE = 0xcf;

  /**
   * The frames that there are.
   *
   * @param crc of all of them
   */
  private record Frames(long count, int bitrateKbps, Crc16 crc) {}

  private Mp3Repair() {}

  static Optional<AudioRepair.Saved> save(FileChannel file, AudioRepair.Expected expected)
      throws IOException {
    Optional<MpegLayout> own = MpegLayout.read(AudioRepair.read(file, 0, HEADER_BYTES));
    if (own.isEmpty() && !MpegLayout.SAMPLE_RATES.contains(expected.sampleRateHz())) {
      return Optional.empty();
    }
    MpegLayout layout =
        own.orElseGet(() -> new MpegLayout(expected.sampleRateHz(), expected.channels()));
    int tagBytes = InfoTag.sizeBytes(layout);
    byte[] head = AudioRepair.read(file, 0, tagBytes);
    Optional<InfoTag.Found> tag = InfoTag.read(layout, head);
    if (tag.isPresent() && tag.get().contents().fileBytes() == file.size()) {
      Ending asItIs = new Ending(tag.get().samples(layout), file.size(), List.of());
      return Optional.of(saved(layout, asItIs));
    }
    Optional<Frames> frames = frames(file, layout, tagBytes);
    return frames.flatMap(found -> ending(layout, tag, found)).map(ending -> saved(layout, ending));
  }

  private static AudioRepair.Saved saved(MpegLayout layout, Ending ending) {
    return new AudioRepair.Saved(layout.sampleRateHz(), layout.channels(), ending);
  }

  private static Optional<Ending> ending(
      MpegLayout layout, Optional<InfoTag.Found> old, Frames frames) {
    int delay = old.map(InfoTag.Found::encoderDelay).orElse(InfoTag.LAME_DELAY);
    long decoded = frames.count() * layout.samplesPerFrame();
    long played = decoded - delay - InfoTag.DECODER_DELAY;
    if (old.isPresent()) {
      played = Math.min(played, old.get().samples(layout));
    }
    if (played <= 0) {
      return Optional.empty();
    }
    InfoTag tag =
        new InfoTag(
            layout,
            frames.bitrateKbps(),
            old.map(InfoTag.Found::encoder).orElse(JavaLame.TAG_NAME),
            delay,
            old.map(InfoTag.Found::lowpassHz).orElse(0));
    byte[] more = silence(layout, frames);
    frames.crc().update(more, 0, more.length);
    int frameBytes = layout.frameBytes(frames.bitrateKbps());
    long count = frames.count() + more.length / frameBytes;
    long found = tag.sizeBytes() + frames.count() * frameBytes;
    long size = found + more.length;
    int padding = (int) (count * layout.samplesPerFrame() - delay - played);
    byte[] head = tag.filled(new InfoTag.Contents(count, size, padding, frames.crc().value()));
    return Optional.of(
        new Ending(played, size, List.of(new Patch(found, more), new Patch(0, head))));
  }

  /** What a short file lacks. */
  private static byte[] silence(MpegLayout layout, Frames frames) {
    byte[] frame = layout.silentFrame(frames.bitrateKbps());
    int missing = (int) Math.max(0, layout.fewestFrames() - frames.count());
    byte[] all = new byte[missing * frame.length];
    for (int i = 0; i < missing; i++) {
      System.arraycopy(frame, 0, all, i * frame.length, frame.length);
    }
    return all;
  }

  /** Counts frames from here on, as long as each has the header of the first. */
  private static Optional<Frames> frames(FileChannel file, MpegLayout layout, int from)
      throws IOException {
    byte[] header = AudioRepair.read(file, from, HEADER_BYTES);
    if (!MpegLayout.read(header).equals(Optional.of(layout))) {
      return Optional.empty();
    }
    int kbps = layout.bitrateKbps(header);
    int frameBytes = layout.frameBytes(kbps);
    Crc16 crc = new Crc16();
    long count = 0;
    boolean more = true;
    while (more) {
      long at = from + count * frameBytes;
      byte[] block = AudioRepair.read(file, at, FRAMES_AT_ONCE * frameBytes);
      int whole = 0;
      while ((whole + 1) * frameBytes <= block.length && same(header, block, whole * frameBytes)) {
        whole++;
      }
      crc.update(block, 0, whole * frameBytes);
      count += whole;
      more = whole == FRAMES_AT_ONCE;
    }
    return Optional.of(new Frames(count, kbps, crc));
  }

  private static boolean same(byte[] header, byte[] block, int at) {
    return Arrays.equals(header, 0, 3, block, at, at + 3)
        && ((header[3] ^ block[at + 3]) & COMMON_OF_LAST_BYTE) == 0;
  }
}

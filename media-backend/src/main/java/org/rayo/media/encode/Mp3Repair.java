package org.rayo.media.encode;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Optional;

/**
 * Finds what can be saved of an mp3 file: all whole frames that follow each other, with a tag that
 * says so.
 */
final class Mp3Repair {

  private static final int HEADER_BYTES = 4;
  private static final int FRAMES_AT_ONCE = 256;

  /**
   * The frames that there are.
   *
   * @param crc of all of them
   */
  private record Frames(long count, MpegStream stream, Crc16 crc) {}

  private Mp3Repair() {}

  static Optional<AudioRepair.Saved> save(FileChannel file, AudioRepair.Expected expected)
      throws IOException {
    Optional<MpegLayout> own = MpegLayout.read(AudioRepair.read(file, 0, HEADER_BYTES));
    if (own.isEmpty() && !MpegLayout.SAMPLE_RATES.contains(expected.fileRateHz())) {
      return Optional.empty();
    }
    MpegLayout layout =
        own.orElseGet(() -> new MpegLayout(expected.fileRateHz(), expected.channels()));
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
            frames.stream().bitrateKbps(),
            old.map(InfoTag.Found::encoder).orElse(JavaLame.TAG_NAME),
            delay,
            old.map(InfoTag.Found::lowpassHz).orElse(0));
    // What a short file lacks.
    long count = Math.max(frames.count(), layout.fewestFrames());
    byte[] more = frames.stream().silence(frames.count(), count);
    frames.crc().update(more, 0, more.length);
    long found = tag.sizeBytes() + frames.stream().bytes(frames.count());
    long size = found + more.length;
    int padding = (int) (count * layout.samplesPerFrame() - delay - played);
    byte[] head = tag.filled(new InfoTag.Contents(count, size, padding, frames.crc().value()));
    return Optional.of(
        new Ending(played, size, List.of(new Patch(found, more), new Patch(0, head))));
  }

  /** Counts frames from here on, as long as each is where and what the first says it must be. */
  private static Optional<Frames> frames(FileChannel file, MpegLayout layout, int from)
      throws IOException {
    byte[] header = AudioRepair.read(file, from, HEADER_BYTES);
    if (!MpegLayout.read(header).equals(Optional.of(layout))) {
      return Optional.empty();
    }
    MpegStream stream = new MpegStream(layout, layout.bitrateKbps(header));
    Crc16 crc = new Crc16();
    long count = 0;
    boolean more = true;
    while (more) {
      long start = stream.bytes(count);
      int wanted = (int) (stream.bytes(count + FRAMES_AT_ONCE) - start);
      byte[] block = AudioRepair.read(file, from + start, wanted);
      int whole = 0;
      int end = 0;
      int next = (int) (stream.bytes(count + 1) - start);
      while (next <= block.length && stream.begins(count + whole, header, block, end)) {
        whole++;
        end = next;
        next = (int) (stream.bytes(count + whole + 1) - start);
      }
      crc.update(block, 0, end);
      count += whole;
      more = whole == FRAMES_AT_ONCE;
    }
    return Optional.of(new Frames(count, stream, crc));
  }
}

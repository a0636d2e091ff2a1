package org.rayo.media.encode;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Optional;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.RecordingRequest;

/**
 * MPEG layer III of constant bit rate, with an {@link InfoTag} in front.
 *
 * <p>The tag's frame is blank while recording, and the file plays without it, longer by the
 * encoder's own samples at both ends. With the tag it plays exactly what was recorded.
 *
 * <p>LAME makes the frames, in Java or natively. Defaults: quality 7; for each channel 24 kbit/s
 * below 16 kHz (an hour of mono is 10.8 MB), 32 kbit/s below 32 kHz, 64 kbit/s from there on. At 8
 * kHz nothing that a telephone lets pass is lost at 24 kbit/s; 16 kbit/s, by hint, is still good
 * for speech. Two channels are coded apart, not as sum and difference: the two sides of a call have
 * nothing in common.
 */
final class Mp3Encoder implements AudioEncoder {

  private static final int DEFAULT_QUALITY = 7;
  private static final int BLOCK_BYTES = 64 * 1024;

  private final MpegLayout layout;
  private final MpegStream stream;
  private final Lame lame;
  private final InfoTag tag;
  private final Crc16 musicCrc = new Crc16();
  private long samples;
  private long bodyBytes;

  private Mp3Encoder(MpegLayout layout, int bitrateKbps, Lame lame) {
    this.layout = layout;
    this.lame = lame;
    stream = new MpegStream(layout, bitrateKbps);
    tag = new InfoTag(layout, bitrateKbps, lame.tagName(), lame.delay(), lame.lowpassHz());
  }

  /** See {@link AudioEncoders#open}. */
  static Mp3Encoder open(
      int sampleRateHz, int channels, RecordingRequest.Encoding encoding, Lame.Opener opener)
      throws MediaException {
    if (!MpegLayout.SAMPLE_RATES.contains(sampleRateHz)) {
      throw new MediaException(
          Fault.UNSUPPORTED,
          "mp3 cannot be made of %d Hz; possible are %s"
              .formatted(sampleRateHz, MpegLayout.SAMPLE_RATES));
    }
    MpegLayout layout = new MpegLayout(sampleRateHz, channels);
    int bitrate = encoding.bitrateKbps().orElse(defaultBitrate(sampleRateHz) * channels);
    if (!layout.bitratesKbps().contains(bitrate)) {
      throw new MediaException(
          Fault.UNSUPPORTED,
          "mp3 of %d Hz has no %d kbit/s; possible are %s"
              .formatted(sampleRateHz, bitrate, layout.bitratesKbps()));
    }
    int quality = encoding.quality().orElse(DEFAULT_QUALITY);
    return new Mp3Encoder(layout, bitrate, opener.open(layout, bitrate, quality));
  }

  private static int defaultBitrate(int sampleRateHz) {
    return sampleRateHz < 16000 ? 24 : sampleRateHz < 32000 ? 32 : 64;
  }

  @Override
  public void begin(ByteSink sink) {
    byte[] frame = tag.blank();
    sink.append(frame, 0, frame.length);
  }

  @Override
  public void encode(short[] pcm, int offset, int count, ByteSink sink) {
    samples += count;
    append(lame.encode(pcm, offset, count), sink);
  }

  @Override
  public Optional<Patch> refresh() {
    return Optional.empty();
  }

  @Override
  public Ending finish(ByteSink sink) {
    try {
      append(lame.flush(), sink);
    } finally {
      lame.close();
    }
    long frames = stream.framesIn(bodyBytes);
    byte[] silence = stream.silence(frames, layout.fewestFrames());
    append(silence, silence.length, sink);
    return ending(stream.framesIn(bodyBytes), samples, musicCrc.value());
  }

  /** The tag then has no checksum of the music. */
  @Override
  public Ending cutAt(long sizeBytes) {
    lame.close();
    long bytes = Math.min(bodyBytes, sizeBytes - tag.sizeBytes());
    long frames = bytes < 0 ? 0 : stream.framesIn(bytes);
    if (frames == 0) {
      return new Ending(0, 0, List.of());
    }
    long decoded = frames * layout.samplesPerFrame() - lame.delay() - InfoTag.DECODER_DELAY;
    return ending(frames, Math.max(0, Math.min(samples, decoded)), 0);
  }

  /**
   * Drops all frames that give back nothing of what remains. The checksum of the music goes back
   * over them: only they are read.
   */
  @Override
  public Ending cutTo(long wanted, Ending whole, FileChannel file) throws IOException {
    if (wanted >= whole.samples()) {
      return whole;
    }
    long present = stream.framesIn(whole.sizeBytes() - tag.sizeBytes());
    long heard = stream.framesFor(wanted, lame.delay());
    long frames = Math.max(heard, Math.min(present, layout.fewestFrames()));
    byte[] silence = stream.silence(heard, frames);
    long end = tag.sizeBytes() + stream.bytes(heard);
    int crc = 0;
    if (whole.sizeBytes() == tag.sizeBytes() + bodyBytes) {
      Crc16 music = new Crc16(musicCrc.value());
      takeBack(music, file, end, whole.sizeBytes());
      music.update(silence, 0, silence.length);
      crc = music.value();
    }
    Ending shorter = ending(frames, wanted, crc);
    return silence.length == 0 ? shorter : shorter.with(new Patch(end, silence));
  }

  private static void takeBack(Crc16 crc, FileChannel file, long from, long to) throws IOException {
    long at = to;
    while (at > from) {
      int count = (int) Math.min(BLOCK_BYTES, at - from);
      at -= count;
      crc.takeBack(AudioRepair.read(file, at, count), 0, count);
    }
  }

  @Override
  public long samples() {
    return samples;
  }

  @Override
  public void close() {
    lame.close();
  }

  private void append(int bytes, ByteSink sink) {
    append(lame.bytes(), bytes, sink);
  }

  private void append(byte[] bytes, int length, ByteSink sink) {
    if (length > 0) {
      musicCrc.update(bytes, 0, length);
      bodyBytes += length;
      sink.append(bytes, 0, length);
    }
  }

  private Ending ending(long frames, long played, int crc) {
    long padding = frames * layout.samplesPerFrame() - lame.delay() - played;
    long size = tag.sizeBytes() + stream.bytes(frames);
    byte[] head = tag.filled(new InfoTag.Contents(frames, size, (int) padding, crc));
    return new Ending(played, size, List.of(new Patch(0, head)));
  }
}

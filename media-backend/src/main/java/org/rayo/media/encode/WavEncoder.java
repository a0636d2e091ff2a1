package org.rayo.media.encode;

import java.nio.channels.FileChannel;
import java.util.List;
import java.util.Optional;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.RecordingRequest;
import org.rayo.media.SampleCoding;
import org.rayo.media.audio.G711;

/**
 * A RIFF file of linear PCM of 16 bits, or of the telephone network's 8 bits, which is half as
 * large and exactly what a call of that law carried.
 */
final class WavEncoder implements AudioEncoder {

  /** The rates that there are, in Hz. */
  static final List<Integer> SAMPLE_RATES =
      List.of(8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000);

  private static final byte[] PADDING = new byte[1];

  private final WavLayout layout;
  private byte[] block = new byte[8192];
  private long samples;

  WavEncoder(WavLayout layout) {
    this.layout = layout;
  }

  /** See {@link AudioEncoders#open}. */
  static WavEncoder open(int sampleRateHz, int channels, RecordingRequest.Encoding encoding)
      throws MediaException {
    if (!SAMPLE_RATES.contains(sampleRateHz)) {
      throw new MediaException(
          Fault.UNSUPPORTED,
          "wav is not made of %d Hz; possible are %s".formatted(sampleRateHz, SAMPLE_RATES));
    }
    SampleCoding coding = encoding.coding().orElse(SampleCoding.PCM);
    return new WavEncoder(
        new WavLayout(sampleRateHz, channels, coding, WavLayout.RIFF_LIMIT_BYTES));
  }

  @Override
  public void begin(ByteSink sink) {
    byte[] head = layout.head(0);
    sink.append(head, 0, head.length);
  }

  @Override
  public void encode(short[] pcm, int offset, int count, ByteSink sink) {
    int bytes = count * layout.frameBytes();
    if (block.length < bytes) {
      block = new byte[bytes];
    }
    int values = count * layout.channels();
    switch (layout.coding()) {
      case PCM -> linear(pcm, offset, values);
      case ULAW -> G711.MU_LAW.encode(pcm, offset, block, 0, values);
      case ALAW -> G711.A_LAW.encode(pcm, offset, block, 0, values);
    }
    sink.append(block, 0, bytes);
    samples += count;
  }

  private void linear(short[] pcm, int offset, int values) {
    for (int i = 0, at = 0; i < values; i++) {
      int value = pcm[offset + i];
      block[at++] = (byte) value;
      block[at++] = (byte) (value >> 8);
    }
  }

  /** An odd sample, which would need a byte behind it, waits for the next. */
  @Override
  public Optional<Patch> refresh() {
    return Optional.of(new Patch(0, layout.head(samples - (layout.padded(samples) ? 1 : 0))));
  }

  @Override
  public Ending finish(ByteSink sink) {
    if (layout.padded(samples)) {
      sink.append(PADDING, 0, 1);
    }
    return layout.ending(samples);
  }

  @Override
  public Ending cutAt(long sizeBytes) {
    if (sizeBytes < layout.headBytes()) {
      return new Ending(0, 0, List.of());
    }
    return layout.ending(Math.min(samples, layout.samplesIn(sizeBytes)));
  }

  @Override
  public Ending cutTo(long wanted, Ending whole, FileChannel file) {
    return wanted < whole.samples() ? layout.ending(wanted) : whole;
  }

  @Override
  public long samples() {
    return samples;
  }
}

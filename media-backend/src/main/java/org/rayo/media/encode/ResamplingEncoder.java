package org.rayo.media.encode;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Optional;

/** Gives another encoder the samples at the rate of its file. */
final class ResamplingEncoder implements AudioEncoder {

  private final AudioEncoder encoder;
  private final Resampler resampler;
  private long samples;

  /**
   * @param encoder of the file, at its rate; closed with this one
   */
  ResamplingEncoder(AudioEncoder encoder, Resampler resampler) {
    this.encoder = encoder;
    this.resampler = resampler;
  }

  @Override
  public void begin(ByteSink sink) {
    encoder.begin(sink);
  }

  @Override
  public void encode(short[] pcm, int offset, int count, ByteSink sink) {
    samples += count;
    int ready = resampler.resample(pcm, offset, count);
    encoder.encode(resampler.out(), 0, ready, sink);
  }

  @Override
  public Optional<Patch> refresh() {
    return encoder.refresh();
  }

  @Override
  public Ending finish(ByteSink sink) {
    int rest = resampler.flush();
    encoder.encode(resampler.out(), 0, rest, sink);
    return encoder.finish(sink);
  }

  @Override
  public Ending cutAt(long sizeBytes) {
    return encoder.cutAt(sizeBytes);
  }

  @Override
  public Ending cutTo(long wanted, Ending whole, FileChannel file) throws IOException {
    return encoder.cutTo(resampler.outputLength(wanted), whole, file);
  }

  @Override
  public long samples() {
    return samples;
  }

  @Override
  public void close() {
    encoder.close();
  }
}

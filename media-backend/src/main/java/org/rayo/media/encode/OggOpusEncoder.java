package org.rayo.media.encode;

import io.github.jaredmdobson.concentus.OpusApplication;
import io.github.jaredmdobson.concentus.OpusEncoder;
import io.github.jaredmdobson.concentus.OpusException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.RecordingRequest;

/**
 * Opus in frames of 20 ms, in an Ogg stream whose pages hold 400 ms each.
 *
 * <p>The file plays, from the pre-skip on, exactly what was recorded: the last page's granule
 * position says where the last frame ends early. A file without a last page plays up to its last
 * whole page.
 *
 * <p>Defaults: complexity 5; for each channel 24 kbit/s up to 16 kHz, 32 above. The bit rate is a
 * mean: quiet passages take less. From 24 kbit/s on Opus keeps the waveform; below, it models
 * speech, and tones (DTMF, music) lose up to some decibels. Two channels are refused less than 40
 * kbit/s: there Opus would mix them, and the two sides of a call could not be told apart.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc7845">RFC 7845, Ogg encapsulation for Opus</a>
 */
final class OggOpusEncoder implements AudioEncoder {

  /** The rates that there are, in Hz. */
  static final List<Integer> SAMPLE_RATES = List.of(8000, 12000, 16000, 24000, 48000);

  static final int MIN_KBPS = 6;
  static final int MIN_STEREO_KBPS = 40;
  static final int MAX_KBPS = 256;

  private static final int FRAMES_PER_SECOND = 50;
  private static final int FRAMES_PER_PAGE = 20;
  private static final int MAX_PACKET_BYTES = 1275;
  private static final int MAX_QUALITY = 10;
  private static final int DEFAULT_QUALITY = 5;

  private final OpusEncoder opus;
  private final OpusHeaders.Head head;
  private final OggPages pages = new OggPages(ThreadLocalRandom.current().nextInt());
  private final PageMarks marks = new PageMarks();
  private final int channels;
  private final int granulesPerSample;
  private final int samplesPerFrame;
  private final int lookahead;
  private final short[] frame;
  private final byte[] packet = new byte[MAX_PACKET_BYTES];
  private int inFrame;
  private int framesOnPage;
  private long frames;
  private long samples;
  private long bytes;
  private long headBytes;

  private OggOpusEncoder(OpusEncoder opus, int sampleRateHz, int channels) {
    this.opus = opus;
    this.channels = channels;
    granulesPerSample = OpusHeaders.GRANULE_RATE_HZ / sampleRateHz;
    samplesPerFrame = sampleRateHz / FRAMES_PER_SECOND;
    lookahead = opus.getLookahead();
    frame = new short[samplesPerFrame * channels];
    head = new OpusHeaders.Head(channels, lookahead * granulesPerSample, sampleRateHz);
  }

  /** See {@link AudioEncoders#open}. */
  static OggOpusEncoder open(int sampleRateHz, int channels, RecordingRequest.Encoding encoding)
      throws MediaException {
    if (!SAMPLE_RATES.contains(sampleRateHz)) {
      throw new MediaException(
          Fault.UNSUPPORTED,
          "opus cannot be made of %d Hz; possible are %s".formatted(sampleRateHz, SAMPLE_RATES));
    }
    int kbps = encoding.bitrateKbps().orElse(defaultBitrate(sampleRateHz) * channels);
    int least = channels == 1 ? MIN_KBPS : MIN_STEREO_KBPS;
    if (kbps < least || kbps > MAX_KBPS) {
      throw new MediaException(
          Fault.UNSUPPORTED,
          "opus of %d channel(s) is not made with %d kbit/s; possible are %d to %d"
              .formatted(channels, kbps, least, MAX_KBPS));
    }
    try {
      OpusEncoder opus =
          new OpusEncoder(sampleRateHz, channels, OpusApplication.OPUS_APPLICATION_AUDIO);
      opus.setBitrate(kbps * 1000);
      opus.setUseVBR(true);
      opus.setComplexity(MAX_QUALITY - encoding.quality().orElse(DEFAULT_QUALITY));
      opus.setEnableAnalysis(false);
      return new OggOpusEncoder(opus, sampleRateHz, channels);
    } catch (OpusException e) {
      throw new MediaException(Fault.UNSUPPORTED, "opus refuses " + sampleRateHz + " Hz: " + e, e);
    }
  }

  private static int defaultBitrate(int sampleRateHz) {
    return sampleRateHz <= 16000 ? 24 : 32;
  }

  @Override
  public void begin(ByteSink sink) {
    header(head.packet(), OggPages.BEGINNING, sink);
    header(OpusHeaders.tags(), 0, sink);
    headBytes = bytes;
  }

  @Override
  public void encode(short[] pcm, int offset, int count, ByteSink sink) {
    samples += count;
    int at = offset;
    int rest = count;
    while (rest > 0) {
      int taken = Math.min(rest, samplesPerFrame - inFrame);
      System.arraycopy(pcm, at, frame, inFrame * channels, taken * channels);
      at += taken * channels;
      rest -= taken;
      inFrame += taken;
      if (inFrame == samplesPerFrame) {
        encodeFrame(sink);
      }
    }
  }

  @Override
  public Optional<Patch> refresh() {
    return Optional.empty();
  }

  /**
   * Zeros follow until the encoder has given back everything. That is at least one more frame,
   * since it is late: so there is always one for the last page.
   */
  @Override
  public Ending finish(ByteSink sink) {
    while (frames * samplesPerFrame < samples + lookahead) {
      Arrays.fill(frame, inFrame * channels, frame.length, (short) 0);
      encodeFrame(sink);
    }
    append(OggPages.END, head.preSkip() + samples * granulesPerSample, sink);
    return new Ending(samples, bytes, List.of());
  }

  @Override
  public Ending cutAt(long sizeBytes) {
    return marks
        .lastWithin(sizeBytes)
        .map(
            page ->
                new Ending(
                    head.samplesAt(page.granule()),
                    page.end(),
                    OggPages.makeLast(page.offset(), page.length(), page.flags(), page.checksum())))
        .orElse(new Ending(0, 0, List.of()));
  }

  /** The page on which it ends then is read and made again, with the packets that are needed. */
  @Override
  public Ending cutTo(long wanted, Ending whole, FileChannel file) throws IOException {
    if (wanted >= whole.samples()) {
      return whole;
    }
    long granule = head.preSkip() + wanted * granulesPerSample;
    Optional<PageMarks.Mark> known = marks.lastBefore(granule);
    long begun = known.map(PageMarks.Mark::granule).orElse(0L);
    OggPage page = pageAt(known.map(PageMarks.Mark::end).orElse(headBytes), file);
    while (page.mark().granule() < granule) {
      begun = page.mark().granule();
      page = pageAt(page.mark().end(), file);
    }
    long perPacket = (long) samplesPerFrame * granulesPerSample;
    byte[] last = page.last((int) ((granule - begun + perPacket - 1) / perPacket), granule);
    long offset = page.mark().offset();
    return new Ending(wanted, offset + last.length, List.of(new Patch(offset, last)));
  }

  private static OggPage pageAt(long offset, FileChannel file) throws IOException {
    return OggPage.read(file, offset)
        .orElseThrow(() -> new IOException("there is no page at " + offset));
  }

  @Override
  public long samples() {
    return samples;
  }

  private void encodeFrame(ByteSink sink) {
    if (framesOnPage == FRAMES_PER_PAGE) {
      append(0, frames * samplesPerFrame * granulesPerSample, sink);
    }
    try {
      int length = opus.encode(frame, 0, samplesPerFrame, packet, 0, packet.length);
      pages.add(packet, length);
    } catch (OpusException e) {
      throw new IllegalStateException("opus failed after " + samples + " samples", e);
    }
    inFrame = 0;
    frames++;
    framesOnPage++;
  }

  private void append(int flags, long granule, ByteSink sink) {
    byte[] page = pages.page(flags, granule);
    marks.add(new PageMarks.Mark(bytes, page.length, flags, pages.checksum(), granule));
    framesOnPage = 0;
    write(page, sink);
  }

  private void header(byte[] contents, int flags, ByteSink sink) {
    pages.add(contents, contents.length);
    write(pages.page(flags, 0), sink);
  }

  private void write(byte[] page, ByteSink sink) {
    sink.append(page, 0, page.length);
    bytes += page.length;
  }
}

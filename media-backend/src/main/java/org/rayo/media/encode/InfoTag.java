package org.rayo.media.encode;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * The first frame of an mp3 file: silent audio, in whose unused room stands how much follows and
 * which samples at both ends are the encoder's own. With it players show the true length and skip
 * to the right place, and decoders give back exactly the samples that were recorded.
 *
 * <p>It has the smallest bit rate whose frames hold it, whatever the others have.
 *
 * @see <a href="http://gabriel.mp3-tech.org/mp3infotag.html">Mp3 info tag specification</a>
 */
final class InfoTag {

  /**
   * What a finished tag says.
   *
   * @param frames of audio, without the tag's own
   * @param fileBytes with the tag
   * @param padding samples that the encoder added after the last one
   * @param musicCrc of all bytes after the tag
   */
  record Contents(long frames, long fileBytes, int padding, int musicCrc) {}

  /** A tag that was read, with what its encoder said of itself. */
  record Found(Contents contents, String encoder, int encoderDelay, int lowpassHz) {

    /** Samples that the file plays when it is whole. */
    long samples(MpegLayout layout) {
      return contents.frames() * layout.samplesPerFrame() - encoderDelay - contents.padding();
    }
  }

  /** Samples that a decoder is late by, which the tag's numbers take for granted. */
  static final int DECODER_DELAY = 529;

  /** Samples that LAME's encoders are late by. */
  static final int LAME_DELAY = 576;

  private static final int XING_BYTES = 120;
  private static final int LAME_BYTES = 36;
  private static final int ENCODER_BYTES = 9;
  private static final int HEADER_BYTES = 4;
  private static final int TOC_ENTRIES = 100;
  private static final int ALL_FIELDS = 0xf;
  private static final int CONSTANT_BIT_RATE = 1;

  private final MpegLayout layout;
  private final int bitrateKbps;
  private final int audioBitrateKbps;
  private final String encoder;
  private final int encoderDelay;
  private final int lowpassHz;

  /**
   * @param audioBitrateKbps of the frames that follow
   * @param encoder its name, of nine characters
   * @param encoderDelay samples that the encoder puts before the first one
   * @param lowpassHz above which the encoder lets nothing pass; 0 when unknown
   */
  InfoTag(
      MpegLayout layout, int audioBitrateKbps, String encoder, int encoderDelay, int lowpassHz) {
    this.layout = layout;
    this.audioBitrateKbps = audioBitrateKbps;
    this.encoder = encoder;
    this.encoderDelay = encoderDelay;
    this.lowpassHz = lowpassHz;
    bitrateKbps = smallestBitrate(layout);
  }

  private static int smallestBitrate(MpegLayout layout) {
    int needed = HEADER_BYTES + layout.sideInfoBytes() + XING_BYTES + LAME_BYTES;
    return layout.bitratesKbps().stream()
        .filter(kbps -> layout.frameBytes(kbps) >= needed)
        .findFirst()
        .orElseThrow();
  }

  /** Of the tag's frame before frames of this layout. */
  static int sizeBytes(MpegLayout layout) {
    return layout.frameBytes(smallestBitrate(layout));
  }

  int sizeBytes() {
    return layout.frameBytes(bitrateKbps);
  }

  /** The frame before anything is known: it plays as silence. */
  byte[] blank() {
    return layout.silentFrame(bitrateKbps);
  }

  /** The frame as it should be. */
  byte[] filled(Contents contents) {
    byte[] frame = blank();
    ByteBuffer tag = ByteBuffer.wrap(frame).position(HEADER_BYTES + layout.sideInfoBytes());
    tag.put(text("Info")).putInt(ALL_FIELDS);
    tag.putInt((int) contents.frames()).putInt((int) contents.fileBytes());
    putSeekTable(tag, contents.fileBytes());
    tag.putInt(0);
    tag.put(text(encoder));
    tag.put((byte) CONSTANT_BIT_RATE).put((byte) Math.min(255, lowpassHz / 100));
    tag.putInt(0).putInt(0); // peak and replay gain: not measured
    tag.put((byte) 0).put((byte) Math.min(255, audioBitrateKbps));
    int delays = encoderDelay << 12 | contents.padding();
    tag.put((byte) (delays >> 16)).putShort((short) delays);
    tag.put((byte) ((layout.channels() - 1) << 2 | sourceRate() << 6));
    tag.put((byte) 0).putShort((short) 0); // gain, surround and preset: none
    tag.putInt((int) contents.fileBytes()).putShort((short) contents.musicCrc());
    Crc16 crc = new Crc16();
    crc.update(frame, 0, tag.position());
    tag.putShort((short) crc.value());
    return frame;
  }

  /** Reads a tag that {@link #filled} made, whole and unharmed; empty of anything else. */
  static Optional<Found> read(MpegLayout layout, byte[] frame) {
    int start = HEADER_BYTES + layout.sideInfoBytes();
    int crcAt = start + XING_BYTES + LAME_BYTES - 2;
    if (frame.length < crcAt + 2 || !text("Info", frame, start)) {
      return Optional.empty();
    }
    ByteBuffer tag = ByteBuffer.wrap(frame);
    Crc16 crc = new Crc16();
    crc.update(frame, 0, crcAt);
    if ((tag.getShort(crcAt) & 0xffff) != crc.value()) {
      return Optional.empty();
    }
    int lame = start + XING_BYTES;
    int delays = tag.getInt(lame + 20) & 0xffffff;
    Contents contents =
        new Contents(
            Integer.toUnsignedLong(tag.getInt(start + 8)),
            Integer.toUnsignedLong(tag.getInt(start + 12)),
            delays & 0xfff,
            tag.getShort(lame + 32) & 0xffff);
    String encoder = new String(frame, lame, ENCODER_BYTES, ISO_8859_1);
    int lowpassHz = (frame[lame + 10] & 0xff) * 100;
    return Optional.of(new Found(contents, encoder, delays >> 12, lowpassHz));
  }

  private static boolean text(String text, byte[] bytes, int at) {
    return new String(bytes, at, text.length(), ISO_8859_1).equals(text);
  }

  /** Where each hundredth of the time begins, in 256ths of the file. */
  private void putSeekTable(ByteBuffer tag, long fileBytes) {
    long audioBytes = fileBytes - sizeBytes();
    for (int i = 0; i < TOC_ENTRIES; i++) {
      long offset = sizeBytes() + audioBytes * i / TOC_ENTRIES;
      tag.put((byte) Math.min(255, 256 * offset / fileBytes));
    }
  }

  private int sourceRate() {
    return layout.sampleRateHz() <= 32000 ? 0 : layout.sampleRateHz() < 48000 ? 1 : 2;
  }

  private static byte[] text(String text) {
    return text.getBytes(ISO_8859_1);
  }
}

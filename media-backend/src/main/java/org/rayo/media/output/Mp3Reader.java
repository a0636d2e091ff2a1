package org.rayo.media.output;

import de.sciss.jump3r.mp3.Enc;
import de.sciss.jump3r.mp3.MP3Data;
import de.sciss.jump3r.mp3.VBRTag;
import de.sciss.jump3r.mpg.Common;
import de.sciss.jump3r.mpg.Interface;
import de.sciss.jump3r.mpg.MPGLib;
import java.util.Arrays;
import java.util.Optional;

/**
 * Reads MPEG audio, layer III, with the decoder in jump3r. What an encoder added at both ends is
 * cut off where the file's Info tag tells it. What lies between frames is passed over.
 */
final class Mp3Reader {

  private static final int DECODER_DELAY = 529;
  private static final int FARTHEST_START = 64 * 1024;
  private static final int MAX_FRAME_SAMPLES = 1152;
  private static final int MAX_CALLS = 4;

  /** The decoder writes a line to the standard error for each; a torn file has few. */
  private static final int MAX_BAD_FRAMES = 50;

  private static final Object TABLES = new Object();

  private final byte[] file;
  private final MPGLib library = new MPGLib();
  private final MPGLib.mpstr_tag state;
  private final MP3Data told = new MP3Data();
  private final Enc unusedTag = new Enc();
  private final short[] left = new short[2 * MAX_FRAME_SAMPLES];
  private final short[] right = new short[2 * MAX_FRAME_SAMPLES];

  private int badFrames;

  private Mp3Reader(byte[] file) {
    this.file = file;
    Common common = new Common();
    Interface decoder = new Interface();
    library.setModules(decoder, common);
    decoder.setModules(new VBRTag(), common);
    synchronized (TABLES) { // shared by all decoders
      state = library.hip_decode_init();
    }
  }

  /** Whether a frame is near the start, and another one follows it, or the end. */
  static boolean isMp3(byte[] file) {
    return start(file) >= 0;
  }

  static short[] read(byte[] file, int sampleRateHz, long maxSamples) throws BadAudioException {
    try {
      return new Mp3Reader(file).read(start(file), sampleRateHz, maxSamples);
    } catch (RuntimeException e) { // nonsense makes the decoder leave its tables
      throw new BadAudioException("is mp3 that cannot be decoded");
    }
  }

  private static int start(byte[] file) {
    int from = afterId3(file);
    int last = (int) Math.min(file.length - 4L, (long) from + FARTHEST_START);
    for (int at = from; at <= last; at++) {
      Optional<Mp3Frame> frame = Mp3Frame.at(file, at);
      if (frame.isPresent()) {
        int next = at + frame.get().sizeBytes();
        Optional<Mp3Frame> second = Mp3Frame.at(file, next);
        boolean follows =
            next == file.length
                || second.filter(f -> f.kind() == frame.get().kind()).isPresent()
                || SoundFiles.starts(file, "TAG", next);
        if (follows) {
          return at;
        }
      }
    }
    return -1;
  }

  /** After the tag with title and cover, whose size is written 7 bits to a byte. */
  private static int afterId3(byte[] file) {
    if (!SoundFiles.starts(file, "ID3", 0) || file.length < 10) {
      return 0;
    }
    int size = file[6] << 21 | file[7] << 14 | file[8] << 7 | file[9];
    return size < 0 || size > file.length - 10 ? 0 : size + 10;
  }

  private short[] read(int start, int sampleRateHz, long maxSamples) throws BadAudioException {
    Mp3Frame first =
        Mp3Frame.at(file, start).orElseThrow(() -> new BadAudioException("is mp3 without frames"));
    Ends ends = Ends.toldBy(file, start, first);
    int at = ends.tag() ? start + first.sizeBytes() : start;
    Trim trim =
        new Trim(
            new MonoSink(first.rateHz(), first.channels(), sampleRateHz, maxSamples),
            ends,
            first.channels());
    while (at < file.length) {
      Optional<Mp3Frame> frame = Mp3Frame.at(file, at).filter(f -> f.kind() == first.kind());
      if (frame.isEmpty()) {
        at++;
        continue;
      }
      decode(at, frame.get(), trim);
      at += frame.get().sizeBytes();
    }
    return trim.finish();
  }

  private void decode(int at, Mp3Frame frame, Trim to) throws BadAudioException {
    byte[] bytes = Arrays.copyOfRange(file, at, at + frame.sizeBytes());
    int length = bytes.length;
    // It gives one frame a call at most, and may be a frame late.
    for (int call = 0; call < MAX_CALLS; call++) {
      int got = library.hip_decode1_headersB(state, bytes, length, left, right, told, unusedTag);
      if (got < 0 && ++badFrames > MAX_BAD_FRAMES) {
        throw new BadAudioException("is mp3 that is damaged");
      }
      if (got <= 0) {
        return;
      }
      to.add(left, right, Math.min(got, frame.samples()));
      length = 0;
    }
  }

  /**
   * What an encoder added.
   *
   * @param tag whether the first frame holds the tag, and no sound
   * @param delay samples before the first, the decoder's own delay not counted; −1 when not told
   * @param padding samples after the last
   */
  private record Ends(boolean tag, int delay, int padding) {

    private static final int LAME_DELAY_AT = 21;

    static Ends toldBy(byte[] file, int start, Mp3Frame frame) {
      int at = start + 4 + frame.sideBytes();
      boolean tag = SoundFiles.starts(file, "Info", at) || SoundFiles.starts(file, "Xing", at);
      if (!tag) {
        return new Ends(false, -1, 0);
      }
      int flags = file[at + 7];
      int lame = at + 8 + 4 * (flags & 1) + 2 * (flags & 2) + 25 * (flags & 4) + (flags & 8) / 2;
      if (lame + LAME_DELAY_AT + 3 > Math.min(file.length, start + frame.sizeBytes())
          || file[lame] == 0) {
        return new Ends(true, -1, 0);
      }
      int high = file[lame + LAME_DELAY_AT] & 0xff;
      int middle = file[lame + LAME_DELAY_AT + 1] & 0xff;
      int low = file[lame + LAME_DELAY_AT + 2] & 0xff;
      return new Ends(true, high << 4 | middle >> 4, (middle & 15) << 8 | low);
    }

    int atStart() {
      return delay < 0 ? 0 : delay + DECODER_DELAY;
    }

    /** The decoder is late by its delay, so it eats so much of the padding. */
    int atEnd() {
      return delay < 0 ? 0 : Math.max(0, padding - DECODER_DELAY);
    }
  }

  /** Cuts the ends off: what comes last is held back until something follows it. */
  private static final class Trim {
    private final MonoSink sink;
    private final int channels;
    private int skip;
    private final int hold;
    private short[] held;
    private int heldCount;

    Trim(MonoSink sink, Ends ends, int channels) {
      this.sink = sink;
      this.channels = channels;
      this.skip = ends.atStart();
      this.hold = ends.atEnd();
      this.held = new short[(hold + 2 * MAX_FRAME_SAMPLES) * channels];
    }

    void add(short[] left, short[] right, int samples) throws BadAudioException {
      int from = Math.min(skip, samples);
      skip -= from;
      for (int i = from; i < samples; i++) {
        held[heldCount * channels] = left[i];
        held[heldCount * channels + channels - 1] = channels == 1 ? left[i] : right[i];
        heldCount++;
      }
      int free = Math.max(0, heldCount - hold);
      sink.add(held, free);
      System.arraycopy(held, free * channels, held, 0, (heldCount - free) * channels);
      heldCount -= free;
    }

    short[] finish() throws BadAudioException {
      return sink.finish();
    }
  }
}

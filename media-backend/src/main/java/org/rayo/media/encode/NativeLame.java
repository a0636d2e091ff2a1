package org.rayo.media.encode;

import com.sun.jna.Pointer;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import org.rayo.media.MediaException;

/**
 * LAME's native encoder. What it holds is given back by {@link #close}, and by the garbage
 * collector when somebody forgot to.
 */
final class NativeLame implements Lame {

  private static final Cleaner FORGOTTEN = Cleaner.create();

  private final Pointer flags;
  private final MpegLayout layout;
  private final String tagName;
  private final Cleaner.Cleanable memory;
  private boolean closed;
  private int delay;
  private int lowpassHz;
  private byte[] out = new byte[0];
  private short[] left = new short[0];
  private short[] right = new short[0];

  /** Gives back the native memory; must not refer to the encoder. */
  private record Release(Pointer flags) implements Runnable {
    @Override
    public void run() {
      LameLibrary.lame_close(flags);
    }
  }

  /**
   * @param flags of LAME's, ours alone from now on
   */
  NativeLame(Pointer flags, MpegLayout layout, String tagName) {
    this.flags = flags;
    this.layout = layout;
    this.tagName = tagName;
    memory = FORGOTTEN.register(this, new Release(flags));
  }

  /** Once, before anything else. */
  void begin(int bitrateKbps, int quality) throws MediaException {
    LameLibrary.lame_set_errorf(flags, Pointer.NULL);
    LameLibrary.lame_set_debugf(flags, Pointer.NULL);
    LameLibrary.lame_set_msgf(flags, Pointer.NULL);
    LameLibrary.lame_set_num_channels(flags, layout.channels());
    LameLibrary.lame_set_in_samplerate(flags, layout.sampleRateHz());
    LameLibrary.lame_set_out_samplerate(flags, layout.sampleRateHz());
    LameLibrary.lame_set_mode(
        flags, layout.channels() == 1 ? LameLibrary.MONO : LameLibrary.STEREO);
    LameLibrary.lame_set_VBR(flags, LameLibrary.CONSTANT_BIT_RATE);
    LameLibrary.lame_set_brate(flags, bitrateKbps);
    LameLibrary.lame_set_quality(flags, quality);
    LameLibrary.lame_set_bWriteVbrTag(flags, 0);
    LameLibrary.lame_set_findReplayGain(flags, 0);
    LameLibrary.lame_set_write_id3tag_automatic(flags, 0);
    if (LameLibrary.lame_init_params(flags) < 0) {
      throw Lame.refused(layout, bitrateKbps, quality);
    }
    int rateOut = LameLibrary.lame_get_out_samplerate(flags);
    Lame.check(layout, bitrateKbps, rateOut, LameLibrary.lame_get_brate(flags));
    delay = LameLibrary.lame_get_encoder_delay(flags);
    lowpassHz = LameLibrary.lame_get_lowpassfreq(flags);
  }

  @Override
  public String tagName() {
    return tagName;
  }

  @Override
  public int delay() {
    return delay;
  }

  @Override
  public int lowpassHz() {
    return lowpassHz;
  }

  @Override
  public byte[] bytes() {
    return out;
  }

  @Override
  public int encode(short[] pcm, int offset, int samples) {
    requireOpen();
    if (left.length < samples) {
      left = new short[samples];
      right = new short[samples];
      out = new byte[samples * 5 / 4 * layout.channels() + SAFETY_BYTES];
    }
    int channels = layout.channels();
    for (int i = 0, at = offset; i < samples; i++, at += channels) {
      left[i] = pcm[at];
      right[i] = pcm[at + channels - 1];
    }
    try {
      return Lame.checked(
          LameLibrary.lame_encode_buffer(flags, left, right, samples, out, out.length));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public int flush() {
    requireOpen();
    out = new byte[2 * SAFETY_BYTES];
    try {
      return Lame.checked(LameLibrary.lame_encode_flush(flags, out, out.length));
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** Without this, LAME would be called with memory that is no longer its own. */
  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("closed");
    }
  }

  @Override
  public void close() {
    closed = true;
    memory.clean();
  }
}

package org.rayo.media.encode;

import de.sciss.jump3r.mp3.BitStream;
import de.sciss.jump3r.mp3.GainAnalysis;
import de.sciss.jump3r.mp3.ID3Tag;
import de.sciss.jump3r.mp3.LameGlobalFlags;
import de.sciss.jump3r.mp3.MPEGMode;
import de.sciss.jump3r.mp3.Presets;
import de.sciss.jump3r.mp3.Quantize;
import de.sciss.jump3r.mp3.QuantizePVT;
import de.sciss.jump3r.mp3.Reservoir;
import de.sciss.jump3r.mp3.Takehiro;
import de.sciss.jump3r.mp3.VBRTag;
import de.sciss.jump3r.mp3.VbrMode;
import de.sciss.jump3r.mp3.Version;
import de.sciss.jump3r.mpg.Common;
import de.sciss.jump3r.mpg.Interface;
import de.sciss.jump3r.mpg.MPGLib;
import org.rayo.media.MediaException;

/**
 * LAME in the Java port jump3r.
 *
 * <p>Its parts are wired here as LAME's own front end wires them. An instance has all its state in
 * itself; only tables that every instance computes to the same values are shared, and they are
 * computed under a lock.
 */
final class JavaLame implements Lame {

  static final String VERSION = "LAME 3.98.4 in Java (jump3r 1.0.5)";
  static final String TAG_NAME = "LAME3.98r";

  private static final Object TABLES = new Object();

  private final de.sciss.jump3r.mp3.Lame lame = new de.sciss.jump3r.mp3.Lame();
  private final LameGlobalFlags flags;
  private byte[] out = new byte[0];
  private int[] left = new int[0];
  private int[] right = new int[0];

  /** See {@link Lame.Opener}. */
  JavaLame(MpegLayout layout, int bitrateKbps, int quality) throws MediaException {
    BitStream bits = new BitStream();
    GainAnalysis gain = new GainAnalysis();
    Presets presets = new Presets();
    QuantizePVT quantizePvt = new QuantizePVT();
    Quantize quantize = new Quantize();
    VBRTag tag = new VBRTag();
    Version version = new Version();
    ID3Tag id3 = new ID3Tag();
    Reservoir reservoir = new Reservoir();
    Takehiro takehiro = new Takehiro();
    MPGLib decoder = new MPGLib();
    Interface decoderInterface = new Interface();
    Common decoderCommon = new Common();
    lame.setModules(gain, bits, presets, quantizePvt, quantize, tag, version, id3, decoder);
    bits.setModules(gain, decoder, version, tag);
    id3.setModules(bits, version);
    presets.setModules(lame);
    quantize.setModules(bits, reservoir, quantizePvt, takehiro);
    quantizePvt.setModules(takehiro, reservoir, lame.enc.psy);
    reservoir.setModules(bits);
    takehiro.setModules(quantizePvt);
    tag.setModules(lame, bits, version);
    decoder.setModules(decoderInterface, decoderCommon);
    decoderInterface.setModules(tag, decoderCommon);
    synchronized (TABLES) {
      flags = lame.lame_init();
      flags.num_channels = layout.channels();
      flags.in_samplerate = layout.sampleRateHz();
      flags.out_samplerate = layout.sampleRateHz();
      flags.mode = layout.channels() == 1 ? MPEGMode.MONO : MPEGMode.STEREO;
      flags.VBR = VbrMode.vbr_off;
      flags.brate = bitrateKbps;
      flags.quality = quality;
      flags.bWriteVbrTag = false;
      flags.findReplayGain = false;
      id3.id3tag_init(flags);
      flags.write_id3tag_automatic = false;
      if (lame.lame_init_params(flags) < 0) {
        throw Lame.refused(layout, bitrateKbps, quality);
      }
    }
    Lame.check(layout, bitrateKbps, flags.out_samplerate, flags.brate);
  }

  @Override
  public String tagName() {
    return TAG_NAME;
  }

  @Override
  public int delay() {
    return flags.encoder_delay;
  }

  @Override
  public int lowpassHz() {
    return flags.lowpassfreq;
  }

  @Override
  public byte[] bytes() {
    return out;
  }

  @Override
  public int encode(short[] pcm, int offset, int samples) {
    if (left.length < samples) {
      left = new int[samples];
      right = new int[samples];
      out = new byte[samples * 5 / 4 * flags.num_channels + SAFETY_BYTES];
    }
    int channels = flags.num_channels;
    for (int i = 0, at = offset; i < samples; i++, at += channels) {
      left[i] = pcm[at] << 16;
      right[i] = pcm[at + channels - 1] << 16;
    }
    return Lame.checked(
        lame.lame_encode_buffer_int(flags, left, right, samples, out, 0, out.length));
  }

  @Override
  public int flush() {
    out = new byte[2 * SAFETY_BYTES];
    return Lame.checked(lame.lame_encode_flush(flags, out, 0, out.length));
  }

  /** It holds nothing but memory of Java's. */
  @Override
  public void close() {}
}

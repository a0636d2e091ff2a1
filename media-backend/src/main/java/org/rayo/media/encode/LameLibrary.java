package org.rayo.media.encode;

import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import java.util.List;
import java.util.Optional;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;

/**
 * The native LAME library, {@code libmp3lame}, if it is installed: looked for once, the first time
 * that anybody asks.
 *
 * <p>The methods are LAME's own, bound by name; {@code lame.h} says what they do.
 *
 * @see <a href="https://lame.sourceforge.io/">The LAME project</a>
 */
final class LameLibrary implements Lame.Opener {

  static final int CONSTANT_BIT_RATE = 0;
  static final int STEREO = 0;
  static final int MONO = 3;

  /** The interface's version that Linux installs, then what other systems call it. */
  private static final List<String> NAMES = List.of("libmp3lame.so.0", "mp3lame");

  private final String number;

  private LameLibrary(String number) {
    this.number = number;
  }

  /** What was found, once. */
  private static final class Search {
    static final Search DONE = new Search();

    private final Optional<LameLibrary> found;
    private final String whyNot;

    private Search() {
      Optional<LameLibrary> library = Optional.empty();
      StringBuilder failures = new StringBuilder("libmp3lame cannot be loaded");
      for (String name : NAMES) {
        if (library.isEmpty()) {
          try {
            Native.register(LameLibrary.class, NativeLibrary.getInstance(name));
            library = Optional.of(new LameLibrary(get_lame_short_version()));
          } catch (LinkageError e) {
            // Missing, of another architecture, without one of the functions; or JNA has no room.
            failures.append("; ").append(name).append(": ").append(firstLine(e));
          }
        }
      }
      found = library;
      whyNot = failures.toString();
    }

    private static String firstLine(LinkageError e) {
      return e.toString().lines().findFirst().orElse("");
    }
  }

  static boolean isThere() {
    return Search.DONE.found.isPresent();
  }

  /** The library. It is there. */
  static LameLibrary loaded() {
    return Search.DONE.found.orElseThrow(() -> new IllegalStateException(whyNot()));
  }

  /** What was tried when it is not there. */
  static String whyNot() {
    return Search.DONE.whyNot;
  }

  /** Of the library that was found. */
  String version() {
    return "LAME " + number + ", native";
  }

  /** As the tag has it. */
  String tagName() {
    return ("LAME" + number + "     ").substring(0, 9);
  }

  @Override
  public Lame open(MpegLayout layout, int bitrateKbps, int quality) throws MediaException {
    Pointer flags = lame_init();
    if (flags == null) {
      throw new MediaException(Fault.NO_RESOURCES, "LAME has no memory");
    }
    NativeLame lame = new NativeLame(flags, layout, tagName());
    try {
      lame.begin(bitrateKbps, quality);
      return lame;
    } catch (MediaException e) {
      lame.close();
      throw e;
    }
  }

  static native String get_lame_short_version();

  static native Pointer lame_init();

  static native int lame_close(Pointer flags);

  static native int lame_set_num_channels(Pointer flags, int channels);

  static native int lame_set_in_samplerate(Pointer flags, int hz);

  static native int lame_set_out_samplerate(Pointer flags, int hz);

  static native int lame_set_mode(Pointer flags, int mode);

  static native int lame_set_VBR(Pointer flags, int mode);

  static native int lame_set_brate(Pointer flags, int kbps);

  static native int lame_set_quality(Pointer flags, int quality);

  static native int lame_set_bWriteVbrTag(Pointer flags, int on);

  static native int lame_set_findReplayGain(Pointer flags, int on);

  static native void lame_set_write_id3tag_automatic(Pointer flags, int on);

  static native int lame_set_errorf(Pointer flags, Pointer function);

  static native int lame_set_debugf(Pointer flags, Pointer function);

  static native int lame_set_msgf(Pointer flags, Pointer function);

  static native int lame_init_params(Pointer flags);

  static native int lame_get_out_samplerate(Pointer flags);

  static native int lame_get_brate(Pointer flags);

  static native int lame_get_encoder_delay(Pointer flags);

  static native int lame_get_lowpassfreq(Pointer flags);

  static native int lame_encode_buffer(
      Pointer flags, short[] left, short[] right, int samples, byte[] out, int size);

  static native int lame_encode_flush(Pointer flags, byte[] out, int size);
}

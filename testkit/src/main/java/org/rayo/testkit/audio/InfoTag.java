package org.rayo.testkit.audio;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What the Info (or Xing) frame at the start of an MP3 file says of it.
 *
 * @param variableBitrate whether it is called Xing, not Info
 * @param frames audio frames, this one not counted
 * @param bytes of the file from this frame on
 * @param encoder the encoder's name, empty without LAME's extension
 * @param encoderDelay samples at the start that the encoder added; present with the extension
 * @param encoderPadding samples at the end that the encoder added; present with the extension
 */
public record InfoTag(
    boolean variableBitrate,
    OptionalInt frames,
    OptionalInt bytes,
    String encoder,
    OptionalInt encoderDelay,
    OptionalInt encoderPadding) {

  private static final int TOC_BYTES = 100;
  private static final int LAME_BYTES = 36;
  private static final int DELAYS_OFFSET = 21;

  /** The tag in a frame, if it carries one. */
  static Optional<InfoTag> in(ByteBuffer file, Mp3Frame frame) {
    int at = frame.offset() + 4 + frame.sideInfoBytes();
    if (frame.bytes() < 4 + frame.sideInfoBytes() + 8) {
      return Optional.empty();
    }
    String name = text(file, at, 4);
    if (!name.equals("Info") && !name.equals("Xing")) {
      return Optional.empty();
    }
    int flags = file.getInt(at + 4);
    int next = at + 8;
    OptionalInt frames = OptionalInt.empty();
    OptionalInt bytes = OptionalInt.empty();
    if ((flags & 1) != 0) {
      frames = OptionalInt.of(file.getInt(next));
      next += 4;
    }
    if ((flags & 2) != 0) {
      bytes = OptionalInt.of(file.getInt(next));
      next += 4;
    }
    next += (flags & 4) != 0 ? TOC_BYTES : 0;
    next += (flags & 8) != 0 ? 4 : 0;
    boolean extended = next + LAME_BYTES <= frame.offset() + frame.bytes() && file.get(next) != 0;
    if (!extended) {
      return Optional.of(
          new InfoTag(
              name.equals("Xing"), frames, bytes, "", OptionalInt.empty(), OptionalInt.empty()));
    }
    int delays = file.getInt(next + DELAYS_OFFSET) >>> 8;
    return Optional.of(
        new InfoTag(
            name.equals("Xing"),
            frames,
            bytes,
            text(file, next, 9).trim(),
            OptionalInt.of(delays >> 12),
            OptionalInt.of(delays & 0xFFF)));
  }

  private static String text(ByteBuffer file, int at, int length) {
    byte[] bytes = new byte[length];
    file.get(at, bytes);
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}

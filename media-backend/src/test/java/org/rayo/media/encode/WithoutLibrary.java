package org.rayo.media.encode;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.PrintStream;
import org.rayo.media.AudioFormat;
import org.rayo.media.MediaException;
import org.rayo.media.RecordingRequest.Encoding;

/** A program that is run where no native library can be loaded: it says what becomes of mp3. */
public final class WithoutLibrary {

  private WithoutLibrary() {}

  /** Prints a line for each choice. */
  public static void main(String[] args) {
    PrintStream out = new PrintStream(System.out, true, UTF_8);
    for (AudioEncoders.NativeMp3 choice : AudioEncoders.NativeMp3.values()) {
      AudioEncoders encoders = new AudioEncoders(choice);
      try (AudioEncoder encoder = encoders.open(AudioFormat.MP3, 8000, 1, Encoding.DEFAULT)) {
        encoder.begin((bytes, offset, length) -> {});
        encoder.encode(new short[8000], 0, 8000, (bytes, offset, length) -> {});
        long samples = encoder.finish((bytes, offset, length) -> {}).samples();
        out.println(choice + " " + samples + " " + encoders.mp3Encoder());
      } catch (MediaException e) {
        out.println(choice + " " + e.fault() + " " + encoders.mp3Encoder());
      }
    }
  }
}

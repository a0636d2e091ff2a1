package org.rayo.media.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** Decodes mp3 files with mpg123, an independent decoder that honours the tag. */
public final class Decoded {

  private Decoded() {}

  /** Whether it is there; says so when not. */
  public static boolean available() {
    for (String directory : System.getenv("PATH").split(File.pathSeparator, -1)) {
      if (Files.isExecutable(Path.of(directory, "mpg123"))) {
        return true;
      }
    }
    System.out.println("SKIPPED: mpg123 is not installed, mp3 files are not decoded");
    return false;
  }

  /** The samples, channels interleaved. Fails when mpg123 warns of anything. */
  public static short[] samples(Path mp3) throws IOException, InterruptedException {
    Path pcm = Files.createTempFile(mp3.getParent(), "decoded", ".pcm");
    Path says = Files.createTempFile(mp3.getParent(), "mpg123", ".txt");
    Process process =
        new ProcessBuilder("mpg123", "-q", "-e", "s16", "-O", pcm.toString(), mp3.toString())
            .redirectErrorStream(true)
            .redirectOutput(says.toFile())
            .start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(Files.readString(says)).as("mpg123 warns").isBlank();
    assertThat(process.exitValue()).isZero();
    byte[] bytes = Files.readAllBytes(pcm);
    short[] samples = new short[bytes.length / 2];
    ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asShortBuffer().get(samples);
    return samples;
  }
}

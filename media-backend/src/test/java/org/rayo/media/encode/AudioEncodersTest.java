package org.rayo.media.encode;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The choice of what makes mp3. */
class AudioEncodersTest {

  @TempDir Path directory;

  /** In a Java of its own, in which JNA may not unpack its part and so can load nothing. */
  @Test
  void nativeLibraryAbsent_autoFallsBack_requiredSaysWhy() throws Exception {
    Program.Result result =
        Program.run(
            directory,
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djna.nounpack=true",
            "-Djna.nosys=true",
            "-cp",
            System.getProperty("java.class.path"),
            WithoutLibrary.class.getName());
    assertThat(result.said().lines())
        .anySatisfy(line -> assertThat(line).startsWith("OFF 8000 LAME").contains("in Java"))
        .anySatisfy(line -> assertThat(line).startsWith("AUTO 8000 LAME").contains("in Java"))
        .anySatisfy(
            line ->
                assertThat(line)
                    .startsWith("REQUIRED CONFIGURATION none: libmp3lame cannot be loaded"));
    assertThat(result.status()).isZero();
  }
}

package org.rayo.examples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.testkit.client.Received.RecordingFacts;
import picocli.CommandLine;

/** Runs the demo once; its recording is then spoilt in every way that its check must notice. */
final class DemoTest {

  @TempDir static Path directory;

  private static int exit;
  private static String output;

  @BeforeAll
  static void runTheDemo() {
    StringWriter text = new StringWriter();
    exit =
        new CommandLine(new DemoCommand())
            .setOut(new PrintWriter(text))
            .execute("--directory", directory.toString());
    output = text.toString();
  }

  private static RecordingFacts facts() {
    Matcher said =
        Pattern.compile("<recording [^>]*uri='([^']*)' duration='(\\d+)' size='(\\d+)'")
            .matcher(output);
    assertThat(said.find()).as(output).isTrue();
    return new RecordingFacts(
        said.group(1), Long.parseLong(said.group(2)), Long.parseLong(said.group(3)));
  }

  @Test
  void demo_allGoesWell_showsTheDialogueInOrderAndExitsWith0() {
    assertThat(exit).as(output).isZero();
    assertThat(output)
        .containsSubsequence(
            "<offer ", "<accept ", "<answer ", "<record ", "<ref ", "<stop ", "<complete ", "<end ")
        .contains("uri       " + facts().uri())
        .contains("kept in   " + directory.toAbsolutePath())
        .endsWith("checked by decoding." + System.lineSeparator())
        .doesNotContain("\u001b", "WRONG");
  }

  @Test
  void demo_itsDirectoryCannotBeMade_fails() throws Exception {
    Path file = Files.writeString(directory.resolve("plain"), "");
    int code =
        new CommandLine(new DemoCommand())
            .setErr(new PrintWriter(new StringWriter()))
            .execute("--directory", file.resolve("below").toString());

    assertThat(code).isEqualTo(1);
  }

  @Test
  void check_untouchedRecording_holds() {
    RecordingCheck check = RecordingCheck.of(facts());

    assertThat(check.faults()).isEmpty();
    assertThat(check.holds()).isTrue();
    assertThat(check.likeness()).isGreaterThan(0.9);
  }

  @Test
  void check_truncatedFile_isFoundOut() throws Exception {
    byte[] whole = Files.readAllBytes(Path.of(java.net.URI.create(facts().uri())));
    Path cut = directory.resolve("cut.mp3");
    Files.write(cut, Arrays.copyOf(whole, whole.length / 2));

    RecordingCheck check = RecordingCheck.of(with(cut));

    assertThat(check.holds()).isFalse();
    assertThat(check.faults()).anySatisfy(fault -> assertThat(fault).contains("bytes, not"));
    assertThat(check.faults()).anySatisfy(fault -> assertThat(fault).contains("the audio lasts"));
  }

  @Test
  void check_wrongNumbers_areFoundOut() {
    RecordingFacts facts = facts();

    assertThat(
            RecordingCheck.of(
                    new RecordingFacts(
                        facts.uri(), facts.durationMillis() + 1, facts.sizeBytes() - 1))
                .faults())
        .hasSize(2);
  }

  @Test
  void check_noFileOrNoMp3_isFoundOut() throws Exception {
    Path text = Files.writeString(directory.resolve("text.mp3"), "no audio at all");

    assertThat(RecordingCheck.of(with(directory.resolve("gone.mp3"))).faults())
        .singleElement()
        .asString()
        .startsWith("the file cannot be read");
    assertThat(RecordingCheck.of(with(text)).faults())
        .singleElement()
        .asString()
        .startsWith("the file cannot be decoded");
  }

  private static RecordingFacts with(Path file) {
    RecordingFacts facts = facts();
    return new RecordingFacts(file.toUri().toString(), facts.durationMillis(), facts.sizeBytes());
  }
}

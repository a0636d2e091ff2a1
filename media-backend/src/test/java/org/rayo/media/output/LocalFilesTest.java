package org.rayo.media.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;

final class LocalFilesTest {

  @TempDir Path directory;
  private Path open;
  private LocalFiles files;

  @BeforeEach
  void prepare() throws Exception {
    open = Files.createDirectory(directory.resolve("open"));
    Files.createDirectory(open.resolve("sub"));
    Files.createDirectory(directory.resolve("open-not"));
    Files.write(open.resolve("a b.wav"), new byte[] {1, 2});
    Files.write(directory.resolve("open-not/secret"), new byte[] {3});
    Files.write(directory.resolve("secret"), new byte[] {3});
    files = new LocalFiles(List.of(open), 10);
  }

  private MediaException refusal(String uri) {
    MediaException e =
        catchThrowableOfType(MediaException.class, () -> files.read(files.find(URI.create(uri))));
    assertThat(e).as(uri).isNotNull();
    assertThat(e.fault()).isEqualTo(Fault.REFUSED);
    return e;
  }

  private String below(String path) {
    return "file://" + open + "/" + path;
  }

  @Test
  void read_below_isRead() throws Exception {
    assertThat(files.read(files.find(URI.create(below("a%20b.wav"))))).containsExactly(1, 2);
    assertThat(files.read(files.find(URI.create("file:" + open + "/sub/../a%20b.wav"))))
        .containsExactly(1, 2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../secret",
        "%2e%2e/secret",
        "sub/%2E%2E/..%2fsecret",
        "../open-not/secret",
        "sub/../../secret",
        "../nothing"
      })
  void read_outside_isRefused(String path) {
    assertThat(refusal(below(path))).hasMessageContaining("not below a directory");
  }

  @Test
  void read_linkThatLeadsOut_isRefused() throws Exception {
    Files.createSymbolicLink(open.resolve("link"), directory.resolve("secret"));
    Files.createSymbolicLink(open.resolve("sub/out"), directory);
    Files.createSymbolicLink(open.resolve("sub/in"), open.resolve("a b.wav"));

    assertThat(refusal(below("link"))).hasMessageContaining("not below a directory");
    assertThat(refusal(below("sub/out/secret"))).hasMessageContaining("not below a directory");
    assertThat(files.read(files.find(URI.create(below("sub/in"))))).containsExactly(1, 2);
  }

  @Test
  void read_missingDirectoryOrLarge_isRefused() throws Exception {
    Files.write(open.resolve("large"), new byte[11]);

    assertThat(refusal(below("nothing.wav"))).hasMessageContaining("does not exist");
    assertThat(refusal(below("sub"))).hasMessageContaining("is not a file");
    assertThat(refusal(below("large"))).hasMessageContaining("larger than 10 bytes");
    refusal("file://elsewhere" + open + "/a%20b.wav");
    refusal("file:relative.wav");
    refusal(below("a%00b"));
  }

  @Test
  void read_noDirectories_refusesEverything() {
    files = new LocalFiles(List.of(), 10);

    refusal(below("a%20b.wav"));
  }

  @Test
  void find_changedFile_hasAnotherVersion() throws Exception {
    String before = files.find(URI.create(below("a%20b.wav"))).version();
    Files.write(open.resolve("a b.wav"), new byte[] {1, 2, 3});

    assertThat(files.find(URI.create(below("a%20b.wav"))).version()).isNotEqualTo(before);
  }
}

package org.rayo.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.testkit.peers.Python;
import org.rayo.testkit.peers.RequiresPeer;

/**
 * Does what docs/control-a-call.md says, block by block, and sees what it shows.
 *
 * <p>A block says after its language what it is: {@code hocon FILE} is that file; {@code sh NAME}
 * is a command in a terminal of this name, {@code sh} one that ends; {@code text NAME} is what
 * passes in that terminal, lines that are typed with a {@code >} before them and lines that come,
 * in their order, with … for anything. Only the three ports are others here, so that they are free.
 */
@RequiresPeer({"slixmpp", "espeak-ng"})
class GuideTest {

  private static final Path ROOT = Path.of(System.getProperty("rayo.root", ".."));
  private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\S+) ?(\\S*)$\\n(.*?)^```$");
  private static final String TYPED = "> ";

  private record Block(String language, String name, String text) {}

  @TempDir Path directory;

  private final Map<String, Terminal> terminals = new LinkedHashMap<>();

  @AfterEach
  void closeTerminals() throws InterruptedException {
    List<Terminal> open = new ArrayList<>(terminals.values());
    Collections.reverse(open);
    for (Terminal terminal : open) {
      terminal.close();
    }
  }

  @Test
  void guide_everyBlock_isAsItSays() throws Exception {
    makeCheckout();
    List<Block> blocks = blocks();
    assertThat(blocks).hasSizeGreaterThan(20);
    for (Block block : blocks) {
      try {
        follow(block);
      } catch (AssertionError e) {
        StringBuilder all = new StringBuilder("in the block\n" + block.text());
        terminals.forEach(
            (name, terminal) -> all.append("\n== ").append(name).append(", ").append(terminal));
        throw new AssertionError(all.toString(), e);
      }
    }
  }

  /** The page's blocks, with ports that are free here. */
  private static List<Block> blocks() throws IOException {
    String page = Files.readString(ROOT.resolve("docs/control-a-call.md"));
    try (ServerSocket sip = freePort();
        ServerSocket xmpp = freePort();
        ServerSocket phone = freePort()) {
      Map<String, ServerSocket> ports = Map.of("5060", sip, "5070", phone, "5222", xmpp);
      page =
          Pattern.compile(String.join("|", ports.keySet()))
              .matcher(page)
              .replaceAll(port -> "" + ports.get(port.group()).getLocalPort());
    }
    List<Block> blocks = new ArrayList<>();
    Matcher block = BLOCK.matcher(page);
    while (block.find()) {
      blocks.add(new Block(block.group(1), block.group(2), block.group(3)));
    }
    assertThat(page.lines().filter(line -> line.startsWith("```")).count())
        .as("fences")
        .isEqualTo(2L * blocks.size());
    return blocks;
  }

  private static ServerSocket freePort() throws IOException {
    return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
  }

  /** A directory that looks like the sources, whose ./rayo runs the classes under test. */
  private void makeCheckout() throws IOException {
    Path programs = Files.createDirectories(directory.resolve("examples/python"));
    try (DirectoryStream<Path> all =
        Files.newDirectoryStream(ROOT.resolve("examples/python"), "*.py")) {
      for (Path program : all) {
        Files.copy(program, programs.resolve(program.getFileName().toString()));
      }
    }
    Path rayo =
        Files.writeString(
            directory.resolve("rayo"),
            "#!/bin/bash\nexec '%s' -XX:TieredStopAtLevel=1 -cp '%s' org.rayo.server.Main \"$@\"\n"
                .formatted(
                    Path.of(System.getProperty("java.home"), "bin", "java"),
                    System.getProperty("java.class.path")));
    Files.setPosixFilePermissions(rayo, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private void follow(Block block) throws Exception {
    switch (block.language()) {
      case "hocon" -> Files.writeString(directory.resolve(block.name()), block.text());
      case "sh" -> run(block);
      case "text" -> pass(terminal(block.name()), block.text());
      default -> throw new AssertionError("nobody knows what to do with " + block);
    }
  }

  private Terminal terminal(String name) {
    return Optional.ofNullable(terminals.get(name))
        .orElseThrow(() -> new AssertionError("there is no terminal " + name));
  }

  private void run(Block block) throws Exception {
    String path = Python.withSlixmpp().getParent() + ":" + System.getenv("PATH");
    Terminal opened =
        Terminal.open(directory, Map.of("PATH", path), List.of("bash", "-ec", block.text()));
    Optional<Terminal> before = Optional.ofNullable(terminals.put(block.name(), opened));
    if (before.isPresent()) {
      // Whoever types a command there has seen the end of the one before.
      assertThat(before.get().exit()).as("%s", before.get()).isZero();
    }
    if (block.name().isEmpty()) {
      assertThat(opened.exit()).as("%s", opened).isZero();
    }
  }

  private static void pass(Terminal terminal, String text) throws InterruptedException {
    for (String line : text.lines().filter(line -> !line.isBlank()).toList()) {
      if (line.startsWith(TYPED)) {
        terminal.type(line.substring(TYPED.length()));
      } else {
        // What is measured differs from time to time, but is never nothing.
        assertThat(terminal.expect(line)).doesNotContain(" 0.0 s of", "duration=\"0\"");
      }
    }
  }
}

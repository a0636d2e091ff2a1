package org.rayo.server.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckConfigTest {

  private static final String SECRET = "hush-5347-hush";

  @TempDir Path directory;

  private RayoProcess check(String config) {
    return RayoProcess.start(directory, "check-config", "-c", RayoProcess.write(directory, config));
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.map(directory::relativize).map(Path::toString).sorted().toList();
    }
  }

  @Test
  void checkConfig_inOrder_saysSoAndLeavesNothing() throws IOException {
    try (RayoProcess rayo = check("rayo.xmpp.secret = " + SECRET)) {
      assertThat(rayo.exit()).as(rayo.stderr()).isZero();
      assertThat(rayo.stdout())
          .contains("is in order")
          .contains("rayo.localhost of the XMPP server at 127.0.0.1:5347")
          .contains("spool      " + directory.toRealPath().resolve("var/spool") + ", writable")
          .doesNotContain(SECRET);
      assertThat(rayo.stderr()).isEmpty();
    }
    assertThat(names()).noneMatch(name -> name.startsWith("var")).hasSize(4);
  }

  @Test
  void checkConfig_wrongKeys_tellsAllWithTheirLines() {
    String config =
        """
        rayo.xmpp { secret = "%s", sercet = "%s" }
        rayo.storage.stores.local { permissions = 777 }
        rayo.storage.stores.far { type = s4, key = "%s" }
        rayo.record.max-duration = forever
        """
            .formatted(SECRET, SECRET, SECRET);
    try (RayoProcess rayo = check(config)) {
      assertThat(rayo.exit()).isEqualTo(2);
      assertThat(rayo.stderr())
          .contains("rayo.xmpp.sercet: unknown key; did you mean rayo.xmpp.secret?")
          .contains("rayo.storage.stores.local.permissions = \"777\": must be nine letters")
          .contains("rayo.storage.stores.far.type = \"s4\": must be file")
          .contains("rayo.record.max-duration = \"forever\": must be a duration")
          .contains("rayo.conf: 4)")
          .hasLineCount(4)
          .doesNotContain(SECRET);
    }
  }

  @Test
  void checkConfig_whatTheMachineHasNot_tellsAllAndExitsWith1() throws IOException {
    Path file = Files.writeString(directory.resolve("plain"), "");
    String config =
        """
        rayo.xmpp.secret = "%s"
        rayo.spool.directory = "%s/spool"
        rayo.notices.jobs.directory = "%s/jobs"
        rayo.storage.encryption.public-key = /proc/key.pem
        rayo.storage.stores.local.directory = "%s/recordings"
        rayo.media.embedded { sip.address = "203.0.113.8", rtp.address = "203.0.113.9" }
        """
            .formatted(SECRET, file, file, file);
    try (RayoProcess rayo = check(config)) {
      assertThat(rayo.exit()).isEqualTo(1);
      assertThat(rayo.stderr())
          .contains("rayo.spool.directory = " + file.resolve("spool"))
          .contains("rayo.notices.jobs.directory = " + file.resolve("jobs"))
          .contains("rayo.storage.stores.local.directory = \"" + file.resolve("recordings"))
          .contains("rayo.media.embedded.sip.address = 203.0.113.8: is no address")
          .contains("rayo.media.embedded.rtp.address = 203.0.113.9: is no address")
          .contains("rayo.storage.encryption.public-key: /proc/key.pem")
          .hasLineCount(6)
          .doesNotContain(SECRET);
    }
  }
}

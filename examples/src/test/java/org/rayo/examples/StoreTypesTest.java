package org.rayo.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.rayo.server.Main;
import picocli.CommandLine;

/** The distribution's class path has every type of store. */
final class StoreTypesTest {

  @TempDir Path directory;

  private String complaints(String config) throws IOException {
    StringWriter err = new StringWriter();
    CommandLine rayo = Main.commandLine();
    rayo.setErr(new PrintWriter(err));
    Path file = Files.writeString(directory.resolve("rayo.conf"), config);
    assertThat(rayo.execute("check-config", "--config", file.toString())).isEqualTo(2);
    return err.toString();
  }

  @Test
  void checkConfig_wrongKeysOfEveryType_areNamedWhole() throws IOException {
    assertThat(
            complaints(
                """
                rayo.xmpp.secret = x
                rayo.storage.stores {
                  a { type = s3 }
                  b { type = s3, bucket = calls, part-size = 1 MiB }
                  c { type = s3, bucket = calls, secret-key = hush }
                  d { type = http, url = "ftp://example.org/" }
                  e { type = http, url = "http://example.org/", token = "hush hush" }
                  f { type = tape }
                }
                """))
        .contains("rayo.storage.stores.a.bucket: missing, and needed")
        .contains("rayo.storage.stores.b.part-size = \"1 MiB\": must be from 5 MiB to 1 GiB")
        .contains("rayo.storage.stores.c.access-key: access-key and secret-key need each other")
        .contains("rayo.storage.stores.d.url = \"ftp://example.org/\": must be an http: or")
        .contains("rayo.storage.stores.e.token: must be printable ASCII without spaces")
        .contains("rayo.storage.stores.f.type = \"tape\": must be file or http or s3 or zip")
        .doesNotContain("hush");
  }
}

package org.rayo.testkit.peers;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * A private Prosody 0.12.
 *
 * @see <a href="https://prosody.im/doc/configure">Prosody's configuration</a>
 */
public final class Prosody extends ServerProcess {

  private Prosody(XmppServerOptions options, Path directory) {
    super(options, directory);
  }

  /** Configures and starts a server in an empty directory. */
  public static Prosody start(Path directory, XmppServerOptions options) {
    Prosody prosody = new Prosody(options, directory);
    prosody.configure();
    prosody.start();
    return prosody;
  }

  @Override
  public String name() {
    return "Prosody";
  }

  @Override
  List<String> command() {
    return List.of(
        Programs.require("prosody"),
        "-F",
        "--config",
        directory().resolve("prosody.cfg.lua").toString());
  }

  @Override
  Map<String, String> environment() {
    return Map.of();
  }

  @Override
  boolean readyForLogins() {
    return true;
  }

  private void configure() {
    String configuration =
        """
        run_as_root = true
        daemonize = false
        pidfile = "%1$s/prosody.pid"
        data_path = "%1$s/data"
        certificates = "%1$s/certs"
        interfaces = { "127.0.0.1" }
        component_interface = "127.0.0.1"
        c2s_ports = { %2$d }
        component_ports = { %3$d }
        c2s_direct_tls_ports = {}
        legacy_ssl_ports = {}
        s2s_ports = {}
        s2s_direct_tls_ports = {}
        http_ports = {}
        https_ports = {}
        modules_enabled = { "roster", "saslauth", "disco", "ping" }
        modules_disabled = { "s2s", "tls", "offline" }
        c2s_require_encryption = false
        allow_unencrypted_plain_auth = true
        authentication = "internal_plain"
        log = { { levels = { min = "info" }, to = "console", timestamps = true } }
        VirtualHost "%4$s"
        Component "%5$s"
          component_secret = "%6$s"
        """;
    write(
        "prosody.cfg.lua",
        configuration.formatted(
            directory(), clientPort(), componentPort(), domain(), componentDomain(), secret()));
    write("certs/README", "No certificates: logins here are without TLS.\n");
    options()
        .accounts()
        .forEach(
            (user, password) ->
                write(
                    "data/" + encoded(domain()) + "/accounts/" + encoded(user) + ".dat",
                    "return { [\"password\"] = \"" + password + "\" };\n"));
  }

  /** Prosody's names of files: what is no letter and no digit is written in hexadecimal. */
  private static String encoded(String name) {
    StringBuilder encoded = new StringBuilder();
    for (byte octet : name.getBytes(StandardCharsets.UTF_8)) {
      if (Character.isLetterOrDigit(octet)) {
        encoded.append((char) octet);
      } else {
        encoded.append("%%%02x".formatted(octet));
      }
    }
    return encoded.toString();
  }
}

package org.rayo.testkit.peers;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A private ejabberd 23.01.
 *
 * <p>{@code ejabberdctl} insists on the system's user and its own node name, so the Erlang machine
 * is started without it, as a node that has no name: no epmd, no cookie, no fixed port, any user.
 * The accounts are made in the same machine once the server is up.
 *
 * @see <a href="https://docs.ejabberd.im/admin/configuration/">ejabberd's configuration</a>
 */
public final class Ejabberd extends ServerProcess {

  private static final String READY = "accounts-are-there";

  private Ejabberd(XmppServerOptions options, Path directory) {
    super(options, directory);
  }

  /** Configures and starts a server in an empty directory. */
  public static Ejabberd start(Path directory, XmppServerOptions options) {
    Ejabberd ejabberd = new Ejabberd(options, directory);
    ejabberd.configure();
    ejabberd.start();
    return ejabberd;
  }

  @Override
  public String name() {
    return "ejabberd";
  }

  @Override
  List<String> command() {
    Programs.require("ejabberdctl"); // Its package brings the server's own code.
    return List.of(
        Programs.require("erl"),
        "-noinput",
        "-mnesia",
        "dir",
        "\"" + directory().resolve("spool") + "\"",
        "-s",
        "ejabberd",
        "-eval",
        registrations());
  }

  @Override
  Map<String, String> environment() {
    return Map.of(
        "EJABBERD_CONFIG_PATH", directory().resolve("ejabberd.yml").toString(),
        "EJABBERD_LOG_PATH", directory().resolve("logs/ejabberd.log").toString(),
        "ERL_LIBS", "/usr/lib/x86_64-linux-gnu:/usr/lib/aarch64-linux-gnu",
        "ERL_CRASH_DUMP", directory().resolve("logs/crash.dump").toString(),
        "HOME", directory().toString());
  }

  @Override
  boolean readyForLogins() {
    // The output of earlier starts is in the log too.
    String log = log();
    return log.substring(log.lastIndexOf("Loading configuration") + 1).contains(READY);
  }

  private String registrations() {
    String all =
        options().accounts().entrySet().stream()
            .map(
                account ->
                    "ejabberd_auth:try_register(<<\"%s\">>, <<\"%s\">>, <<\"%s\">>),"
                        .formatted(account.getKey(), domain(), account.getValue()))
            .collect(Collectors.joining(" "));
    return all + " io:format(\"" + READY + "~n\").";
  }

  private void configure() {
    String configuration =
        """
        hosts:
          - "%1$s"
        loglevel: info
        acl:
          local:
            user_regexp: ""
        access_rules:
          c2s:
            allow: all
        listen:
          -
            port: %2$d
            ip: "127.0.0.1"
            module: ejabberd_c2s
            access: c2s
          -
            port: %3$d
            ip: "127.0.0.1"
            module: ejabberd_service
            hosts:
              "%4$s":
                password: "%5$s"
        auth_method: internal
        auth_password_format: scram
        modules:
          mod_disco: {}
          mod_ping: {}
          mod_roster: {}
        """;
    write(
        "ejabberd.yml",
        configuration.formatted(
            domain(), clientPort(), componentPort(), componentDomain(), secret()));
    write("logs/README", "ejabberd.log is here.\n");
    write("spool/README", "Mnesia keeps its tables here.\n");
  }
}

package org.rayo.testkit.freeswitch;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The {@code api} commands, each with its reply as it goes over the wire. On the switch's thread.
 */
final class ApiCommands {

  static final String VERSION = "1.10.12-release+git~20240802T210227Z~a88d069d6f~64bit";
  private static final String NO_CHANNEL = "-ERR No such channel!\n";
  private static final DateTimeFormatter LOCAL =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final SwitchCore core;

  ApiCommands(SwitchCore core) {
    this.core = core;
  }

  CompletableFuture<String> perform(String line) {
    int space = line.indexOf(' ');
    String name = space < 0 ? line : line.substring(0, space);
    String rest = space < 0 ? "" : line.substring(space + 1).strip();
    if (name.equals("originate")) {
      return core.dialler().originate(rest);
    }
    return CompletableFuture.completedFuture(answer(name, rest));
  }

  private String answer(String name, String rest) {
    List<String> words = Splitting.split(rest, ' ', 100);
    if (name.startsWith("uuid_")) {
      return ofChannel(name, rest, words);
    }
    return switch (name) {
      case "status" -> status();
      case "version" -> "FreeSWITCH Version " + VERSION + " (scripted)\n";
      case "hostname" -> "scripted";
      case "global_getvar" -> rest.equals("core_uuid") ? core.coreUuid() : "";
      case "show" -> show(words);
      case "conference" -> core.conferences().command(words);
      case "hupall" -> hangUpAll(words);
      case "file_exists" -> Boolean.toString(core.applications().sounds().open(rest).isPresent());
      case "create_uuid" -> UUID.randomUUID().toString();
      case "sofia" -> "Invalid Profile [" + rest + "]\n";
      default -> "-ERR " + name + " Command not found!\n";
    };
  }

  private String status() {
    return "UP "
        + core.upTime()
        + "\nFreeSWITCH (Version 1.10.12-release git a88d069 2024-08-02 21:02:27Z 64bit) is ready\n"
        + core.sessions()
        + " session(s) since startup\n"
        + core.channels().size()
        + " session(s) - peak 1, last 5min 1 \n"
        + "0 session(s) per Sec out of max 1000, peak 1, last 5min 1 \n"
        + "2000 session(s) max\nmin idle cpu 0.00/98.40\nCurrent Stack Size/Max 240K/240K\n";
  }

  private String hangUpAll(List<String> words) {
    Cause cause = words.isEmpty() ? Cause.MANAGER_REQUEST : Cause.named(words.get(0));
    core.channels().forEach(channel -> core.calls().hangup(channel, cause));
    return "+OK hangup all channels with cause " + cause.name() + "\n";
  }

  private String show(List<String> words) {
    if (words.contains("json")) {
      if (core.channels().isEmpty()) {
        return "{\"row_count\": 0}\n";
      }
      List<String> rows = core.channels().stream().map(ApiCommands::row).toList();
      return "{\"row_count\":" + rows.size() + ",\"rows\":[" + String.join(",", rows) + "]}\n";
    }
    return "\n" + core.channels().size() + " total.\n";
  }

  private static String row(Channel channel) {
    Instant created = Instant.ofEpochSecond(channel.createdSeconds());
    String app = channel.variables.getOrDefault("current_application", "");
    return "{"
        + String.join(
            ",",
            json("uuid", channel.uuid),
            json("direction", channel.parties.inbound() ? "inbound" : "outbound"),
            json("created", LOCAL.format(created)),
            json("created_epoch", Long.toString(channel.createdSeconds())),
            json("name", channel.name()),
            json("state", "CS_" + channel.state),
            json("cid_name", channel.parties.callerName()),
            json("cid_num", channel.parties.callerNumber()),
            json("ip_addr", "127.0.0.1"),
            json("dest", channel.parties.destination()),
            json("application", app),
            json("application_data", ""),
            json("dialplan", "XML"),
            json("context", "public"),
            json("hostname", "scripted"),
            json("callstate", channel.callState),
            json("call_uuid", channel.uuid))
        + "}";
  }

  private static String json(String name, String value) {
    return "\"" + name + "\":\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
  }

  private String ofChannel(String name, String rest, List<String> words) {
    String uuid = words.isEmpty() ? "" : words.get(0);
    Optional<Channel> channel = core.channel(uuid);
    Function<Function<Channel, String>, String> known =
        then -> channel.map(then).orElse(NO_CHANNEL);
    return switch (name) {
      case "uuid_exists" -> Boolean.toString(channel.isPresent());
      case "uuid_ring_ready" -> did(channel.map(core.calls()::ringReady));
      case "uuid_pre_answer" -> did(channel.map(core.calls()::preAnswer));
      case "uuid_answer" -> did(channel.map(core.calls()::answer));
      case "uuid_kill" ->
          known.apply(
              found -> {
                core.calls().hangup(found, Cause.named(words.size() > 1 ? words.get(1) : ""));
                return "+OK\n";
              });
      case "uuid_dump" ->
          known.apply(
              found ->
                  core.event("CHANNEL_DATA", "mod_commands.c", "uuid_dump_function")
                      .with(found.headers(true))
                      .text());
      case "uuid_getvar" ->
          words.size() < 2
              ? "-USAGE: <uuid> <var>\n"
              : known.apply(found -> found.variables.getOrDefault(words.get(1), "_undef_"));
      case "uuid_setvar" ->
          words.size() < 2
              ? "-USAGE: <uuid> <var> [value]\n"
              : known.apply(found -> set(found, Splitting.split(rest, ' ', 3)));
      case "uuid_setvar_multi" ->
          channel
              .map(found -> setMany(found, rest.substring(uuid.length()).strip()))
              .orElse(NO_CHANNEL + "-USAGE: <uuid> <var>=<value>;<var>=<value>...\n");
      case "uuid_break" ->
          known.apply(
              found -> {
                core.applications().interrupt(found, words.contains("all"));
                return "+OK\n";
              });
      case "uuid_fileman" -> known.apply(found -> fileman(found, words));
      case "uuid_transfer" -> known.apply(found -> transfer(found, words));
      case "uuid_park" ->
          known.apply(
              found -> {
                core.applications().transfer(found, "park");
                return "+OK\n";
              });
      case "uuid_record" -> core.recordings().command(channel, words);
      case "uuid_bridge" -> bridge(channel, words);
      case "uuid_redirect" -> redirect(channel, uuid, words);
      case "uuid_displace" -> displace(channel, words);
      case "uuid_broadcast" ->
          channel.map(found -> broadcast(found, words)).orElse("-ERR invalid uuid\n");
      default -> "-ERR " + name + " Command not found!\n";
    };
  }

  private static String did(Optional<Boolean> done) {
    return done.isPresent() ? "+OK\n" : "-ERROR\n";
  }

  private static String set(Channel channel, List<String> parts) {
    if (parts.size() > 2) {
      channel.variables.put(parts.get(1), parts.get(2));
    } else {
      channel.variables.remove(parts.get(1));
    }
    return "+OK\n";
  }

  private static String setMany(Channel channel, String pairs) {
    for (String pair : Splitting.split(pairs, ';', 64)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        channel.variables.put(pair.substring(0, equals), pair.substring(equals + 1));
      }
    }
    return "+OK\n";
  }

  private static String fileman(Channel channel, List<String> words) {
    Optional<Playing> playing = Optional.ofNullable(channel.playing.peek());
    String command = words.size() > 1 ? words.get(1) : "";
    if (playing.isEmpty()) {
      return "-ERR No file handle!\n";
    }
    if (command.equals("pause")) {
      playing.get().pause();
    } else if (command.equals("stop")) {
      playing.get().stop();
    } else if (command.equals("restart")) {
      playing.get().seek(0, false);
    } else if (command.startsWith("seek:")) {
      String amount = command.substring("seek:".length());
      boolean relative = amount.startsWith("+") || amount.startsWith("-");
      playing.get().seek(Long.parseLong(amount.replaceFirst("^\\+", "")), relative);
    }
    return "+OK\n";
  }

  private String transfer(Channel channel, List<String> words) {
    boolean both = words.size() > 1 && words.get(1).equals("-both");
    boolean other = words.size() > 1 && words.get(1).equals("-bleg");
    int at = both || other ? 2 : 1;
    if (words.size() <= at + 1 || !words.get(at + 1).equals("inline")) {
      return "-ERR only inline is scripted\n";
    }
    if (both) {
      core.applications().transferBoth(channel, words.get(at));
    } else {
      Channel moved = other ? channel.other.orElse(channel) : channel;
      core.applications().transfer(moved, words.get(at));
    }
    return "+OK\n";
  }

  private String bridge(Optional<Channel> one, List<String> words) {
    Optional<Channel> two = words.size() > 1 ? core.channel(words.get(1)) : Optional.empty();
    if (one.isEmpty() || two.isEmpty() || one.get().over() || two.get().over()) {
      return "-ERR Invalid uuid\n";
    }
    core.applications().bridge(one.get(), two.get());
    return "+OK " + two.get().uuid + "\n";
  }

  private String redirect(Optional<Channel> channel, String uuid, List<String> words) {
    if (words.size() < 2) {
      return "-USAGE: <uuid> <uri>\n";
    }
    if (channel.isEmpty()) {
      return "-ERR No such channel " + uuid + "!\n";
    }
    core.calls().hangup(channel.get(), Cause.NORMAL_UNSPECIFIED, 302, Optional.of(words.get(1)));
    return "+OK:\n";
  }

  private String displace(Optional<Channel> channel, List<String> words) {
    if (words.size() < 3) {
      return "-USAGE: <uuid> [start|stop] <path> [<limit>] [mux]\n";
    }
    if (channel.isEmpty()) {
      return "-ERR Cannot locate session!\n";
    }
    if (words.get(1).equals("stop")) {
      channel.get().audio.displace(Optional.empty());
      return "+OK Success\n";
    }
    return core.applications().displace(channel.get(), words.get(2))
        ? "+OK Success\n"
        : "-ERR Cannot displace session!\n";
  }

  /** {@code path} or {@code app!cause::argument}. */
  private String broadcast(Channel channel, List<String> words) {
    String what = words.size() > 1 ? words.get(1) : "";
    int colons = what.indexOf("::");
    String app = colons < 0 ? "playback" : what.substring(0, colons).split("!", 2)[0];
    String argument = colons < 0 ? what : what.substring(colons + 2);
    core.applications()
        .execute(
            channel,
            new Applications.Execution(
                app,
                argument,
                UUID.randomUUID().toString(),
                new Command("", "", Map.of(), Optional.empty())));
    return "+OK Message sent\n";
  }
}

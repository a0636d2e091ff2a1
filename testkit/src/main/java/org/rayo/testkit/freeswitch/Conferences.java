package org.rayo.testkit.freeswitch;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.rayo.testkit.audio.AudioSource;

/** The conferences, and the {@code conference} command. On the switch's thread. */
final class Conferences {

  private final SwitchCore core;
  private final Map<String, Conference> all = new LinkedHashMap<>();

  Conferences(SwitchCore core) {
    this.core = core;
  }

  void clear() {
    all.clear();
  }

  /** {@code name@profile+flags{mute|deaf}}. */
  void enter(Channel channel, String argument) {
    Applications.Execution what =
        Applications.Execution.of("conference", argument, UUID.randomUUID().toString());
    core.applications().rest(channel, what);
    if (!channel.hasMedia()) {
      core.calls().answer(channel);
    }
    String[] parts = argument.split("\\+", 2);
    String[] named = parts[0].split("@", 2);
    Conference conference = all.get(named[0]);
    if (conference == null) {
      conference = new Conference(core, named[0], named.length > 1 ? named[1] : "default");
      all.put(named[0], conference);
      core.publish(event(conference, Optional.empty()).with("Action", "conference-create"));
    }
    Member member = conference.add(channel);
    String flags = parts.length > 1 ? parts[1] : "";
    member.muted = flags.contains("mute");
    member.deaf = flags.contains("deaf");
    channel.member = Optional.of(member);
    channel.audio.join(Optional.of(member));
    tell(conference, member, "add-member");
  }

  void leave(Member member) {
    Channel channel = member.channel;
    channel.member = Optional.empty();
    channel.audio.join(Optional.empty());
    all.values().stream()
        .filter(conference -> conference.members().contains(member))
        .findFirst()
        .ifPresent(
            conference -> {
              conference.remove(member);
              tell(conference, member, "del-member");
              if (conference.members().isEmpty()) {
                all.remove(conference.name);
                core.publish(
                    event(conference, Optional.empty()).with("Action", "conference-destroy"));
              }
            });
  }

  void tell(Conference conference, Member member, String action) {
    core.publish(event(conference, Optional.of(member)).with("Action", action));
  }

  private SwitchEvent event(Conference conference, Optional<Member> about) {
    SwitchEvent event = new SwitchEvent().with("Event-Subclass", "conference::maintenance");
    core.event(event, "CUSTOM", "conference_event.c", "conference_event_add_data")
        .with("Conference-Name", conference.name)
        .with("Conference-Domain", "127.0.0.1")
        .with("Conference-Size", Integer.toString(conference.members().size()))
        .with("Conference-Ghosts", "0")
        .with("Conference-Profile-Name", conference.profile)
        .with("Conference-Unique-ID", conference.uuid);
    about.ifPresent(
        member ->
            event
                .with(member.channel.headers(false))
                .with("Video", "false")
                .with("Hear", Boolean.toString(!member.deaf))
                .with("See", "true")
                .with("Speak", Boolean.toString(!member.muted))
                .with("Talking", Boolean.toString(member.talking()))
                .with("Mute-Detect", "false")
                .with("Hold", "false")
                .with("Member-ID", Integer.toString(member.id))
                .with("Member-Type", "member")
                .with("Member-Ghost", "false")
                .with("Energy-Level", "100")
                .with("Current-Energy", "0"));
    return event;
  }

  /** {@code conference <name> <command> …}. */
  String command(List<String> words) {
    if (words.size() < 2) {
      return words.isEmpty() || !words.get(0).equals("list") || all.isEmpty()
          ? "+OK No active conferences.\n"
          : String.join("", all.values().stream().map(this::list).toList());
    }
    Conference conference = all.get(words.get(0));
    if (conference == null) {
      return "-ERR Conference " + words.get(0) + " not found\n";
    }
    String argument = String.join(" ", words.subList(2, words.size()));
    return switch (words.get(1)) {
      case "list" -> list(conference);
      case "mute", "unmute", "deaf", "undeaf", "hup", "kick" ->
          ofMembers(conference, words.get(1), argument);
      case "play" -> play(conference, words.subList(2, words.size()));
      case "stop" -> stop(conference);
      default -> "-ERR Conference command '" + words.get(1) + "' not found.\n";
    };
  }

  private String list(Conference conference) {
    StringBuilder list = new StringBuilder();
    for (Member member : conference.members()) {
      String flags =
          (member.deaf ? "" : "hear|")
              + (member.muted ? "" : "speak|")
              + (member.talking() ? "talking|" : "");
      list.append(member.id)
          .append(';')
          .append(member.channel.name())
          .append(';')
          .append(member.channel.uuid)
          .append(';')
          .append(member.channel.parties.callerName())
          .append(';')
          .append(member.channel.parties.callerNumber())
          .append(';')
          .append(flags.isEmpty() ? "" : flags.substring(0, flags.length() - 1))
          .append(";0;0;100\n");
    }
    return list.toString();
  }

  private String ofMembers(Conference conference, String command, String id) {
    List<Member> chosen =
        id.equals("all")
            ? conference.members()
            : conference.member(id).map(List::of).orElse(List.of());
    if (chosen.isEmpty()) {
      return "-ERR Non-Existant ID " + id + "\n";
    }
    for (Member member : chosen) {
      switch (command) {
        case "mute" -> member.mute(true);
        case "unmute" -> member.mute(false);
        case "deaf" -> member.deaf = true;
        case "undeaf" -> member.deaf = false;
        default -> {}
      }
      boolean out = command.equals("hup") || command.equals("kick");
      tell(conference, member, (out ? "hup" : command) + "-member");
      if (out) {
        core.run(
            () -> {
              core.applications().leave(member.channel);
              core.calls().hangup(member.channel, Cause.NORMAL_CLEARING);
            });
      }
    }
    return "+OK " + command + " " + id + "\n";
  }

  private String play(Conference conference, List<String> words) {
    String file = words.isEmpty() ? "" : words.get(0);
    Optional<String> id = words.size() > 1 ? Optional.of(words.get(1)) : Optional.empty();
    Optional<AudioSource> source = core.applications().sounds().open(file);
    if (source.isEmpty()) {
      return "-ERR (play) File: " + file + " not found.\n";
    }
    List<Member> to =
        id.map(one -> conference.member(one).map(List::of).orElse(List.of()))
            .orElse(conference.members());
    core.run(() -> play(conference, file, source.get(), to, id));
    return "+OK (play) Playing file " + file + id.map(one -> " to member " + one).orElse("") + "\n";
  }

  private void play(
      Conference conference,
      String file,
      AudioSource source,
      List<Member> to,
      Optional<String> id) {
    String action = id.isPresent() ? "play-file-member" : "play-file";
    SwitchEvent start = event(conference, Optional.empty());
    id.ifPresent(member -> start.with("Member-ID", member));
    core.publish(start.with("Action", action).with("File", file));
    for (int i = 0; i < to.size(); i++) {
      Member member = to.get(i);
      boolean tells = i == 0;
      Playing[] self = new Playing[1];
      Applications.Execution what = Applications.Execution.of("play", file, conference.uuid);
      self[0] =
          new Playing(
              what,
              source,
              () -> {
                member.played.remove(self[0]);
                if (tells) {
                  core.run(() -> played(conference, action, file, id));
                }
              });
      member.played.add(self[0]);
    }
  }

  private void played(Conference conference, String action, String file, Optional<String> id) {
    SwitchEvent done = event(conference, Optional.empty());
    id.ifPresent(member -> done.with("Member-ID", member));
    core.publish(done.with("Action", action + "-done").with("File", file));
  }

  private static String stop(Conference conference) {
    int stopped = 0;
    for (Member member : conference.members()) {
      stopped = Math.max(stopped, member.played.size());
      member.played.forEach(Playing::stop);
    }
    return "+OK Stopped " + stopped + " files.\n";
  }
}

package org.rayo.testkit.freeswitch;

import java.time.Duration;
import java.util.HashMap;
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

  /** The member ids of channels: one for each, in whatever conference it is. */
  private final Map<String, Integer> ids = new HashMap<>();

  Conferences(SwitchCore core) {
    this.core = core;
  }

  void clear() {
    all.clear();
  }

  /** What a channel does from now on: {@code name@profile+flags{mute|deaf}}. */
  void enter(Channel channel, String argument) {
    Applications.Execution what =
        Applications.Execution.of("conference", argument, UUID.randomUUID().toString());
    core.applications().rest(channel, what);
    enter(channel, argument, Optional.empty());
  }

  /** The same by {@code sendmsg}: what it did before goes on when it leaves. */
  void enterOnTop(Channel channel, Applications.Execution what) {
    core.applications().started(channel, what);
    enter(channel, what.argument(), Optional.of(what));
  }

  private void enter(Channel channel, String argument, Optional<Applications.Execution> onTop) {
    if (!channel.answered()) {
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
    int id = ids.computeIfAbsent(channel.uuid, uuid -> ids.size() + 1);
    Member member = conference.add(id, channel, onTop);
    String flags = parts.length > 1 ? parts[1] : "";
    member.muted = flags.contains("mute");
    member.deaf = flags.contains("deaf");
    channel.members.push(member);
    channel.audio.join(Optional.of(member));
    tell(conference, member, "add-member");
  }

  /** Out of all that it is in. */
  void leaveAll(Channel channel) {
    while (!channel.members.isEmpty()) {
      leave(channel.members.peek());
    }
  }

  private void leave(Member member) {
    Channel channel = member.channel;
    if (!channel.members.remove(member)) {
      return;
    }
    channel.audio.join(Optional.ofNullable(channel.members.peek()));
    Conference conference = member.conference;
    conference.remove(member);
    tell(conference, member, "del-member");
    member.onTop.ifPresent(what -> core.applications().completed(channel, what, "_none_"));
    if (conference.members().isEmpty()) {
      all.remove(conference.name);
      core.publish(event(conference, Optional.empty()).with("Action", "conference-destroy"));
    }
  }

  /** Made to leave: what it was put in by {@code sendmsg} it goes back from, else it is hung up. */
  private void hangUp(Member member) {
    leave(member);
    if (member.onTop.isEmpty()) {
      core.applications().leave(member.channel);
      core.calls().hangup(member.channel, Cause.NORMAL_CLEARING);
    }
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
      case "pause_play" -> pause(conference);
      case "file_seek" -> seek(conference, argument);
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
        core.runIn(Duration.ofMillis(10), () -> hangUp(member));
      }
    }
    return "+OK " + command + " " + id + "\n";
  }

  private String play(Conference conference, List<String> words) {
    String file = words.isEmpty() ? "" : words.get(0);
    boolean async = words.size() > 1 && words.get(1).equals("async");
    Optional<String> id = words.size() > 1 && !async ? Optional.of(words.get(1)) : Optional.empty();
    Optional<AudioSource> source = core.applications().sounds().open(file);
    if (source.isEmpty()) {
      return "-ERR (play) File: " + file + " not found.\n";
    }
    List<Member> to =
        id.map(one -> conference.member(one).map(List::of).orElse(List.of()))
            .orElse(conference.members());
    core.run(() -> play(conference, file, source.get(), to, id, async));
    return "+OK (play) Playing file " + file + id.map(one -> " to member " + one).orElse("") + "\n";
  }

  private void play(
      Conference conference,
      String file,
      AudioSource source,
      List<Member> to,
      Optional<String> id,
      boolean async) {
    String action = id.isPresent() ? "play-file-member" : "play-file";
    SwitchEvent start = event(conference, Optional.empty());
    id.ifPresent(member -> start.with("Member-ID", member));
    if (async) {
      start.with("Async", "true");
    }
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
                  core.run(() -> played(conference, action, file, id, async));
                }
              });
      member.played.add(self[0]);
    }
  }

  private void played(
      Conference conference, String action, String file, Optional<String> id, boolean async) {
    SwitchEvent done = event(conference, Optional.empty());
    if (async) {
      done.with("Async", "true");
    }
    id.ifPresent(member -> done.with("Member-ID", member));
    core.publish(done.with("Action", action + "-done").with("File", file));
  }

  private static List<Playing> playing(Conference conference) {
    return conference.members().stream().flatMap(member -> member.played.stream()).toList();
  }

  private static String pause(Conference conference) {
    boolean paused = false;
    for (Playing playing : playing(conference)) {
      paused = playing.pause();
    }
    return paused ? "+OK Pause\n" : "+OK Resume\n";
  }

  private static String seek(Conference conference, String amount) {
    long position = 0;
    for (Playing playing : playing(conference)) {
      playing.seek(
          Long.parseLong(amount.replaceFirst("^\\+", "")), !Character.isDigit(amount.charAt(0)));
      position = playing.position();
    }
    return "+OK seek to position " + position + "\n";
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

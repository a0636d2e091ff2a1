package org.rayo.testkit.freeswitch;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.rayo.testkit.audio.AudioSource;

/** What a channel can be told to execute. On the switch's thread. */
final class Applications {

  /** From the reply to {@code sendmsg} to the application. */
  private static final Duration START = Duration.ofMillis(10);

  private static final Duration BRIDGE = Duration.ofMillis(20);

  /** How long a tap outlives a target that never had media. */
  private static final Duration FORGOTTEN = Duration.ofSeconds(5);

  /**
   * An application to execute.
   *
   * @param id its Application-UUID
   * @param command what asked for it
   */
  record Execution(String app, String argument, String id, Command command) {

    static Execution of(String app, String argument, String id) {
      Command none = new Command("", "", Map.of(), Optional.empty());
      return new Execution(app, argument, id, none);
    }
  }

  private final SwitchCore core;
  private final Sounds sounds;

  Applications(SwitchCore core) {
    this.core = core;
    sounds = new Sounds(core.options().files());
  }

  Sounds sounds() {
    return sounds;
  }

  void execute(Channel channel, Execution what) {
    core.runIn(
        START,
        () -> {
          if (!channel.over()) {
            perform(channel, what);
          }
        });
  }

  private void perform(Channel channel, Execution what) {
    switch (what.app()) {
      case "playback" -> play(channel, what);
      case "conference" -> core.conferences().enterOnTop(channel, what);
      case "answer" -> atOnce(channel, what, () -> core.calls().answer(channel));
      case "pre_answer" -> atOnce(channel, what, () -> core.calls().preAnswer(channel));
      case "ring_ready" -> atOnce(channel, what, () -> core.calls().ringReady(channel));
      case "hangup" ->
          atOnce(channel, what, () -> core.calls().hangup(channel, Cause.named(what.argument())));
      case "respond" -> atOnce(channel, what, () -> respond(channel, what.argument()));
      case "redirect" ->
          atOnce(
              channel,
              what,
              () ->
                  core.calls()
                      .hangup(
                          channel, Cause.NORMAL_UNSPECIFIED, 302, Optional.of(what.argument())));
      case "set", "export" ->
          atOnce(
              channel,
              what,
              () -> {
                String[] pair = what.argument().split("=", 2);
                channel.variables.put(pair[0], pair.length > 1 ? pair[1] : "");
              });
      case "park", "speak", "say", "sleep", "log" -> atOnce(channel, what, () -> {});
      default -> core.calls().hangup(channel, Cause.DESTINATION_OUT_OF_ORDER);
    }
  }

  private void atOnce(Channel channel, Execution what, Runnable effect) {
    started(channel, what);
    effect.run();
    completed(channel, what, "_none_");
    done(channel, what);
  }

  private void respond(Channel channel, String argument) {
    int status = Integer.parseInt(argument.split(" ", 2)[0]);
    core.calls().hangup(channel, Cause.ofStatus(status), status, Optional.empty());
  }

  void started(Channel channel, Execution what) {
    channel.variables.put("current_application", what.app());
    if (!what.argument().isEmpty()) {
      channel.variables.put("current_application_data", what.argument());
    }
    core.publish(about(what, core.calls().event("CHANNEL_EXECUTE", channel)));
  }

  void completed(Channel channel, Execution what, String response) {
    SwitchEvent event = core.calls().event("CHANNEL_EXECUTE_COMPLETE", channel);
    event.with("Application", what.app());
    if (!what.argument().isEmpty()) {
      event.with("Application-Data", what.argument());
    }
    core.publish(event.with("Application-Response", response).with("Application-UUID", what.id()));
  }

  private static SwitchEvent about(Execution what, SwitchEvent event) {
    event.with("Application", what.app());
    if (!what.argument().isEmpty()) {
      event.with("Application-Data", what.argument());
    }
    return event.with("Application-UUID", what.id());
  }

  /** The command that asked for it has been done. */
  private void done(Channel channel, Execution what) {
    if (!channel.over()) {
      SwitchEvent command = new SwitchEvent();
      what.command().headers().forEach(command::with);
      core.event(command, "PRIVATE_COMMAND", "switch_ivr.c", "switch_ivr_parse_next_event");
      core.publish(command.with(channel.headers(false)));
    }
  }

  // Resting.

  /** It now does this, with nothing on top. */
  void rest(Channel channel, Execution what) {
    channel.resting = Optional.of(what);
    started(channel, what);
  }

  void park(Channel channel) {
    rest(channel, Execution.of("park", "", UUID.randomUUID().toString()));
    channel.parked = true;
    core.calls().tell("CHANNEL_PARK", channel);
  }

  /** Ends what it rests in, and tells. */
  void leave(Channel channel) {
    core.conferences().leaveAll(channel);
    if (channel.parked) {
      channel.parked = false;
      core.calls().tell("CHANNEL_UNPARK", channel);
    }
    channel.resting.ifPresent(app -> completed(channel, app, "_none_"));
    channel.resting = Optional.empty();
  }

  /** The end of everything it does. */
  void stop(Channel channel) {
    while (!channel.playing.isEmpty()) {
      end(channel, channel.playing.peek(), "done");
    }
    leave(channel);
  }

  /** Takes a channel out of what it rests in, and lets it execute {@code app:argument}. */
  void transfer(Channel channel, String where) {
    channel.transferred = true;
    endBridge(channel);
    channel.other = Optional.empty();
    core.runIn(
        BRIDGE,
        () -> {
          if (channel.over()) {
            return;
          }
          leave(channel);
          channel.state = Channel.State.EXECUTE;
          int colon = where.indexOf(':');
          String app = colon < 0 ? where : where.substring(0, colon);
          String argument = colon < 0 ? "" : where.substring(colon + 1);
          switch (app) {
            case "park" -> park(channel);
            case "conference" -> core.conferences().enter(channel, argument);
            default -> core.calls().hangup(channel, Cause.DESTINATION_OUT_OF_ORDER);
          }
        });
  }

  // Playing.

  private void play(Channel channel, Execution what) {
    if (!channel.hasMedia()) {
      core.calls().preAnswer(channel);
    }
    started(channel, what);
    Optional<AudioSource> source = sounds.open(what.argument());
    if (source.isEmpty()) {
      completed(channel, what, what.argument().isEmpty() ? "PLAYBACK ERROR" : "FILE NOT FOUND");
      done(channel, what);
      return;
    }
    Playing[] self = new Playing[1];
    Playing playing =
        new Playing(what, source.get(), () -> core.run(() -> end(channel, self[0], "done")));
    self[0] = playing;
    channel.playing.push(playing);
    core.publish(
        core.calls().event("PLAYBACK_START", channel).with("Playback-File-Path", what.argument()));
    channel.audio.play(Optional.of(playing));
  }

  /** Something has been played to its end, or is broken off. */
  private void end(Channel channel, Playing playing, String status) {
    if (!channel.playing.remove(playing)) {
      return;
    }
    playing.drop();
    channel.audio.play(Optional.ofNullable(channel.playing.peek()));
    Execution what = playing.execution;
    core.publish(
        core.calls()
            .event("PLAYBACK_STOP", channel)
            .with("Playback-File-Path", what.argument())
            .with("Playback-Status", status));
    // What the other side hangs up in the middle of is an error to the switch.
    boolean interrupted = channel.over() && channel.variables.containsKey("sip_term_status");
    completed(channel, what, interrupted ? "PLAYBACK ERROR" : "FILE PLAYED");
    done(channel, what);
  }

  /** Breaks off what is being played. */
  void interrupt(Channel channel, boolean all) {
    core.runIn(
        START,
        () -> {
          while (!channel.playing.isEmpty()) {
            end(channel, channel.playing.peek(), "break");
            if (!all) {
              return;
            }
          }
        });
  }

  /**
   * A key ends what is being played, if it is one of playback_terminators: * if nothing is said.
   */
  void pressed(Channel channel, char digit) {
    String terminators = channel.variables.getOrDefault("playback_terminators", "*");
    if (!channel.playing.isEmpty() && terminators.indexOf(digit) >= 0) {
      end(channel, channel.playing.peek(), "break");
    }
  }

  /** {@code uuid_displace … mux}: plays besides whatever else is heard, and tells of nothing. */
  boolean displace(Channel channel, String path) {
    Optional<AudioSource> source = sounds.open(path);
    source.ifPresent(
        found ->
            channel.audio.displace(
                Optional.of(new Playing(Execution.of("displace", path, ""), found, () -> {}))));
    return source.isPresent();
  }

  // Bridges and taps.

  void bridge(Channel one, Channel two) {
    one.other = Optional.of(two);
    two.other = Optional.of(one);
    one.leadsBridge = true;
    one.transferred = true;
    two.transferred = true;
    core.runIn(
        BRIDGE,
        () -> {
          if (one.over() || two.over()) {
            return;
          }
          leave(two);
          leave(one);
          core.runIn(BRIDGE, () -> bridged(one, two));
        });
  }

  private void bridged(Channel one, Channel two) {
    if (one.over() || two.over()) {
      return;
    }
    for (Channel channel : new Channel[] {one, two}) {
      channel.state = Channel.State.SOFT_EXECUTE;
      Channel with = channel.other.orElseThrow();
      SwitchEvent event = core.calls().event("CHANNEL_EXECUTE", channel);
      core.publish(event.with("Application", "uuid_bridge").with("Application-Data", with.uuid));
      channel.variables.put("bridge_uuid", with.uuid);
    }
    one.audio.bridge(two.audio);
    two.audio.bridge(one.audio);
    core.publish(ofBridge("CHANNEL_BRIDGE", one, two));
    two.state = Channel.State.EXCHANGE_MEDIA;
    core.calls().tell("CALL_UPDATE", two);
    core.calls().tell("CALL_UPDATE", one);
  }

  private SwitchEvent ofBridge(String name, Channel one, Channel two) {
    SwitchEvent event = core.event(name, "switch_ivr_bridge.c", "switch_ivr_multi_threaded_bridge");
    return event
        .with("Bridge-A-Unique-ID", one.uuid)
        .with("Bridge-B-Unique-ID", two.uuid)
        .with(one.headers(true));
  }

  /** Takes a channel out of its bridge; the other is hung up, unless it parks or was taken too. */
  void endBridge(Channel channel) {
    if (channel.other.isEmpty()) {
      return;
    }
    Channel other = channel.other.get();
    channel.audio.unbridge();
    other.audio.unbridge();
    boolean together = other.other.map(back -> back == channel).orElse(false);
    if (!together) {
      return;
    }
    if (!other.over()) {
      if (other.variables.getOrDefault("park_after_bridge", "").equals("true")) {
        other.state = Channel.State.PARK;
        other.parked = true;
        core.calls().tell("CHANNEL_PARK", other);
      } else {
        core.calls().hangup(other, Cause.NORMAL_CLEARING);
      }
    }
    tellUnbridged(channel, other);
  }

  private void tellUnbridged(Channel channel, Channel other) {
    Channel leader = channel.leadsBridge ? channel : other;
    Channel follower = channel.leadsBridge ? other : channel;
    core.publish(ofBridge("CHANNEL_UNBRIDGE", leader, follower));
    leader.leadsBridge = false;
    channel.other = channel.over() ? channel.other : Optional.empty();
    other.other = Optional.empty();
  }

  /** Takes both out of their bridge, and sends both elsewhere. */
  void transferBoth(Channel channel, String where) {
    Optional<Channel> other = channel.other;
    if (other.isPresent()) {
      channel.audio.unbridge();
      other.get().audio.unbridge();
      tellUnbridged(channel, other.get());
      transfer(other.get(), where);
    }
    transfer(channel, where);
  }

  /** {@code eavesdrop}: a leg that hears a side of another channel. */
  void eavesdrop(Channel leg, String target) {
    Execution what = Execution.of("eavesdrop", target, UUID.randomUUID().toString());
    rest(leg, what);
    Optional<Channel> other = core.channel(target).filter(channel -> !channel.over());
    if (other.isEmpty()) {
      leave(leg);
      core.calls().hangup(leg, Cause.NORMAL_CLEARING);
      return;
    }
    core.calls().tell("CALL_UPDATE", leg);
    boolean read = leg.variables.getOrDefault("eavesdrop_bridge_aleg", "").equals("true");
    boolean write = leg.variables.getOrDefault("eavesdrop_bridge_bleg", "").equals("true");
    ChannelAudio.Side side =
        read == write
            ? ChannelAudio.Side.BOTH
            : read ? ChannelAudio.Side.READ : ChannelAudio.Side.WRITE;
    leg.audio.relay();
    leg.variables.put("eavesdrop_target", target);
    other.get().audio.tap(leg.audio, side);
  }

  /** Ends the taps of a channel that is gone; and its own, if it was one. */
  void targetGone(Channel channel) {
    for (Channel leg : core.channels()) {
      if (leg.variables.getOrDefault("eavesdrop_target", "").equals(channel.uuid)) {
        core.runIn(
            leg.audio.heardOf() ? Duration.ZERO : FORGOTTEN,
            () -> core.calls().hangup(leg, Cause.NORMAL_CLEARING));
      }
    }
    core.channels().forEach(other -> other.audio.untap(channel.audio));
  }
}

package org.rayo.testkit.freeswitch;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.rayo.testkit.phone.HangupCause;
import org.rayo.testkit.phone.IncomingCall;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The life of channels: offered, answered, hung up. On the switch's thread. */
final class Calls {

  private static final Logger LOG = LoggerFactory.getLogger(Calls.class);

  /** From CHANNEL_HANGUP to the events that follow it. */
  private static final Duration WIND_DOWN = Duration.ofMillis(15);

  private static final Set<String> WITHOUT_VARIABLES =
      Set.of(
          "CHANNEL_STATE",
          "CHANNEL_CALLSTATE",
          "CHANNEL_OUTGOING",
          "DTMF",
          "PRIVATE_COMMAND",
          "CUSTOM",
          "CODEC",
          "CALL_UPDATE");

  private final SwitchCore core;

  Calls(SwitchCore core) {
    this.core = core;
  }

  /** An event of a channel that holds the channel's headers. */
  SwitchEvent event(String name, Channel channel) {
    return core.event(name, "switch_channel.c", "scripted")
        .with(channel.headers(!WITHOUT_VARIABLES.contains(name)));
  }

  void tell(String name, Channel channel) {
    core.publish(event(name, channel));
  }

  void state(Channel channel, Channel.State state) {
    channel.state = state;
    tell("CHANNEL_STATE", channel);
  }

  void callState(Channel channel, String callState) {
    String before = channel.callState;
    channel.callState = callState;
    SwitchEvent event =
        core.event("CHANNEL_CALLSTATE", "switch_channel.c", "switch_channel_perform_set_callstate")
            .with("Original-Channel-Call-State", before)
            .with("Channel-Call-State-Number", "2");
    core.publish(event.with(channel.headers(false)));
  }

  /** A call has come in. */
  void arrived(IncomingCall call) {
    Invite invite = Invite.read(call.invite());
    Channel channel =
        new Channel(
            UUID.randomUUID().toString(),
            call,
            new Channel.Parties(
                true,
                invite.display().orElse(invite.fromUser()),
                invite.fromUser(),
                invite.requestUser(),
                invite.fromUser() + "@" + invite.contact()));
    describe(channel, invite, core.add(channel));
    watch(channel);
    state(channel, Channel.State.NEW);
    if (invite.body().isEmpty()) {
      hangup(channel, Cause.MANDATORY_IE_MISSING);
      return;
    }
    state(channel, Channel.State.INIT);
    tell("CHANNEL_CREATE", channel);
    channel.state = Channel.State.ROUTING;
    callState(channel, "RINGING");
    tell("CHANNEL_STATE", channel);
    String extension = invite.requestUser();
    if (extension.startsWith("rayo")) {
      state(channel, Channel.State.EXECUTE);
      controlled(channel);
    } else if (extension.equals("park") || extension.startsWith("in-")) {
      state(channel, Channel.State.EXECUTE);
      core.applications().park(channel);
    } else if (extension.equals("parkans")) {
      state(channel, Channel.State.EXECUTE);
      answer(channel);
      core.applications().park(channel);
    } else {
      hangup(channel, Cause.NO_ROUTE_DESTINATION);
    }
  }

  private void describe(Channel channel, Invite invite, int session) {
    Map<String, String> variables = channel.variables;
    String profile = core.options().profile();
    variables.put("direction", "inbound");
    variables.put("uuid", channel.uuid);
    variables.put("session_id", Integer.toString(session));
    variables.put("sip_from_user", invite.fromUser());
    variables.put("sip_from_uri", invite.fromUser() + "@" + invite.fromHost());
    variables.put("sip_from_host", invite.fromHost());
    variables.put("channel_name", "sofia/" + profile + "/" + channel.parties.remote());
    variables.put("sip_call_id", invite.callId());
    variables.put("sip_network_ip", "127.0.0.1");
    variables.put("sip_received_ip", "127.0.0.1");
    variables.put("sip_via_protocol", invite.transport());
    variables.put("sofia_profile_name", profile);
    variables.put("recovery_profile_name", profile);
    invite.display().ifPresent(name -> variables.put("sip_from_display", name));
    variables.put("sip_full_from", invite.from());
    variables.put("sip_full_to", invite.to());
    variables.put("sip_req_user", invite.requestUser());
    variables.put("sip_req_uri", invite.requestUri());
    variables.put("sip_to_user", invite.toUser());
    variables.put("sip_to_uri", invite.toUri());
    variables.put("sip_contact_uri", invite.fromUser() + "@" + invite.contact());
    variables.put("max_forwards", "70");
    invite.extensions().forEach(h -> variables.put("sip_h_" + h.name(), h.value()));
    variables.put("switch_r_sdp", invite.body());
    variables.put("ep_codec_string", "CORE_PCM_MODULE.PCMU@8000h@20i@64000b");
    variables.put("endpoint_disposition", "DELAYED NEGOTIATION");
    variables.put("call_uuid", channel.uuid);
  }

  /** Hears of keys and of the end of the call that the other side makes. */
  void watch(Channel channel) {
    channel.call.listen(channel.audio);
    channel.call.say(channel.audio);
    channel.audio.onKey((digit, samples) -> core.run(() -> key(channel, digit, samples)));
    channel.call.ended().thenAccept(how -> core.run(() -> ended(channel, how)));
  }

  private void key(Channel channel, char digit, int samples) {
    if (!channel.over()) {
      core.publish(
          event("DTMF", channel)
              .with("DTMF-Digit", Character.toString(digit))
              .with("DTMF-Duration", Integer.toString(samples))
              .with("DTMF-Source", "RTP"));
      core.applications().pressed(channel, digit);
    }
  }

  private void ended(Channel channel, HangupCause how) {
    if (channel.over()) {
      return;
    }
    switch (how) {
      case CANCELLED -> {
        channel.variables.put("sip_hangup_disposition", "recv_cancel");
        terminated(channel, 487, Cause.ORIGINATOR_CANCEL);
      }
      case REMOTE_BYE -> terminated(channel, 200, Cause.NORMAL_CLEARING);
      default -> terminated(channel, 503, Cause.NORMAL_TEMPORARY_FAILURE);
    }
  }

  /** The other side has ended it, with this status. */
  void terminated(Channel channel, int status, Cause cause) {
    channel.variables.put("sip_term_status", Integer.toString(status));
    channel.variables.put("proto_specific_hangup_cause", "sip:" + status);
    channel.variables.put("sip_term_cause", Integer.toString(cause.code()));
    channel.noteHangup(cause);
    tell("CHANNEL_HANGUP", channel);
    channel.variables.putIfAbsent("sip_hangup_disposition", "recv_bye");
    core.runIn(WIND_DOWN, () -> windDown(channel));
  }

  /** The extension {@code rayo…}: asks whoever is to control the call. */
  private void controlled(Channel channel) {
    Optional<InetSocketAddress> address = core.options().outbound();
    String where = address.map(to -> to.getHostString() + ":" + to.getPort()).orElse("nowhere");
    Applications.Execution socket =
        Applications.Execution.of("socket", where + " async full", UUID.randomUUID().toString());
    core.applications().rest(channel, socket);
    var unused =
        CompletableFuture.supplyAsync(() -> connect(address), task -> new Thread(task).start())
            .thenAccept(
                connected ->
                    core.run(
                        () -> {
                          if (connected.isPresent() && !channel.over()) {
                            Listener listener =
                                new Listener(
                                    core, connected.get(), core.faults(), Optional.of(channel));
                            channel.listener = Optional.of(listener);
                            core.add(listener);
                            core.runIn(Duration.ofMillis(20), () -> offered(channel));
                          } else if (!channel.over()) {
                            core.applications().completed(channel, socket, "_none_");
                            channel.resting = Optional.empty();
                            hangup(channel, Cause.NORMAL_CLEARING);
                          }
                        }));
  }

  private void offered(Channel channel) {
    if (!channel.over() && !channel.transferred) {
      channel.parked = true;
      tell("CHANNEL_PARK", channel);
    }
  }

  private static Optional<Socket> connect(Optional<InetSocketAddress> address) {
    try {
      if (address.isPresent()) {
        return Optional.of(new Socket(address.get().getAddress(), address.get().getPort()));
      }
    } catch (IOException e) {
      LOG.debug("nobody controls the call", e);
    }
    return Optional.empty();
  }

  /** Who controlled it has closed: it is over, unless it does something else by now. */
  void abandoned(Channel channel) {
    if (channel.over() || channel.transferred) {
      return;
    }
    channel.parked = false;
    tell("CHANNEL_UNPARK", channel);
    channel.resting.ifPresent(app -> core.applications().completed(channel, app, "_none_"));
    channel.resting = Optional.empty();
    hangup(channel, Cause.NORMAL_CLEARING);
  }

  boolean ringReady(Channel channel) {
    if (channel.call instanceof IncomingCall call && !channel.answered()) {
      boolean first = !channel.variables.containsKey("ring_ready");
      channel.variables.put("ring_ready", "true");
      call.ring();
      if (first) {
        channel.noteProgress();
        tell("CHANNEL_PROGRESS", channel);
      }
    }
    return true;
  }

  boolean preAnswer(Channel channel) {
    if (channel.call instanceof IncomingCall call && !channel.hasMedia()) {
      call.progress();
      progressed(channel);
    }
    return true;
  }

  private void progressed(Channel channel) {
    channel.noteMedia();
    negotiated(channel);
    channel.variables.put("endpoint_disposition", "EARLY MEDIA");
    tell("CHANNEL_PROGRESS_MEDIA", channel);
    callState(channel, "EARLY");
  }

  boolean answer(Channel channel) {
    if (channel.call instanceof IncomingCall call && !channel.answered()) {
      call.answer();
      if (!channel.hasMedia()) {
        progressed(channel);
      }
      answered(channel);
    }
    return true;
  }

  /** It is answered, by whichever side. */
  void answered(Channel channel) {
    channel.noteAnswered();
    negotiated(channel);
    channel.variables.put("endpoint_disposition", "ANSWER");
    tell("CHANNEL_ANSWER", channel);
    callState(channel, "ACTIVE");
  }

  private static void negotiated(Channel channel) {
    channel.variables.put("read_codec", "PCMU");
    channel.variables.put("read_rate", "8000");
    channel.variables.put("write_codec", "PCMU");
    channel.variables.put("write_rate", "8000");
    channel.variables.put("dtmf_type", "rfc2833");
    channel.variables.put("rtp_use_codec_name", "PCMU");
    channel.variables.put("rtp_use_codec_rate", "8000");
  }

  void hangup(Channel channel, Cause cause) {
    hangup(channel, cause, cause.sipStatus(), Optional.empty());
  }

  /**
   * @param status what a call that was not answered is refused with
   * @param contact where it is redirected to
   */
  void hangup(Channel channel, Cause cause, int status, Optional<String> contact) {
    if (channel.over()) {
      return;
    }
    channel.noteHangup(cause);
    tell("CHANNEL_HANGUP", channel);
    String disposition = "send_bye";
    if (channel.answered()) {
      channel.call.hangup();
    } else if (channel.call instanceof IncomingCall call) {
      disposition = "send_refuse";
      contact.ifPresentOrElse(call::redirect, () -> call.refuse(status));
    } else {
      disposition = "send_cancel";
      channel.call.hangup();
    }
    channel.variables.put("sip_hangup_disposition", disposition);
    core.runIn(WIND_DOWN, () -> windDown(channel));
  }

  /** All that follows a hang-up. */
  void windDown(Channel channel) {
    if (core.channel(channel.uuid).isEmpty()) {
      return;
    }
    core.recordings().stopAll(channel);
    core.applications().stop(channel);
    core.applications().endBridge(channel);
    channel.state = Channel.State.HANGUP;
    callState(channel, "HANGUP");
    tell("CHANNEL_STATE", channel);
    channel.noteGone();
    Cause cause = channel.cause.orElse(Cause.NORMAL_CLEARING);
    channel.variables.put("hangup_cause", cause.name());
    channel.variables.put("hangup_cause_q850", Integer.toString(cause.q850()));
    state(channel, Channel.State.REPORTING);
    tell("CHANNEL_HANGUP_COMPLETE", channel);
    core.remove(channel);
    core.dialler().over(channel, cause);
    tell("CHANNEL_DESTROY", channel);
    channel.listener.ifPresent(listener -> listener.channelGone(channel));
    core.applications().targetGone(channel);
  }
}

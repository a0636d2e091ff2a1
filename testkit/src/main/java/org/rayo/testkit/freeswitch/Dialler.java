package org.rayo.testkit.freeswitch;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.rayo.testkit.phone.CallFailed;
import org.rayo.testkit.phone.CallOptions;
import org.rayo.testkit.phone.Codec;
import org.rayo.testkit.phone.PhoneCall;
import org.rayo.testkit.phone.Transport;

/**
 * {@code originate}: calls out, and what they do once they are answered. On the switch's thread.
 */
final class Dialler {

  /** From the answer to the application. */
  private static final Duration SETTLE = Duration.ofMillis(20);

  private final SwitchCore core;
  private final Map<Channel, CompletableFuture<String>> pending = new HashMap<>();

  Dialler(SwitchCore core) {
    this.core = core;
  }

  CompletableFuture<String> originate(String text) {
    Optional<DialString> parsed = DialString.parse(text);
    if (parsed.isEmpty()) {
      return CompletableFuture.completedFuture(
          "-USAGE: <call url> <exten>|&<application_name>(<app_args>) [<dialplan>] [<context>]"
              + " [<cid_name>] [<cid_num>] [<timeout_sec>]\n");
    }
    DialString dial = parsed.get();
    String[] url = dial.url().split("/", 3);
    if (url.length < 3 || !url[0].equals("sofia")) {
      return failed("CHAN_NOT_IMPLEMENTED");
    }
    String to = url[2];
    if (url[1].equals("gateway")) {
      String[] gateway = url[2].split("/", 2);
      InetSocketAddress address = core.options().gateways().get(gateway[0]);
      if (address == null || gateway.length < 2) {
        return failed("INVALID_GATEWAY");
      }
      to = gateway[1] + "@" + address.getHostString() + ":" + address.getPort();
    } else if (!url[1].equals(core.options().profile())) {
      return failed("INVALID_PROFILE");
    }
    String uuid = dial.variables().getOrDefault("origination_uuid", UUID.randomUUID().toString());
    if (core.channel(uuid).isPresent()) {
      return failed("DESTINATION_OUT_OF_ORDER");
    }
    return call(dial, uuid, to);
  }

  private static CompletableFuture<String> failed(String cause) {
    return CompletableFuture.completedFuture("-ERR " + cause + "\n");
  }

  private CompletableFuture<String> call(DialString dial, String uuid, String to) {
    Map<String, String> set = dial.variables();
    String number = set.getOrDefault("origination_caller_id_number", "0000000000");
    String name = set.getOrDefault("origination_caller_id_name", "Outbound Call");
    CallOptions.Builder options =
        CallOptions.to("sip:" + to).from(number).telephoneEvent(true).earlyMedia(true);
    if (set.containsKey("origination_caller_id_name")) {
      options.display(name);
    }
    if (to.contains("transport=tcp")) {
      options.transport(Transport.TCP);
    }
    if (set.getOrDefault("absolute_codec_string", "").equals("PCMU")) {
      options.codecs(Codec.PCMU);
    }
    set.forEach(
        (header, value) -> {
          if (header.startsWith("sip_h_")) {
            options.header(header.substring("sip_h_".length()), value);
          }
        });
    PhoneCall call = core.phone().call(options.build());
    int at = to.indexOf('@');
    String user = at < 0 ? to : to.substring(0, at);
    String remote = to.replaceFirst(";.*", "");
    Channel channel =
        new Channel(uuid, call, new Channel.Parties(false, name, number, user, remote));
    channel.variables.put("direction", "outbound");
    channel.variables.put("is_outbound", "true");
    channel.variables.put("uuid", uuid);
    channel.variables.put("session_id", Integer.toString(core.add(channel)));
    channel.variables.put("sip_profile_name", core.options().profile());
    channel.variables.put("sofia_profile_name", core.options().profile());
    channel.variables.put("channel_name", channel.name());
    channel.variables.put("sip_destination_url", "sip:" + to);
    channel.variables.putAll(set);
    channel.variables.put("originate_endpoint", "sofia");
    CompletableFuture<String> result = new CompletableFuture<>();
    pending.put(channel, result);
    core.calls().watch(channel);
    channel.state = Channel.State.NONE;
    core.calls().tell("CHANNEL_OUTGOING", channel);
    core.calls().state(channel, Channel.State.INIT);
    core.calls().tell("CHANNEL_CREATE", channel);
    core.calls().tell("CHANNEL_ORIGINATE", channel);
    channel.state = Channel.State.CONSUME_MEDIA;
    follow(channel, dial);
    return result;
  }

  private void follow(Channel channel, DialString dial) {
    boolean early = !dial.variables().getOrDefault("ignore_early_media", "").equals("true");
    channel
        .call
        .ringing()
        .thenAccept(status -> core.run(() -> progressed(channel, status, dial, early)));
    channel
        .call
        .answered()
        .whenComplete(
            (none, problem) ->
                core.run(
                    () -> {
                      if (problem == null) {
                        answered(channel, dial);
                      } else {
                        refused(channel, problem);
                      }
                    }));
    if (dial.variables().containsKey("originate_timeout")) {
      Duration limit =
          Duration.ofSeconds(Long.parseLong(dial.variables().get("originate_timeout")));
      core.runIn(
          limit,
          () -> {
            if (!channel.answered()) {
              core.calls().hangup(channel, Cause.NO_ANSWER);
            }
          });
    }
  }

  private void progressed(Channel channel, int status, DialString dial, boolean early) {
    if (channel.over() || channel.answered() || status >= 200) {
      return;
    }
    if (status == 183) {
      channel.noteMedia();
      core.calls().tell("CHANNEL_PROGRESS_MEDIA", channel);
      core.calls().callState(channel, "EARLY");
      if (early) {
        core.runIn(SETTLE, () -> begin(channel, dial));
      }
    } else {
      channel.noteProgress();
      core.calls().tell("CHANNEL_PROGRESS", channel);
      core.calls().callState(channel, "RINGING");
    }
  }

  private void answered(Channel channel, DialString dial) {
    if (!channel.over()) {
      core.calls().answered(channel);
      core.runIn(SETTLE, () -> begin(channel, dial));
    }
  }

  /** It is up: the job is done, and the application begins. */
  private void begin(Channel channel, DialString dial) {
    CompletableFuture<String> result = pending.get(channel);
    if (channel.over() || result == null) {
      return;
    }
    pending.remove(channel);
    core.calls().tell("CALL_UPDATE", channel);
    result.complete("+OK " + channel.uuid + "\n");
    core.run(() -> apply(channel, dial));
  }

  private void apply(Channel channel, DialString dial) {
    channel.state = Channel.State.EXECUTE;
    switch (dial.app()) {
      case "park" -> core.applications().park(channel);
      case "eavesdrop" -> core.applications().eavesdrop(channel, dial.argument());
      case "conference" -> core.conferences().enter(channel, dial.argument());
      default -> core.calls().hangup(channel, Cause.DESTINATION_OUT_OF_ORDER);
    }
  }

  private void refused(Channel channel, Throwable problem) {
    Throwable reason = problem instanceof CompletionException ? problem.getCause() : problem;
    if (channel.over() || !(reason instanceof CallFailed failed)) {
      return;
    }
    channel.variables.put("sip_hangup_disposition", "recv_refuse");
    core.calls().terminated(channel, failed.status(), Cause.ofStatus(failed.status()));
  }

  /** A channel is gone: if it never got to its application, that is the result. */
  void over(Channel channel, Cause cause) {
    CompletableFuture<String> result = pending.remove(channel);
    if (result != null) {
      result.complete("-ERR " + cause.name() + "\n");
    }
  }
}

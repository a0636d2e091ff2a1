package org.rayo.media.freeswitch;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.rayo.media.call.Calls;
import org.rayo.media.freeswitch.eventsocket.OutboundSocket;
import org.rayo.media.freeswitch.eventsocket.SwitchEvent;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes calls of what FreeSWITCH offers. On the event sockets' thread.
 *
 * <p>A call that came by a socket is parked by that socket: it stays open until the call is over,
 * and when this server dies FreeSWITCH goes on with the dialplan.
 */
final class Offers {

  private static final Logger log = LoggerFactory.getLogger(Offers.class);

  private final Environment environment;
  private final Calls<FreeSwitchCall> calls;
  private final Map<OutboundSocket, FreeSwitchCall> bySocket = new ConcurrentHashMap<>();

  Offers(Environment environment, Calls<FreeSwitchCall> calls) {
    this.environment = environment;
    this.calls = calls;
  }

  /** A channel has been parked that is nobody's. */
  void parked(Switch server, SwitchEvent event) {
    if (event.header("Call-Direction").filter("inbound"::equals).isPresent()) {
      event
          .uniqueId()
          .ifPresent(
              uuid -> {
                Optional<FreeSwitchCall> unused = offer(server, uuid, event);
              });
    }
  }

  /** A server has connected to us with a channel. */
  void offered(List<Switch> switches, SwitchEvent channelData, OutboundSocket socket) {
    Optional<String> uuid = channelData.uniqueId();
    Optional<Switch> server =
        channelData
            .header("Core-UUID")
            .flatMap(core -> switches.stream().filter(each -> each.is(core)).findFirst());
    if (uuid.isEmpty() || server.isEmpty()) {
      log.warn(
          "A call is offered by {}, which is none of the servers that are connected:"
              + " the dialplan goes on",
          channelData.header("FreeSWITCH-Hostname").orElse("a FreeSWITCH server"));
      socket.close();
      return;
    }
    offer(server.get(), uuid.get(), channelData)
        .ifPresentOrElse(
            call -> {
              bySocket.put(socket, call);
              call.whenOver(socket::close);
            },
            socket::close);
  }

  /** A socket is closed: its call is over, or nobody's any more. */
  void closed(OutboundSocket socket) {
    Optional.ofNullable(bySocket.remove(socket)).ifPresent(FreeSwitchCall::missedEvents);
  }

  private synchronized Optional<FreeSwitchCall> offer(
      Switch server, String uuid, SwitchEvent event) {
    if (!Channel.canBeCommanded(uuid)) {
      log.warn("{}: a call is not taken, for its id cannot stand in a command", server);
      return Optional.empty();
    }
    Channel channel = new Channel(server, uuid);
    if (server.isFollowed(uuid)) {
      log.warn("{}: it is offered, though it is a call of ours already", channel);
      return Optional.empty();
    }
    if (!calls.reserve()) {
      log.info("{}: refused, there are as many calls as may be", channel);
      Stages.ignore(() -> channel.kill(HangupCause.CONGESTION));
      return Optional.empty();
    }
    FreeSwitchCall call = FreeSwitchCall.incoming(environment, channel, event);
    server.follow(uuid, call);
    calls.announce(call);
    // It may have ended before its events came to us.
    call.missedEvents();
    return Optional.of(call);
  }
}

package org.rayo.media.freeswitch;

import java.time.Duration;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.rayo.media.MediaException;
import org.rayo.media.freeswitch.capture.Forks;
import org.rayo.media.freeswitch.capture.Side;
import org.rayo.media.freeswitch.eventsocket.ApiCommand;
import org.rayo.media.freeswitch.eventsocket.DialString;

/**
 * Makes FreeSWITCH call us with the audio of a channel, or of a conference.
 *
 * @param server that carries it
 * @param target {@code sofia/<profile>/%s@<address>}, with the token for {@code %s}
 * @param tapping what the new channel does
 * @param beep plays the beep, and runs what it is given
 */
record ChannelForks(Switch server, String target, Tapping tapping, Consumer<Runnable> beep)
    implements Forks {

  /** Until FreeSWITCH gives it up by itself. */
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private static final String PREFIX = "rayo-fork-";

  /** What a leg of ours does at FreeSWITCH. */
  @FunctionalInterface
  interface Tapping {
    /** The command that calls us so. */
    ApiCommand originate(DialString us, Side side);
  }

  /** Taps a channel, one side by each leg. */
  static Tapping of(Channel channel) {
    return (us, side) ->
        us.with(side == Side.SAID ? "eavesdrop_bridge_aleg" : "eavesdrop_bridge_bleg", "true")
            .originate("eavesdrop", channel.uuid());
  }

  @Override
  public CompletionStage<Void> fork(Side side, String token) {
    DialString us =
        DialString.to(target.formatted(token))
            .with("origination_uuid", PREFIX + token)
            .with("absolute_codec_string", "PCMU")
            .with("ignore_early_media", "true")
            .with("originate_timeout", Long.toString(PATIENCE.toSeconds()))
            .with("process_cdr", "false");
    return server
        .background(tapping.originate(us, side), PATIENCE.plusSeconds(2))
        .thenCompose(
            reply ->
                reply.ok()
                    ? Stages.done()
                    : Stages.failed(
                        MediaException.Fault.FAILED,
                        "FreeSWITCH cannot call us with the audio, "
                            + target.formatted("…")
                            + ": "
                            + reply.text().strip()
                            + " (capture.address, port, public-address and profile say where and how)"));
  }

  @Override
  public void end(String token) {
    Stages.ignore(
        () -> server.ask(ApiCommand.of("uuid_kill", PREFIX + token)).thenAccept(reply -> {}));
  }

  @Override
  public void beep(Runnable done) {
    beep.accept(done);
  }
}

package org.rayo.media.freeswitch;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import org.rayo.media.Header;
import org.rayo.media.MediaException;
import org.rayo.media.freeswitch.eventsocket.ApiCommand;
import org.rayo.media.freeswitch.eventsocket.Reply;
import org.rayo.media.freeswitch.eventsocket.SwitchEvent;

/**
 * One channel of a FreeSWITCH server: what can be asked of it. A stage fails with a {@link
 * MediaException}: {@code GONE} when the channel is not there any more.
 */
final class Channel {

  private static final String TRUE = "true";

  /**
   * Callers choose it where a profile has {@code inbound-use-callid-as-uuid}; {@code all} is every
   * channel to some applications.
   */
  private static final Pattern UUID = Pattern.compile("(?!(?i:all)$)[A-Za-z0-9_.-]{1,128}");

  private final Switch server;
  private final String uuid;

  Channel(Switch server, String uuid) {
    this.server = server;
    this.uuid = uuid;
  }

  /** Whether a channel with this id can be commanded, and nothing but it. */
  static boolean canBeCommanded(String uuid) {
    return UUID.matcher(uuid).matches();
  }

  Switch server() {
    return server;
  }

  String uuid() {
    return uuid;
  }

  /** SIP 180. */
  CompletionStage<Void> ring() {
    return command(ApiCommand.of("uuid_ring_ready", uuid));
  }

  /** SIP 183 with a description. */
  CompletionStage<Void> preAnswer() {
    return command(ApiCommand.of("uuid_pre_answer", uuid));
  }

  /** SIP 200. */
  CompletionStage<Void> answer() {
    return command(ApiCommand.of("uuid_answer", uuid));
  }

  /**
   * SIP 302.
   *
   * @throws MediaException fault {@code REFUSED} for an address that no command can hold
   */
  Supplier<CompletionStage<Void>> redirection(URI to) throws MediaException {
    ApiCommand redirect;
    try {
      redirect = ApiCommand.of("uuid_redirect", uuid, to.toString());
    } catch (IllegalArgumentException e) {
      throw new MediaException(MediaException.Fault.REFUSED, String.valueOf(e.getMessage()), e);
    }
    return () -> command(redirect);
  }

  CompletionStage<Void> kill(HangupCause cause) {
    return command(ApiCommand.of("uuid_kill", uuid, cause.name()));
  }

  /** Sets the variables that become headers of what is sent next. */
  CompletionStage<Void> set(String prefix, List<Header> headers) {
    Map<String, String> variables = new LinkedHashMap<>();
    headers.forEach(header -> variables.put(prefix + header.name(), header.value()));
    return set(variables);
  }

  CompletionStage<Void> set(Map<String, String> variables) {
    return variables.isEmpty()
        ? CompletableFuture.completedStage(null)
        : command(() -> ApiCommand.setVariables(uuid, variables));
  }

  /**
   * Runs an application.
   *
   * @param id comes back with {@code CHANNEL_EXECUTE_COMPLETE} as {@code Application-UUID}
   */
  CompletionStage<Void> execute(String application, String argument, String id) {
    return server.execute(uuid, application, argument, id);
  }

  /** What plays is over. */
  CompletionStage<Void> breakOff() {
    return command(ApiCommand.of("uuid_break", uuid));
  }

  /** Commands the file that plays: {@code pause}, {@code seek:+1000}. */
  CompletionStage<Void> file(String order) {
    return command(ApiCommand.of("uuid_fileman", uuid, order));
  }

  /** Plays something beside what plays already, without a word about its end. */
  CompletionStage<Void> playBeside(String what) {
    return command(ApiCommand.of("uuid_displace", uuid, "start", what, "0", "mux"));
  }

  CompletionStage<Void> bridge(Channel other) {
    return command(ApiCommand.of("uuid_bridge", uuid, other.uuid()));
  }

  /** The bridge ends, and both sides of it wait for what comes. */
  CompletionStage<Void> parkBoth() {
    return command(ApiCommand.of("uuid_transfer", uuid, "-both", "park", "inline"));
  }

  CompletionStage<Boolean> exists() {
    return server
        .ask(ApiCommand.of("uuid_exists", uuid))
        .thenApply(reply -> reply.text().strip().equals(TRUE));
  }

  /**
   * What it is like now.
   *
   * @param application that it runs; empty when none is named
   * @param state of the whole, as an event has it
   */
  record Look(boolean answered, String application, SwitchEvent state) {}

  /** Looks at it; empty when it is not there. */
  CompletionStage<Optional<Look>> look() {
    return exists()
        .thenCompose(
            there ->
                there
                    ? server.ask(ApiCommand.of("uuid_dump", uuid)).thenApply(Channel::look)
                    : CompletableFuture.completedStage(Optional.empty()));
  }

  private static Optional<Look> look(Reply dump) {
    if (!dump.ok()) {
      return Optional.empty();
    }
    List<SwitchEvent.Field> fields = new ArrayList<>();
    for (String line : dump.text().split("\n", -1)) {
      int colon = line.indexOf(": ");
      if (colon > 0) {
        fields.add(new SwitchEvent.Field(line.substring(0, colon), line.substring(colon + 2)));
      }
    }
    SwitchEvent state = new SwitchEvent(fields, "");
    return Optional.of(
        new Look(
            state.header("Answer-State").filter("answered"::equals).isPresent(),
            state.variable("current_application").orElse(""),
            state));
  }

  /** Whether a file is there, on the server's disk. */
  CompletionStage<Boolean> hasFile(String path) {
    return server
        .ask(ApiCommand.of("file_exists").text(path))
        .thenApply(reply -> reply.text().strip().equals(TRUE));
  }

  private CompletionStage<Void> command(Built command) {
    try {
      return command(command.build());
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedStage(
          new MediaException(MediaException.Fault.REFUSED, String.valueOf(e.getMessage()), e));
    }
  }

  /** Of what FreeSWITCH refuses, a channel that is gone is told from everything else. */
  private CompletionStage<Void> command(ApiCommand command) {
    return server.ask(command).thenCompose(reply -> checked(command, reply));
  }

  private CompletionStage<Void> checked(ApiCommand command, Reply reply) {
    if (reply.ok()) {
      return CompletableFuture.completedStage(null);
    }
    return exists()
        .thenCompose(
            there ->
                CompletableFuture.failedStage(
                    there
                        ? new MediaException(
                            MediaException.Fault.FAILED,
                            command.name() + ": FreeSWITCH says " + reply.text().strip())
                        : new MediaException(
                            MediaException.Fault.GONE, command.name() + ": the call is over")));
  }

  /** For messages and logs. */
  @Override
  public String toString() {
    return uuid + " at " + server.name();
  }

  @FunctionalInterface
  private interface Built {
    ApiCommand build();
  }
}

package org.rayo.testkit.freeswitch;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** Does what a connection of the event socket asks for. */
final class ListenerCommands {

  private final SwitchCore core;
  private final Listener listener;

  ListenerCommands(SwitchCore core, Listener listener) {
    this.core = core;
    this.listener = listener;
  }

  /** Completes with whether the connection goes on, once the reply is on its way. */
  CompletableFuture<Boolean> perform(Command command) {
    CompletableFuture<Boolean> done = new CompletableFuture<>();
    core.run(
        () -> {
          listener.begin();
          if (command.verb().equals("api") && listener.authenticated && !command.rest().isEmpty()) {
            var unused =
                core.api(command.rest())
                    .thenAccept(
                        reply ->
                            core.run(
                                () -> {
                                  listener.finish(response(reply));
                                  done.complete(true);
                                }));
          } else {
            listener.finish(reply(command));
            done.complete(goesOn(command));
          }
        });
    return done;
  }

  private static String response(String text) {
    int length = text.getBytes(StandardCharsets.UTF_8).length;
    return "Content-Type: api/response\nContent-Length: " + length + "\n\n" + text;
  }

  private boolean goesOn(Command command) {
    if (command.verb().equals("exit")
        || (command.verb().equals("auth") && !listener.authenticated)) {
      listener.disconnect();
      core.listenerGone(listener);
      return false;
    }
    return true;
  }

  private String reply(Command command) {
    if (!listener.authenticated) {
      return text(
          switch (command.verb()) {
            case "auth" -> authenticate(command.rest());
            case "exit" -> "+OK bye";
            default -> "-ERR command not found";
          });
    }
    if (listener.controlled.isPresent() && command.verb().equals("connect")) {
      return connected(listener.controlled.get());
    }
    if (command.verb().equals("bgapi") && !command.rest().isEmpty()) {
      return job(command);
    }
    return text(subscribed(command).or(() -> controlled(command)).orElse("-ERR command not found"));
  }

  private String authenticate(String password) {
    listener.authenticated = password.equals(core.options().password());
    return listener.authenticated ? "+OK accepted" : "-ERR invalid";
  }

  private static String text(String reply) {
    return "Content-Type: command/reply\nReply-Text: " + reply + "\n\n";
  }

  private String job(Command command) {
    String id = command.header("Job-UUID").orElseGet(() -> UUID.randomUUID().toString());
    core.job(id, command.rest());
    return text("+OK Job-UUID: " + id + "\nJob-UUID: " + id);
  }

  private Optional<String> subscribed(Command command) {
    List<String> words = command.words();
    Subscription subscription = listener.subscription;
    return switch (command.verb()) {
      case "event" -> {
        String format =
            words.isEmpty() || !words.get(0).matches("(?i)plain|json|xml")
                ? "plain"
                : words.get(0).toLowerCase(java.util.Locale.ROOT);
        yield Optional.of(
            subscription.add(words)
                ? "+OK event listener enabled " + format
                : "-ERR no keywords supplied");
      }
      case "nixevent" -> {
        subscription.remove(words);
        yield Optional.of("+OK events nixed");
      }
      case "noevents" -> {
        subscription.clear();
        yield Optional.of("+OK no longer listening for events");
      }
      case "filter" -> words.isEmpty() ? Optional.empty() : Optional.of(filter(words));
      case "log" -> Optional.of("+OK log level " + command.rest() + " [" + command.rest() + "]");
      case "nolog" -> Optional.of("+OK no longer logging");
      case "exit" -> Optional.of("+OK bye");
      default -> Optional.empty();
    };
  }

  private String filter(List<String> words) {
    if (words.size() < 2) {
      return "-ERR invalid syntax";
    }
    if (words.get(0).equals("delete")) {
      Optional<String> value = words.size() > 2 ? Optional.of(joined(words, 2)) : Optional.empty();
      listener.subscription.removeFilters(words.get(1), value);
      return "+OK filter deleted. [" + words.get(1) + "][" + value.orElse("") + "]";
    }
    int from = words.get(0).equals("add") ? 1 : 0;
    String value = joined(words, from + 1);
    listener.subscription.addFilter(words.get(from), value);
    return "+OK filter added. [" + words.get(from) + "]=[" + value + "]";
  }

  private static String joined(List<String> words, int from) {
    return String.join(" ", words.subList(from, words.size()));
  }

  private Optional<String> controlled(Command command) {
    Optional<Channel> mine = listener.controlled;
    return switch (command.verb()) {
      case "sendmsg" -> Optional.of(message(command));
      case "linger" -> Optional.of(linger(command));
      case "nolinger" -> Optional.of(mine.map(c -> "+OK will not linger").orElse(uncontrolled()));
      case "divert_events" -> Optional.of(mine.map(c -> "+OK").orElse(uncontrolled() + "."));
      case "myevents" -> mine.map(this::myEvents);
      case "resume" -> mine.map(c -> "+OK");
      case "getvar" -> mine.map(c -> c.variables.getOrDefault(command.rest(), ""));
      default -> Optional.empty();
    };
  }

  private static String uncontrolled() {
    return "-ERR not controlling a session";
  }

  private String linger(Command command) {
    if (listener.controlled.isEmpty()) {
      return uncontrolled();
    }
    boolean unlimited = command.rest().isEmpty();
    listener.lingerSeconds = Optional.of(unlimited ? -1 : Integer.parseInt(command.rest()));
    return unlimited ? "+OK will linger" : "+OK will linger " + command.rest() + " seconds";
  }

  private String myEvents(Channel channel) {
    listener.subscription.add(List.of("ALL"));
    listener.subscription.addFilter("Unique-ID", channel.uuid);
    return "+OK Events Enabled";
  }

  private String message(Command command) {
    Optional<Channel> channel =
        command.rest().isEmpty() ? listener.controlled : core.channel(command.rest());
    if (channel.isEmpty()) {
      return "-ERR invalid session id [" + command.rest() + "]";
    }
    Channel to = channel.get();
    switch (command.header("call-command").orElse("")) {
      case "execute" ->
          core.applications()
              .execute(
                  to,
                  new Applications.Execution(
                      command.header("execute-app-name").orElse(""),
                      command.header("execute-app-arg").or(command::body).orElse(""),
                      command.header("Event-UUID").orElseGet(() -> UUID.randomUUID().toString()),
                      command));
      case "hangup" ->
          core.calls().hangup(to, Cause.named(command.header("hangup-cause").orElse("")));
      default -> {}
    }
    return "+OK";
  }

  private String connected(Channel channel) {
    SwitchEvent data = core.event("CHANNEL_DATA", "mod_event_socket.c", "parse_command");
    channel
        .headers(true)
        .forEach(
            (name, value) -> {
              if (name.startsWith("Caller-")) {
                data.with("Channel-" + name.substring("Caller-".length()), value);
              }
            });
    data.with(channel.headers(true))
        .with("Content-Type", "command/reply")
        .with("Reply-Text", "+OK\n")
        .with("Socket-Mode", "async")
        .with("Control", "full");
    // Only the frame's own headers are read as they are; that is why +OK has its line end in it.
    return data.text();
  }
}

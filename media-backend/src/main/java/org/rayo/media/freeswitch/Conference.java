package org.rayo.media.freeswitch;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.rayo.media.MediaException;
import org.rayo.media.MediaException.Fault;
import org.rayo.media.freeswitch.eventsocket.ApiCommand;

/**
 * A conference of a FreeSWITCH server: what can be asked of it, and what plays to all in it.
 *
 * @param profile of {@code conference.conf.xml}
 */
record Conference(Switch server, String name, String profile) implements Player {

  /** What a member hears and says. */
  enum Role {
    /** Both. */
    FULL("", "unmute", "undeaf"),
    /** It says, and hears nothing. */
    DEAF("+flags{deaf}", "unmute", "deaf"),
    /** It hears, and says nothing. */
    MUTE("+flags{mute}", "mute", "undeaf");

    private final String flags;
    private final String says;
    private final String hears;

    Role(String flags, String says, String hears) {
      this.flags = flags;
      this.says = says;
      this.hears = hears;
    }
  }

  /** The argument of the application {@code conference}. */
  String place(Role role) {
    return name + "@" + profile + role.flags;
  }

  /** A member's role is another one. */
  CompletionStage<Void> change(String member, Role role) {
    return command(role.says, member).thenCompose(said -> command(role.hears, member));
  }

  /** A member leaves, and goes on with what it did before. */
  CompletionStage<Void> leave(String member) {
    return command("hup", member);
  }

  @Override
  public CompletionStage<Void> play(PlayScript.Step step, String id) {
    return step.kind() == PlayScript.Step.Kind.PLAY
        ? command("play", step.argument())
        : Stages.failed(Fault.UNSUPPORTED, "output: FreeSWITCH does not speak to a mixer");
  }

  @Override
  public CompletionStage<Void> stop() {
    return command("stop", "current");
  }

  /** Answers nothing, which FreeSWITCH's socket calls an error. */
  @Override
  public CompletionStage<Void> togglePause() {
    return server.ask(ApiCommand.of("conference", name, "pause_play")).thenAccept(reply -> {});
  }

  @Override
  public CompletionStage<Void> seek(long millis, boolean absolute) {
    String sign = absolute || millis < 0 ? "" : "+";
    return server
        .ask(ApiCommand.of("conference", name, "file_seek", sign + millis))
        .thenAccept(reply -> {});
  }

  @Override
  public CompletionStage<Void> volume(int by) {
    return Stages.failed(
        Fault.UNSUPPORTED, "output: FreeSWITCH does not change the volume of what a mixer hears");
  }

  @Override
  public CompletionStage<Void> speed(int by) {
    return Stages.failed(
        Fault.UNSUPPORTED, "output: FreeSWITCH does not change the speed of what a mixer hears");
  }

  @Override
  public CompletionStage<Boolean> hasFile(String path) {
    return server
        .ask(ApiCommand.of("file_exists").text(path))
        .thenApply(reply -> reply.text().strip().equals("true"));
  }

  @Override
  public CompletionStage<Boolean> canSpeak(String engine) {
    return CompletableFuture.completedStage(false);
  }

  private CompletionStage<Void> command(String order, String argument) {
    ApiCommand command;
    try {
      command = ApiCommand.of("conference", name, order).text(argument);
    } catch (IllegalArgumentException e) {
      return CompletableFuture.failedStage(
          new MediaException(Fault.REFUSED, String.valueOf(e.getMessage()), e));
    }
    return server.api(command).thenAccept(reply -> {});
  }
}

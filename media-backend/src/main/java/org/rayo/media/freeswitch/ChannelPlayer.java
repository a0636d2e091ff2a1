package org.rayo.media.freeswitch;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.rayo.media.freeswitch.eventsocket.SwitchEvent;

/** Plays to one channel. */
record ChannelPlayer(Channel channel) implements Player {

  private static final String NOT_FOUND = "FILE NOT FOUND";
  private static final String ERROR = "PLAYBACK ERROR";

  /** What FreeSWITCH says of an application that is over, when it went wrong. */
  static Optional<String> failure(SwitchEvent complete) {
    return complete
        .header("Application-Response")
        .filter(response -> response.equals(NOT_FOUND) || response.equals(ERROR))
        .map(
            response ->
                "FreeSWITCH says "
                    + response
                    + " of "
                    + complete.header("Application-Data").orElse("it"));
  }

  @Override
  public CompletionStage<Void> play(PlayScript.Step step, String id) {
    String application = step.kind() == PlayScript.Step.Kind.PLAY ? "playback" : "speak";
    return channel.execute(application, step.argument(), id);
  }

  @Override
  public CompletionStage<Void> stop() {
    return channel.breakOff();
  }

  @Override
  public CompletionStage<Void> togglePause() {
    return channel.file("pause");
  }

  @Override
  public CompletionStage<Void> seek(long millis, boolean absolute) {
    String sign = absolute || millis < 0 ? "" : "+";
    return millis == 0 ? Stages.done() : channel.file("seek:" + sign + millis);
  }

  @Override
  public CompletionStage<Void> volume(int by) {
    return channel.file("volume:%+d".formatted(by));
  }

  @Override
  public CompletionStage<Void> speed(int by) {
    return channel.file("speed:%+d".formatted(by));
  }

  @Override
  public CompletionStage<Boolean> hasFile(String path) {
    return channel.hasFile(path);
  }

  @Override
  public CompletionStage<Boolean> canSpeak(String engine) {
    return channel.server().hasModule("mod_" + engine);
  }
}

package org.rayo.media.freeswitch;

import java.nio.file.Path;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.rayo.media.freeswitch.capture.Recordings;
import org.rayo.media.freeswitch.eventsocket.ApiCommand;

/**
 * Makes FreeSWITCH write the audio of a channel into a directory of both machines.
 *
 * @param beep plays the beep, and runs what it is given
 */
record ChannelRecordings(
    Channel channel, FreeSwitchSettings.Capture.Files directory, Consumer<Runnable> beep)
    implements Recordings {

  /** No limit; both sides, each frame written at once, for this recording alone. */
  private static final String AS_WE_READ_IT =
      "0 {RECORD_STEREO=true,enable_file_write_buffering=false,RECORD_PRE_BUFFER_FRAMES=0,"
          + "record_sample_rate=8000}";

  @Override
  public CompletionStage<Path> start() {
    String name = "rayo-" + UUID.randomUUID() + ".wav";
    CompletableFuture<Path> started = new CompletableFuture<>();
    Stages.pass(
        channel
            .server()
            .api(record("start", there(name)).text(AS_WE_READ_IT))
            .thenApply(answer -> directory.here().resolve(name)),
        started);
    return started.minimalCompletionStage();
  }

  @Override
  public void stop(Path file) {
    Stages.ignore(
        () ->
            channel
                .server()
                .ask(record("stop", there(String.valueOf(file.getFileName()))))
                .thenAccept(reply -> {}));
  }

  private String there(String name) {
    return directory.there() + "/" + name;
  }

  private ApiCommand record(String what, String path) {
    return ApiCommand.of("uuid_record", channel.uuid(), what, path);
  }

  @Override
  public void beep(Runnable done) {
    beep.accept(done);
  }
}

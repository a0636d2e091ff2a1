package org.rayo.media.freeswitch;

import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import org.rayo.media.freeswitch.capture.CaptureEndpoint;
import org.rayo.media.freeswitch.capture.CapturedAudio;
import org.rayo.media.freeswitch.capture.FileCapture;
import org.rayo.media.recorder.Recorders;

/** What calls and mixers have in common. */
record Environment(
    FreeSwitchSettings settings,
    Recorders recorders,
    CaptureEndpoint capture,
    FileCapture fileCapture,
    Bridges bridges,
    Executor workers,
    ScheduledExecutorService timers) {

  /** The audio of a call, which comes when it is asked for, as it is configured. */
  CapturedAudio audioOf(Channel channel, String name, Consumer<Runnable> beep) {
    return settings
        .capture()
        .files()
        .map(
            directory -> fileCapture.audioOf(name, new ChannelRecordings(channel, directory, beep)))
        .orElseGet(() -> audioOf(channel.server(), name, ChannelForks.of(channel), beep));
  }

  /**
   * The audio of a call or mixer, as RTP, which comes when it is asked for.
   *
   * @param name for logs
   * @param tapping what a leg of ours does at FreeSWITCH
   * @param beep plays the beep, and runs what it is given
   */
  CapturedAudio audioOf(
      Switch server, String name, ChannelForks.Tapping tapping, Consumer<Runnable> beep) {
    String target = "sofia/" + settings.capture().profile() + "/%s@" + capture.address();
    return capture.audioOf(name, new ChannelForks(server, target, tapping, beep));
  }
}

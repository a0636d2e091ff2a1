package org.rayo.media.contract;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.rayo.media.freeswitch.FreeSwitchSettings;

/**
 * The FreeSWITCH backend on a FreeSWITCH of this machine, whose profile for calls is called {@code
 * external}.
 */
final class RealFreeSwitchWorld extends FreeSwitchWorld {

  private RealFreeSwitchWorld(
      InetSocketAddress socket, String password, String uri, Path shared, boolean toFiles)
      throws Exception {
    super(
        socket,
        password,
        uri,
        shared,
        toFiles
            ? Optional.of(new FreeSwitchSettings.Capture.Files(shared, shared.toString()))
            : Optional.empty());
    Thread.sleep(2000); // Until it has subscribed to events, of which nothing tells.
  }

  /** Audio comes as RTP. */
  static RealFreeSwitchWorld open() throws Exception {
    return open(false);
  }

  /** FreeSWITCH writes the audio of calls to files. */
  static RealFreeSwitchWorld writing() throws Exception {
    return open(true);
  }

  private static RealFreeSwitchWorld open(boolean toFiles) throws Exception {
    String[] parts = System.getenv("RAYO_FREESWITCH").split(":", 3);
    String uri =
        Optional.ofNullable(System.getenv("RAYO_FREESWITCH_URI"))
            .orElse("sip:park@" + parts[0] + ":5080");
    return new RealFreeSwitchWorld(
        new InetSocketAddress(parts[0], Integer.parseInt(parts[1])),
        parts[2],
        uri,
        Files.createTempDirectory("shared").toRealPath(),
        toFiles);
  }

  @Override
  int toleranceSamples() {
    return 800;
  }

  /** Silence takes the place of 40 ms of what is said where a playback begins or ends, for one. */
  @Override
  int samplesOf(short[] pcm, double hertz) {
    return Hearing.altogether(pcm, hertz);
  }
}

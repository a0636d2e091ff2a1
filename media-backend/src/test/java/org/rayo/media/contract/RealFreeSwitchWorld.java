package org.rayo.media.contract;

import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The FreeSWITCH backend on a FreeSWITCH of this machine, whose profile for calls is called {@code
 * external}.
 */
final class RealFreeSwitchWorld extends FreeSwitchWorld {

  private RealFreeSwitchWorld(InetSocketAddress socket, String password, String uri, Path prompts)
      throws Exception {
    super(socket, password, uri, prompts);
    Thread.sleep(2000); // Until it has subscribed to events, of which nothing tells.
  }

  static RealFreeSwitchWorld open() throws Exception {
    String[] parts = System.getenv("RAYO_FREESWITCH").split(":", 3);
    String uri =
        Optional.ofNullable(System.getenv("RAYO_FREESWITCH_URI"))
            .orElse("sip:park@" + parts[0] + ":5080");
    return new RealFreeSwitchWorld(
        new InetSocketAddress(parts[0], Integer.parseInt(parts[1])),
        parts[2],
        uri,
        Files.createTempDirectory("prompts").toRealPath());
  }

  @Override
  int toleranceSamples() {
    return 800;
  }

  /** A real one leaves out 40 ms of what is said where a playback begins or ends, for one. */
  @Override
  int samplesOf(short[] pcm, double hertz) {
    return Hearing.altogether(pcm, hertz);
  }
}

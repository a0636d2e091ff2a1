package org.rayo.media.contract;

import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Optional;
import org.rayo.media.freeswitch.FreeSwitchSettings;
import org.rayo.testkit.phone.PhoneCall;

/**
 * The FreeSWITCH backend on a FreeSWITCH of this machine, whose profile for calls is called {@code
 * external}.
 */
final class RealFreeSwitchWorld extends FreeSwitchWorld {

  private static final int FRAME_SAMPLES = 160;

  /** Samples of the tones beside a silent frame that happen to be nothing. */
  private static final int AT_ITS_EDGES = 2;

  private final FileChannel turn;

  private RealFreeSwitchWorld(
      FileChannel turn,
      InetSocketAddress socket,
      String password,
      String uri,
      Path shared,
      boolean toFiles)
      throws Exception {
    super(
        socket,
        password,
        uri,
        shared,
        toFiles
            ? Optional.of(new FreeSwitchSettings.Capture.Files(shared, shared.toString()))
            : Optional.empty());
    this.turn = turn;
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
    // One at a time, whatever runs in parallel: each would take the calls of the others.
    FileChannel turn =
        FileChannel.open(
            Path.of(System.getProperty("java.io.tmpdir"), "rayo-real-freeswitch.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE);
    turn.lock();
    return new RealFreeSwitchWorld(
        turn,
        new InetSocketAddress(parts[0], Integer.parseInt(parts[1])),
        parts[2],
        uri,
        Files.createTempDirectory("shared").toRealPath(),
        toFiles);
  }

  /** Silence takes the place of 40 ms of what is said where a playback begins or ends, for one. */
  @Override
  int missingSamples() {
    return 800;
  }

  @Override
  int addedSamples() {
    return 800;
  }

  /**
   * On a busy machine the timestamps of FreeSWITCH leap by a frame in the midst of what it plays,
   * while the sequence numbers go on and nothing is missing: what is silent for just one frame then
   * is left out.
   */
  @Override
  short[] heard(PhoneCall phone) {
    short[] heard = phone.heard();
    short[] joined = new short[heard.length];
    int length = 0;
    int silent = 0;
    for (short sample : heard) {
      if (sample != 0 && silent >= FRAME_SAMPLES && silent <= FRAME_SAMPLES + AT_ITS_EDGES) {
        length -= FRAME_SAMPLES;
      }
      silent = sample == 0 ? silent + 1 : 0;
      joined[length++] = sample;
    }
    return Arrays.copyOf(joined, length);
  }

  @Override
  public void close() throws Exception {
    super.close();
    turn.close();
  }
}

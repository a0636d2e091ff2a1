package org.rayo.testkit.peers;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.rayo.testkit.audio.AudioSource;
import org.rayo.testkit.audio.G711;

/**
 * A run of SIPp as caller.
 *
 * <p>Audio goes out by {@code rtp_stream}, from a file of raw G.711: in Debian's build that sends
 * every byte of the file, in packets of 20 ms, and needs no privileges, while {@code
 * play_pcap_audio} wants a raw socket and so root.
 *
 * @see <a href="https://sipp.readthedocs.io/en/v3.6.1/scenarios/ownscenarios.html">SIPp's
 *     scenarios</a>
 */
public final class Sipp implements AutoCloseable {

  /** Time beyond the calls' own before a run is given up. */
  private static final Duration SPARE = Duration.ofSeconds(40);

  private final SippCall call;
  private final PeerProcess process;
  private final Path directory;

  /**
   * How a run ended.
   *
   * @param exitCode 0 when every call went as the scenario says; 1 when one did not; -1 when we had
   *     to end it
   * @param successful calls that went as the scenario says
   * @param failed the others
   * @param output what SIPp printed, statistics included
   * @param errors what it wrote to its error file: unexpected messages; empty when all went well
   */
  public record Result(int exitCode, int successful, int failed, String output, String errors) {}

  private Sipp(SippCall call, PeerProcess process, Path directory) {
    this.call = call;
    this.process = process;
    this.directory = directory;
  }

  /** Starts the calls; scenario, audio and logs go to an empty {@code directory}. */
  public static Sipp start(Path directory, SippCall call) {
    Path home = directory.toAbsolutePath();
    try {
      Files.writeString(home.resolve("scenario.xml"), SippScenario.of(call));
      Files.write(home.resolve("audio.g711"), coded(call));
    } catch (IOException e) {
      throw new UncheckedIOException("can not write SIPp's files", e);
    }
    List<String> command = new ArrayList<>();
    command.add(Programs.require("sipp"));
    command.addAll(List.of("-sf", "scenario.xml", "-nostdin", "-s", call.user()));
    command.addAll(List.of("-i", "127.0.0.1", "-mi", "127.0.0.1"));
    command.addAll(List.of("-t", call.tcp() ? "t1" : "u1"));
    // Several that begin at once would look for the same port, and one of them in vain.
    command.addAll(List.of("-p", "" + Ports.freeForSip()));
    command.addAll(List.of("-m", "" + call.calls(), "-r", "" + call.callsPerSecond()));
    command.addAll(List.of("-l", "" + call.calls()));
    command.addAll(List.of("-trace_err", "-error_file", "errors.log"));
    command.addAll(List.of("-trace_stat", "-stf", "statistics.csv"));
    command.add(call.host() + ":" + call.port());
    return new Sipp(
        call,
        PeerProcess.start(command, home, Map.of("TERM", "dumb"), home.resolve("sipp.log")),
        home);
  }

  /** Places the calls and waits for the end of the last. */
  public static Result run(Path directory, SippCall call) {
    try (Sipp sipp = start(directory, call)) {
      return sipp.await();
    }
  }

  /** Waits for the end of the last call. */
  public Result await() {
    Duration starting = Duration.ofSeconds(call.calls() / Math.max(1, call.callsPerSecond()));
    int exit = process.exit(call.hold().plus(starting).plus(SPARE));
    Map<String, String> statistics = statistics();
    return new Result(
        exit,
        Integer.parseInt(statistics.getOrDefault("SuccessfulCall(C)", "0")),
        Integer.parseInt(statistics.getOrDefault("FailedCall(C)", "0")),
        process.log(),
        text("errors.log"));
  }

  @Override
  public void close() {
    if (process.alive()) {
      process.kill();
    }
  }

  /** The last line of the statistics, by the names in the first. */
  private Map<String, String> statistics() {
    List<String> lines = text("statistics.csv").lines().toList();
    if (lines.size() < 2) {
      return Map.of();
    }
    String[] names = lines.get(0).split(";", -1);
    String[] values = lines.get(lines.size() - 1).split(";", -1);
    Map<String, String> byName = new HashMap<>();
    for (int i = 0; i < Math.min(names.length, values.length); i++) {
      byName.put(names[i], values[i]);
    }
    return byName;
  }

  private String text(String name) {
    Path file = directory.resolve(name);
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException("can not read " + file, e);
    }
  }

  /** Whole packets of G.711, the last filled with silence. */
  private static byte[] coded(SippCall call) {
    AudioSource audio = call.audio();
    int samples = Math.toIntExact(audio.samples());
    byte[] coded = new byte[(samples + 159) / 160 * 160];
    for (int i = 0; i < coded.length; i++) {
      short sample = i < samples ? audio.sample(i) : 0;
      coded[i] = call.alaw() ? G711.toAlaw(sample) : G711.toUlaw(sample);
    }
    return coded;
  }
}

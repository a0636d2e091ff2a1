package org.rayo.testkit.freeswitch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** {@code uuid_record}: what is written to files. On the switch's thread. */
final class FileRecordings {

  private static final String USAGE =
      "-USAGE: <uuid> [start|stop|mask|unmask] <path> [<limit>] [<recording_vars>]\n";
  private static final String OK = "+OK Success\n";

  private final SwitchCore core;

  FileRecordings(SwitchCore core) {
    this.core = core;
  }

  String command(Optional<Channel> found, List<String> words) {
    if (words.size() < 3) {
      return USAGE;
    }
    if (found.isEmpty()) {
      return "-ERR Cannot locate session!\n";
    }
    Channel channel = found.get();
    String path = words.get(2);
    Optional<FileRecording> running = running(channel, path);
    return switch (words.get(1)) {
      case "start" ->
          running.isPresent() || start(channel, path, words) ? OK : "-ERR Cannot record session!\n";
      case "stop" -> stop(channel, path) ? OK : "-ERR Cannot stop record session!\n";
      case "pause", "resume" -> {
        running.ifPresent(recording -> recording.pause(words.get(1).equals("pause")));
        yield running.isPresent() ? OK : "-ERR Cannot pause record session!\n";
      }
      case "mask", "unmask" -> {
        running.ifPresent(recording -> recording.mask(words.get(1).equals("mask")));
        yield running.isPresent() ? OK : "-ERR Cannot mask record session!\n";
      }
      default -> USAGE;
    };
  }

  private static Optional<FileRecording> running(Channel channel, String path) {
    return channel.recordings.stream().filter(r -> r.file.toString().equals(path)).findFirst();
  }

  private boolean start(Channel channel, String path, List<String> words) {
    boolean ours = core.options().files().filter(d -> Path.of(path).startsWith(d)).isPresent();
    if (!channel.hasMedia() || !ours || !path.endsWith(".wav")) {
      return false;
    }
    FileRecording recording;
    try {
      Files.createDirectories(Path.of(path).getParent());
      Map<String, String> variables = new HashMap<>(channel.variables);
      if (words.size() > 4) { // For this recording alone.
        variables.putAll(DialString.variables(words.get(4).replaceAll("^\\{|\\}$", "")));
      }
      recording = new FileRecording(Path.of(path), manner(variables));
    } catch (IOException e) {
      channel.variables.put("record_completion_cause", "uri-failure");
      return false;
    }
    channel.recordings.add(recording);
    channel.audio.record(recording);
    tell("RECORD_START", channel, recording);
    long limit = words.size() > 3 ? Long.parseLong(words.get(3)) : 0;
    if (limit > 0) {
      core.runIn(Duration.ofSeconds(limit), () -> end(channel, recording, "success-maxtime"));
    }
    return true;
  }

  private static FileRecording.Manner manner(Map<String, String> variables) {
    return new FileRecording.Manner(
        variables.getOrDefault("RECORD_STEREO", "").equals("true"),
        variables.getOrDefault("RECORD_READ_ONLY", "").equals("true"),
        !variables.getOrDefault("enable_file_write_buffering", "").equals("false"));
  }

  private void tell(String name, Channel channel, FileRecording recording) {
    SwitchEvent event = core.calls().event(name, channel);
    event.with("Record-File-Path", recording.file.toString());
    if (name.equals("RECORD_STOP")) {
      event.with(
          "Record-Completion-Cause", channel.variables.getOrDefault("record_completion_cause", ""));
    }
    core.publish(event);
  }

  private boolean stop(Channel channel, String path) {
    List<FileRecording> chosen =
        channel.recordings.stream()
            .filter(r -> path.equals("all") || r.file.toString().equals(path))
            .toList();
    // A real one says success-maxtime of what it was told to stop.
    chosen.forEach(recording -> end(channel, recording, "success-maxtime"));
    return !chosen.isEmpty();
  }

  /** The call is over; a real one says success-silence then. */
  void stopAll(Channel channel) {
    List.copyOf(channel.recordings)
        .forEach(recording -> end(channel, recording, "success-silence"));
  }

  private void end(Channel channel, FileRecording recording, String cause) {
    if (!channel.recordings.remove(recording)) {
      return;
    }
    channel.audio.stopRecording(recording);
    recording.close();
    long millis = recording.samples() / 8;
    channel.variables.put("record_file_size", Long.toString(recording.sizeBytes()));
    channel.variables.put("record_samples", Long.toString(recording.samples()));
    channel.variables.put("record_seconds", Long.toString(millis / 1000));
    channel.variables.put("record_ms", Long.toString(millis));
    channel.variables.put("record_completion_cause", cause);
    tell("RECORD_STOP", channel, recording);
  }
}

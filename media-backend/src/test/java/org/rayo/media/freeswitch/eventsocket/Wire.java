package org.rayo.media.freeswitch.eventsocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.rayo.media.freeswitch.eventsocket.SwitchEvent.Field;

/** The event socket's side of FreeSWITCH, as bytes. */
final class Wire {

  private static final String UNSAFE = "\r\n #%&+:;<=>?@[\\]^`{|}\"";

  private Wire() {}

  /** A value as FreeSWITCH writes it. */
  static String encode(String value) {
    StringBuilder encoded = new StringBuilder();
    for (byte each : value.getBytes(StandardCharsets.UTF_8)) {
      if (each < ' ' || each > '~' || UNSAFE.indexOf(each) >= 0) {
        encoded.append(String.format("%%%02X", each));
      } else {
        encoded.append((char) each);
      }
    }
    return encoded.isEmpty() ? "_undef_" : encoded.toString();
  }

  /** The inside of an event. */
  static String plain(List<Field> headers, String body) {
    StringBuilder text = new StringBuilder();
    headers.forEach(
        field -> text.append(field.name()).append(": ").append(encode(field.value())).append('\n'));
    if (!body.isEmpty()) {
      int length = body.getBytes(StandardCharsets.UTF_8).length;
      text.append("Content-Length: ").append(length).append("\n\n").append(body);
    } else {
      text.append('\n');
    }
    return text.toString();
  }

  static String event(List<Field> headers, String body) {
    String inside = plain(headers, body);
    int length = inside.getBytes(StandardCharsets.UTF_8).length;
    return "Content-Length: " + length + "\nContent-Type: text/event-plain\n\n" + inside;
  }

  /** An event of these headers: name, value, name, value … */
  static String event(String... namesAndValues) {
    List<Field> headers = new ArrayList<>();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      headers.add(new Field(namesAndValues[i], namesAndValues[i + 1]));
    }
    return event(headers, "");
  }

  static String apiResponse(String body) {
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    return "Content-Type: api/response\nContent-Length: " + length + "\n\n" + body;
  }

  static String commandReply(String text) {
    return "Content-Type: command/reply\nReply-Text: " + text + "\n\n";
  }

  static ByteBuffer bytes(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Half of it, with a few bytes changed or left out. */
  static byte[] mutated(byte[] original, Random random) {
    int from = random.nextInt(original.length / 2);
    byte[] mutated = Arrays.copyOfRange(original, from, from + original.length / 2);
    for (int i = random.nextInt(12); i >= 0; i--) {
      int at = random.nextInt(mutated.length);
      switch (random.nextInt(4)) {
        case 0 -> mutated[at] = (byte) random.nextInt(256);
        case 1 -> mutated[at] = '\n';
        case 2 -> mutated[at] = (byte) ('0' + random.nextInt(10));
        default -> {
          byte[] shorter = Arrays.copyOf(mutated, mutated.length - 1);
          System.arraycopy(mutated, at + 1, shorter, at, mutated.length - at - 1);
          mutated = shorter;
        }
      }
    }
    return mutated;
  }

  /** A piece of the dialogue with a real FreeSWITCH: an event, or an answer to an api command. */
  record Spoken(Optional<String> answer, List<Field> event) {
    String onTheWire() {
      return answer.map(text -> apiResponse(text + "\n")).orElseGet(() -> Wire.event(event, ""));
    }
  }

  /**
   * The transcript of a real FreeSWITCH, in the file in the environment's {@code
   * RAYO_FREESWITCH_TRANSCRIPT}; where there is none, tests of it are skipped, but not in CI.
   */
  static List<Spoken> transcript() {
    Path file =
        Path.of(
            Optional.ofNullable(System.getenv("RAYO_FREESWITCH_TRANSCRIPT"))
                .orElse(
                    System.getProperty("rayo.root", ".")
                        + "/../shared/freeswitch/esl-transcript.txt"));
    if (!Files.isRegularFile(file)) {
      String reason = "no transcript in " + file + " (RAYO_FREESWITCH_TRANSCRIPT)";
      System.out.println("skipped: " + reason);
      assertThat(System.getenv("CI")).as("CI, where %s", reason).isNotEqualTo("true");
      assumeTrue(false, reason);
    }
    try {
      return read(Files.readAllLines(file));
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  private static final Pattern HEADER =
      Pattern.compile("([A-Z][A-Za-z0-9_-]+|variable_\\S+?): (.*)");

  private static List<Spoken> read(List<String> lines) {
    List<Spoken> spoken = new ArrayList<>();
    List<Field> event = new ArrayList<>();
    boolean within = false;
    for (String line : lines) {
      Matcher header = HEADER.matcher(line);
      if (line.equals("--- EVENT") || line.matches("(>>|<<|FILE|={10,}|\\{).*")) {
        if (!event.isEmpty()) {
          spoken.add(new Spoken(Optional.empty(), List.copyOf(event)));
          event.clear();
        }
        within = line.equals("--- EVENT");
        if (line.startsWith("<< ")) {
          spoken.add(new Spoken(Optional.of(line.substring(3)), List.of()));
        }
      } else if (within && header.matches()) {
        event.add(new Field(header.group(1), header.group(2)));
      } else if (within && !event.isEmpty()) {
        // Lines of an SDP.
        Field last = event.remove(event.size() - 1);
        event.add(new Field(last.name(), last.value() + "\r\n" + line));
      }
    }
    return spoken;
  }
}

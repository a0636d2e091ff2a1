package org.rayo.media.freeswitch.eventsocket;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * An API command with its arguments, as the console has them, that is one line and does what it
 * says, whatever the arguments are. What cannot be made safe is refused with an {@link
 * IllegalArgumentException} that names the argument.
 */
public final class ApiCommand {

  private final String line;

  private ApiCommand(String line) {
    if (line.length() > Arguments.LIMIT) {
      throw Arguments.refused("command", line, "is longer than " + Arguments.LIMIT + " characters");
    }
    this.line = line;
  }

  /**
   * A command of words.
   *
   * @param words none is empty or holds white space, control characters, single quotes,
   *     back-slashes or <code>${</code>
   */
  public static ApiCommand of(String command, String... words) {
    StringBuilder line = new StringBuilder(Arguments.name("command", command));
    for (int i = 0; i < words.length; i++) {
      line.append(' ').append(Arguments.word(command + "'s argument " + (i + 1), words[i]));
    }
    return new ApiCommand(line.toString());
  }

  /**
   * This command with one more, last argument, which may hold blanks and everything else but
   * control characters and <code>${</code>. It goes out as it is: whether the command takes quotes
   * and back-slashes in it for something is the caller's to know.
   */
  public ApiCommand text(String last) {
    return new ApiCommand(line + " " + Arguments.text(name() + "'s last argument", last));
  }

  /**
   * Sets a channel's variable to exactly this value ({@code uuid_setvar}); an empty one removes it.
   */
  public static ApiCommand setVariable(String uuid, String name, String value) {
    Arguments.name("variable", name);
    Arguments.value("variable " + name, value);
    String quoted = value.isEmpty() ? "" : " " + Quoting.quote(value);
    return new ApiCommand(of("uuid_setvar", uuid, name).line + quoted);
  }

  /** Sets up to 60 variables of a channel at once ({@code uuid_setvar_multi}). */
  public static ApiCommand setVariables(String uuid, Map<String, String> variables) {
    if (variables.isEmpty() || variables.size() > 60) {
      throw new IllegalArgumentException(variables.size() + " variables: 1 to 60 can be set");
    }
    String all =
        variables.entrySet().stream()
            .map(
                variable ->
                    Arguments.name("variable", variable.getKey())
                        + "="
                        + quotedValue(variable.getKey(), variable.getValue()))
            .collect(Collectors.joining(";"));
    return new ApiCommand(of("uuid_setvar_multi", uuid).line + " " + all);
  }

  private static String quotedValue(String name, String value) {
    Arguments.value("variable " + name, value);
    return value.isEmpty() ? "" : Quoting.quote(value);
  }

  /** Of parts that have been checked and quoted. */
  static ApiCommand ofQuoted(String command, String arguments) {
    return new ApiCommand(command + " " + arguments);
  }

  /** The command's name. */
  public String name() {
    int blank = line.indexOf(' ');
    return blank < 0 ? line : line.substring(0, blank);
  }

  /** The command and its arguments as they go out, on one line. */
  public String line() {
    return line;
  }

  @Override
  public String toString() {
    return line;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof ApiCommand that && that.line.equals(line);
  }

  @Override
  public int hashCode() {
    return line.hashCode();
  }
}
